"""How much the engine moves, by the kinds of both connectors: no label names an organization, pipeline or stream."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry, Counter

from server.observability.tracing import Tracing
from server.sync.events import Checkpoint, Event, Progress, StreamFailed, StreamFinished, StreamStarted


class Throughput:
    """The counters of one worker."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, about: str, *more: str) -> Counter:
            return Counter(f"thedata_sync_{name}", about, ["source", "destination", *more], registry=registry)

        self.rows_read = counter("rows_read", "Rows that sources gave.")
        self.bytes_read = counter("bytes_read", "Bytes that sources gave.")
        self.rows_committed = counter("rows_committed", "Rows that destinations have committed.")
        self.rows_rejected = counter("rows_rejected", "Rows that could not land.")
        self.streams = counter("streams", "Streams that have ended.", "outcome")


class Meter:
    """Turns the totals that a stream tells into counts, and its life into a span."""

    def __init__(self, counts: Throughput, tracing: Tracing | None, source: str, destination: str) -> None:
        self._tracing = tracing
        self._labels = source, destination
        self._read = counts.rows_read.labels(source, destination)
        self._bytes = counts.bytes_read.labels(source, destination)
        self._committed = counts.rows_committed.labels(source, destination)
        self._rejected = counts.rows_rejected.labels(source, destination)
        self._streams = counts.streams
        self._told: dict[tuple[str, str], int] = {}
        self._spans: dict[str, Any] = {}

    def take(self, event: Event) -> None:
        """Takes one event of the engine."""
        match event:
            case StreamStarted(stream):
                self._begin(stream, event)
            case Progress(stream, rows_read, bytes_read, rows_committed):
                self._count(stream, rows_read, bytes_read, rows_committed)
            case Checkpoint(stream):
                self._add(self._committed, stream, "committed", event.rows_committed)
            case StreamFinished(stream, receipt):
                self._count(stream, receipt.rows_read, receipt.bytes, receipt.rows_committed)
                self._rejected.inc(receipt.rows_rejected)
                self._end(stream, "succeeded", rows_read=receipt.rows_read, rows_committed=receipt.rows_committed)
            case StreamFailed(stream, error):
                self._end(stream, "failed", error=error.code)
            case _:
                pass

    def _count(self, stream: str, rows: int, size: int, committed: int) -> None:
        self._add(self._read, stream, "read", rows)
        self._add(self._bytes, stream, "bytes", size)
        self._add(self._committed, stream, "committed", committed)

    def _add(self, counter: Counter, stream: str, what: str, total: int) -> None:
        before = self._told.get((stream, what), 0)
        if total > before:
            counter.inc(total - before)
            self._told[stream, what] = total

    def _begin(self, stream: str, event: StreamStarted) -> None:
        if self._tracing:
            source, destination = self._labels
            attributes = {
                "thedata.stream": stream, "thedata.source": source, "thedata.destination": destination,
                "thedata.lane": event.lane.value,
            }  # fmt: skip
            self._spans[stream] = self._tracing.begin("stream", attributes)

    def _end(self, stream: str, outcome: str, error: str = "", **rows: int) -> None:
        self._streams.labels(*self._labels, outcome).inc()
        span = self._spans.pop(stream, None)
        if self._tracing:
            self._tracing.end(span, error, {f"thedata.{name}": count for name, count in rows.items()})
