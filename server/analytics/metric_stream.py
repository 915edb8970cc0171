"""Following metrics: the newest value of each series, at an interval."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from uuid import UUID

from server.analytics.errors import AnalyticsMissing
from server.analytics.model import Kind, Point
from server.analytics.ports import AnalyticsStore, Store
from server.analytics.reach import organization_of
from server.auth.permissions import Caller
from server.errors import InvalidCursor
from server.live import Authority, Pace, as_member
from server.pipelines.ports import Signals
from server.scope import Scope

USUAL_INTERVAL = timedelta(seconds=5)
MOST_SERIES = 10_000
MOST_BATCHES = 10_000


class MetricStream:
    """Tells what is new of an organization's metrics."""

    def __init__(self, store: Store, analytics: AnalyticsStore | None, signals: Signals, authority: Authority) -> None:
        self._store = store
        self._analytics = analytics
        self._signals = signals
        self._authority = authority

    async def follow(
        self,
        caller: Caller,
        requested: UUID | None,
        names: Sequence[str],
        interval: timedelta | None,
        after: tuple[UUID, int] | None,
    ) -> AsyncGenerator[tuple[UUID, int, Sequence[Point]], None]:
        """The newest values since the last ones, at an interval; an empty message where there are none.

        Raises:
            InvalidCursor: it is of another organization.
        """
        if self._analytics is None:
            raise AnalyticsMissing
        organization_id = await organization_of(self._store, caller, requested)
        if after and after[0] != organization_id:
            raise InvalidCursor
        seconds = (interval or USUAL_INTERVAL).total_seconds()
        scope = Scope.of(organization_id, caller.user_id)
        async with self._store.begin(scope) as tx:
            seen = after[1] if after else await tx.ingest.head(organization_id, Kind.METRICS)
        pace = Pace(caller, as_member(self._authority, organization_id))
        # No topic of its own: it is the clock that wakes it, and the end of the process.
        async with self._signals.subscribe("") as news:
            yield organization_id, seen, ()
            while True:
                await news(seconds)
                await pace.renew()
                async with self._store.begin(scope) as tx:
                    head = await tx.ingest.head(organization_id, Kind.METRICS)
                    batches = await tx.ingest.between(organization_id, Kind.METRICS, seen, head) if head > seen else []
                points: Sequence[Point] = ()
                if batches:
                    metrics = await self._analytics.metrics()
                    points = await metrics.newest(organization_id, names, batches[-MOST_BATCHES:], MOST_SERIES)
                seen = head
                yield organization_id, seen, points
