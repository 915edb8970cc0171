"""Waiting until something serves; whoever waits sets the bound."""

from __future__ import annotations

import asyncio

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from server.stack.errors import StackError
from server.stack.ports import at

POLL_SECONDS = 0.03
TRY_SECONDS = 2.0


async def port_answers(host: str, port: int) -> None:
    """Return once a TCP connection to `host`:`port` is taken."""
    while True:
        try:
            async with asyncio.timeout(TRY_SECONDS):
                _, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            await asyncio.sleep(POLL_SECONDS)
            continue
        writer.close()
        await writer.wait_closed()
        return


async def grpc_serves(host: str, port: int) -> None:
    """Return once the gRPC server at `host`:`port` says by its health service that it is serving."""
    await port_answers(host, port)  # a channel that is refused once backs off for a second
    async with grpc.aio.insecure_channel(at(host, port)) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        while True:
            try:
                reply = await health.Check(health_pb2.HealthCheckRequest(), timeout=TRY_SECONDS)
                if reply.status == health_pb2.HealthCheckResponse.SERVING:
                    return
            except grpc.aio.AioRpcError as error:
                if error.code() not in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}:
                    raise StackError(f"the gRPC server at {at(host, port)} has no health: {error.details()}") from error
            await asyncio.sleep(POLL_SECONDS)


async def http_answers(host: str, port: int, path: str) -> None:
    """Return once a GET of `path` is answered by anything but 503, which a gateway says for a missing server."""
    while True:
        try:
            async with asyncio.timeout(TRY_SECONDS):
                status = await _status(host, port, path)
        except (OSError, TimeoutError, EOFError):
            status = 503
        if status != 503:
            return
        await asyncio.sleep(POLL_SECONDS)


async def _status(host: str, port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        line = await reader.readuntil(b"\r\n")
    finally:
        writer.close()
    return int(line.split()[1])
