"""A real gRPC server of the pipelines service whose answers depend on the pipeline's id, behind real interceptors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from grpc_reflection.v1alpha import reflection
from thedata.v1 import analytics_pb2, analytics_pb2_grpc, pipelines_pb2, pipelines_pb2_grpc

from server.errors import LimitReached, NotFound
from server.rpc.calls import CallCounter
from server.rpc.interceptors.errors import Errors
from server.rpc.interceptors.logging import Logging
from server.rpc.interceptors.validation import Readable, Validation
from server.rpc.server import OPTIONS

_SECOND = timedelta(seconds=1)
SERVICE = "thedata.v1.PipelinesService"

PIPELINE = "0198f5a0-0000-7000-8000-000000000001"
MISSING = "0198f5a0-0000-7000-8000-000000000404"
LIVE = "0198f5a0-0000-7000-8000-0000000000aa"
LARGE = "0198f5a0-0000-7000-8000-0000000000bb"

LARGE_BYTES = 6 << 20
LOG_LENGTH = 5
"""How many messages the log of `PIPELINE` has; their cursors are `c-1` and so on."""


class Pipelines(pipelines_pb2_grpc.PipelinesServiceServicer):
    """`PIPELINE` is there, `MISSING` is not, `LARGE` is large, `LIVE` never answers.

    The log of `LIVE` is what a test puts into it.
    """

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Forget what was."""
        self.live: asyncio.Queue[pipelines_pb2.TailPipelineLogsResponse] = asyncio.Queue()
        self.cancelled = asyncio.Event()
        self.requests: list[Any] = []
        self.metadata: list[tuple[str, str]] = []

    async def GetPipeline(self, request: Any, context: Any) -> Any:  # noqa: N802 - gRPC's name
        self._note(request, context)
        if request.pipeline_id == MISSING:
            raise NotFound("pipeline", MISSING)
        if request.pipeline_id == LIVE:
            await self._hang()
        description = "x" * LARGE_BYTES if request.pipeline_id == LARGE else ""
        return pipelines_pb2.Pipeline(id=request.pipeline_id, description=description)

    async def CreatePipeline(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._note(request, context)
        return pipelines_pb2.Pipeline(id=PIPELINE, name=request.name, verification=request.verification)

    async def ListPipelines(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._note(request, context)
        return pipelines_pb2.ListPipelinesResponse()

    async def ListPipelineLogs(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._note(request, context)
        return pipelines_pb2.ListPipelineLogsResponse(cursor="c-0")

    async def StopPipeline(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._note(request, context)
        raise LimitReached("stops", "Too many stops.", _SECOND)

    async def TailPipelineLogs(  # type: ignore[override]  # writes to its context, as the platform does  # noqa: N802
        self, request: Any, context: Any
    ) -> None:
        self._note(request, context)
        if request.pipeline_id == MISSING:
            raise NotFound("pipeline", MISSING)
        if request.pipeline_id == LIVE:
            await self._tail_live(context)
            return
        if request.after == "c-complete":
            await context.send_initial_metadata((("x-stream-complete", "true"),))
            return
        seen = int(request.after.removeprefix("c-") or 0)
        for number in range(seen + 1, LOG_LENGTH + 1):
            await context.write(line(number))

    async def _hang(self) -> None:
        cancelled = self.cancelled
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async def _tail_live(self, context: Any) -> None:
        live, cancelled = self.live, self.cancelled  # of this test, also when the next one has begun
        try:
            while True:
                await context.write(await live.get())
        except asyncio.CancelledError:
            cancelled.set()
            raise

    def _note(self, request: Any, context: Any) -> None:
        self.requests.append(request)
        self.metadata = list(context.invocation_metadata())


class Analytics(analytics_pb2_grpc.AnalyticsServiceServicer):
    """Answers a stream of requests, and a name with anything in it."""

    async def IngestStream(self, requests: AsyncIterator[Any], context: Any) -> Any:  # noqa: N802
        accepted = 0
        async for _ in requests:
            accepted += 1
        return analytics_pb2.IngestResponse(accepted=accepted)

    async def GetRealtimeView(self, request: Any, context: Any) -> Any:  # noqa: N802
        return analytics_pb2.GetRealtimeViewResponse(columns=[request.view_name])


def line(number: int, text: str | None = None) -> Any:
    """A message of a log, with its cursor."""
    entry = pipelines_pb2.LogEntry(message=text or f"line {number}", level=pipelines_pb2.LOG_LEVEL_INFO)
    return pipelines_pb2.TailPipelineLogsResponse(cursor=f"c-{number}", entry=entry)


class Upstream:
    """The gRPC server, with health and reflection as the platform's own."""

    def __init__(self) -> None:
        self.pipelines = Pipelines()  # type: ignore[abstract]  # what it lacks is UNIMPLEMENTED
        interceptors = [Logging(CallCounter()), Errors(), Validation(), Readable()]
        # Larger than the platform's, so that the gateway's limit shows.
        limits = {"grpc.max_receive_message_length": 64 << 20, "grpc.max_send_message_length": 64 << 20}
        self._server = grpc.aio.server(interceptors=interceptors, options=list({**OPTIONS, **limits}.items()))
        pipelines_pb2_grpc.add_PipelinesServiceServicer_to_server(self.pipelines, self._server)
        analytics = Analytics()  # type: ignore[abstract]  # as above
        analytics_pb2_grpc.add_AnalyticsServiceServicer_to_server(analytics, self._server)
        self._health = HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = [SERVICE, reflection.SERVICE_NAME]
        reflection.enable_server_reflection(names, self._server)

    async def start(self, port: int = 0) -> int:
        bound = self._server.add_insecure_port(f"127.0.0.1:{port}")
        await self._server.start()
        await self._health.set("", health_pb2.HealthCheckResponse.SERVING)
        return bound

    async def stop(self) -> None:
        await self._server.stop(None)
