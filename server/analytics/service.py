"""Questions about metrics and events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from server.analytics.clickhouse.conditions import checked
from server.analytics.clickhouse.events import nice_step
from server.analytics.clickhouse.metrics import resolution_of
from server.analytics.errors import AnalyticsMissing
from server.analytics.model import Aggregation, Event, EventQuery, Facets, MetricAnswer, MetricQuery
from server.analytics.ports import AnalyticsStore, Place, Store
from server.analytics.reach import organization_of
from server.auth.permissions import Caller
from server.errors import InvalidFields, Violation

MOST_STEPS = 11_000
USUAL_STEPS = 300
LONGEST_STEP = timedelta(days=366)


class AnalyticsService:
    """Answers from what was taken in."""

    def __init__(self, store: Store, analytics: AnalyticsStore | None) -> None:
        self._store = store
        self._analytics = analytics

    async def metrics(self, caller: Caller, requested: UUID | None, query: MetricQuery) -> MetricAnswer:
        """A metric's points by step.

        Raises:
            InvalidFields: the span or the step can't be.
        """
        organization_id, analytics = await self._reached(caller, requested)
        checked(query.filters)
        if query.aggregation is Aggregation.COUNT_DISTINCT:
            raise InvalidFields(Violation("aggregation", "must be one for numbers"))
        if query.end <= query.start:
            raise InvalidFields(Violation("end_time", "must be after start_time"))
        step = nice_step((query.end - query.start) / USUAL_STEPS) if query.step is None else query.step
        if step < timedelta(seconds=1) or step.microseconds:
            raise InvalidFields(Violation("step", "must be whole seconds, at least one"))
        if query.step and step > LONGEST_STEP:
            raise InvalidFields(Violation("step", f"must be at most {LONGEST_STEP.days} days"))
        if (query.end - query.start) / step > MOST_STEPS:
            raise InvalidFields(Violation("step", f"must be longer: the span would have more than {MOST_STEPS} steps"))
        resolution = resolution_of(query.end - query.start, step)
        return await (await analytics.metrics()).points(organization_id, replace(query, step=step), resolution)

    async def events(
        self, caller: Caller, requested: UUID | None, query: EventQuery, size: int, before: Place | None
    ) -> tuple[list[Event], Place | None, Facets]:
        """Events, newest first; the place after them where there are more; and how many there are, where asked for.

        Raises:
            InvalidFields: the span can't be, or a condition.
        """
        organization_id, analytics = await self._reached(caller, requested)
        checked(query.filters)
        if query.start and query.end and query.end <= query.start:
            raise InvalidFields(Violation("end_time", "must be after start_time"))
        table = await analytics.events()
        found = await table.page(organization_id, query, size + 1, before)
        facets = await table.facets(organization_id, query) if query.facets else Facets()
        if len(found) <= size:
            return found, None, facets
        last = found[size - 1]
        assert last.time
        assert last.id
        return found[:size], (last.time, last.id), facets

    async def _reached(self, caller: Caller, requested: UUID | None) -> tuple[UUID, AnalyticsStore]:
        if self._analytics is None:
            raise AnalyticsMissing
        return await organization_of(self._store, caller, requested), self._analytics
