"""The embedded ClickHouse, as the platform's stack runs it, where its packages are installed."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psutil

from server.sync.connectors.registry import kinds

SECONDS = 1800


@dataclass(frozen=True)
class Clickhouse:
    """A running engine: its HTTP interface as a connector is configured with it, and its process."""

    connection: dict[str, Any]
    process: psutil.Process

    @property
    def url(self) -> str:
        """The address of the HTTP interface."""
        return f"http://{self.connection['host']}:{self.connection['port']}/"

    async def ask(self, statement: str) -> str:
        """Run a statement and give its output."""
        login = {"X-ClickHouse-User": self.connection["user"], "X-ClickHouse-Key": self.connection["password"]}

        def call() -> str:
            with urlopen(Request(self.url, statement.encode(), login), timeout=SECONDS) as answer:
                return str(answer.read().decode())

        return await asyncio.to_thread(call)

    async def create(self, database: str) -> None:
        """Make a database anew."""
        await self.drop(database)
        await self.ask(f"CREATE DATABASE {database} ENGINE = Atomic")

    async def drop(self, database: str) -> None:
        """Remove a database."""
        await self.ask(f"DROP DATABASE IF EXISTS {database}")


def missing() -> str:
    """Why there is no embedded ClickHouse; empty where there is one."""
    if "clickhouse" not in kinds():
        return "not registered: this version has no connector of the kind clickhouse"
    absent = [name for name in ("chdb", "clickhouse_connect", "aiohttp") if importlib.util.find_spec(name) is None]
    return f"{', '.join(absent)} is not installed" if absent else ""


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[Clickhouse]:
    """Start the engine for the bench, and stop it."""
    # Needs packages that only some installations have: `missing` tells.
    from server.stack.clickhouse import EmbeddedClickhouse

    engine = EmbeddedClickhouse(home)
    await engine.start()
    try:
        yield Clickhouse(engine.connection, psutil.Process(engine.pid))
    finally:
        await engine.stop()
