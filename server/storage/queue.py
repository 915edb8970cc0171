"""The queue: runs and their partitions that wait for a worker, claimed under the organizations' limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.limits.model import Quotas
from server.pipelines.model import PLAN_FORMAT, Partition, PartitionState, Run, RunFailure
from server.scope import Scope
from server.storage.changes import Changes
from server.storage.runs import RunRows
from server.storage.tables import run_partitions

CLAIMS = 0x7DA7B

_NEXT_RUN = """
    SELECT waiting.id FROM runs AS waiting
      LEFT JOIN (SELECT organization_id, count(*) AS count FROM runs
                  WHERE state IN ('running', 'stopping') GROUP BY organization_id) AS busy USING (organization_id)
      {usage}
     WHERE waiting.state = 'queued' AND waiting.available_at <= now() AND coalesce(busy.count, 0) < :limit
       AND coalesce((waiting.plan->>'format')::int, 1) <= :format
       {within}
     ORDER BY waiting.priority, waiting.queued_at, waiting.id LIMIT 1
       FOR UPDATE OF waiting SKIP LOCKED"""
_ANY_NEXT_RUN = text(_NEXT_RUN.format(usage="", within="")).bindparams(format=PLAN_FORMAT)
# A run that has begun goes on: its attempts are not counted again.
_NEXT_RUN_WITHIN_QUOTAS = text(
    _NEXT_RUN.format(
        usage="""
      LEFT JOIN usage_days AS used
             ON used.organization_id = waiting.organization_id AND used.day = (now() AT TIME ZONE 'UTC')::date
      LEFT JOIN unnest(CAST(:organizations AS uuid[]), CAST(:own_runs AS bigint[]), CAST(:own_rows AS bigint[]))
             AS own (organization_id, runs, rows) ON own.organization_id = waiting.organization_id""",
        within="""
       AND (waiting.started_at IS NOT NULL OR coalesce(used.runs, 0) < coalesce(own.runs, :runs)
                                          AND coalesce(used.rows, 0) < coalesce(own.rows, :rows))""",
    )
).bindparams(format=PLAN_FORMAT)
_NEXT_PARTITION = text("""
    SELECT waiting.run_id, waiting.epoch, waiting.stream, waiting.number
      FROM run_partitions AS waiting
      JOIN runs ON runs.id = waiting.run_id AND runs.epoch = waiting.epoch AND runs.state = 'running'
      LEFT JOIN (SELECT helped.organization_id, count(*) AS count
                   FROM run_partitions AS helped JOIN runs AS theirs ON theirs.id = helped.run_id
                  WHERE helped.state = 'running' AND helped.executor_id <> theirs.executor_id
                  GROUP BY helped.organization_id) AS busy
             ON busy.organization_id = waiting.organization_id
     WHERE waiting.state = 'queued' AND runs.executor_id <> :executor AND coalesce(busy.count, 0) < :limit
       AND coalesce((runs.plan->>'format')::int, 1) <= :format
     ORDER BY waiting.priority, waiting.queued_at, waiting.number LIMIT 1
       FOR UPDATE OF waiting SKIP LOCKED""").bindparams(format=PLAN_FORMAT)
_NEXT_OF_STREAM = text("""
    SELECT waiting.run_id, waiting.epoch, waiting.stream, waiting.number
      FROM run_partitions AS waiting
      JOIN runs ON runs.id = waiting.run_id AND runs.epoch = waiting.epoch AND runs.state = 'running'
     WHERE waiting.run_id = :run AND waiting.epoch = :epoch AND waiting.stream = :stream
       AND (waiting.state = 'queued' OR waiting.state = 'failed' AND runs.executor_id = :executor)
     ORDER BY waiting.number LIMIT 1
       FOR UPDATE OF waiting SKIP LOCKED""")
_NEXT_WAIT = text("""
    SELECT extract(epoch FROM min(available_at) - now()) FROM runs WHERE state = 'queued' AND available_at > now()""")

_BACKLOG = text("""
    SELECT count(*) FILTER (WHERE state = 'queued' AND available_at <= now()) AS waiting,
           count(*) FILTER (WHERE state <> 'queued') AS running,
           coalesce(extract(epoch FROM now() - min(available_at) FILTER (
               WHERE state = 'queued' AND available_at <= now())), 0)::float AS oldest_seconds,
           (SELECT count(*) FROM executors WHERE seen_at > now() - CAST(:silent AS interval)) AS workers
      FROM runs WHERE state IN ('queued', 'running', 'stopping')""")


@dataclass(frozen=True)
class Backlog:
    """Runs that wait and could begin, since when the first of them does, runs under way, workers that live."""

    waiting: int
    running: int
    oldest_seconds: float
    workers: int


class QueueRows:
    """What waits for a worker, of all organizations."""

    def __init__(self, connection: AsyncConnection, changes: Changes) -> None:
        self._connection = connection
        self._runs = RunRows(connection, Scope.everything(), changes)

    async def backlog(self, silent: timedelta) -> Backlog:
        """What waits and what is under way, of all organizations; who was silent for longer is no worker any more."""
        return Backlog(**(await self._connection.execute(_BACKLOG, {"silent": silent})).mappings().one())

    async def claim_run(self, executor_id: str, limit: int, quotas: Quotas | None = None) -> Run | None:
        """Takes up the next run of an organization with fewer than ``limit`` runs under way; None: none waits.

        With quotas the runs of organizations that have used up theirs of today wait.
        """
        await self._one_claim_at_a_time()
        statement = _ANY_NEXT_RUN
        values: dict[str, Any] = {"limit": limit}
        if quotas:
            statement, values = _NEXT_RUN_WITHIN_QUOTAS, values | _quota_values(quotas)
        run_id = (await self._connection.execute(statement, values)).scalar_one_or_none()
        return await self._runs.take_up(run_id, executor_id) if run_id else None

    async def unheard_run(self, executor_id: str, carried: Collection[UUID]) -> Run | None:
        """A run that a worker has claimed without having heard so: it is none of those that it carries out."""
        return await self._runs.held(executor_id, carried)

    async def claim_partition(self, executor_id: str, limit: int) -> Partition | None:
        """Takes the next partition of another worker's run; ``limit`` as with runs."""
        await self._one_claim_at_a_time()
        values = {"executor": executor_id, "limit": limit}
        key = (await self._connection.execute(_NEXT_PARTITION, values)).mappings().one_or_none()
        return await self._take(executor_id, key) if key else None

    async def seconds_until_next(self) -> float | None:
        """How long until a run that waits for its next attempt may be claimed; None: there is none."""
        found = (await self._connection.execute(_NEXT_WAIT)).scalar_one_or_none()
        return None if found is None else float(found)

    # -- the partitions of one attempt ---------------------------------------------------------------------------

    async def offer(self, run: Run, stream: str, works: Mapping[int, Mapping[str, Any]]) -> None:
        """Offers partitions of a stream, by number, to all workers."""
        rows = [
            {
                "run_id": run.id,
                "epoch": run.epoch,
                "stream": stream,
                "number": number,
                "organization_id": run.organization_id,
                "priority": int(run.priority),
                "work": work,
            }
            for number, work in works.items()
        ]
        # What is offered again, because the answer was lost, is there already.
        await self._connection.execute(insert(run_partitions).on_conflict_do_nothing(), rows)
        await self._runs.wake_workers()

    async def take_partition(self, run: Run, stream: str, executor_id: str) -> Partition | None:
        """Takes the next partition of a stream for a worker that is at it; the run's own worker also failed ones."""
        values = {"run": run.id, "epoch": run.epoch, "stream": stream, "executor": executor_id}
        key = (await self._connection.execute(_NEXT_OF_STREAM, values)).mappings().one_or_none()
        return await self._take(executor_id, key) if key else None

    async def end_partition(
        self, partition: Partition, result: Mapping[str, Any] | None, failure: RunFailure | None
    ) -> bool:
        """Notes what a partition has come to, once or again; False when the worker has lost it."""
        state = PartitionState.FAILED if failure else PartitionState.DONE
        values = {"state": state.value, "result": result, "failure": asdict(failure) if failure else None}
        return await self._change(partition, values)

    async def give_back(self, partition: Partition) -> bool:
        """Lets another worker do a partition; False when the worker has lost it."""
        given = await self._change(partition, {"state": PartitionState.QUEUED.value, "executor_id": None})
        await self._runs.wake_workers()
        return given

    async def partitions(self, run_id: UUID, epoch: int, stream: str) -> list[Partition]:
        """The partitions of a stream, in order."""
        statement = select(run_partitions).where(*_of(run_id, epoch, stream)).order_by(run_partitions.c.number)
        return [_partition(row) for row in (await self._connection.execute(statement)).mappings()]

    async def forget(self, run_id: UUID) -> None:
        """Removes the partitions of a run that has ended."""
        await self._connection.execute(delete(run_partitions).where(run_partitions.c.run_id == run_id))

    async def take_partitions_from(self, executor_ids: Sequence[str]) -> int:
        """Queues the partitions of workers that are gone again; gives their number."""
        gone = run_partitions.c.executor_id.in_(executor_ids)
        running = run_partitions.c.state == PartitionState.RUNNING.value
        values = {"state": PartitionState.QUEUED.value, "executor_id": None}
        done = await self._connection.execute(update(run_partitions).where(gone, running).values(**values))
        if done.rowcount:
            await self._runs.wake_workers()
        return done.rowcount

    async def _one_claim_at_a_time(self) -> None:
        # The count of what an organization has running is exact only when nobody else claims meanwhile.
        await self._connection.execute(select(func.pg_advisory_xact_lock(CLAIMS)))

    async def _take(self, executor_id: str, key: Any) -> Partition:
        values = {"state": PartitionState.RUNNING.value, "executor_id": executor_id}
        statement = (
            update(run_partitions)
            .where(*_of(key["run_id"], key["epoch"], key["stream"]), run_partitions.c.number == key["number"])
            .values(**values)
            .returning(run_partitions)
        )
        return _partition((await self._connection.execute(statement)).mappings().one())

    async def _change(self, partition: Partition, values: dict[str, Any]) -> bool:
        statement = update(run_partitions).where(
            *_of(partition.run_id, partition.epoch, partition.stream),
            run_partitions.c.number == partition.number,
            run_partitions.c.executor_id == partition.executor_id,
            run_partitions.c.state.in_([PartitionState.RUNNING.value, values["state"]]),
        )
        done = await self._connection.execute(statement.values(**values))
        if done.rowcount:
            await self._runs.tell(partition.run_id)
        return bool(done.rowcount)


def _quota_values(quotas: Quotas) -> dict[str, Any]:
    return {
        "runs": quotas.runs,
        "rows": quotas.rows,
        "organizations": list(quotas.own),
        "own_runs": [runs for runs, _ in quotas.own.values()],
        "own_rows": [rows for _, rows in quotas.own.values()],
    }


def _of(run_id: UUID, epoch: int, stream: str) -> list[Any]:
    return [run_partitions.c.run_id == run_id, run_partitions.c.epoch == epoch, run_partitions.c.stream == stream]


def _partition(row: Any) -> Partition:
    names = (
        "run_id",
        "epoch",
        "stream",
        "number",
        "organization_id",
        "state",
        "executor_id",
        "work",
        "result",
        "failure",
    )
    return Partition(**{name: row[name] for name in names})
