"""A platform of one's own: PostgreSQL, ClickHouse, server and gateway, each in a process of its own as a user has."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
from pydantic import SecretStr
from thedata.v1 import analytics_pb2_grpc, auth_pb2, auth_pb2_grpc

from bench.sync.contender import ROOT
from bench.sync.server import Server
from server.analytics.clickhouse.client import Clickhouse
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.envoy import Envoy
from server.stack.ports import free_port
from server.stack.supervisor import variables
from server.storage import schema

DATABASE = "platform"
READY_SECONDS = 60
# Else all channels to one place share a connection, which has 1,000 streams at most.
OPTIONS = [("grpc.max_receive_message_length", 64 << 20), ("grpc.use_local_subchannel_pool", 1)]


@dataclass
class Platform:
    """What a user has, who is logged in; and what only a bench has: the engines beneath."""

    server: Server
    clickhouse: Clickhouse
    engine_url: str
    organization_id: str
    port: int
    rest: httpx.AsyncClient
    metadata: tuple[tuple[str, str], ...]

    @asynccontextmanager
    async def analytics(self) -> AsyncIterator[analytics_pb2_grpc.AnalyticsServiceAsyncStub]:
        """The service over a connection of its own."""
        async with grpc.aio.insecure_channel(f"127.0.0.1:{self.port}", options=OPTIONS) as channel:
            yield analytics_pb2_grpc.AnalyticsServiceStub(channel)


@asynccontextmanager
async def opened(server: Server, home: Path) -> AsyncIterator[Platform]:
    """Starts everything, and registers a user."""
    home.mkdir()
    await server.create(DATABASE)
    await schema.upgrade(server.url(DATABASE))
    async with AsyncExitStack() as stack:
        engine = EmbeddedClickhouse(home, memory_bytes=4 << 30)
        stack.push_async_callback(engine.stop)
        await engine.start()
        port = free_port("127.0.0.1")
        settings = Settings(
            home=home, database_url=SecretStr(server.url(DATABASE)), analytics_url=SecretStr(engine.url),
            grpc_port=port, log_level="warning", stop_grace_seconds=1,
        )  # fmt: skip
        await stack.enter_async_context(_serving(settings))
        envoy = Envoy(home / "envoy", host="127.0.0.1", port=0, upstream=("127.0.0.1", port), concurrency=1)
        stack.push_async_callback(envoy.stop)
        await envoy.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            auth = auth_pb2_grpc.AuthServiceStub(channel)
            session = await auth.Register(auth_pb2.RegisterRequest(email="bench@example.com", password="correct horse"))
            metadata = (("authorization", f"Bearer {session.access_token}"),)
            me = await auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=metadata)
        clickhouse = Clickhouse(engine.url)
        stack.push_async_callback(clickhouse.close)
        base = f"http://127.0.0.1:{envoy.port}/api/v1/analytics"
        client = httpx.AsyncClient(base_url=base, trust_env=False, headers=dict(metadata), timeout=60)
        rest = await stack.enter_async_context(client)
        organization = me.memberships[0].organization_id
        yield Platform(server, clickhouse, engine.url, organization, port, rest, metadata)


@asynccontextmanager
async def _serving(settings: Settings) -> AsyncIterator[None]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "serve", env={**os.environ, **variables(settings), "PYTHONPATH": paths}
    )
    try:
        async with (
            asyncio.timeout(READY_SECONDS),
            grpc.aio.insecure_channel(f"127.0.0.1:{settings.grpc_port}") as channel,
        ):
            await channel.channel_ready()
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
