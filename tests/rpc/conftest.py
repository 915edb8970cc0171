"""pytest-grpc's fixtures over the real server, and the real Envoy in front of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from server.app import App, build
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.envoy import Envoy
from server.stack.postgres import EmbeddedPostgres
from tests.conftest import TEMPLATE, new_database

T = TypeVar("T")
ADMIN_EMAIL, ADMIN_PASSWORD = "root@example.com", "root's own password"


class LoopThread:
    """An event loop in a thread of its own, so that tests may call the server as blocking clients do."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="server")
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@dataclass(frozen=True)
class Served:
    """The server, Envoy in front of it, and the folder that its `files` sources may read."""

    app: App
    envoy: Envoy
    files: Path
    database_url: str


@pytest.fixture(scope="module")
def _grpc_server(
    cluster: EmbeddedPostgres, clickhouse_server: EmbeddedClickhouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    (home / "files").mkdir()
    loop = LoopThread()
    stack = AsyncExitStack()

    async def start() -> Served:
        url = await stack.enter_async_context(new_database(cluster, TEMPLATE))
        settings = Settings(
            home=home,
            database_url=SecretStr(url),
            analytics_url=SecretStr(f"{clickhouse_server.url.rsplit('/', 1)[0]}/rpc_{uuid4().hex[:12]}"),
            grpc_port=0,
            file_roots=[home / "files"],
            admin_email=ADMIN_EMAIL,
            admin_password=SecretStr(ADMIN_PASSWORD),
            migrate=True,
            stop_grace_seconds=1,
        )
        app = build(settings)
        await app.start()
        stack.push_async_callback(app.stop)
        envoy = Envoy(home / "envoy", host="127.0.0.1", port=0, upstream=("127.0.0.1", app.port), concurrency=1)
        await envoy.start()
        stack.push_async_callback(envoy.stop)
        return Served(app, envoy, home / "files", url)

    try:
        yield loop.run(start())
    finally:
        loop.run(stack.aclose())
        loop.close()


@pytest.fixture(scope="module")
def grpc_server(_grpc_server: Served) -> Served:
    return _grpc_server


@pytest.fixture(scope="module")
def grpc_addr(_grpc_server: Served) -> str:
    return f"127.0.0.1:{_grpc_server.app.port}"


@pytest.fixture(scope="module")
def rest(grpc_server: Served) -> Iterator[httpx.Client]:
    base = f"http://127.0.0.1:{grpc_server.envoy.port}"
    with httpx.Client(base_url=base, timeout=30, trust_env=False) as client:
        yield client
