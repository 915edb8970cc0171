"""What both lanes share: the tally of a stream in flight, and the watch that ends one that no longer moves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.events import Emit, Progress

REPORT_SECONDS = 0.5
STALL_SECONDS = 900.0


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
    tally: Tally,
    stream: str,
    estimated_rows: int | None,
    emit: Emit,
    count: Callable[[], Awaitable[int]],
    stop: asyncio.Event,
) -> None:
    """Emit progress until told to stop; ``count`` gives the rows so far.

    Raises SyncError STALLED when no byte has moved for 15 minutes.
    """
    last = (-1, -1)
    while not await _is_set_within(stop, REPORT_SECONDS):
        rows = await count()
        if (rows, tally.bytes) != last:
            last = (rows, tally.bytes)
            tally.moved_at = time.monotonic()  # rows that other workers move are signs of life too
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


async def together(*works: Coroutine[Any, Any, None], abort: Callable[[], None]) -> None:
    """Run all until they have ended; when one fails, or on cancellation, abort and end the others, then raise.

    ``abort`` must break every wait that the works can be in, at once.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        # Told apart before the abort, which makes the others fail too.
        failures = [error for task in tasks if task in done and (error := task.exception())]
    except asyncio.CancelledError:
        await _end(tasks, abort)
        raise
    if failures:
        await _end(tasks, abort)
        raise failures[0]


T = TypeVar("T")


async def ahead(items: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """Make the next item while the last one is being used."""
    async with aclosing(items):
        following = asyncio.ensure_future(_following(items))
        try:
            while (found := await following) is not None:
                following = asyncio.ensure_future(_following(items))
                yield found[0]
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _following(items: AsyncGenerator[T, None]) -> tuple[T] | None:
    try:
        return (await anext(items),)
    except StopAsyncIteration:
        return None


async def _end(tasks: list[asyncio.Task[None]], abort: Callable[[], None]) -> None:
    abort()
    for task in tasks:
        task.cancel()
    done, _ = await asyncio.wait(tasks, timeout=1.0)
    for task in done:
        if not task.cancelled():
            task.exception()  # what the abort did to it is no news


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
