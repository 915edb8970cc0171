"""What every process tells Prometheus of itself, in a registry of its own."""

from __future__ import annotations

import asyncio
import platform
import time
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, Histogram, ProcessCollector
from prometheus_client.metrics_core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from server import __version__
from server.rpc.calls import BOUNDS, CallCounter

LAG_SECONDS = 0.5
QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

Pool = Callable[[], tuple[int, int]]


class ProcessMetrics:
    """The process, its event loop and its connections to the database."""

    def __init__(self, role: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        built = Gauge(
            "thedata_build_info", "1; what runs is told by the labels.", ["version", "role", "python"],
            registry=self.registry,
        )  # fmt: skip
        built.labels(__version__, role, platform.python_version()).set(1)
        self.statement_seconds = Histogram(
            "thedata_database_statement_seconds",
            "Time of statements to the platform's PostgreSQL.",
            buckets=QUICK,
            registry=self.registry,
        )
        self.slow_statements = Counter(
            "thedata_database_slow_statements", "Statements that took as long as the log tells.", registry=self.registry
        )
        self._lag = Histogram(
            "thedata_event_loop_lag_seconds",
            "How much later than it should the event loop does what is due, looked at twice a second.",
            buckets=QUICK,
            registry=self.registry,
        )

    def watch_pool(self, pool: Pool) -> None:
        """Tells of a pool of connections."""
        self.registry.register(_PoolCollector(pool))

    def watch_calls(self, calls: CallCounter) -> None:
        """Tells of the calls that a server counts."""
        self.registry.register(_CallCollector(calls))

    async def keep_lag(self) -> None:
        """Measures the event loop until it is cancelled."""
        while True:
            due = time.perf_counter() + LAG_SECONDS
            await asyncio.sleep(LAG_SECONDS)
            self._lag.observe(max(0.0, time.perf_counter() - due))


class _PoolCollector(Collector):
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        in_use, limit = self._pool()
        yield GaugeMetricFamily("thedata_database_connections_in_use", "Connections that a statement uses.", in_use)
        yield GaugeMetricFamily("thedata_database_connections_limit", "The most connections of this process.", limit)


class _CallCollector(Collector):
    """Reads the counter that the platform's own metrics are made of too: there is one count of calls."""

    def __init__(self, calls: CallCounter) -> None:
        self._calls = calls

    def collect(self) -> Iterator[Metric]:
        # Scraped from another thread than the one that counts: each list is taken in one step.
        seconds = HistogramMetricFamily(
            "thedata_rpc_seconds", "Time of calls; of a stream, how long it was followed.",
            labels=["method", "code", "type"],
        )  # fmt: skip
        for (method, code), total in list(self._calls.totals.items()):
            counts, sum_ = list(total.buckets), total.seconds
            labels = [method, code, self._type(method)]
            seconds.add_metric(labels, list(_cumulative(counts)), sum_)
        yield seconds
        opened = GaugeMetricFamily("thedata_rpc_open", "Calls under way.", labels=["method", "type"])
        for method, count in list(self._calls.open.items()):
            opened.add_metric([method, self._type(method)], count)
        yield opened

    def _type(self, method: str) -> str:
        return "stream" if method in self._calls.streams else "unary"


def _cumulative(counts: list[int]) -> Iterator[tuple[str, float]]:
    total = 0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
        total += count
        yield bound, total
