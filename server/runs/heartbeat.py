"""Says that this worker lives, and takes over the work of those that don't, from a thread of its own.

A thread, so that a busy event loop is not taken for a dead machine.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from server import __version__
from server.errors import Failure
from server.scope import Scope
from server.storage.session import Database
from server.storage.store import Store, Transaction

log = structlog.get_logger("heartbeat")

BEAT_SECONDS = 1.0
SILENT = timedelta(seconds=8)
ANSWER_SECONDS = 4.0  # so that a second try comes before others take this worker for dead


class Heartbeat:
    """Beats every second; a worker that was silent for eight seconds is dead, and its runs start again elsewhere.

    ``load`` gives how much is carried, and how much may be.
    """

    def __init__(self, url: str, executor_id: str, load: Callable[[], tuple[int, int]]) -> None:
        self._url = url
        self._executor_id = executor_id
        self._load = load
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._beat()), name="heartbeat", daemon=True)

    async def first_beat(self, store: Store) -> None:
        """Says for the first time that this worker lives."""
        async with store.begin(Scope.everything()) as tx:
            await self._say(tx)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Says good-bye and ends the thread."""
        self._stop.set()
        self._thread.join(timeout=5)

    async def _beat(self) -> None:
        database = Database(
            self._url, pool_size=1, application_name="thedata-heartbeat", longest_seconds=ANSWER_SECONDS
        )
        store = Store(database)
        try:
            while not self._stop.is_set():
                try:
                    await self._once(store)
                except Failure as failure:
                    log.warning("no_heartbeat", reason=failure.reason)
                except Exception:
                    log.exception("bug")
                await asyncio.to_thread(self._stop.wait, BEAT_SECONDS)
            async with store.begin(Scope.everything()) as tx:
                await tx.executors.leave([self._executor_id])
        finally:
            await database.close()

    async def _once(self, store: Store) -> None:
        async with store.begin(Scope.everything()) as tx:
            await self._say(tx)
            gone = await tx.executors.gone(SILENT)
        if gone:
            await self._take_over(store)

    async def _say(self, tx: Transaction) -> None:
        carried, concurrency = self._load()
        await tx.executors.beat(self._executor_id, socket.gethostname(), __version__, carried, concurrency)

    async def _take_over(self, store: Store) -> None:
        async with store.begin(Scope.everything()) as tx:
            await tx.executors.not_wait()
            gone = await tx.executors.gone(SILENT)
            runs = await tx.runs.take_from(gone)
            partitions = await tx.queue.take_partitions_from(gone)
            await tx.executors.leave(gone)
            for run in runs:
                await tx.pipelines.want_after(run)
        log.warning("taken_over", executors=gone, runs=[str(run.id) for run in runs], partitions=partitions)
