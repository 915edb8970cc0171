"""Realtime views, and how far each has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Text, cast, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from server.analytics.model import Kind
from server.analytics.questions import LANDED
from server.analytics.view_model import RealtimeView
from server.storage.rows import Rows
from server.storage.tables import ingest_heads
from server.storage.tables import realtime_views as views

VIEWS_CHANNEL = "thedata_views"

_NOTIFY = text("SELECT pg_notify(:channel, :payload)").bindparams(channel=VIEWS_CHANNEL)


class RealtimeViewRows(Rows[RealtimeView]):
    """The realtime views of organizations."""

    table, model, resource = views, RealtimeView, "realtime view"
    unique: ClassVar[dict[str, str]] = {"uq_realtime_views_name": "name"}

    async def of_organization(self, organization_id: UUID) -> Sequence[RealtimeView]:
        """An organization's views, by name."""
        statement = select(*self._columns).where(views.c.organization_id == organization_id, self.visible())
        rows = (await self._connection.execute(statement.order_by(views.c.name))).mappings()
        return [RealtimeView(**row) for row in rows]

    async def named(self, organization_id: UUID, name: str) -> RealtimeView | None:
        """A view by its name."""
        statement = select(*self._columns).where(
            views.c.organization_id == organization_id, views.c.name == name, self.visible()
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return RealtimeView(**row) if row else None

    async def ensure(self, view: RealtimeView) -> RealtimeView:
        """The view of that name, which is made where it is missing."""
        values = {"id": view.id, "organization_id": view.organization_id, "name": view.name,
                  "definition": view.definition, "built_in": view.built_in}  # fmt: skip
        await self._connection.execute(insert(views).values(**values).on_conflict_do_nothing())
        found = await self.named(view.organization_id, view.name)
        assert found
        return found

    async def generations(self, keys: Collection[UUID]) -> Mapping[UUID, int]:
        """The generations of those of some views that there are."""
        statement = select(views.c.id, views.c.generation).where(views.c.id.in_(keys))
        return {row.id: row.generation for row in await self._connection.execute(statement)}

    async def behind(self, limit: int) -> Sequence[RealtimeView]:
        """Views that begin, or whose source has come further than they have; none of landed tables."""
        head = select(ingest_heads.c.version).where(
            ingest_heads.c.organization_id == views.c.organization_id,
            ingest_heads.c.kind == views.c.definition["source"].astext,
        )
        statement = select(*self._columns).where(
            views.c.definition["source"].astext.in_(list(Kind)),
            or_(views.c.applied.is_(None), views.c.applied < func.coalesce(head.scalar_subquery(), 0)),
        )
        rows = (await self._connection.execute(statement.order_by(views.c.id).limit(limit))).mappings()
        return [RealtimeView(**row) for row in rows]

    async def begin_again(self, view: RealtimeView) -> int | None:
        """A new generation of a view, which begins from what is there; None when it was changed meanwhile."""
        statement = (
            update(views)
            .where(views.c.id == view.id, views.c.version == view.version)
            .values(generation=views.c.generation + 1, applied=None, applying=None)
            .returning(views.c.generation)
        )
        found: int | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return found

    async def all_again(self) -> None:
        """Makes all views begin again from what is there."""
        await self._connection.execute(update(views).values(applied=None, applying=None))

    async def freeze(self, view: RealtimeView, head: int) -> int | None:
        """The version to which a view goes next: once it is chosen it stays, or a crash would count rows twice."""
        statement = (
            update(views)
            .where(views.c.id == view.id, views.c.generation == view.generation, views.c.applied == view.applied)
            .values(applying=func.coalesce(views.c.applying, head))
            .returning(views.c.applying)
        )
        found: int | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return found

    async def advance(self, view_id: UUID, generation: int, version: int) -> None:
        """Says that a generation of a view has come to a version."""
        statement = (
            update(views)
            .where(views.c.id == view_id, views.c.generation == generation)
            .values(applied=version, applying=None)
        )
        await self._connection.execute(statement)
        await self.tell(view_id)

    async def tell_landed(self, organization_id: UUID, table: str) -> None:
        """Tells whoever watches a view of a table that a pipeline has landed rows in one of its name."""
        told = select(func.pg_notify(VIEWS_CHANNEL, cast(views.c.id, Text))).where(
            views.c.organization_id == organization_id,
            views.c.definition["source"].astext.in_([table, f"{LANDED}{table}"]),
        )
        await self._connection.execute(told)

    async def tell(self, view_id: UUID) -> None:
        """Tells whoever watches a view that there is news."""
        await self._connection.execute(_NOTIFY, {"payload": str(view_id)})
