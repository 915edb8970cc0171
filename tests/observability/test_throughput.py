"""Counts from what streams tell as totals: each row once, whatever is told twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from server.observability.throughput import Meter, Throughput
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.events import Checkpoint, LogLine, Progress, StreamFailed, StreamFinished, StreamStarted
from server.sync.events import Level as LogLevel
from server.sync.receipt import Lane, StreamReceipt
from server.sync.spec import Verification

RECEIPT = StreamReceipt("s", "t", Lane.ARROW, 100, 90, 5000, 1.0, Verification.CONTENT, rows_rejected=10)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def throughput(registry: CollectorRegistry) -> Throughput:
    return Throughput(registry)


def counted(registry: CollectorRegistry, source: str = "mysql") -> tuple[float, ...]:
    names = ("rows_read", "bytes_read", "rows_committed", "rows_rejected")
    labels = {"source": source, "destination": "postgres"}
    return tuple(registry.get_sample_value(f"thedata_sync_{name}_total", labels) or 0 for name in names)


def test_totals_of_a_stream_become_counts(throughput: Throughput, registry: CollectorRegistry) -> None:
    meter = Meter(throughput, None, "mysql", "postgres")
    meter.take(StreamStarted("s", "t", Lane.ARROW, None))
    meter.take(Progress("s", 40, 2000, 0, None))
    meter.take(LogLine(LogLevel.INFO, "half way", "s"))
    assert counted(registry) == (40, 2000, 0, 0)
    meter.take(Checkpoint("s", "t", 1, 50))
    meter.take(Progress("s", 80, 4000, 50, None))
    meter.take(Progress("s", 80, 4000, 50, None))
    assert counted(registry) == (80, 4000, 50, 0)
    meter.take(StreamFinished("s", RECEIPT))
    assert counted(registry) == (100, 5000, 90, 10)


def test_streams_side_by_side_and_attempts_one_after_the_other_add_up(
    throughput: Throughput, registry: CollectorRegistry
) -> None:
    for _attempt in range(2):
        meter = Meter(throughput, None, "mysql", "postgres")
        for stream in ("a", "b"):
            meter.take(Progress(stream, 5, 10, 0, None))
            meter.take(StreamFinished(stream, replace(RECEIPT, stream=stream)))
    assert counted(registry) == (400, 20000, 360, 40)
    assert counted(registry, "files") == (0, 0, 0, 0)


def test_streams_that_fail_are_told_apart_from_those_that_land(
    throughput: Throughput, registry: CollectorRegistry
) -> None:
    meter = Meter(throughput, None, "mysql", "postgres")
    error = SyncError(origin=Origin.SOURCE, type=ErrorType.CONFIG, code="GONE", message="It is gone")
    meter.take(StreamFailed("a", error))
    meter.take(StreamFinished("b", RECEIPT))
    for outcome in ("failed", "succeeded"):
        labels = {"source": "mysql", "destination": "postgres", "outcome": outcome}
        assert registry.get_sample_value("thedata_sync_streams_total", labels) == 1
