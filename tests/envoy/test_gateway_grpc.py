"""gRPC and gRPC-Web through the gateway, on the port of REST (HTTP/2 without TLS)."""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import AsyncIterator
from typing import Any

import grpc
import httpx
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status
from thedata.v1 import analytics_pb2, analytics_pb2_grpc, pipelines_pb2, pipelines_pb2_grpc

from tests.envoy.conftest import Gateway
from tests.envoy.scripted import LARGE, LARGE_BYTES, LIVE, LOG_LENGTH, MISSING, PIPELINE, SERVICE, Pipelines, line

pytestmark = pytest.mark.asyncio(loop_scope="session")

WEB = "application/grpc-web+proto"
WEB_TEXT = "application/grpc-web-text+proto"
TRAILERS = 0x80


def frame(message: bytes) -> bytes:
    return struct.pack(">BI", 0, len(message)) + message


def frames(body: bytes) -> tuple[list[bytes], dict[str, str]]:
    """The messages and the trailers of a gRPC-Web answer."""
    messages, trailers = [], {}
    while body:
        kind, length = struct.unpack(">BI", body[:5])
        content, body = body[5 : 5 + length], body[5 + length :]
        if kind & TRAILERS:
            trailers = dict(row.split(":", 1) for row in content.decode().strip().split("\r\n"))
        else:
            messages.append(content)
    return messages, trailers


def tail(pipeline: str, after: str = "") -> Any:
    return pipelines_pb2.TailPipelineLogsRequest(pipeline_id=pipeline, after=after)


async def test_calls_and_streams_pass(gateway: Gateway, channel: grpc.aio.Channel) -> None:
    stub = pipelines_pb2_grpc.PipelinesServiceStub(channel)
    assert (await stub.GetPipeline(pipelines_pb2.GetPipelineRequest(pipeline_id=PIPELINE))).id == PIPELINE
    cursors = [message.cursor async for message in stub.TailPipelineLogs(tail(PIPELINE, "c-2"))]
    assert cursors == ["c-3", "c-4", "c-5"]


async def test_a_call_has_one_id(gateway: Gateway, channel: grpc.aio.Channel) -> None:
    stub = pipelines_pb2_grpc.PipelinesServiceStub(channel)
    call = stub.GetPipeline(
        pipelines_pb2.GetPipelineRequest(pipeline_id=PIPELINE), metadata=(("x-request-id", "mine-3"),)
    )
    await call
    assert [value for key, value in await call.initial_metadata() if key == "x-request-id"] == ["mine-3"]


async def test_an_error_keeps_its_details(gateway: Gateway, channel: grpc.aio.Channel) -> None:
    stub = pipelines_pb2_grpc.PipelinesServiceStub(channel)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await stub.GetPipeline(pipelines_pb2.GetPipelineRequest(pipeline_id=MISSING))
    status = rpc_status.from_call(raised.value)
    assert status is not None
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert info.reason == "NOT_FOUND"


async def test_a_stream_of_requests_is_not_held_back(gateway: Gateway, channel: grpc.aio.Channel) -> None:
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    pipe = stub.ServerReflectionInfo()
    for _ in range(3):  # each request is answered while the stream of requests is open
        await pipe.write(reflection_pb2.ServerReflectionRequest(list_services=""))
        reply = await asyncio.wait_for(pipe.read(), 5)
        assert SERVICE in {service.name for service in reply.list_services_response.service}
    await pipe.done_writing()


async def test_a_long_stream_of_requests_passes(gateway: Gateway, channel: grpc.aio.Channel) -> None:
    point = analytics_pb2.MetricPoint(name="x" * 200)
    message = analytics_pb2.IngestStreamRequest(producer="p", sequence=1, points=[point] * 4_000)

    async def requests() -> AsyncIterator[Any]:
        for _ in range(8):
            yield message

    assert 8 * message.ByteSize() > 6 << 20, "more than REST may send"
    stub = analytics_pb2_grpc.AnalyticsServiceStub(channel)
    assert (await stub.IngestStream(requests())).accepted == 8


async def test_a_client_that_leaves_ends_the_handler(pipelines: Pipelines, channel: grpc.aio.Channel) -> None:
    call: Any = pipelines_pb2_grpc.PipelinesServiceStub(channel).TailPipelineLogs(tail(LIVE))
    pipelines.live.put_nowait(line(1))
    assert (await asyncio.wait_for(call.read(), 5)).cursor == "c-1"
    call.cancel()
    await asyncio.wait_for(pipelines.cancelled.wait(), 3)


async def test_health_answers(gateway: Gateway, channel: grpc.aio.Channel) -> None:
    stub = health_pb2_grpc.HealthStub(channel)
    reply = await stub.Check(health_pb2.HealthCheckRequest())
    assert reply.status == health_pb2.HealthCheckResponse.SERVING


async def test_an_unknown_method_is_unimplemented(gateway: Gateway, channel: grpc.aio.Channel) -> None:
    unknown: Any = channel.unary_unary(f"/{SERVICE}/Nothing")
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await unknown(b"")
    assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert not (raised.value.details() or "").startswith("{")


@pytest.mark.parametrize("kind", [WEB, WEB_TEXT])
async def test_grpc_web_passes(gateway: Gateway, rest: httpx.AsyncClient, kind: str) -> None:
    answer = await web(rest, kind, "TailPipelineLogs", tail(PIPELINE).SerializeToString())
    assert answer.headers["content-type"] == kind
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
    body = b"".join(map(base64.b64decode, padded(answer.text))) if kind == WEB_TEXT else answer.content
    messages, trailers = frames(body)
    assert len(messages) == LOG_LENGTH
    assert trailers["grpc-status"] == "0"


def padded(text: str) -> list[str]:
    """The parts of a text that is several base64 texts after one another."""
    parts, start = [], 0
    for position in range(4, len(text) + 1, 4):
        if text[position - 1] == "=" or position == len(text):
            parts.append(text[start:position])
            start = position
    return parts


async def test_grpc_web_tells_errors_as_grpc(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    missing = pipelines_pb2.GetPipelineRequest(pipeline_id=MISSING).SerializeToString()
    answer = await web(rest, WEB, "GetPipeline", missing)
    assert answer.status_code == 200
    told = {**answer.headers, **frames(answer.content)[1]}
    assert told["grpc-status"] == "5"
    assert told["grpc-status-details-bin"]


async def web(rest: httpx.AsyncClient, kind: str, method: str, message: bytes) -> httpx.Response:
    body = base64.b64encode(frame(message)) if kind == WEB_TEXT else frame(message)
    headers = {"content-type": kind, "accept": kind, "x-grpc-web": "1", "origin": "http://localhost:5173"}
    return await rest.post(f"/{SERVICE}/{method}", content=body, headers=headers)


async def test_a_large_message_passes(gateway: Gateway) -> None:
    options = [("grpc.max_receive_message_length", 2 * LARGE_BYTES)]
    async with grpc.aio.insecure_channel(f"127.0.0.1:{gateway.port}", options=options) as channel:
        stub = pipelines_pb2_grpc.PipelinesServiceStub(channel)
        reply = await stub.GetPipeline(pipelines_pb2.GetPipelineRequest(pipeline_id=LARGE))
        assert len(reply.description) == LARGE_BYTES
