"""The platform as a client meets it: server, worker, analytics store, and Envoy in front."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from thedata_client import AsyncClient, Client

from server.app import App
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.envoy import Envoy
from server.stack.postgres import EmbeddedPostgres
from tests.auth.serving import served
from tests.conftest import TEMPLATE, new_database, running_worker
from tests.live.conftest import stage
from tests.rpc.conftest import LoopThread

__all__ = ["stage"]

ADMIN = ("root@example.com", "root's own password")
PASSWORD = "correct horse"


@dataclass(frozen=True)
class Platform:
    """A whole platform, and the folder that its `files` sources may read."""

    address: str
    files: Path

    def client(self, name: str) -> Client:
        """A client of somebody new."""
        client = Client(self.address)
        client.register(f"{name}-{uuid4().hex[:8]}@example.com", PASSWORD)
        return client


@pytest.fixture(scope="module")
def platform(
    cluster: EmbeddedPostgres, clickhouse_server: EmbeddedClickhouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    home = tmp_path_factory.mktemp("home")
    (home / "files").mkdir()
    loop = LoopThread()
    stack = AsyncExitStack()

    async def start() -> Platform:
        url = await stack.enter_async_context(new_database(cluster, TEMPLATE))
        settings = Settings(
            home=home,
            database_url=SecretStr(url),
            analytics_url=SecretStr(f"{clickhouse_server.url.rsplit('/', 1)[0]}/client_{uuid4().hex[:12]}"),
            grpc_port=0,
            file_roots=[home / "files"],
            admin_email=ADMIN[0],
            admin_password=SecretStr(ADMIN[1]),
            migrate=True,
            stop_grace_seconds=1,
        )
        server = await stack.enter_async_context(served(settings))
        upstream = ("127.0.0.1", int(server.address.rpartition(":")[2]))
        envoy = Envoy(home / "envoy", host="127.0.0.1", port=0, upstream=upstream, concurrency=1)
        await envoy.start()
        stack.push_async_callback(envoy.stop)
        await stack.enter_async_context(running_worker(settings))
        return Platform(f"http://127.0.0.1:{envoy.port}", home / "files")

    try:
        yield loop.run(start())
    finally:
        loop.run(stack.aclose())
        loop.close()


@pytest.fixture
async def ann(app: App) -> AsyncIterator[AsyncClient]:
    """A client of somebody with a session."""
    async with AsyncClient(f"127.0.0.1:{app.port}") as client:
        await client.register("ann@example.com", PASSWORD)
        yield client
