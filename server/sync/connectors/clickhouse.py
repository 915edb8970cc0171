"""ClickHouse as a source and a destination: any server over HTTP, and the engine that the platform embeds."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

import pyarrow as pa

from server.sync.clickhouse.destination import ClickhouseDestination
from server.sync.clickhouse.session import ClickhouseConfig, Session, opened, quote, text
from server.sync.clickhouse.types import bare, expression, natural, nullable, word
from server.sync.connectors.base import Capability, Connector, ConnectorContext, within
from server.sync.destination import Destination
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult, Column, Stream
from server.sync.source import Read, Source
from server.sync.spec import SyncMode
from server.sync.sql_source import SqlSource

_TRANSACTIONAL = ("Atomic", "Replicated", "Shared")  # engines of databases that can exchange two tables
_WRITING = ("SHOW", "SELECT", "INSERT", "ALTER", "CREATE TABLE", "DROP TABLE", "TRUNCATE", "OPTIMIZE")


class ClickhouseConnector(Connector[ClickhouseConfig]):
    """ClickHouse servers 24.10 and later, ClickHouse Cloud, and the embedded engine."""

    kind: ClassVar[str] = "clickhouse"
    title: ClassVar[str] = "ClickHouse"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    modes: ClassVar[frozenset[SyncMode]] = ClickhouseDestination.modes
    requires: ClassVar[str] = "clickhouse"
    config_model = ClickhouseConfig

    async def check(
        self, config: ClickhouseConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Connect and log in; a destination must also let us create, exchange and drop tables."""
        async with opened(config, origin, context.timeout_seconds, context.network) as session:
            return await proved(session, context.timeout_seconds, f"Connected to {config.database} as {config.user}.")

    async def discover(self, config: ClickhouseConfig, context: ConnectorContext) -> Catalog:
        """List the tables and views of the database."""
        async with (
            opened(config, Origin.SOURCE, context.timeout_seconds, context.network) as session,
            within(context.timeout_seconds),
        ):
            return Catalog(await streams(session))

    @asynccontextmanager
    async def open_source(self, config: ClickhouseConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open the database for reading; each query sees the rows of its own start."""
        async with opened(config, Origin.SOURCE, context.timeout_seconds, context.network) as session:
            yield ClickhouseSource(session)

    @asynccontextmanager
    async def open_destination(self, config: ClickhouseConfig, context: ConnectorContext) -> AsyncIterator[Destination]:
        """Open the database for writing; raises SyncError DATABASE_UNSUITABLE where tables cannot be exchanged."""
        async with opened(config, Origin.DESTINATION, context.timeout_seconds, context.network) as session:
            async with within(context.timeout_seconds, Origin.DESTINATION):
                await _require_transactional(session)
            yield ClickhouseDestination(session)


async def proved(session: Session, seconds: float, message: str) -> CheckResult:
    """Prove that a session works; one that writes must be allowed to create, exchange and drop tables."""
    started = time.perf_counter()
    async with within(seconds, session.origin):
        await session.fetch("SELECT 1")
        latency = (time.perf_counter() - started) * 1000
        if session.origin is Origin.DESTINATION:
            await _require_write(session)
    return CheckResult(True, f"ClickHouse {session.version}", latency, message)


class ClickhouseSource(SqlSource):
    """A database that is read. ClickHouse's keys are not unique, so rows have no position to go on from.

    A String is read as text, and a stream that has one that is no UTF-8 fails by the column's name; one whose comment
    is ``bytes``, as that of bytes that have landed, is read as bytes. DateTime is an instant whatever zone it is shown
    in.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe a table or view of the database."""
        database = self._session.config.database
        found = await streams(self._session, name) if namespace in ("", database) else ()
        if not found:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.CONFIG,
                code="TABLE_NOT_FOUND",
                message=f"There is no table or view {name!r} in {namespace or database!r}",
                advice="Discover the source again and choose an existing table.",
                stream=f"{namespace}.{name}" if namespace else name,
            )
        return Stream(name, namespace, found[0].columns, (), found[0].estimated_rows, found[0].estimated_bytes)

    def quote(self, name: str) -> str:
        """Quote an identifier."""
        return quote(name)

    def query(self, read: Read, columns: Sequence[Column], key: Sequence[Column]) -> str:
        """Write the query of a read; conditions see the columns as they are stored, outside they are as they travel."""
        inner = super().query(read, columns, key)
        items = ", ".join(f"{expression(column, quote(column.name))} AS {quote(column.name)}" for column in columns)
        return f"SELECT {items} FROM ({inner})"

    def from_table(self, stream: Stream) -> str:
        """Name the table with its database."""
        return quote(stream.namespace or self._session.config.database, stream.name)

    def literal(self, value: str, column: Column) -> str:
        """Write a canonical text as a value of the column's type."""
        if column.type == "timestamptz":
            return f"parseDateTime64BestEffort({text(value)}, 9, 'UTC')"
        if column.type == "date":
            return f"toDate32({text(value)})"
        return f"CAST({text(value)} AS {bare(column.native_type)})"

    async def select(
        self,
        sql: str,
        columns: Sequence[Column],
        *,
        portable: bool,  # noqa: ARG002 - said in the query
    ) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query's rows."""
        settings = {"final": "1"} if self._session.config.final else {}
        async for batch in self._session.select(sql, settings):
            arrays = [_read(values, column) for values, column in zip(batch.columns, columns, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])

    async def watermark(self, read: Read) -> str | None:
        """Ask for the greatest cursor value, as a text that is read back as the same value."""
        if read.cursor is None:
            return None
        column = next(column for column in read.stream.columns if column.name == read.cursor.column)
        name = quote(column.name)
        plain = "'UTC'" if column.type == "timestamptz" else ""
        shown = f"toString(max({name}), {plain})" if plain else f"toString(max({name}))"
        where = " AND ".join([*self.conditions(read, ()), f"{name} IS NOT NULL"])
        found = await self.fetch_text(
            f"SELECT if(count() = 0, NULL, {shown}) FROM {self.from_table(read.stream)} WHERE {where}"
        )
        return f"{found}+00:00" if found and plain else found

    async def fetch_text(self, sql: str) -> str | None:
        """Read one value."""
        value = (await self._session.fetch(sql))[0][0]
        return None if value is None else str(value)


async def streams(session: Session, name: str | None = None) -> tuple[Stream, ...]:
    """Describe the tables and views of the database, or one of them."""
    database = text(session.config.database)
    only = f" AND name = {text(name)}" if name is not None else " AND NOT startsWith(name, '_thedata_')"
    tables = await session.fetch(
        "SELECT name, total_rows, total_bytes FROM system.tables"
        f" WHERE database = {database} AND NOT is_temporary{only} ORDER BY name"
    )
    only = only.replace("name", "table")
    columns = await session.fetch(
        f"SELECT table, name, type, comment FROM system.columns WHERE database = {database}{only}"
        " AND default_kind != 'EPHEMERAL' ORDER BY table, position"
    )
    return tuple(
        Stream(
            table,
            session.config.database,
            tuple(
                Column(c, word(type_, told), nullable(type_), type_)
                for owner, c, type_, told in columns
                if owner == table
            ),
            (),
            None if rows is None else int(rows),
            None if size is None else int(size),
        )
        for table, rows, size in tables
    )


def _read(values: pa.Array, column: Column) -> pa.Array:
    if pa.types.is_string(values.type) and column.type != "bytes":
        try:
            values.validate(full=True)
        except pa.ArrowInvalid as error:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.CONFIG,
                code="TEXT_NOT_UTF8",
                message=f"The column {column.name!r} has a String that is no UTF-8",
                advice="Leave the column out, or give it the comment 'bytes' to read it as bytes.",
            ) from error
    return natural(values, column)


