"""Looks at components of the platform."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from server.alerts.ports import ComponentHealth
from server.analytics.ports import AnalyticsStore
from server.errors import Failure
from server.scope import PLATFORM

PROBE_SECONDS = 3.0


class AnalyticsProbe:
    """The analytics store, where there is one."""

    def __init__(self, analytics: AnalyticsStore | None) -> None:
        self._analytics = analytics

    async def look(self) -> Sequence[ComponentHealth]:
        """Whether it answers a query."""
        if self._analytics is None:
            return []
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await (await self._analytics.metrics()).count(PLATFORM, 0)
        except TimeoutError:
            return [ComponentHealth("analytics", healthy=False, message=f"no answer within {PROBE_SECONDS:g} s")]
        except Failure as failure:
            return [ComponentHealth("analytics", healthy=False, message=failure.reason)]
        return [ComponentHealth("analytics", healthy=True)]
