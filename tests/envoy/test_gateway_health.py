"""The gateway asks each server for its health; by that it sends calls, and tells load balancers."""

from __future__ import annotations

from pathlib import Path

import httpx
from grpc_health.v1 import health_pb2

from server.stack.ports import free_port
from tests.envoy.scripted import PIPELINE, Upstream
from tests.envoy.test_gateway_failures import client_of, gateway_to
from tests.sync.conftest import until

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
NOTICED_SECONDS = 5.0


async def says(rest: httpx.AsyncClient, status: int) -> None:
    async def so() -> bool:
        return (await rest.get("/healthz")).status_code == status

    await until(so, NOTICED_SECONDS)


async def test_it_tells_whether_a_server_can_serve_and_sends_calls_all_the_same_where_none_can(tmp_path: Path) -> None:
    port, upstream = free_port(), Upstream()
    async with gateway_to(port, tmp_path) as envoy, client_of(envoy) as rest:
        await says(rest, 503)
        await upstream.start(port)
        try:
            await says(rest, 200)
            assert (await rest.get("/healthz")).text == ""
            await upstream._health.set("", NOT_SERVING)
            await says(rest, 503)
            # The server itself says what is wrong: here, nothing.
            answer = await rest.get(f"/api/v1/pipelines/{PIPELINE}")
            assert (answer.status_code, answer.json()["id"]) == (200, PIPELINE)
            await upstream._health.set("", SERVING)
            await says(rest, 200)
        finally:
            await upstream.stop()
        await says(rest, 503)


async def test_what_is_no_error_has_no_body_of_one(tmp_path: Path) -> None:
    preflight = {"origin": "http://localhost:3000", "access-control-request-method": "GET"}
    async with gateway_to(free_port(), tmp_path) as envoy, client_of(envoy) as rest:
        answer = await rest.options("/api/v1/pipelines", headers=preflight)
        assert (answer.status_code, answer.text) == (200, "")
