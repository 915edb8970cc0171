"""Writes a run's log: buffered, numbered, bounded; the sync never waits for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from server.clock import now
from server.errors import Failure
from server.pipelines.model import LogEntry, LogLevel, Run
from server.scope import Scope
from server.storage.store import Store

log = structlog.get_logger("runs")

FLUSH_SECONDS = 0.25
LONGEST_LINE = 4096
MOST_WAITING = 5000


class LogWriter:
    """The log of one attempt of a run; its writer number is the attempt."""

    def __init__(self, store: Store, run: Run) -> None:
        self._store = store
        self._run = run
        self._scope = Scope.of(run.organization_id)
        self._waiting: list[LogEntry] = []
        self._next = 1
        self._dropped = 0
        self._flushing = asyncio.Lock()
        self._wake = asyncio.Event()

    def write(self, level: LogLevel, message: str, stream: str = "") -> None:
        """Notes a line; returns at once. When too many lines wait, it is counted as dropped instead."""
        if len(self._waiting) >= MOST_WAITING:
            self._dropped += 1
            return
        self._tell_dropped()
        self._append(level, message[:LONGEST_LINE], stream)

    async def flush(self) -> None:
        """Stores what waits. When the database can't be reached the lines go on waiting."""
        async with self._flushing:
            self._tell_dropped()
            batch = self._waiting[:]
            if not batch:
                return
            async with self._store.begin(self._scope) as tx:
                await tx.logs.append(self._run.organization_id, batch)
            del self._waiting[: len(batch)]

    async def keep_flushing(self) -> None:
        """Flushes four times a second until it is cancelled."""
        while True:
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), 5.0)
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except Failure as failure:
                log.warning("log_not_flushed", run_id=str(self._run.id), reason=failure.reason)
                self._wake.set()

    def _tell_dropped(self) -> None:
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            told = f"{dropped} lines were dropped: they came faster than they could be kept."
            self._append(LogLevel.WARNING, told, "")

    def _append(self, level: LogLevel, message: str, stream: str) -> None:
        self._waiting.append(LogEntry(self._run.id, self._run.attempt, self._next, now(), level, stream, message))
        self._next += 1
        self._wake.set()
