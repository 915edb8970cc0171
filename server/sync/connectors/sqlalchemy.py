"""Any database with a SQLAlchemy dialect: slower than a connector of its own, but working."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

import sqlalchemy as sa

from server.sync.connectors.base import Capability, Connector, ConnectorContext, within
from server.sync.destination import Destination
from server.sync.errors import Origin
from server.sync.model import Catalog, CheckResult
from server.sync.source import Source
from server.sync.spec import SyncMode
from server.sync.sqlalchemy.config import SqlalchemyConfig
from server.sync.sqlalchemy.database import opened
from server.sync.sqlalchemy.destination import SqlalchemyDestination
from server.sync.sqlalchemy.source import SqlalchemySource, reflected


class SqlalchemyConnector(Connector[SqlalchemyConfig]):
    """Databases whose SQLAlchemy dialect and driver are installed; a destination also needs transactions for tables."""

    kind: ClassVar[str] = "sqlalchemy"
    title: ClassVar[str] = "SQLAlchemy"
    one_system: ClassVar[bool] = False  # two databases may be of two dialects
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    modes: ClassVar[frozenset[SyncMode]] = frozenset(SyncMode)
    config_model = SqlalchemyConfig

    async def check(
        self, config: SqlalchemyConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Connect, log in, run the smallest query; a destination must also let us make, change and drop a table."""
        started = time.perf_counter()
        async with within(context.timeout_seconds, origin), opened(config, context, origin) as database:
            await database.run(lambda connection: connection.execute(sa.select(sa.literal(1))).all())
            latency = (time.perf_counter() - started) * 1000
            if origin is Origin.DESTINATION:
                await SqlalchemyDestination(database).require_landing()
        return CheckResult(True, database.version, latency, f"Connected by {database.url.drivername}.")

    async def discover(self, config: SqlalchemyConfig, context: ConnectorContext) -> Catalog:
        """List tables and views."""
        async with within(context.timeout_seconds), opened(config, context, Origin.SOURCE) as database:
            return Catalog(tuple(await database.run(lambda connection: reflected(connection, config.schemas))))

    @asynccontextmanager
    async def open_source(self, config: SqlalchemyConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open one transaction, a snapshot where the dialect has them."""
        async with opened(config, context, Origin.SOURCE) as database:
            yield SqlalchemySource(database)

    @asynccontextmanager
    async def open_destination(self, config: SqlalchemyConfig, context: ConnectorContext) -> AsyncIterator[Destination]:
        """Open the database for writing."""
        async with opened(config, context, Origin.DESTINATION) as database:
            yield SqlalchemyDestination(database)
