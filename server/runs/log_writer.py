"""Writes a run's log: buffered, numbered, bounded; the sync never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog

from server import clock
from server.errors import Failure
from server.observability.redaction import redacted
from server.pipelines.model import EntryKind, LogEntry, LogLevel, Run
from server.runs.redaction import Redaction
from server.scope import Scope
from server.storage.store import Store

log = structlog.get_logger("runs")

FLUSH_SECONDS = 0.25
LONGEST_LINE = 4096
MOST_WAITING = 5000
HELPERS = 100_000  # writers of helpers are numbered above any attempt


class LogWriter:
    """The log of one worker's part in a run: of an attempt, or of a partition that it helps with.

    Its lines have the time of ``now``. What comes after the attempt was taken from the worker is refused, and dropped.
    ``redaction`` takes out the secrets of the run's ends, of which it knows none before both are opened; what drivers
    and foreign servers say passes through the redaction of the process's own log as well.
    """

    def __init__(
        self, store: Store, run: Run, now: Callable[[], datetime] = clock.now, *, worker: str = "", helper: int = 0
    ) -> None:
        self._store = store
        self._run = run
        self._worker = worker or run.executor_id or ""
        self._number = run.attempt + helper * HELPERS
        self._scope = Scope.of(run.organization_id)
        self.redaction = Redaction()
        self.now = now
        self._waiting: list[LogEntry] = []
        self._next = 1
        self._dropped = 0
        self._flushing = asyncio.Lock()
        self._wake = asyncio.Event()

    def write(self, level: LogLevel, message: str, stream: str = "", **fields: object) -> None:
        """Notes a line; returns at once. When too many lines wait, it is counted as dropped instead."""
        told = {name: str(value) for name, value in fields.items() if value is not None}
        self._note(level, self.redaction.text(message), stream, EntryKind.LINE, told)

    def tell(self, kind: EntryKind, stream: str, **fields: Any) -> None:
        """Notes an event of another kind than a line."""
        self._note(LogLevel.INFO, "", stream, kind, fields)

    async def flush(self) -> None:
        """Stores what waits. When the database can't be reached the lines go on waiting."""
        async with self._flushing:
            self._tell_dropped()
            batch = self._waiting[:]
            if not batch:
                return
            async with self._store.begin(self._scope) as tx:
                stored = await tx.logs.append(self._run, self._worker, batch)
            if not stored:
                log.warning("log_refused", run_id=str(self._run.id), attempt=self._run.attempt, lines=len(batch))
            self._waiting = [entry for entry in self._waiting if entry.number > (stored or batch[-1].number)]

    async def keep_flushing(self) -> None:
        """Flushes four times a second until it is cancelled."""
        while True:
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(5.0):
                    await self._wake.wait()
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except Failure as failure:
                log.warning("log_not_flushed", run_id=str(self._run.id), reason=failure.reason)
                self._wake.set()

    def _note(self, level: LogLevel, message: str, stream: str, kind: EntryKind, fields: Mapping[str, Any]) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._dropped += 1
            return
        self._tell_dropped()
        self._append(level, message, stream, kind, self.redaction.value(dict(fields)))

    def _tell_dropped(self) -> None:
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            told = f"{dropped} lines were dropped: they came faster than they could be kept."
            self._append(LogLevel.WARNING, told, "", EntryKind.LINE, {"dropped": str(dropped)})

    def _append(self, level: LogLevel, message: str, stream: str, kind: EntryKind, fields: Mapping[str, Any]) -> None:
        run, number = self._run, self._next
        # Before it is cut: half a secret would no longer be known for one.
        owner = str(run.organization_id)
        message, fields = redacted(message, owner=owner)[:LONGEST_LINE], redacted(fields, owner=owner)
        self._waiting.append(
            LogEntry(
                run.id,
                self._number,
                number,
                self.now(),
                level,
                stream,
                message,
                kind,
                fields,
                run.attempt,
                self._worker,
            )
        )
        self._next += 1
        self._wake.set()
