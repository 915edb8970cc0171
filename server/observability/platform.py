"""What a server tells Prometheus of the platform as a whole: its queue, its workers, its stores."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, Gauge

from server.errors import Failure, Unavailable
from server.pipelines.ports import Signals
from server.runs.heartbeat import SILENT
from server.scope import Scope
from server.storage.store import Store

log = structlog.get_logger("metrics")

LOOK_SECONDS = 5.0
ANSWER_SECONDS = 3.0


class Pinged(Protocol):
    """A store that can be asked whether it answers."""

    async def ping(self) -> None:
        """Returns when it answers; raises StoreUnavailable."""
        ...


class PlatformMetrics:
    """Looks every five seconds; every server tells the same, so take the greatest of them."""

    def __init__(self, registry: CollectorRegistry, store: Store, signals: Signals, analytics: Pinged | None) -> None:
        self._store = store
        self._signals = signals
        self._pinged = analytics

        def gauge(name: str, about: str) -> Gauge:
            return Gauge(f"thedata_{name}", about, registry=registry)

        self._waiting = gauge("queue_waiting_runs", "Runs that wait for a worker and could begin.")
        self._oldest = gauge("queue_oldest_seconds", "How long the first of the waiting runs has waited.")
        self._running = gauge("queue_running_runs", "Runs that workers carry out.")
        self._workers = gauge("workers", "Workers whose heart beats.")
        self._database = gauge("database_up", "1: PostgreSQL answers.")
        self._analytics = gauge("analytics_up", "1: the analytics store answers.") if analytics else None

    async def run(self) -> None:
        """Looks until the process is about to end."""
        with suppress(Unavailable):
            async with self._signals.subscribe("") as news:
                while True:
                    await asyncio.gather(self._look_at_queue(), self._look_at_analytics())
                    await news(LOOK_SECONDS)

    async def _look_at_queue(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._store.begin(Scope.everything()) as tx:
                backlog = await tx.queue.backlog(SILENT)
        except (Failure, TimeoutError) as error:
            log.debug("queue_not_seen", error=type(error).__name__)
            self._database.set(0)
            return
        self._database.set(1)
        self._waiting.set(backlog.waiting)
        self._oldest.set(backlog.oldest_seconds)
        self._running.set(backlog.running)
        self._workers.set(backlog.workers)

    async def _look_at_analytics(self) -> None:
        if self._pinged is None or self._analytics is None:
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._pinged.ping()
        except (Failure, TimeoutError) as error:
            log.debug("analytics_not_seen", error=type(error).__name__)
            self._analytics.set(0)
            return
        self._analytics.set(1)
