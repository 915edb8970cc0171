"""What one process tells of itself: metrics to Prometheus, traces and metrics by OTLP, slow statements to its log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from server.config.model import SystemConfig
from server.observability.exposition import Exposition
from server.observability.metrics import ProcessMetrics
from server.observability.otlp_metrics import OtlpMetrics
from server.observability.statements import Statements
from server.observability.tracing import Tracing
from server.settings import Settings


class Telemetry:
    """The instruments of one process; without an endpoint and a port they count, and nobody is told."""

    def __init__(self, settings: Settings, role: str, url: str) -> None:
        self._settings = settings
        self._port = {"server": settings.metrics_port, "worker": settings.worker_metrics_port}.get(role)
        self._tasks: list[asyncio.Task[None]] = []
        self._exposition: Exposition | None = None
        self.metrics = ProcessMetrics(role)
        sends = bool(settings.otlp_endpoint) and role in {"server", "worker"}
        self.tracing = Tracing(settings, role) if sends else None
        self._otlp = OtlpMetrics(self.metrics.registry, settings, role) if sends else None
        self.statements = Statements(self.metrics, self.tracing, url)

    @property
    def told(self) -> bool:
        """Whether anybody gets the metrics."""
        return self._port is not None or self._otlp is not None

    @property
    def port(self) -> int | None:
        """Where metrics are served; None: nowhere."""
        return self._exposition.port if self._exposition else None

    def start(self, config: Callable[[], SystemConfig], *loops: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begins to tell; the loops are what looks for figures, only while somebody gets them. Raises OSError."""
        self.statements.obey(config)
        running: list[Callable[[], Coroutine[Any, Any, None]]] = [self.statements.explain]
        if self._port is not None:
            self._exposition = Exposition(self.metrics.registry, self._settings.metrics_host, self._port)
        if self._otlp:
            running.append(self._otlp.run)
        if self.told:
            running += [self.metrics.keep_lag, *loops]
        self._tasks = [asyncio.create_task(loop()) for loop in running]

    async def close(self) -> None:
        """Tells what is left, and ends."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._exposition:
            await asyncio.to_thread(self._exposition.close)
        if self._otlp:
            await self._otlp.close()
        if self.tracing:
            await self.tracing.close()
