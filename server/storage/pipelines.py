"""Pipelines and runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, cast, delete, func, insert, literal_column, select, text, update
from sqlalchemy.exc import IntegrityError

from server.paging import Page, PageRequest
from server.pipelines.errors import RunInFlight
from server.pipelines.model import Pipeline, Run, RunFailure, RunState, StreamRun
from server.storage.rows import Rows
from server.storage.session import violated_constraint
from server.storage.tables import IN_FLIGHT, Id, pipelines, run_logs, runs

RUNS_CHANNEL = "thedata_runs"
RUN_QUEUE = "runs"
RUN_WORKFLOW = "run"
RUN_VERSION = "runs-v1"

_NOTIFY = text("SELECT pg_notify(:channel, :payload)").bindparams(channel=RUNS_CHANNEL)
_HAND_OVER = text(
    "SELECT dbos.enqueue_workflow(workflow_name => :workflow, queue_name => :queue, workflow_id => :id,"
    " positional_args => ARRAY[to_json(CAST(:organization AS text)), to_json(CAST(:id AS text))],"
    " app_version => :version)"
).bindparams(workflow=RUN_WORKFLOW, queue=RUN_QUEUE, version=RUN_VERSION)


class PipelineRows(Rows[Pipeline]):
    """Pipelines."""

    table, model, resource = pipelines, Pipeline, "pipeline"
    unique: ClassVar[Mapping[str, str]] = {"uq_pipelines_organization_id_name": "name"}

    async def page_of(self, organization_id: UUID, request: PageRequest) -> Page[Pipeline]:
        """An organization's pipelines, newest first."""
        return await self.page(request, pipelines.c.organization_id == organization_id)

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> Pipeline:
        """Changes columns of a pipeline; its streams become JSON."""
        current = await self.get(key, lock=True)
        changed = dict(values)
        if "streams" in changed and changed["streams"] == current.streams:
            del changed["streams"]
        elif "streams" in changed:
            changed["streams"] = [asdict(stream) for stream in changed["streams"]]
        return await super().update(key, changed, etag=etag)

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes a pipeline with its runs and their logs; raises NotFound, EtagMismatch."""
        of_pipeline = select(runs.c.id).where(runs.c.pipeline_id == key)
        # Logs have no foreign key: their partitions come and go by the day.
        await self._connection.execute(delete(run_logs).where(run_logs.c.run_id.in_(of_pipeline)))
        await super().delete(key, etag=etag)


class RunRows(Rows[Run]):
    """Runs, as users and the worker see them."""

    table, model, resource = runs, Run, "run"

    async def enqueue(self, run: Run) -> Run:
        """Adds a run and hands it to the run engine, in one transaction: both or neither.

        Raises:
            RunInFlight: another run of the pipeline was quicker.
        """
        try:
            statement = insert(runs).values(**asdict(run)).returning(*self._columns)
            row = (await self._connection.execute(statement)).mappings().one()
        except IntegrityError as error:
            if violated_constraint(error) == "uq_runs_in_flight":
                raise RunInFlight(run.id) from error
            raise
        await self._connection.execute(_HAND_OVER, {"organization": str(run.organization_id), "id": str(run.id)})
        return Run(**row)

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

    async def take_up(self, run_id: UUID) -> Run | None:
        """Starts the next attempt of a run, fencing off the one before; None when the run has ended."""
        siblings = runs.alias()
        newest = select(func.max(siblings.c.epoch)).where(siblings.c.pipeline_id == runs.c.pipeline_id)
        values = {
            "attempt": runs.c.attempt + 1,
            "epoch": newest.scalar_subquery() + 1,
            "started_at": func.coalesce(runs.c.started_at, func.now()),
            "state": literal_column("CASE WHEN state = 'queued' THEN 'running' ELSE state END"),
        }
        return await self._change(run_id, text(IN_FLIGHT), values)

    async def report(self, run: Run, streams: Sequence[StreamRun]) -> Run | None:
        """Notes the progress of an attempt; None when a later attempt has fenced it off."""
        return await self._change(run.id, runs.c.epoch == run.epoch, _progress(streams))

    async def finish(
        self, run: Run, state: RunState, streams: Sequence[StreamRun], failure: RunFailure | None
    ) -> Run | None:
        """Ends a run; None when a later attempt has fenced this one off."""
        values = {
            **_progress(streams),
            "state": state.value,
            "ended_at": func.now(),
            "failure": asdict(failure) if failure else None,
        }
        return await self._change(run.id, (runs.c.epoch == run.epoch) & text(IN_FLIGHT), values)

    async def _change(self, run_id: UUID, condition: Any, values: Mapping[str, Any]) -> Run | None:
        statement = (
            update(runs)
            .where(runs.c.id == run_id, condition, self.visible())
            .values(**values, revision=runs.c.revision + 1)
            .returning(*self._columns)
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        if row is None:
            return None
        await self._connection.execute(_NOTIFY, {"payload": str(run_id)})
        return Run(**row)


STOPPED = RunFailure("platform", "cancelled", "stopped", "The run was stopped.")


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
