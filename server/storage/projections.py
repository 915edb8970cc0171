"""What the analytics store is to be told of runs: which have changed, and what is on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Float, cast, func, select, text, union, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.analytics.run_facts import Lag
from server.pipelines.model import Run
from server.storage.tables import pipelines, projections, runs

_UNTOLD = text("told_revision < revision")
_COLUMNS = [runs.c[name] for name in Run.__dataclass_fields__]


class ProjectionRows:
    """Each run has the revision that was told of it; what an organization is told next is frozen before it is sent."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def behind(self, limit: int) -> Sequence[UUID]:
        """Organizations of which something is not told."""
        changed = select(runs.c.organization_id).where(_UNTOLD)
        begun = select(projections.c.organization_id).where(projections.c.frozen.is_not(None))
        return (await self._connection.scalars(union(changed, begun).limit(limit))).all()

    async def frozen(self, organization_id: UUID) -> dict[str, Any] | None:
        """What is on its way; until this transaction has ended nobody else freezes anything for the organization."""
        mine = upsert(projections).values(organization_id=organization_id)
        locked = mine.on_conflict_do_update(
            index_elements=["organization_id"], set_={"organization_id": organization_id}
        ).returning(projections.c.frozen)
        found: dict[str, Any] | None = await self._connection.scalar(locked)
        return found

    async def untold(self, organization_id: UUID, limit: int) -> list[tuple[Run, Mapping[str, Any]]]:
        """Runs that have changed since they were told, the oldest first, with what was told."""
        statement = (
            select(*_COLUMNS, runs.c.told)
            .where(_UNTOLD, runs.c.organization_id == organization_id)
            .order_by(runs.c.id)
            .limit(limit)
            .with_for_update(key_share=True)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return [(Run(**{name: row[name] for name in Run.__dataclass_fields__}), row["told"]) for row in rows]

    async def freeze(self, organization_id: UUID, facts: Mapping[str, Any], told: Mapping[UUID, Any]) -> None:
        """Says what is told next, and what will then have been told of runs, as they are in this transaction."""
        for run_id, values in told.items():
            await self._connection.execute(
                update(runs).where(runs.c.id == run_id).values(told=values, told_revision=runs.c.revision)
            )
        here = projections.c.organization_id == organization_id
        await self._connection.execute(update(projections).where(here).values(frozen=facts))

    async def sent(self, organization_id: UUID, facts: Mapping[str, Any]) -> None:
        """Says that what was frozen is in the store."""
        here = (projections.c.organization_id == organization_id) & (projections.c.frozen == facts)
        await self._connection.execute(update(projections).where(here).values(frozen=None))

    async def since_success(self) -> Sequence[Lag]:
        """Of pipelines with a schedule that are not paused: how long ago the newest run that succeeded began."""
        newest = (
            select(runs.c.started_at)
            .where(runs.c.pipeline_id == pipelines.c.id, runs.c.state == "succeeded")
            .order_by(runs.c.id.desc())
            .limit(1)
            .lateral()
        )
        seconds = cast(func.extract("epoch", func.now() - newest.c.started_at), Float)
        statement = select(
            pipelines.c.organization_id,
            pipelines.c.id.label("pipeline_id"),
            pipelines.c.name.label("pipeline"),
            pipelines.c.source_id,
            pipelines.c.destination_id,
            seconds.label("seconds"),
        ).where(pipelines.c.schedule.is_not(None), ~pipelines.c.paused, newest.c.started_at.is_not(None))
        rows = await self._connection.execute(statement.order_by(pipelines.c.organization_id, pipelines.c.id))
        return [Lag(**row) for row in rows.mappings()]

    async def again(self) -> int:
        """Makes all runs that are to be told anew; how many there are."""
        await self._connection.execute(update(projections).values(frozen=None))
        told = await self._connection.execute(update(runs).values(told_revision=0, told=func.jsonb_build_object()))
        return told.rowcount
