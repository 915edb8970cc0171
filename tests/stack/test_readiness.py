from __future__ import annotations

import asyncio

import grpc
import pytest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from server.stack.errors import StackError
from server.stack.ports import free_port
from server.stack.readiness import grpc_serves


async def test_a_grpc_server_is_ready_when_its_health_says_so() -> None:
    port = free_port()
    waiting = asyncio.ensure_future(grpc_serves("127.0.0.1", port))
    server, servicer = grpc.aio.server(), health.aio.HealthServicer()  # type: ignore[attr-defined]  # grpc_health ships no types
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    await servicer.set("", health_pb2.HealthCheckResponse.NOT_SERVING)
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    try:
        done, _ = await asyncio.wait({waiting}, timeout=0.3)
        assert not done
        await servicer.set("", health_pb2.HealthCheckResponse.SERVING)
        await asyncio.wait_for(waiting, 5)
    finally:
        await server.stop(None)


async def test_a_server_without_health_is_told_at_once() -> None:
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        with pytest.raises(StackError, match=f"127.0.0.1:{port} has no health"):
            await asyncio.wait_for(grpc_serves("127.0.0.1", port), 5)
    finally:
        await server.stop(None)
