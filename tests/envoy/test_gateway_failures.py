"""What clients get while the server is away, or does not answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
import yaml
from thedata.v1 import pipelines_pb2, pipelines_pb2_grpc

from server.resources import BOOTSTRAP
from server.stack.envoy import Config, Envoy
from server.stack.ports import free_port
from tests.envoy.scripted import LIVE, PIPELINE, Upstream, line

RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retry_delay": "1s"}
QUICK_SECONDS = 1.0
SSE = {"accept": "text/event-stream"}


@asynccontextmanager
async def gateway_to(port: int, home: Path, bootstrap: Path = BOOTSTRAP) -> AsyncIterator[Envoy]:
    envoy = Envoy(home, port=0, upstream=("127.0.0.1", port), bootstrap=bootstrap, concurrency=1)
    try:
        await envoy.start()
        yield envoy
    finally:
        await envoy.stop()


def client_of(envoy: Envoy) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{envoy.port}", timeout=10)


def edited(home: Path, edit: Callable[[Config], None]) -> Path:
    """The repository's configuration with a change, in a folder of its own."""
    config: Config = yaml.safe_load(BOOTSTRAP.read_text().replace("generated/", f"{BOOTSTRAP.parent}/generated/"))
    edit(config)
    path = home / "edited.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    return path


