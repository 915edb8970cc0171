"""MySQL and MariaDB as a source and a destination."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

from server.sync.connectors.base import Capability, Connector, ConnectorContext, within
from server.sync.destination import Destination
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult
from server.sync.mysql.config import MysqlConfig
from server.sync.mysql.destination import MysqlDestination
from server.sync.mysql.session import Session, opened
from server.sync.mysql.source import MysqlSource, quote, read_streams
from server.sync.source import Source
from server.sync.spec import SyncMode

_WRITING = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX")


class MysqlConnector(Connector[MysqlConfig]):
    """MySQL 8 and MariaDB 10.4 and later, and what speaks their protocol."""

    kind: ClassVar[str] = "mysql"
    title: ClassVar[str] = "MySQL and MariaDB"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    modes: ClassVar[frozenset[SyncMode]] = frozenset(SyncMode)
    config_model = MysqlConfig

    async def check(
        self, config: MysqlConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Connect, log in, ask for the version; a destination must also let us create, alter and drop a table."""
        started = time.perf_counter()
        async with opened(config, origin, context.timeout_seconds, context.network) as session:
            latency = (time.perf_counter() - started) * 1000
            if origin is Origin.DESTINATION:
                async with within(context.timeout_seconds, origin):
                    await _require_write(session)
            return CheckResult(True, session.server.title, latency, f"Connected to {config.database} as {config.user}.")

    async def discover(self, config: MysqlConfig, context: ConnectorContext) -> Catalog:
        """List tables and views."""
        async with (
            opened(config, Origin.SOURCE, context.timeout_seconds, context.network) as session,
            within(context.timeout_seconds),
        ):
            return Catalog(await read_streams(session))

    @asynccontextmanager
    async def open_source(self, config: MysqlConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open one snapshot of the database."""
        async with opened(config, Origin.SOURCE, context.timeout_seconds, context.network) as session:
            await session.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            await session.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
            yield MysqlSource(session)

    @asynccontextmanager
    async def open_destination(self, config: MysqlConfig, context: ConnectorContext) -> AsyncIterator[Destination]:
        """Open the database for writing."""
        async with opened(config, Origin.DESTINATION, context.timeout_seconds, context.network) as session:
            yield MysqlDestination(session)


async def _require_write(session: Session) -> None:
    config = session.config
    # Grants can come from roles and wildcards: only trying tells.
    name = quote(f"_thedata_check_{time.time_ns()}")
    try:
        await session.execute(f"CREATE TABLE {name} (a int)")
        await session.execute(f"ALTER TABLE {name} ADD COLUMN b int")
        await session.execute(f"CREATE INDEX a ON {name} (a)")
        await session.execute(f"INSERT INTO {name} VALUES (1, 1)")
        await session.execute(f"UPDATE {name} SET b = 2")
        await session.execute(f"DELETE FROM {name}")
        await session.execute(f"DROP TABLE {name}")
    except SyncError as error:
        with suppress(SyncError):  # it may be the very thing that is not allowed
            await session.execute(f"DROP TABLE IF EXISTS {name}")
        if error.code != "PERMISSION_DENIED":
            raise
        raise SyncError(
            origin=Origin.DESTINATION,
            type=ErrorType.CONFIG,
            code="PERMISSION_DENIED",
            message=f"{config.user} may not create and write tables in {config.database}",
            advice=f"GRANT {', '.join(_WRITING)} ON {quote(config.database)}.* TO the account {config.user!r};",
        ) from error
