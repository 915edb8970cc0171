"""What a worker tells of the runs that it carries out: their ids in its log, a span each, and figures by connector."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from server.observability.context import TRACEPARENT, trace_id, traceparent
from server.observability.throughput import Meter, Throughput
from server.observability.tracing import Tracing
from server.pipelines.model import Run, RunState
from server.sync.events import Event

BOUNDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)


class RunTelemetry:
    """Watches the runs of one worker."""

    def __init__(self, registry: CollectorRegistry, tracing: Tracing | None) -> None:
        self._tracing = tracing
        self._throughput = Throughput(registry)
        self._ended = Counter(
            "thedata_runs_ended", "Runs that this worker has brought to an end.", ["state"], registry=registry
        )
        for state in filter(lambda state: state.ended, RunState):
            self._ended.labels(state.value)
        self._in_progress = Gauge("thedata_runs_in_progress", "Attempts under way on this worker.", registry=registry)
        self._seconds = Histogram(
            "thedata_run_attempt_seconds", "Time of attempts of runs.", buckets=BOUNDS, registry=registry
        )

    @contextmanager
    def attempt(self, run: Run) -> Iterator[None]:
        """Surrounds an attempt: what is logged has the run's ids; its span is below the call that queued the run."""
        started = time.perf_counter()
        with self._in_progress.track_inprogress(), self._spanned("run", run, attempt=run.attempt):
            try:
                yield
            finally:
                self._seconds.observe(time.perf_counter() - started)

    @contextmanager
    def help(self, run: Run, partition: int) -> Iterator[None]:
        """Surrounds the help with a run of another worker."""
        with self._spanned("help", run, partition=partition):
            yield

    def ended(self, state: RunState) -> None:
        """Counts a run that has ended; one that is queued again has not."""
        if state.ended:
            self._ended.labels(state.value).inc()

    def sync(self, source: str, destination: str) -> Callable[[Event], None]:
        """What listens to the engine's events of one attempt, between two kinds of connectors."""
        return Meter(self._throughput, self._tracing, source, destination).take

    @contextmanager
    def _spanned(self, what: str, run: Run, **numbers: int) -> Iterator[None]:
        parent = str(run.plan.get(TRACEPARENT, ""))
        ids = {"run_id": str(run.id), "organization_id": str(run.organization_id), "pipeline_id": str(run.pipeline_id)}
        every: dict[str, str | int] = {**ids, **numbers}
        named = {f"thedata.{name}": value for name, value in every.items()}
        span: Any = self._tracing.consumed(what, parent, named) if self._tracing else nullcontext()
        with span:
            trace = trace_id(traceparent.get() or parent)
            with structlog.contextvars.bound_contextvars(**ids, **({"trace_id": trace} if trace else {})):
                yield
