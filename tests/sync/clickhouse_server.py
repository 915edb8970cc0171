"""The embedded ClickHouse for the session, and a database of its own for every test that asks."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from server.stack.clickhouse import EmbeddedClickhouse
from server.sync.clickhouse.session import ClickhouseConfig

Databases = Callable[..., ClickhouseConfig]


@pytest.fixture(scope="session")
def clickhouse_server() -> Iterator[EmbeddedClickhouse]:
    for module in ("chdb", "clickhouse_connect"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="thedata-clickhouse-"))
    server = EmbeddedClickhouse(folder, memory_bytes=2 << 30)
    try:
        asyncio.run(server.start())
        yield server
    finally:
        asyncio.run(server.stop())
        shutil.rmtree(folder)


@pytest.fixture
def clickhouse(clickhouse_server: EmbeddedClickhouse) -> Iterator[Databases]:
    """Make a new database and give a configuration that reaches it."""
    made = []

    def make(**changes: Any) -> ClickhouseConfig:
        name = f"t_{uuid.uuid4().hex[:10]}"
        sql(clickhouse_server, f"CREATE DATABASE {name} ENGINE = Atomic")
        made.append(name)
        return ClickhouseConfig.model_validate(clickhouse_server.connection | {"database": name} | changes)

    yield make
    for name in made:
        sql(clickhouse_server, f"DROP DATABASE {name}")


def sql(server: EmbeddedClickhouse, statement: str) -> None:
    login = {"X-ClickHouse-User": "thedata", "X-ClickHouse-Key": str(server.connection["password"])}
    request = Request(f"http://127.0.0.1:{server.port}/", statement.encode(), login)
    with urlopen(request, timeout=30) as answer:
        answer.read()
