"""What runs by itself: which pipelines are due, by the database's clock, and which follow which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, and_, bindparam, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.pipelines.model import CatchUp, Pipeline
from server.storage.changes import Changes
from server.storage.runs import SCHEDULES_CHANNEL
from server.storage.tables import IN_FLIGHT, pipelines, runs

_WAKE = text("SELECT pg_notify(:channel, '')").bindparams(channel=SCHEDULES_CHANNEL)
# Two that are told to follow each other at once would each find that the other follows nobody.
_ONE_CHAIN_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('chains ' || :organization_id, 0))")
_CHAIN = text("""
    WITH RECURSIVE chain(id) AS (
        SELECT CAST(:pipeline_id AS uuid)
        UNION SELECT after_pipeline_id FROM pipelines JOIN chain USING (id) WHERE after_pipeline_id IS NOT NULL)
    SELECT id FROM chain""")
_NEXT = text("""
    SELECT extract(epoch FROM min(next_run_at) - now()) FROM pipelines WHERE next_run_at > now() AND NOT paused""")


@dataclass(frozen=True)
class Due:
    """A pipeline that is due at a time, locked until the end of the transaction."""

    pipeline: Pipeline
    in_flight: bool
    at: datetime


class ScheduleRows:
    """The schedules of pipelines, of all organizations."""

    def __init__(self, connection: AsyncConnection, changes: Changes) -> None:
        self._connection = connection
        self._changes = changes

    async def now(self) -> datetime:
        """The time at which the transaction began, by the database's clock: all processes agree on it."""
        return (await self._connection.execute(select(func.now()))).scalar_one()

    async def wake(self) -> None:
        """Tells schedulers to look again."""
        await self._connection.execute(_WAKE)

    async def due(self, limit: int, without: Collection[UUID] = ()) -> list[Due]:
        """Locks pipelines that are due and that no other scheduler has, the ones that waited longest first.

        Those with a run in flight wait for its end, unless their schedule leaves such times out.
        """
        idle = ~select(runs.c.id).where(runs.c.pipeline_id == pipelines.c.id, text(IN_FLIGHT)).exists()
        leaves_out = pipelines.c.schedule["catch_up"].as_string() == CatchUp.SKIP.value
        statement = (
            select(*(pipelines.c[field.name] for field in fields(Pipeline)), func.now().label("at"))
            .where(
                ~pipelines.c.paused,
                pipelines.c.id.not_in(bindparam("without", list(without), expanding=True)),
                or_(
                    and_(pipelines.c.next_run_at <= func.now(), or_(idle, leaves_out)),
                    and_(pipelines.c.wanted.is_not(None), idle),
                ),
            )
            .order_by(pipelines.c.next_run_at)
            .limit(limit)
            .with_for_update(of=pipelines, skip_locked=True)
        )
        rows = (await self._connection.execute(statement)).mappings().all()
        busy = await self._in_flight([row["id"] for row in rows])
        return [_due(row, in_flight=row["id"] in busy) for row in rows]

    async def advance(self, pipeline: Pipeline, next_run_at: datetime | None) -> None:
        """Sets when a pipeline runs next."""
        await self._set(pipeline, next_run_at=next_run_at)

    async def satisfy(self, pipeline: Pipeline) -> None:
        """Forgets the run that an event has asked for."""
        await self._set(pipeline, wanted=None)

    async def leave_out(self, pipeline: Pipeline, next_run_at: datetime | None) -> None:
        """Sets when a pipeline runs next, where no run of it tells so."""
        await self.advance(pipeline, next_run_at)
        self._changes.note(pipeline.organization_id, pipeline.id)

    async def seconds_until_next(self) -> float | None:
        """How long until another pipeline comes due; None: none will."""
        found = (await self._connection.execute(_NEXT)).scalar_one_or_none()
        return None if found is None else float(found)

    # -- pipelines that follow others ----------------------------------------------------------------------------

    async def chain(self, organization_id: UUID, pipeline_id: UUID) -> list[UUID]:
        """A pipeline, the one it follows, the one that that one follows, and so on.

        Until the transaction ends no other may ask this of the organization.
        """
        await self._connection.execute(_ONE_CHAIN_AT_A_TIME, {"organization_id": str(organization_id)})
        return list(await self._connection.scalars(_CHAIN, {"pipeline_id": pipeline_id}))

    async def followers(self, pipeline_id: UUID) -> list[UUID]:
        """The pipelines that follow one, locked: who ends its run takes these locks before all others."""
        statement = select(pipelines.c.id).where(pipelines.c.after_pipeline_id == pipeline_id)
        return list(await self._connection.scalars(statement.order_by(pipelines.c.id).with_for_update(key_share=True)))

    async def _in_flight(self, pipeline_ids: Sequence[UUID]) -> set[UUID]:
        # Asked again under the locks: who starts a run by hand may have held one a moment ago.
        if not pipeline_ids:
            return set()
        statement = select(runs.c.pipeline_id).where(runs.c.pipeline_id.in_(pipeline_ids), text(IN_FLIGHT))
        return set(await self._connection.scalars(statement))

    async def _set(self, pipeline: Pipeline, **values: datetime | None) -> None:
        await self._connection.execute(update(pipelines).where(pipelines.c.id == pipeline.id).values(**values))


def _due(row: RowMapping, *, in_flight: bool) -> Due:
    values = dict(row)
    return Due(at=values.pop("at"), in_flight=in_flight, pipeline=Pipeline(**values))
