"""News from the database: one listening connection per process, fanned out to whoever waits."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import structlog

from server.errors import Unavailable
from server.storage.session import Database

log = structlog.get_logger("signals")

CHECK_SECONDS = 5.0
LONGEST_PAUSE = 5.0


class Signals:
    """Says when a topic has news: what a notification named, or its channel where it named nothing.

    A signal is only a hint: after a lost connection everyone is told to look.
    """

    def __init__(self, database: Database, channels: Sequence[str]) -> None:
        self._database = database
        self._channels = channels
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self._closing = False

    def start(self) -> None:
        """Begins to listen."""
        self._listening = asyncio.create_task(self._listen())

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[Callable[[float], Awaitable[bool]]]:
        """Listens for news of a topic: what it yields waits, and raises Unavailable when the process ends."""
        event = asyncio.Event()
        self._waiting[topic].add(event)

        async def wait(seconds: float) -> bool:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await event.wait()
            if self._closing:
                raise Unavailable("The server is about to restart; go on from the last cursor.")
            told = event.is_set()
            event.clear()
            return told

        try:
            yield wait
        finally:
            self._waiting[topic].discard(event)
            if not self._waiting[topic]:
                del self._waiting[topic]

    async def close(self) -> None:
        """Ends every wait, and the listening."""
        self._closing = True
        self._tell_all()
        if self._listening:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        pause = 0.1
        while True:
            try:
                connection = await self._database.listen(self._channels, self.tell)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("not_listening", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = 0.1
            self._tell_all()  # whatever was said while nobody listened
            try:
                await _until_lost(connection)
            finally:
                connection.terminate()

    def tell(self, topic: str) -> None:
        """Tells those who wait for a topic; what this process knows by itself needs no notification."""
        for event in self._waiting.get(topic, ()):
            event.set()

    def _tell_all(self) -> None:
        for events in self._waiting.values():
            for event in events:
                event.set()


async def _until_lost(connection: asyncpg.Connection[Any]) -> None:
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        try:
            await connection.execute("SELECT 1", timeout=CHECK_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return
