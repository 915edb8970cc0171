"""One PostgreSQL for all contenders, as the platform embeds it, with its crash safety on."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import psutil

from server.stack.placement import INSTALLATION, WHEEL
from server.stack.postgres import EmbeddedPostgres

PSQL_SECONDS = 3600


@dataclass(frozen=True)
class Server:
    """Where the server is, and who may do everything on it."""

    host: str
    port: int
    user: str
    password: str
    psql_path: Path
    process: psutil.Process

    def url(self, database: str, scheme: str = "postgresql") -> str:
        """The address of a database."""
        return f"{scheme}://{self.user}:{quote(self.password)}@{self.host}:{self.port}/{database}"

    def config(self, database: str) -> dict[str, Any]:
        """The configuration of the platform's connector."""
        return {
            "host": self.host, "port": self.port, "user": self.user, "password": self.password, "database": database,
            "sslmode": "disable",
        }  # fmt: skip

    @property
    def psql_environment(self) -> dict[str, str]:
        """What psql finds the server by."""
        return {
            **os.environ, "PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user,
            "PGPASSWORD": self.password, "PGOPTIONS": "", "PSQLRC": os.devnull,
        }  # fmt: skip

    def psql(self, database: str, *commands: str) -> None:
        """Run commands by psql, which knows \\copy."""
        arguments = [part for command in commands for part in ("-c", command)]
        call = [str(self.psql_path), "-q", "-v", "ON_ERROR_STOP=1", "-d", database, *arguments]
        subprocess.run(call, env=self.psql_environment, check=True, timeout=PSQL_SECONDS)

    async def fetch(self, database: str, query: str) -> list[Any]:
        """Run a query."""
        connection = await asyncpg.connect(self.url(database))
        try:
            return list(await connection.fetch(query, timeout=PSQL_SECONDS))
        finally:
            await connection.close()

    async def run(self, database: str, *statements: str) -> None:
        """Run statements, each in a transaction of its own."""
        connection = await asyncpg.connect(self.url(database))
        try:
            for statement in statements:
                await connection.execute(statement, timeout=PSQL_SECONDS)
        finally:
            await connection.close()

    async def create(self, database: str) -> None:
        """Make a database anew, with nothing of the one before left to write to the disk."""
        await self.drop(database)
        await self.run("postgres", f"CREATE DATABASE {database}", "CHECKPOINT")

    async def drop(self, database: str) -> None:
        """Remove a database."""
        await self.run("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[Server]:
    """Start the server for the bench, and stop it."""
    postgres = EmbeddedPostgres(home)
    await postgres.start()
    try:
        parts = urlsplit(postgres.dsn())
        assert parts.hostname
        assert parts.port
        assert parts.username
        server = Server(
            parts.hostname, parts.port, parts.username, parts.password or "", _psql(), psutil.Process(postgres.pid)
        )
        # Else it would look through one contender's table in the next one's time.
        await server.run("postgres", "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")
        yield server
    finally:
        await postgres.stop()


def _psql() -> Path:
    # Where root runs the server from a copy of the wheel, that has the server's programs alone.
    found = importlib.util.find_spec(WHEEL)  # finds the package without running it
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / INSTALLATION / "bin" / "psql"
