"""A wait that is cancelled in the very moment at which it ends is cancelled: else who cancels it waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast
from uuid import UUID

import pytest

from server.pipelines.model import LogLevel, Run
from server.runs.log_writer import LogWriter
from server.storage.session import Database
from server.storage.signals import Signals
from server.storage.store import Store

Case = Callable[[], tuple[Coroutine[Any, Any, Any], Callable[[], None]]]


def signal() -> tuple[Coroutine[Any, Any, Any], Callable[[], None]]:
    """A wait for news, over and over as the watch of a run is, and what ends it."""
    signals = Signals(cast(Database, None), [])

    async def waiting() -> None:
        async with signals.subscribe("run") as news:
            while True:
                await news(3600)

    return waiting(), lambda: signals.tell("run")


def log() -> tuple[Coroutine[Any, Any, Any], Callable[[], None]]:
    """The flushing of a log, and what wakes it."""

    class Silent(LogWriter):
        async def flush(self) -> None:
            """Keeps everything."""

    class A:
        id = organization_id = UUID(int=1)
        attempt, executor_id = 1, "worker"

    writer = Silent(cast(Store, None), cast(Run, A()))
    return writer.keep_flushing(), lambda: writer.write(LogLevel.INFO, "line")


@pytest.mark.parametrize("case", [signal, log])
@pytest.mark.parametrize("steps", range(6))
async def test_a_cancellation_at_the_moment_of_news_is_not_lost(case: Case, steps: int) -> None:
    waiting, tell = case()
    task = asyncio.create_task(waiting)
    for _ in range(6):  # until it waits
        await asyncio.sleep(0)
    tell()
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=2)
    try:
        assert done, "it goes on for ever"
        assert task.cancelled()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
