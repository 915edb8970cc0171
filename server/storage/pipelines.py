"""Pipelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import delete, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.paging import Page, PageRequest
from server.pipelines.model import Pipeline, Run, RunState, RunTrigger
from server.scope import Scope
from server.storage.changes import Changes
from server.storage.rows import Rows
from server.storage.runs import SCHEDULES_CHANNEL
from server.storage.tables import pipelines, run_logs, runs

_WAKE = text("SELECT pg_notify(:channel, '')").bindparams(channel=SCHEDULES_CHANNEL)


class PipelineRows(Rows[Pipeline]):
    """Pipelines."""

    table, model, resource = pipelines, Pipeline, "pipeline"
    unique: ClassVar[Mapping[str, str]] = {"uq_pipelines_organization_id_name": "name"}

    def __init__(self, connection: AsyncConnection, scope: Scope, changes: Changes) -> None:
        super().__init__(connection, scope)
        self._changes = changes

    async def page_of(self, organization_id: UUID, request: PageRequest) -> Page[Pipeline]:
        """An organization's pipelines, newest first."""
        return await self.page(request, pipelines.c.organization_id == organization_id)

    async def of_ids(self, ids: Sequence[UUID]) -> list[Pipeline]:
        """Those of some pipelines that there are."""
        statement = select(*self._columns).where(pipelines.c.id.in_(ids), self.visible())
        return [Pipeline(**row) for row in (await self._connection.execute(statement)).mappings()] if ids else []

    async def insert(self, item: Pipeline) -> Pipeline:
        """Adds a pipeline; raises AlreadyExists."""
        added = await super().insert(item)
        self._changes.note(added.organization_id, added.id)
        return added

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> Pipeline:
        """Changes columns of a pipeline; what is no plain value becomes JSON."""
        current = await self.get(key, lock=True)
        changed = {name: value for name, value in values.items() if value != getattr(current, name)}
        updated = await super().update(key, {name: _json(value) for name, value in changed.items()}, etag=etag)
        if changed:
            self._changes.note(updated.organization_id, key)
        return updated

    async def set(self, key: UUID, values: Mapping[str, Any]) -> Pipeline:
        """Changes columns that are no edit: the version stays."""
        statement = update(pipelines).where(pipelines.c.id == key, self.visible()).values(**values)
        row = (await self._connection.execute(statement.returning(*self._columns))).mappings().one()
        self._changes.note(row["organization_id"], key)
        return Pipeline(**row)

    async def want_after(self, run: Run) -> None:
        """Asks for a run of each pipeline that follows one whose run has succeeded, or failed for good."""
        if run.state not in {RunState.SUCCEEDED, RunState.FAILED}:
            return
        also_failed = true() if run.state is RunState.SUCCEEDED else pipelines.c.schedule["also_failed"].as_boolean()
        wanted = {"trigger": RunTrigger.PIPELINE.value, "occurrence": f"after {run.id}"}
        statement = update(pipelines).where(pipelines.c.after_pipeline_id == run.pipeline_id, also_failed)
        following = (await self._connection.scalars(statement.values(wanted=wanted).returning(pipelines.c.id))).all()
        if following:
            await self._connection.execute(_WAKE)

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes a pipeline with its runs and their logs; raises NotFound, EtagMismatch."""
        current = await self.get(key, lock=True)
        of_pipeline = select(runs.c.id).where(runs.c.pipeline_id == key)
        # Logs have no foreign key: their partitions come and go by the day.
        await self._connection.execute(delete(run_logs).where(run_logs.c.run_id.in_(of_pipeline)))
        await super().delete(key, etag=etag)
        self._changes.note(current.organization_id, key, deleted=True)


def _json(value: Any) -> Any:
    if isinstance(value, list):
        return [_json(item) for item in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
