"""Going on through an outage of the platform's database, until the run turns out to be another worker's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from server.errors import Conflict, Unavailable

PATIENCE_SECONDS = 300.0
RETRY_SECONDS = 0.5

T = TypeVar("T")


class FencedOff(Exception):  # noqa: N818 - a state, not a fault
    """Another worker has the run now, or it has ended: this attempt is void."""


async def patiently(step: Callable[[], Awaitable[T]], seconds: float = PATIENCE_SECONDS) -> T:
    """Repeats a step for as long as the platform's database may take to come back, or others to let go of a row."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await step()
        except (Unavailable, Conflict):
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(RETRY_SECONDS)
