"""Spans by OpenTelemetry, where an OTLP endpoint is set; the packages of the extra `otel` are only loaded then."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from server import __version__
from server.observability.context import TRACEPARENT, traceparent
from server.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

CLOSE_SECONDS = 5
EXPORT_SECONDS = 5

Attributes = Mapping[str, str | int | float | bool]


class Spanning:
    """A span that is under way; nothing that a caller or a database has said is told in it."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def note(self, **attributes: str | int | float | bool) -> None:
        """Adds attributes."""
        self._span.set_attributes({name.replace("__", "."): value for name, value in attributes.items()})

    def end_as(self, code: str, *, failed: bool) -> None:
        """Notes the status of a call."""
        self._span.set_attribute("rpc.response.status_code", code)
        if failed:
            self.fail(code)

    def fail(self, kind: str) -> None:
        """Marks the span as failed, by a word for the kind of error."""
        from opentelemetry.trace import Status, StatusCode

        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))


class Tracing:
    """The spans of one process, sent in batches by a thread."""

    def __init__(self, settings: Settings, role: str) -> None:
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        sampler = ParentBased(TraceIdRatioBased(settings.trace_sample_ratio))
        self._provider = TracerProvider(sampler, resource_of(role), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(_exporter(settings), schedule_delay_millis=1000))
        self._tracer = self._provider.get_tracer("thedata", __version__)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def served(self, name: str, parent: str, attributes: Attributes) -> Iterator[Spanning]:
        """The span of a call, below the caller's where it named one."""
        from opentelemetry.trace import SpanKind

        with self._spanned(name, SpanKind.SERVER, parent, attributes) as span:
            yield span

    @contextmanager
    def consumed(self, name: str, parent: str, attributes: Attributes) -> Iterator[Spanning]:
        """The span of work from the queue, below the one that has queued it."""
        from opentelemetry.trace import SpanKind

        with self._spanned(name, SpanKind.CONSUMER, parent, attributes) as span:
            yield span

    def begin(self, name: str, attributes: Attributes, *, client: bool = False) -> Span | None:
        """A span below the present one, to be ended by `end`; None where none is recorded, which costs nothing."""
        from opentelemetry.trace import SpanKind, get_current_span

        if not get_current_span().is_recording():
            return None
        kind = SpanKind.CLIENT if client else SpanKind.INTERNAL
        return self._tracer.start_span(name, kind=kind, attributes=attributes)

    def end(self, span: Span | None, error: str = "", **attributes: str | int | float | bool) -> None:
        """Ends a span of `begin`."""
        if span is None:
            return
        spanning = Spanning(span)
        spanning.note(**attributes)
        if error:
            spanning.fail(error)
        span.end()

    async def close(self) -> None:
        """Sends what is left, within bounds."""
        await asyncio.to_thread(self._provider.force_flush, CLOSE_SECONDS * 1000)
        await asyncio.to_thread(self._provider.shutdown)

    @contextmanager
    def _spanned(self, name: str, kind: Any, parent: str, attributes: Attributes) -> Iterator[Spanning]:
        from opentelemetry.context import Context

        # An empty context: what this process did before is not the parent of what comes from elsewhere.
        context = self._propagator.extract({TRACEPARENT: parent} if parent else {}, Context())
        with self._tracer.start_as_current_span(
            name, context, kind, attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            carrier: dict[str, str] = {}
            self._propagator.inject(carrier)
            before = traceparent.set(carrier.get(TRACEPARENT, ""))
            try:
                yield Spanning(span)
            finally:
                traceparent.reset(before)


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
