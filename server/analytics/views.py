"""The rules of realtime views: whose they are, what they may show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.analytics.builtin_views import BUILT_IN
from server.analytics.clickhouse.views import checked_definition
from server.analytics.errors import AnalyticsMissing
from server.analytics.landed_views import LandedViews
from server.analytics.ports import AnalyticsStore, Store, Transaction
from server.analytics.reach import organization_of
from server.analytics.view_model import RealtimeView, ViewDefinition
from server.auth.permissions import Caller
from server.clock import now
from server.errors import AlreadyExists, InvalidFields, LimitReached, NotFound, PermissionDenied, Violation
from server.ids import new_id

MOST_VIEWS = 50


class ViewsService:
    """Keeps the realtime views of organizations."""

    def __init__(self, store: Store, analytics: AnalyticsStore | None, landed: LandedViews) -> None:
        self._store = store
        self._analytics = analytics
        self._landed = landed

    async def list(self, caller: Caller, requested: UUID | None) -> Sequence[RealtimeView]:
        """The platform's own views and the organization's, by name."""
        organization_id = caller.organization(requested)
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id)
            kept = {view.name: view for view in await tx.views.of_organization(organization_id)}
        own = {name: _built_in(organization_id, name) for name in BUILT_IN}
        return [view for _, view in sorted({**own, **kept}.items())]

    async def create(self, caller: Caller, requested: UUID | None, name: str, shows: ViewDefinition) -> RealtimeView:
        """Defines a view; it begins with what is there.

        Raises:
            InvalidFields: it can't be kept up to date.
            AlreadyExists: there is one of that name.
            LimitReached: the organization has too many.
        """
        if self._analytics is None:
            raise AnalyticsMissing
        organization_id = await organization_of(self._store, caller, requested)
        shows = await self._checked(organization_id, shows)
        if name in BUILT_IN:
            raise AlreadyExists("realtime view", "name")
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id, lock=True)
            views = await tx.views.of_organization(organization_id)
            if sum(not view.built_in for view in views) >= MOST_VIEWS:
                raise LimitReached(
                    "realtime views", f"You have {MOST_VIEWS} realtime views; delete one.", timedelta(hours=1)
                )
            at = now()
            view = RealtimeView(new_id(), organization_id, name, shows.stored(), created_at=at, updated_at=at)
            made = await tx.views.insert(view)
            await tx.ingest.tell()
            return made

    async def update(
        self, caller: Caller, requested: UUID | None, name: str, shows: ViewDefinition, etag: str
    ) -> RealtimeView:
        """Defines a view anew; it begins again with what is there.

        Raises:
            InvalidFields, EtagMismatch.
            PermissionDenied: it is the platform's own.
        """
        shows = await self._checked(await organization_of(self._store, caller, requested), shows)
        async with self._store.begin(caller.scope) as tx:
            view = await self._own(tx, caller, requested, name)
            fresh: dict[str, Any] = {"definition": shows.stored(), "applied": None, "applying": None}
            if shows.landed:
                # It has no states to begin; those that it had until now are of an earlier generation.
                fresh["generation"] = view.generation + 1
            changed = await tx.views.update(view.id, fresh, etag=etag)
            await tx.ingest.tell()
            await tx.views.tell(view.id)
            return changed

    async def delete(self, caller: Caller, requested: UUID | None, name: str, etag: str) -> None:
        """Deletes a view.

        Raises:
            EtagMismatch.
            PermissionDenied: it is the platform's own.
        """
        async with self._store.begin(caller.scope) as tx:
            view = await self._own(tx, caller, requested, name)
            await tx.views.delete(view.id, etag=etag)
            await tx.views.tell(view.id)

    async def found(self, caller: Caller, requested: UUID | None, name: str) -> RealtimeView:
        """A view to look at; one of the platform's own is made when it is first looked at.

        Raises:
            NotFound: there is none.
        """
        if self._analytics is None:
            raise AnalyticsMissing
        organization_id = caller.organization(requested)
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id)
            view = await tx.views.named(organization_id, name)
            if view is None and name in BUILT_IN:
                view = await tx.views.ensure(_built_in(organization_id, name))
                await tx.ingest.tell()
            if view is None:
                raise NotFound("realtime view", name)
            return view

    async def _checked(self, organization_id: UUID, shows: ViewDefinition) -> ViewDefinition:
        for path, length in (("interval", shows.interval), ("window", shows.window)):
            if length and length.microseconds:
                raise InvalidFields(Violation(f"definition.{path}", "must be whole seconds"))
        if shows.window and not shows.interval:
            raise InvalidFields(Violation("definition.window", "needs an interval"))
        if shows.landed:
            return await self._landed.checked(organization_id, shows)
        checked_definition(shows)
        return shows

    async def _own(self, tx: Transaction, caller: Caller, requested: UUID | None, name: str) -> RealtimeView:
        organization_id = caller.organization(requested)
        if name in BUILT_IN:
            raise PermissionDenied(caller.permission, f"{name} is the platform's own view: make one of another name.")
        view = await tx.views.named(organization_id, name)
        if view is None:
            raise NotFound("realtime view", name)
        return view


def _built_in(organization_id: UUID, name: str) -> RealtimeView:
    return RealtimeView(new_id(), organization_id, name, BUILT_IN[name].stored(), built_in=True)
