"""Following alerts: those that are active, then each change, in the order in which they were committed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from uuid import UUID

from server.alerts.model import Alert
from server.alerts.ports import Store
from server.alerts.reach import owner_of
from server.auth.permissions import Caller
from server.errors import InvalidCursor
from server.live import Alive, Authority, Pace, Resume, as_member
from server.paging import PageRequest
from server.pipelines.ports import Signals
from server.scope import Scope
from server.storage.alerts import topic_of

ALERTS_AT_ONCE = 200


@dataclass(frozen=True)
class AlertsPlace:
    """What a watcher has seen: changes up to a number, and in a snapshot the last alert told.

    ``snapshot_after`` is None once the snapshot is complete, and empty before its first alert.
    """

    organization_id: UUID
    number: int
    snapshot_after: str | None = None


@dataclass(frozen=True)
class SnapshotComplete:
    """Every active alert was told once."""

    alerts: int


AlertsEvent = Alert | SnapshotComplete | Alive | Resume


class AlertsWatcher:
    """Tells what happens to alerts. The table is the truth; signals only save waiting."""

    def __init__(self, store: Store, signals: Signals, authority: Authority) -> None:
        self._store = store
        self._signals = signals
        self._authority = authority

    async def watch(
        self, caller: Caller, requested: UUID | None, after: AlertsPlace | None
    ) -> AsyncGenerator[tuple[AlertsPlace, AlertsEvent], None]:
        """The active alerts, unless ``after`` has them already, then changes.

        Raises:
            InvalidCursor: ``after`` is of another organization.
        """
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            number = await tx.alerts.newest_number(organization_id)
        if after is not None and after.organization_id != organization_id:
            raise InvalidCursor
        # Changes from before the snapshot's first page are in it; later ones are told after it.
        place = after or AlertsPlace(organization_id, number, "")
        async with self._signals.subscribe(topic_of(organization_id)) as news:
            if place.snapshot_after is not None:
                snapshot = self._snapshot(place)
                async with aclosing(snapshot):
                    async for place, event in snapshot:
                        yield place, event
            pace = Pace(caller, as_member(self._authority, organization_id))
            while True:
                for alert in await self._changes(place):
                    place = replace(place, number=alert.number)
                    pace.tell()
                    yield place, alert
                if alive := await pace.beat():
                    yield place, alive
                if resume := await pace.rest(news):
                    yield place, resume
                    return

    async def _changes(self, place: AlertsPlace) -> list[Alert]:
        found: list[Alert] = []
        number = place.number
        async with self._store.begin(Scope.of(place.organization_id)) as tx:
            while fresh := await tx.alerts.changed_after(place.organization_id, number, ALERTS_AT_ONCE):
                found += fresh
                number = fresh[-1].number
        return found

    async def _snapshot(self, place: AlertsPlace) -> AsyncGenerator[tuple[AlertsPlace, Alert | SnapshotComplete], None]:
        count = 0
        after = place.snapshot_after
        while after is not None:
            async with self._store.begin(Scope.of(place.organization_id)) as tx:
                page = await tx.alerts.page_of_snapshot(place.organization_id, PageRequest(ALERTS_AT_ONCE, after))
            for alert in page.items:
                count += 1
                yield replace(place, snapshot_after=str(alert.id)), alert
            after = page.next_key
        yield replace(place, snapshot_after=None), SnapshotComplete(count)
