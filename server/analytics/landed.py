"""What configurations need to know of landed tables."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from server.analytics.errors import AnalyticsMissing
from server.analytics.ports import AnalyticsStore
from server.analytics.questions import ColumnKind

TIMES = frozenset((ColumnKind.DATE, ColumnKind.TIMESTAMP, ColumnKind.TIMESTAMPTZ))


class LandedTimes:
    """Which columns rows can be told to be old by."""

    def __init__(self, analytics: AnalyticsStore | None) -> None:
        self._analytics = analytics

    async def times(self, organization_id: UUID, table: str) -> Mapping[str, bool] | None:
        """A table's columns, each with whether it holds dates or times; None: there is no such table yet.

        Raises:
            AnalyticsMissing: this installation has no analytics store.
            StoreUnavailable: it can't be reached.
        """
        if self._analytics is None:
            raise AnalyticsMissing
        found = await (await self._analytics.tables()).landed(organization_id, table)
        return None if found is None else {column.name: column.kind in TIMES for column in found.columns}
