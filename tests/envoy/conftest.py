from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import grpc
import httpx
import pytest
import pytest_asyncio

from server.stack.envoy import Envoy
from tests.envoy.scripted import Pipelines, Upstream


@dataclass(frozen=True)
class Gateway:
    """The real Envoy, with the repository's own configuration, in front of a gRPC server."""

    port: int
    upstream: Upstream

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    upstream = Upstream()
    port = await upstream.start()
    envoy = Envoy(tmp_path_factory.mktemp("gateway"), port=0, upstream=("127.0.0.1", port), concurrency=1)
    try:
        await envoy.start()
        yield Gateway(envoy.port, upstream)
        assert "error" not in envoy.log.tail().lower(), "scripts of the configuration fail in the log only"
    finally:
        await envoy.stop()
        await upstream.stop()


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    running.upstream.pipelines.renew()
    return running


@pytest.fixture
def pipelines(gateway: Gateway) -> Pipelines:
    return gateway.upstream.pipelines


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def rest(running: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=running.url, timeout=10) as client:
        yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def channel(running: Gateway) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{running.port}") as channel:
        yield channel
