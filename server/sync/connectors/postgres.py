"""PostgreSQL as a source and a destination."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar

import asyncpg

from server.sync.connectors.base import Capability, Connector, ConnectorContext
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult
from server.sync.names import quote
from server.sync.postgres.catalog import read_relations
from server.sync.postgres.config import PostgresConfig
from server.sync.postgres.destination import PostgresDestination
from server.sync.postgres.session import session
from server.sync.postgres.source import PostgresSource
from server.sync.spec import SyncMode


class PostgresConnector(Connector[PostgresConfig]):
    """PostgreSQL 12 and later, and what speaks its protocol."""

    kind: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    modes: ClassVar[frozenset[SyncMode]] = frozenset(SyncMode)
    config_model = PostgresConfig

    async def check(
        self, config: PostgresConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Connect, log in, ask for the version; a destination must also let us create tables."""
        started = time.perf_counter()
        async with session(config, origin, timeout=context.timeout_seconds, network=context.network) as connection:
            version = str(await connection.fetchval("SELECT current_setting('server_version')"))
            latency = (time.perf_counter() - started) * 1000
            if origin is Origin.DESTINATION:
                await _require_write(connection, config)
        return CheckResult(True, f"PostgreSQL {version}", latency, f"Connected to {config.database} as {config.user}.")

    async def discover(self, config: PostgresConfig, context: ConnectorContext) -> Catalog:
        """List tables, partitioned tables (not their partitions), views and foreign tables."""
        async with session(
            config, Origin.SOURCE, timeout=context.timeout_seconds, network=context.network
        ) as connection:
            await _require_schemas(connection, config.schemas)
            relations = await read_relations(connection, config.schemas, None)
        return Catalog(tuple(relation.stream() for relation in relations))

    @asynccontextmanager
    async def open_source(self, config: PostgresConfig, context: ConnectorContext) -> AsyncIterator[PostgresSource]:
        """Open one snapshot of the database."""
        async with session(
            config, Origin.SOURCE, timeout=context.timeout_seconds, network=context.network
        ) as connection:
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield PostgresSource(connection, config, context)

    @asynccontextmanager
    async def open_destination(
        self, config: PostgresConfig, context: ConnectorContext
    ) -> AsyncIterator[PostgresDestination]:
        """Open the database for writing."""
        async with session(
            config, Origin.DESTINATION, timeout=context.timeout_seconds, network=context.network
        ) as connection:
            yield PostgresDestination(connection, config, context)


async def _require_schemas(connection: asyncpg.Connection, schemas: Sequence[str]) -> None:
    known = await connection.fetch("SELECT nspname::text FROM pg_namespace WHERE nspname = ANY ($1::text[])", schemas)
    missing = sorted(set(schemas) - {row[0] for row in known})
    if missing:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="SCHEMA_NOT_FOUND",
            message=f"There is no schema {missing[0]!r}",
            advice="Check the names of the schemas.",
        )


async def _require_write(connection: asyncpg.Connection, config: PostgresConfig) -> None:
    allowed = await connection.fetchval(
        """SELECT CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                       ELSE has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE') END
             FROM (SELECT 1) AS one LEFT JOIN pg_namespace n ON n.nspname = $1""",
        config.destination_schema,
    )
    if not allowed:
        raise SyncError(
            origin=Origin.DESTINATION,
            type=ErrorType.CONFIG,
            code="PERMISSION_DENIED",
            message=f"{config.user} may not create tables in schema {config.destination_schema}",
            advice=f"GRANT USAGE, CREATE ON SCHEMA {quote(config.destination_schema)} TO {quote(config.user)};",
        )
