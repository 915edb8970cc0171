"""A database of the session's ClickHouse for every test that asks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from server.stack.clickhouse import EmbeddedClickhouse
from server.sync.clickhouse.session import ClickhouseConfig

Databases = Callable[..., ClickhouseConfig]


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
