"""What a process tells of itself and of its machine, as metrics of the platform's own organization.

Metrics: ``thedata.calls`` (a count by ``method`` and ``code``), ``thedata.call_seconds_p50``, ``_p95`` and ``_max`` (by
``method`` and ``code``), ``thedata.process_cpu_percent`` (of one core), ``thedata.process_memory_bytes``,
``thedata.host_cpu_percent`` (of all cores), ``thedata.host_memory_percent``, ``thedata.host_disk_free_bytes``,
``thedata.host_disk_free_share`` (0 to 1). All have the labels ``role`` (server or worker) and ``process``.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import structlog

from server.analytics.ingest import IngestService
from server.analytics.model import Point, Sender
from server.analytics.prepare import points_of
from server.clock import now
from server.config.live import TAKEN_UP, LiveConfig
from server.errors import Failure, Unavailable
from server.pipelines.ports import Signals
from server.rpc.calls import CallCounter
from server.scope import PLATFORM

log = structlog.get_logger("analytics")

QUANTILES = (("p50", 0.5), ("p95", 0.95), ("max", 1.0))


class SelfMetrics:
    """The loop of one process."""

    def __init__(
        self,
        ingest: IngestService,
        config: LiveConfig,
        signals: Signals,
        role: str,
        home: Path,
        calls: CallCounter | None = None,
    ) -> None:
        self._ingest = ingest
        self._config = config
        self._signals = signals
        self._home = home
        self._calls = calls
        self._process = psutil.Process()
        self._labels = {"role": role, "process": f"{socket.gethostname()}:{os.getpid()}"}

    async def run(self) -> None:
        """Tells until the process is about to end; what can't be told now, or may not, is not told later."""
        told = time.monotonic()
        with suppress(Unavailable):
            async with self._signals.subscribe(TAKEN_UP) as news:
                while True:
                    # Another pace counts from the last time.
                    left = told + self._config.metrics.interval_seconds - time.monotonic()
                    if left > 0:
                        await news(left)
                        continue
                    told = time.monotonic()
                    try:
                        await self._tell_if_wanted()
                    except Failure as failure:
                        log.warning("own_metrics_not_told", reason=failure.reason)

    async def _tell_if_wanted(self) -> None:
        if self._config.metrics.enabled:
            await self.tell()
        elif self._calls:
            self._calls.take()  # else the first interval afterwards would count all of them

    async def tell(self) -> None:
        """Tells once; raises StoreUnavailable."""
        points = [*self._resources(), *self._of_calls()]
        await self._ingest.take(PLATFORM, points_of(points, now(), own=True), Sender())

    def _resources(self) -> Iterator[Point]:
        with self._process.oneshot():
            yield self._point("process_cpu_percent", self._process.cpu_percent())
            yield self._point("process_memory_bytes", self._process.memory_info().rss)
        yield self._point("host_cpu_percent", psutil.cpu_percent())
        yield self._point("host_memory_percent", psutil.virtual_memory().percent)
        disk = psutil.disk_usage(str(self._home))
        yield self._point("host_disk_free_bytes", disk.free)
        yield self._point("host_disk_free_share", disk.free / disk.total)

    def _of_calls(self) -> Iterator[Point]:
        for (method, code), calls in self._calls.take().items() if self._calls else ():
            labels = {"method": method, "code": code}
            yield self._point("calls", calls.count, **labels)
            for name, share in QUANTILES:
                yield self._point(f"call_seconds_{name}", calls.quantile(share), **labels)

    def _point(self, name: str, value: float, **labels: str) -> Point:
        return Point(f"thedata.{name}", None, value, {**self._labels, **labels})
