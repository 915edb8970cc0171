"""Runs, as users see them and as the worker that carries them out changes them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    case,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.paging import Page, PageRequest
from server.pipelines.errors import RunInFlight
from server.pipelines.model import AttemptOutcome, Run, RunFailure, RunState, StreamRun
from server.scope import Scope
from server.storage.changes import Changes
from server.storage.rows import Rows
from server.storage.session import violated_constraint
from server.storage.tables import CARRIED_OUT, IN_FLIGHT, Id, runs

RUNS_CHANNEL = "thedata_runs"
QUEUE_CHANNEL = "thedata_queue"
SCHEDULES_CHANNEL = "thedata_schedules"
STOPPED = RunFailure("platform", "cancelled", "stopped", "The run was stopped.")
LOST = RunFailure(
    "platform",
    "system",
    "worker_lost",
    "Every worker that carried out this run was lost, several times in a row.",
    "Look into the workers' log: they may have run out of memory. Then start the run again.",
)
MOST_LOST = 5

_NOTIFY = text("SELECT pg_notify(:channel, :payload)")
# What comes due while the transaction ends is not told by it, hence a little ahead.
_LET_NEXT_START = text("""
    SELECT pg_notify(:channel, '') FROM pipelines WHERE id = :pipeline_id AND NOT paused
       AND (wanted IS NOT NULL OR next_run_at <= now() + interval '5 seconds')""").bindparams(channel=SCHEDULES_CHANNEL)


class RunRows(Rows[Run]):
    """Runs. A run's row is also its lease: the worker that carries it out stands in it, by an epoch that rises."""

    table, model, resource = runs, Run, "run"

    def __init__(self, connection: AsyncConnection, scope: Scope, changes: Changes) -> None:
        super().__init__(connection, scope)
        self._changes = changes

    async def enqueue(self, run: Run) -> Run:
        """Adds a run, and wakes the workers.

        Raises:
            RunInFlight: another run of the pipeline was quicker.
        """
        try:
            # All workers wait by the database's clock; that of this process may be ahead.
            values = asdict(run) | {"queued_at": func.now(), "available_at": func.now()}
            statement = insert(runs).values(**values).returning(*self._columns)
            row = (await self._connection.execute(statement)).mappings().one()
        except IntegrityError as error:
            if violated_constraint(error) == "uq_runs_in_flight":
                raise RunInFlight(run.id) from error
            raise
        await self._tell(row)
        await self.wake_workers()
        return Run(**row)

    async def has_occurred(self, pipeline_id: UUID, occurrence: str) -> Run | None:
        """The pipeline's run for an occurrence, such as a time of its schedule."""
        statement = select(*self._columns).where(
            runs.c.pipeline_id == pipeline_id, runs.c.occurrence == occurrence, self.visible()
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return Run(**row) if row else None

    async def in_flight(self, pipeline_id: UUID) -> Run | None:
        """The pipeline's run that has not ended."""
        statement = select(*self._columns).where(runs.c.pipeline_id == pipeline_id, text(IN_FLIGHT), self.visible())
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return Run(**row) if row else None

    async def newest(self, pipeline_ids: Sequence[UUID]) -> dict[UUID, Run]:
        """The newest run of each pipeline, found by one index probe each."""
        if not pipeline_ids:
            return {}
        wanted = select(func.unnest(cast(list(pipeline_ids), ARRAY(Id))).label("pipeline_id")).subquery()
        newest = (
            select(*self._columns)
            .where(runs.c.pipeline_id == wanted.c.pipeline_id, self.visible())
            .order_by(runs.c.id.desc())
            .limit(1)
            .lateral()
        )
        rows = (
            await self._connection.execute(select(newest).select_from(wanted.join(newest, text("true"))))
        ).mappings()
        return {row["pipeline_id"]: Run(**row) for row in rows}

    async def run_after(self, run: Run) -> Run | None:
        """The pipeline's run that was queued next after another."""
        statement = (
            select(*self._columns)
            .where(runs.c.pipeline_id == run.pipeline_id, runs.c.id > run.id, self.visible())
            .order_by(runs.c.id)
            .limit(1)
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return Run(**row) if row else None

    async def page_of(self, pipeline_id: UUID, states: Sequence[RunState], request: PageRequest) -> Page[Run]:
        """A pipeline's runs in some states, or all, newest first."""
        where = [runs.c.pipeline_id == pipeline_id]
        if states:
            where.append(runs.c.state.in_([state.value for state in states]))
        return await self.page(request, *where)

    async def stop(self, run: Run) -> Run:
        """Asks a run to stop; one that still waits is cancelled at once."""
        if run.state is RunState.STOPPING:
            return run
        cancelled = {"state": RunState.CANCELLED.value, "ended_at": func.now(), "failure": asdict(STOPPED)}
        waiting = await self._change(run.id, runs.c.state == RunState.QUEUED.value, cancelled)
        if waiting:
            return waiting
        stopping = {"state": RunState.STOPPING.value}
        running = await self._change(run.id, runs.c.state == RunState.RUNNING.value, stopping)
        return running or await self.get(run.id)

    async def take_up(self, run_id: UUID, executor_id: str) -> Run | None:
        """Starts the next attempt of a queued run, fencing off the one before; None when it is not queued any more."""
        siblings = runs.alias()
        newest = select(func.max(siblings.c.epoch)).where(siblings.c.pipeline_id == runs.c.pipeline_id)
        attempt = func.jsonb_build_object(
            "number", runs.c.attempt + 1, "worker", cast(executor_id, Text), "started_at", func.now()
        )
        values = {
            "attempt": runs.c.attempt + 1,
            "epoch": newest.scalar_subquery() + 1,
            "executor_id": executor_id,
            "attempts": runs.c.attempts.op("||")(attempt),
            "started_at": func.coalesce(runs.c.started_at, func.now()),
            "deadline_at": func.coalesce(
                runs.c.deadline_at, func.now() + text("(plan->>'timeout_seconds')::float * interval '1 second'")
            ),
            "state": RunState.RUNNING.value,
        }
        return await self._change(run_id, runs.c.state == RunState.QUEUED.value, values)

    async def held(self, executor_id: str, besides: Collection[UUID]) -> Run | None:
        """A run that a worker carries out, other than some."""
        statement = select(*self._columns).where(
            runs.c.executor_id == executor_id, text(CARRIED_OUT), runs.c.id.not_in(besides), self.visible()
        )
        row = (await self._connection.execute(statement.limit(1))).mappings().one_or_none()
        return Run(**row) if row else None

    async def report(self, run: Run, streams: Sequence[StreamRun]) -> Run | None:
        """Notes the progress of an attempt; None when the run is no longer this worker's."""
        progress = _progress(streams)
        moved = (runs.c.rows_read + runs.c.rows_committed + runs.c.bytes_read) != (
            progress["rows_read"] + progress["rows_committed"] + progress["bytes_read"]
        )
        progress["progress_at"] = case((moved, func.now()), else_=runs.c.progress_at)
        return await self._change(run.id, _mine(run), progress)

    async def finish(
        self, run: Run, state: RunState, streams: Sequence[StreamRun], failure: RunFailure | None
    ) -> Run | None:
        """Ends a run; None when it is no longer this worker's."""
        values = {
            **_progress(streams),
            **_released(AttemptOutcome(state.value), failure),
            "state": state.value,
            "ended_at": func.now(),
            "failure": _json(failure),
        }
        ended = await self._change(run.id, _mine(run), values)
        if ended:
            await self.wake_workers()
        return ended

    async def put_back(
        self,
        run: Run,
        outcome: AttemptOutcome,
        streams: Sequence[StreamRun],
        failure: RunFailure | None = None,
        wait: timedelta = timedelta(),
    ) -> Run | None:
        """Queues a run again for another attempt, after a wait; None when it was to stop, or is another worker's."""
        values = {
            **_progress(streams),
            **_released(outcome, failure),
            "state": RunState.QUEUED.value,
            "available_at": func.now() + wait,
        }
        waiting = await self._change(run.id, _mine(run) & (runs.c.state == RunState.RUNNING.value), values)
        if waiting:
            await self.wake_workers()
        return waiting

    async def take_from(self, executor_ids: Sequence[str]) -> list[Run]:
        """Takes their runs from workers that are gone: to be queued again, or ended where that makes no sense.

        What a frozen one still holds a lock on is left for the next time.
        """
        statement = (
            select(*self._columns)
            .where(runs.c.executor_id.in_(executor_ids), text(IN_FLIGHT), self.visible())
            .order_by(runs.c.organization_id)  # they number their changes, each locked from its first on
            .with_for_update(skip_locked=True)
        )
        found = [Run(**row) for row in (await self._connection.execute(statement)).mappings()]
        taken = []
        for run in found:
            again = {"state": RunState.QUEUED.value, "available_at": func.now()}
            values = again if run.state is RunState.RUNNING else _ended(RunState.CANCELLED, STOPPED)
            if run.state is RunState.RUNNING and _lost_in_a_row(run) + 1 >= MOST_LOST:
                values = _ended(RunState.FAILED, LOST)
            changed = await self._change(run.id, _mine(run), {**_released(AttemptOutcome.LOST, None), **values})
            taken += [changed] if changed else []
        if taken:
            await self.wake_workers()
        return taken

    async def wake_workers(self) -> None:
        """Tells workers that something may wait for them."""
        await self._connection.execute(_NOTIFY, {"channel": QUEUE_CHANNEL, "payload": ""})

    async def _change(
        self, run_id: UUID, condition: ColumnElement[bool] | Any, values: Mapping[str, Any]
    ) -> Run | None:
        statement = (
            update(runs)
            .where(runs.c.id == run_id, condition, self.visible())
            .values(**values, revision=runs.c.revision + 1)
            .returning(*self._columns)
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        if row is None:
            return None
        await self._tell(row)
        changed = Run(**row)
        if changed.state.ended:
            await self._connection.execute(_LET_NEXT_START, {"pipeline_id": changed.pipeline_id})
        return changed

    async def tell(self, run_id: UUID) -> None:
        """Tells whoever watches a run that there is news."""
        await self._connection.execute(_NOTIFY, {"channel": RUNS_CHANNEL, "payload": str(run_id)})

    async def _tell(self, row: Any) -> None:
        await self.tell(row["id"])
        self._changes.note(row["organization_id"], row["pipeline_id"])


def _mine(run: Run) -> ColumnElement[bool]:
    """What holds only as long as the run is this attempt's: nobody has taken it from its worker."""
    held = (runs.c.epoch == run.epoch) & (runs.c.executor_id == run.executor_id)
    return held & runs.c.state.in_([RunState.RUNNING.value, RunState.STOPPING.value])


def _released(outcome: AttemptOutcome, failure: RunFailure | None) -> dict[str, Any]:
    """What ends an attempt: its outcome, and no worker any more."""
    end = func.jsonb_build_object(
        "ended_at", func.now(), "outcome", cast(outcome.value, Text), "failure", cast(_json(failure), JSONB)
    )
    last: ColumnElement[Any] = literal_column("'{-1}'::text[]")
    attempts = func.jsonb_set(runs.c.attempts, last, runs.c.attempts.op("->")(literal(-1)).op("||")(end))
    return {"executor_id": None, "attempts": attempts}


def _ended(state: RunState, failure: RunFailure) -> dict[str, Any]:
    return {"state": state.value, "ended_at": func.now(), "failure": asdict(failure)}


def _lost_in_a_row(run: Run) -> int:
    outcomes = reversed([attempt.outcome for attempt in run.attempts[:-1]])
    return len(list(takewhile(lambda outcome: outcome is AttemptOutcome.LOST, outcomes)))


def _json(failure: RunFailure | None) -> dict[str, Any] | None:
    return asdict(failure) if failure else None


def _progress(streams: Sequence[StreamRun]) -> dict[str, Any]:
    estimates = [stream.estimated_rows for stream in streams if stream.estimated_rows is not None]
    return {
        "streams": json.loads(json.dumps([asdict(stream) for stream in streams])),
        "rows_read": sum(stream.rows_read for stream in streams),
        "rows_committed": sum(stream.rows_committed for stream in streams),
        "rows_rejected": sum(stream.rows_rejected for stream in streams),
        "bytes_read": sum(stream.bytes_read for stream in streams),
        "estimated_rows": sum(estimates) if estimates else None,
    }
