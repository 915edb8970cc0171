"""A collector that takes what is sent by OTLP, over gRPC and over HTTP, and keeps it for a test to look at."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from aiohttp import web
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc


@dataclass(frozen=True)
class Span:
    """A span as a collector sees it."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    failed: bool
    attributes: dict[str, Any]


@dataclass
class Collector:
    """What has come in; `headers` are those of the last sending."""

    port: int = 0
    spans: list[Span] = field(default_factory=list)
    metrics: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def of(self, trace: str) -> list[Span]:
        return [span for span in self.spans if span.trace == trace]

    async def until(self, condition: Any, seconds: float = 20) -> None:
        """Waits until what has come in meets a condition."""
        async with asyncio.timeout(seconds):
            while not condition(self):
                await self.came.wait()
                self.came.clear()

    def take_spans(self, request: trace_service_pb2.ExportTraceServiceRequest) -> None:
        for resource in request.resource_spans:
            service = values(resource.resource.attributes)["service.name"]
            self.spans += [
                Span(
                    service, span.name, span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(),
                    span.status.code == 2, values(span.attributes),
                )
                for scope in resource.scope_spans for span in scope.spans
            ]  # fmt: skip
        self.came.set()

    def take_metrics(self, request: metrics_service_pb2.ExportMetricsServiceRequest) -> None:
        for resource in request.resource_metrics:
            for scope in resource.scope_metrics:
                self.metrics |= {metric.name: metric for metric in scope.metrics}
        self.came.set()

    async def Export(self, request: Any, context: Any) -> Any:  # noqa: N802 - gRPC gives its name
        """Both services of OTLP have this one method."""
        self.headers = {key: str(value) for key, value in context.invocation_metadata()}
        if isinstance(request, trace_service_pb2.ExportTraceServiceRequest):
            self.take_spans(request)
            return trace_service_pb2.ExportTraceServiceResponse()
        self.take_metrics(request)
        return metrics_service_pb2.ExportMetricsServiceResponse()


def values(attributes: Any) -> dict[str, Any]:
    return {item.key: getattr(item.value, item.value.WhichOneof("value") or "string_value") for item in attributes}


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """Takes OTLP over gRPC, on a free port."""
    collector = Collector()
    server = grpc.aio.server()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(collector, server)
    collector.port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield collector
    await server.stop(None)


@asynccontextmanager
async def collecting_over_http() -> AsyncIterator[Collector]:
    """Takes OTLP as protobuf over HTTP, on a free port."""
    collector = Collector()

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        data = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        collector.headers = {key.lower(): value for key, value in request.headers.items()}
        if request.path.endswith("traces"):
            collector.take_spans(trace_service_pb2.ExportTraceServiceRequest.FromString(data))
        else:
            collector.take_metrics(metrics_service_pb2.ExportMetricsServiceRequest.FromString(data))
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    app.router.add_post("/v1/metrics", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    collector.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    yield collector
    await runner.cleanup()
