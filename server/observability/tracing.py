"""Spans by OpenTelemetry, where an OTLP endpoint is set; the packages of the extra `otel` are only loaded then."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from server import __version__
from server.observability.context import parent_sampled, traceparent
from server.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, SpanKind

CLOSE_SECONDS = 5
EXPORT_SECONDS = 5

Attributes = Mapping[str, str | int | float | bool]


class Spanning:
    """A span that is under way; nothing that a caller or a database has said is told in it."""

    def __init__(self, span: Span | None) -> None:
        self._span = span

    @property
    def recorded(self) -> bool:
        """Whether anybody will see it."""
        return self._span is not None

    def note(self, **attributes: str | int | float | bool) -> None:
        """Adds attributes."""
        if self._span is not None:
            self._span.set_attributes(attributes)

    def end_as(self, code: str, *, failed: bool) -> None:
        """Notes the status of a call."""
        if self._span is not None:
            self._span.set_attribute("rpc.response.status_code", code)
            if failed:
                self.fail(code)

    def fail(self, kind: str) -> None:
        """Marks the span as failed, by a word for the kind of error."""
        from opentelemetry.trace import Status, StatusCode

        if self._span is not None:
            self._span.set_attribute("error.type", kind)
            self._span.set_status(Status(StatusCode.ERROR))


NOT_SAMPLED = Spanning(None)
_present: ContextVar[Span | None] = ContextVar("span", default=None)


class Tracing:
    """The spans of one process, sent in batches by a thread.

    Whether a trace is sampled is decided before anything is made for it: one that is not costs next to nothing.
    """

    def __init__(self, settings: Settings, role: str) -> None:
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON

        self._ratio = settings.trace_sample_ratio
        self._provider = TracerProvider(ALWAYS_ON, resource_of(role), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(_exporter(settings), schedule_delay_millis=1000))
        self._tracer = self._provider.get_tracer("thedata", __version__)
        self._trace = trace

    @contextmanager
    def served(self, name: str, parent: str, attributes: Attributes) -> Iterator[Spanning]:
        """The span of a call, below the caller's where it named one."""
        with self._spanned(name, self._trace.SpanKind.SERVER, parent, attributes) as span:
            yield span

    @contextmanager
    def consumed(self, name: str, parent: str, attributes: Attributes) -> Iterator[Spanning]:
        """The span of work from the queue, below the one that has queued it."""
        with self._spanned(name, self._trace.SpanKind.CONSUMER, parent, attributes) as span:
            yield span

    def records(self) -> bool:
        """Whether what is done now is below a span that is recorded."""
        present = _present.get()
        return present is not None and present.is_recording()

    def begin(self, name: str, attributes: Attributes, *, client: bool = False) -> Span | None:
        """A span below the present one, to be ended by `end`; None where none is recorded."""
        present = _present.get()
        if present is None or not present.is_recording():
            return None
        kind = self._trace.SpanKind.CLIENT if client else self._trace.SpanKind.INTERNAL
        context = self._trace.set_span_in_context(present)
        return self._tracer.start_span(name, context, kind, attributes)

    def end(self, span: Span | None, error: str = "", attributes: Attributes | None = None) -> None:
        """Ends a span of `begin`."""
        if span is None:
            return
        spanning = Spanning(span)
        spanning.note(**(attributes or {}))
        if error:
            spanning.fail(error)
        span.end()

    async def close(self) -> None:
        """Sends what is left, within bounds."""
        await asyncio.to_thread(self._provider.force_flush, CLOSE_SECONDS * 1000)
        await asyncio.to_thread(self._provider.shutdown)

    @contextmanager
    def _spanned(self, name: str, kind: SpanKind, parent: str, attributes: Attributes) -> Iterator[Spanning]:
        sampled = parent_sampled(parent) if parent else random.random() < self._ratio  # noqa: S311 - no secret
        # Where it is not, what this process did before is still not the parent of what comes from elsewhere.
        span = self._tracer.start_span(name, self._above(parent), kind, attributes) if sampled else None
        before = _present.set(span), traceparent.set(_written(span) if span else parent)
        try:
            yield Spanning(span) if span else NOT_SAMPLED
        finally:
            _present.reset(before[0])
            traceparent.reset(before[1])
            if span:
                span.end()

    def _above(self, parent: str) -> Context:
        from opentelemetry.context import Context

        if not parent:
            return Context()
        _, trace_id, span_id, flags = parent.split("-")
        trace = self._trace
        above = trace.SpanContext(int(trace_id, 16), int(span_id, 16), True, trace.TraceFlags(int(flags, 16)))
        context: Context = trace.set_span_in_context(trace.NonRecordingSpan(above), Context())
        return context


def _written(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def resource_of(role: str) -> Resource:
    """Who tells: this process of the platform."""
    from opentelemetry.sdk.resources import Resource

    return Resource.create(
        {
            "service.name": f"thedata-{role}",
            "service.version": __version__,
            "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
        }
    )


def _exporter(settings: Settings) -> SpanExporter:
    endpoint, headers = settings.otlp_endpoint, settings.otlp_header_pairs
    assert endpoint
    if settings.otlp_protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(
            endpoint, insecure=endpoint.startswith("http://"), headers=headers, timeout=EXPORT_SECONDS
        )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as OverHttp

    return OverHttp(f"{endpoint.rstrip('/')}/v1/traces", headers=headers, timeout=EXPORT_SECONDS)