async def _require_transactional(session: Session) -> None:
    database = session.config.database
    engine = (await session.fetch(f"SELECT engine FROM system.databases WHERE name = {text(database)}"))[0][0]
    if engine not in _TRANSACTIONAL:
        raise SyncError(
            origin=Origin.DESTINATION,
            type=ErrorType.CONFIG,
            code="DATABASE_UNSUITABLE",
            message=f"The database {database!r} has the engine {engine}, which cannot exchange two tables in one step",
            advice="Choose a database with the engine Atomic, Replicated or Shared.",
        )


async def _require_write(session: Session) -> None:
    await _require_transactional(session)
    config = session.config
    first, second = (quote(f"_thedata_check_{time.time_ns()}_{side}") for side in ("a", "b"))
    try:
        for name in (first, second):
            await session.execute(f"CREATE TABLE {name} (a Int32) ENGINE = MergeTree ORDER BY tuple()")
        await session.insert_rows(first, [{"a": 1}])
        await session.execute(f"ALTER TABLE {first} ADD COLUMN b Int32")
        await session.execute(f"EXCHANGE TABLES {first} AND {second}")
    except SyncError as error:
        if error.code != "PERMISSION_DENIED":
            raise
        raise SyncError(
            origin=Origin.DESTINATION,
            type=ErrorType.CONFIG,
            code="PERMISSION_DENIED",
            message=f"{config.user} may not create and exchange tables in {config.database}",
            advice=f"GRANT {', '.join(_WRITING)} ON {quote(config.database)}.* TO {quote(config.user)};",
        ) from error
    finally:
        with suppress(SyncError):  # it may be the very thing that is not allowed
            await session.execute(f"DROP TABLE IF EXISTS {first}")
            await session.execute(f"DROP TABLE IF EXISTS {second}")