def manager(config: Config) -> Any:
    return config["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]


def assert_unavailable(response: httpx.Response) -> None:
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/json"
    told = response.json()
    assert told["code"] == 14
    assert [told["details"][0]["reason"], told["details"][1]] == ["UNAVAILABLE", RETRY]


async def test_a_server_that_is_away_is_told_at_once_and_found_again(tmp_path: Path) -> None:
    port, upstream = free_port(), Upstream()
    async with gateway_to(port, tmp_path) as envoy, client_of(envoy) as rest:
        for path, headers in (("", {}), ("/logs/stream", {}), ("/logs", SSE)):
            started = time.perf_counter()
            assert_unavailable(await rest.get(f"/api/v1/pipelines/{PIPELINE}{path}", headers=headers))
            assert time.perf_counter() - started < QUICK_SECONDS
        await assert_unavailable_by_grpc(envoy)
        await upstream.start(port)
        try:
            response = await rest.get(f"/api/v1/pipelines/{PIPELINE}")
            assert response.json()["id"] == PIPELINE
        finally:
            await upstream.stop()


async def assert_unavailable_by_grpc(envoy: Envoy) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{envoy.port}") as channel:
        stub = pipelines_pb2_grpc.PipelinesServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await stub.GetPipeline(
                pipelines_pb2.GetPipelineRequest(pipeline_id=PIPELINE),
                timeout=5,
                metadata=(("x-envoy-original-method", "GET"),),  # as the gateway marks what was REST
            )
    assert raised.value.code() is grpc.StatusCode.UNAVAILABLE
    assert raised.value.details()
    assert "{" not in (raised.value.details() or ""), "a gRPC message is no JSON"


async def test_a_server_that_restarts_is_found_again(tmp_path: Path) -> None:
    first, second = Upstream(), Upstream()
    port = await first.start()
    async with gateway_to(port, tmp_path) as envoy, client_of(envoy) as rest:
        assert (await rest.get(f"/api/v1/pipelines/{PIPELINE}")).status_code == 200
        await first.stop()
        await second.start(port)
        try:
            assert (await rest.get(f"/api/v1/pipelines/{PIPELINE}")).status_code == 200
        finally:
            await second.stop()


def hurry(config: Config) -> None:
    """Shortens what a call may take, streams excepted."""
    for route in manager(config)["route_config"]["virtual_hosts"][0]["routes"]:
        if longest := route["route"].get("max_stream_duration"):
            longest["max_stream_duration"] = "0.3s"


def assert_too_late(status: int, told: dict[str, Any], expected: int = 504) -> None:
    assert status == expected
    assert told["code"] == 4
    assert [detail.get("reason") for detail in told["details"]] == ["DEADLINE_EXCEEDED"]


async def test_a_call_that_takes_too_long_is_ended_and_not_made_again(tmp_path: Path) -> None:
    upstream = Upstream()
    port = await upstream.start()
    try:
        async with gateway_to(port, tmp_path, edited(tmp_path, hurry)) as envoy, client_of(envoy) as rest:
            late = await rest.get(f"/api/v1/pipelines/{LIVE}")
            assert_too_late(late.status_code, late.json())
            await asyncio.wait_for(upstream.pipelines.cancelled.wait(), 3)
            assert len(upstream.pipelines.requests) == 1
    finally:
        await upstream.stop()


async def test_a_server_that_hangs_is_told_but_streams_may_take_long(tmp_path: Path) -> None:
    held: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    try:
        async with gateway_to(port, tmp_path, edited(tmp_path, hurry)) as envoy, client_of(envoy) as rest:
            late = await rest.get(f"/api/v1/pipelines/{PIPELINE}")
            assert_too_late(late.status_code, late.json())
            with pytest.raises(httpx.ReadTimeout):
                await rest.get(f"/api/v1/pipelines/{PIPELINE}/logs/stream", timeout=0.6)
    finally:
        for writer in held:
            writer.close()
        silent.close()
        await silent.wait_closed()


async def test_a_body_that_never_ends_is_told_but_streams_may_take_long(tmp_path: Path) -> None:
    upstream = Upstream()
    port = await upstream.start()
    try:
        async with gateway_to(port, tmp_path, edited(tmp_path, hurry)) as envoy, client_of(envoy) as rest:
            head, body = (await half_sent(envoy)).split(b"\r\n\r\n")
            assert_too_late(int(head.split()[1]), json.loads(body), 408)
            upstream.pipelines.live.put_nowait(line(1))
            async with rest.stream("GET", f"/api/v1/pipelines/{LIVE}/logs/stream") as response:
                lines = response.aiter_lines()
                assert "c-1" in await asyncio.wait_for(anext(lines), 5)
                await asyncio.sleep(0.5)  # longer than a call may take
                upstream.pipelines.live.put_nowait(line(2))
                assert "c-2" in await asyncio.wait_for(anext(lines), 5)
    finally:
        await upstream.stop()


async def half_sent(envoy: Envoy) -> bytes:
    """What the gateway answers to a request whose body stops after its first byte, until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", envoy.port)
    try:
        writer.write(b"POST /api/v1/pipelines HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{")
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("headers", [{}, SSE], ids=["ndjson", "sse"])
async def test_a_stream_whose_server_dies_ends(tmp_path: Path, headers: dict[str, str]) -> None:
    upstream = Upstream()
    port = await upstream.start()
    upstream.pipelines.live.put_nowait(line(1))
    async with gateway_to(port, tmp_path) as envoy, client_of(envoy) as rest:
        path = f"/api/v1/pipelines/{LIVE}/logs/stream"
        async with rest.stream("GET", path, headers=headers) as response:
            lines = response.aiter_lines()
            assert "c-1" in await asyncio.wait_for(anext(lines), 5)
            await upstream.stop()
            rows = [row async for row in lines]
        assert not any("grpc" in row for row in rows)


async def test_ids_are_put_in_however_the_bytes_come(tmp_path: Path) -> None:
    """Against a server that sends ready events in pieces of any size, with the transcoder taken out."""
    cursors = ["x", "y-_.~=:Z" * 5, "z" * 1000]
    with_ids = [(f"id: {cursor}\n", f'data: {{"cursor":"{cursor}","text":"data: "}}\n\n') for cursor in cursors]
    payloads = ['{"cursor":""}', '{"cursor":"a\\"b"}', '{"cursor":"' + "z" * 1001 + '"}', "1", '{"cursors":"a"}']
    without_ids = [("", f"data: {payload}\n\n") for payload in payloads]
    events = [*with_ids, ("", ": comment\n\n"), *without_ids, *with_ids]
    text = "".join(event for _, event in events)
    expected = "".join(first + event for first, event in events)

    def bare(config: Config) -> None:
        http = manager(config)
        transcoder = "envoy.filters.http.grpc_json_transcoder"
        http["http_filters"] = [entry for entry in http["http_filters"] if entry["name"] != transcoder]
        for route in http["route_config"]["virtual_hosts"][0]["routes"]:
            route.get("typed_per_filter_config", {}).pop(transcoder, None)
        cluster = config["static_resources"]["clusters"][0]
        del cluster["typed_extension_protocol_options"], cluster["health_checks"]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        size = int(request.split(b"min_level=")[1].split()[0])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        for start in range(0, len(text), size):
            writer.write(text[start : start + size].encode())
            await writer.drain()
            await asyncio.sleep(0)  # pieces that meet on the way are larger pieces, which is fine too
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with gateway_to(port, tmp_path, edited(tmp_path, bare)) as envoy, client_of(envoy) as rest:
            for size in (1, 2, 7, 19, 333, 4096, len(text)):
                path = f"/api/v1/pipelines/{PIPELINE}/logs/stream?min_level={size}"
                response = await rest.get(path, headers=SSE)
                assert response.text == expected, size
    finally:
        server.close()
        await server.wait_closed()
