"""What both lanes share: the tally of a stream in flight, and the watch that ends one that no longer moves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.events import Emit, Progress

REPORT_SECONDS = 0.5
STALL_SECONDS = 900.0
COPY_SECONDS = 7 * 86_400.0


@dataclass(slots=True)
class Tally:
    """How much of a stream has moved; ``moved_at`` is the clock of the last sign of life."""

    rows: int = 0
    bytes: int = 0
    moved_at: float = field(default_factory=time.monotonic)

    def add_bytes(self, count: int) -> None:
        """Count bytes that have gone over."""
        self.bytes += count
        self.moved_at = time.monotonic()


async def report(
    tally: Tally, stream: str, estimated_rows: int | None, emit: Emit, count: Callable[[], Awaitable[int]]
) -> None:
    """Emit progress until cancelled; ``count`` gives the rows so far. Raises SyncError STALLED after 15 minutes."""
    last = (-1, -1)
    while True:
        await asyncio.sleep(REPORT_SECONDS)
        rows = await count()
        if (rows, tally.bytes) != last:
            last = (rows, tally.bytes)
            emit(Progress(stream, rows, tally.bytes, 0, estimated_rows))
        if time.monotonic() - tally.moved_at > STALL_SECONDS:
            raise SyncError(
                origin=Origin.PLATFORM,
                type=ErrorType.TRANSIENT,
                code="STALLED",
                message=f"Nothing has moved for {STALL_SECONDS:.0f} seconds",
                advice="Look for locks and long queries on both sides.",
                stream=stream,
            )


async def first_failure(*tasks: asyncio.Task[int]) -> None:
    """Wait until all tasks have ended or one has failed, then raise the failure of the earliest in the list.

    The others are cancelled and awaited: nothing of a stream outlives it.
    """
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
