"""DuckDB files as a source and a destination."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import pyarrow as pa
from pydantic import Field, field_validator

from server.sync.blocking import DriverThread
from server.sync.connectors.base import Capability, Connector, ConnectorConfig, ConnectorContext, within
from server.sync.cursors import text_of
from server.sync.destination import Destination, Fitted, Mapping, Target, TargetColumn
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.fitting import fitted
from server.sync.model import Catalog, CheckResult, Column, Stream
from server.sync.readers.safe_open import resolve
from server.sync.source import Source
from server.sync.spec import SyncMode
from server.sync.sql_destination import SqlDestination
from server.sync.sql_source import SqlSource
from server.sync.type_words import base, precision

if TYPE_CHECKING:
    import duckdb

ROWS_PER_BATCH = 50_000
MEMORY = "512MB"


class DuckdbConfig(ConnectorConfig):
    """A DuckDB database file below a root that the platform allows."""

    path: Annotated[str, Field(min_length=1, max_length=4096, description="The database file.")]

    @field_validator("path")
    @classmethod
    def _no_nul(cls, value: str) -> str:
        if "\0" in value:
            raise ValueError("must not hold a NUL character")
        return value


class DuckdbConnector(Connector[DuckdbConfig]):
    """DuckDB database files. One process at a time can have a file open for writing."""

    kind: ClassVar[str] = "duckdb"
    title: ClassVar[str] = "DuckDB"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    modes: ClassVar[frozenset[SyncMode]] = frozenset(SyncMode)
    config_model = DuckdbConfig

    async def check(
        self, config: DuckdbConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Open the file."""
        started = time.perf_counter()
        async with within(context.timeout_seconds, origin), opened(config, context, origin) as database:
            version = (await database.fetch("SELECT version()"))[0][0]
        latency = (time.perf_counter() - started) * 1000
        return CheckResult(True, f"DuckDB {version}", latency, "The database file can be used.")

    async def discover(self, config: DuckdbConfig, context: ConnectorContext) -> Catalog:
        """List tables and views of all schemas."""
        async with within(context.timeout_seconds), opened(config, context, Origin.SOURCE) as database:
            source = DuckdbSource(database)
            names = await database.fetch(
                "SELECT table_schema, table_name FROM information_schema.tables"
                " WHERE table_catalog = current_database() AND NOT starts_with(table_name, '_thedata_') ORDER BY 1, 2"
            )
            return Catalog(tuple([await source.describe(schema, name) for schema, name in names]))

    @asynccontextmanager
    async def open_source(self, config: DuckdbConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open one read transaction."""
        async with opened(config, context, Origin.SOURCE) as database:
            await database.execute("BEGIN TRANSACTION")
            yield DuckdbSource(database)

    @asynccontextmanager
    async def open_destination(self, config: DuckdbConfig, context: ConnectorContext) -> AsyncIterator[Destination]:
        """Open the file for writing; it is made where it is missing."""
        async with opened(config, context, Origin.DESTINATION) as database:
            yield DuckdbDestination(database)


class Database:
    """One connection in a thread of its own, without a way to other files or the network."""

    def __init__(self, path: Path, origin: Origin) -> None:
        self._path = path
        self._origin = origin
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._thread = DriverThread("duckdb", self._translate, self._interrupt)

    async def open(self) -> None:
        """Connect; a source is opened read-only."""
        import duckdb

        def connect() -> duckdb.DuckDBPyConnection:
            connection = duckdb.connect(
                str(self._path),
                read_only=self._origin is Origin.SOURCE,
                config={
                    "memory_limit": MEMORY,
                    "threads": "2",
                    "enable_external_access": "false",
                    "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false",
                    "python_enable_replacements": "false",
                },
            )
            connection.execute("SET TimeZone = 'UTC'").fetchall()
            return connection

        self._connection = await self._thread.run(connect)

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement; gives the number of rows that it touched, where it tells one."""

        def run() -> int:
            rows = self._open.execute(sql, list(params)).fetchall()
            return int(rows[0][0]) if rows and isinstance(rows[0][0], int) else 0

        return await self._thread.run(run)

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query."""
        return await self._thread.run(lambda: self._open.execute(sql, list(params)).fetchall())

    async def insert(self, sql: str, batch: pa.RecordBatch) -> None:
        """Run a statement over a batch, which it names ``batch``."""

        def run() -> None:
            self._open.register("batch", pa.Table.from_batches([batch]))
            try:
                self._open.execute(sql).fetchall()
            finally:
                self._open.unregister("batch")

        await self._thread.run(run)

    def select(self, sql: str, columns: Sequence[str]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query's rows."""
        return self._thread.iterate(lambda: self._batches(sql, columns))

    async def close(self) -> None:
        """Close the connection, so that another process may have the file."""
        try:
            await self._thread.run(lambda: self._connection.close() if self._connection else None)
        finally:
            self._thread.close()

    @property
    def _open(self) -> duckdb.DuckDBPyConnection:
        assert self._connection is not None
        return self._connection

    def _batches(self, sql: str, columns: Sequence[str]) -> Generator[pa.RecordBatch, None, None]:
        reader = self._open.sql(sql).to_arrow_reader(ROWS_PER_BATCH)
        try:
            for batch in reader:
                arrays = [a.storage if isinstance(a.type, pa.BaseExtensionType) else a for a in batch.columns]
                yield pa.RecordBatch.from_arrays(arrays, names=list(columns))
        finally:
            reader.close()

    def _interrupt(self) -> None:
        if self._connection is not None:
            self._connection.interrupt()

    def _translate(self, error: Exception) -> Exception:
        import duckdb

        if not isinstance(error, duckdb.Error):
            return error
        for kind, (type_, code, advice) in _errors().items():
            if isinstance(error, kind):
                message = f"DuckDB refused: {str(error).splitlines()[0][:300]}"
                return SyncError(origin=self._origin, type=type_, code=code, message=message, advice=advice)
        return error


def _errors() -> dict[type[Exception], tuple[ErrorType, str, str]]:
    import duckdb

    return {
        duckdb.InterruptException: (ErrorType.CANCELLED, "CANCELLED", "The run was stopped."),
        duckdb.IOException: (
            ErrorType.CONFIG, "FILE_UNUSABLE", "Check path and permissions, and that no other program has it open.",
        ),
        duckdb.TransactionException: (ErrorType.TRANSIENT, "TRANSACTION_ABORTED", "Run it again."),
        duckdb.OutOfMemoryException: (ErrorType.SYSTEM, "OUT_OF_MEMORY", "The rows are too wide for the memory."),
        duckdb.ConstraintException: (
            ErrorType.CONFIG, "CONSTRAINT_VIOLATED", "The rows break a key or a NOT NULL of the destination's table.",
        ),
        duckdb.ConversionException: (ErrorType.CONFIG, "VALUE_REFUSED", "Correct the value at its source, or cast it."),
        duckdb.CatalogException: (ErrorType.CONFIG, "TABLE_NOT_FOUND", "Discover the source again."),
        duckdb.Error: (ErrorType.CONFIG, "STATEMENT_REFUSED", "Look at the file with the duckdb program."),
    }  # fmt: skip


class DuckdbSource(SqlSource):
    """One read transaction on a DuckDB file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe a table or view."""
        schema = namespace or "main"
        rows = await self._database.fetch(
            "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
            " WHERE table_catalog = current_database() AND table_schema = ? AND table_name = ?"
            " ORDER BY ordinal_position",
            schema, name,
        )  # fmt: skip
        if not rows:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.CONFIG,
                code="TABLE_NOT_FOUND",
                message=f"There is no table or view {name!r} in the schema {schema!r}",
                advice="Discover the source again and choose an existing table.",
                stream=f"{namespace}.{name}" if namespace else name,
            )
        columns = tuple(Column(row[0], _word(row[1]), row[2] == "YES", row[1]) for row in rows)
        keys = await self._database.fetch(
            "SELECT constraint_column_names FROM duckdb_constraints()"
            " WHERE schema_name = ? AND table_name = ? AND constraint_type = 'PRIMARY KEY'",
            schema, name,
        )  # fmt: skip
        sizes = await self._database.fetch(
            "SELECT estimated_size FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?", schema, name
        )
        estimate = int(sizes[0][0]) if sizes else None
        return Stream(name, namespace, columns, tuple(keys[0][0]) if keys else (), estimate)

    def expression(self, column: Column, *, portable: bool) -> str:
        """Write what Arrow has no exact type for as its text."""
        name = self.quote(column.name)
        if portable and column.type == "array":
            return f"CAST(to_json({name}) AS VARCHAR) AS {name}"
        if column.type in ("text", "json", "other", "uuid", "interval", "array", "decimal") or _wide(column):
            return f"CAST({name} AS VARCHAR) AS {name}"
        if column.type == "timestamp" and column.native_type != "TIMESTAMP":
            return f"CAST({name} AS VARCHAR) AS {name}"
        return name

    def select(self, sql: str, columns: Sequence[Column], *, portable: bool) -> AsyncGenerator[pa.RecordBatch, None]:  # noqa: ARG002 - said in the query
        """Read a query's rows."""
        return self._database.select(sql, [column.name for column in columns])

    async def fetch_text(self, sql: str) -> str | None:
        """Read one value."""
        value = (await self._database.fetch(sql))[0][0]
        return None if value is None else text_of(value)


class DuckdbDestination(SqlDestination):
    """A DuckDB file that is written."""

    max_name_bytes = 1000
    folds_case = True
    timestamp_type = "TIMESTAMP WITH TIME ZONE"
    text_type = "VARCHAR"
    bigint_type = "BIGINT"

    def __init__(self, database: Database) -> None:
        self._database = database

    def map_type(self, column: Column, *, same_kind: bool) -> Mapping:
        """Choose a type; what DuckDB has no exact type for is kept as its text."""
        if same_kind and column.native_type:
            return Mapping(column.native_type)
        if base(column.type) == "decimal":
            known = precision(column.type)
            if known and known[0] <= _DIGITS:
                return Mapping(column.type.upper())
            return Mapping("VARCHAR", note="DuckDB has no decimals of this length: the digits land as text")
        return Mapping(_TYPES.get(base(column.type), "VARCHAR"))

    def fit(self, rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
        """Turn canonical texts into values, and leave out the rows that have none."""
        return fitted(rows, columns, {column.name: column.ddl for column in columns})

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement."""
        return await self._database.execute(sql, *params)

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query."""
        return await self._database.fetch(sql, *params)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """One transaction; nobody else can write the file while it is open here."""
        await self.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            await self.execute("ROLLBACK")
            raise
        await self.execute("COMMIT")

    async def insert(self, table: str, columns: Sequence[TargetColumn], rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Insert batch by batch."""
        written = 0
        async for batch in rows:
            # By position: names may differ by case only.
            names = ", ".join(f"CAST(c{index} AS {column.ddl})" for index, column in enumerate(columns))
            plain = batch.rename_columns([f"c{index}" for index in range(len(columns))])
            await self._database.insert(f"INSERT INTO {table} SELECT {names} FROM batch", plain)
            written += batch.num_rows
        return written

    def select(self, sql: str, columns: Sequence[TargetColumn]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read rows back."""
        items = ", ".join(
            f"CAST({self.quote(c.name)} AS VARCHAR)" if _as_text(c) else self.quote(c.name) for c in columns
        )
        return self._database.select(f"SELECT {items} FROM ({sql})", [column.name for column in columns])

    async def columns_of(self, table: str) -> dict[str, str]:
        """Ask for a table's columns."""
        return dict(
            await self.fetch(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_catalog = current_database()"
                " AND table_schema = 'main' AND table_name = ? ORDER BY ordinal_position",
                table,
            )
        )

    async def staging_tables(self, prefix: str) -> list[str]:
        """Ask for tables by their names."""
        rows = await self.fetch(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
            " AND table_catalog = current_database() AND starts_with(table_name, ?)",
            prefix,
        )
        return [row[0] for row in rows]

    async def add_key(self, target: Target, table: str) -> None:
        """No index: DuckDB can't rename a table that has one, and finds rows by scanning."""


@asynccontextmanager
async def opened(config: DuckdbConfig, context: ConnectorContext, origin: Origin) -> AsyncIterator[Database]:
    """Open the file and close it for sure."""
    path, _ = resolve(config.path, context.file_roots, must_exist=origin is Origin.SOURCE)
    database = Database(path, origin)
    try:
        await database.open()
        yield database
    finally:
        await database.close()


_DIGITS = 38
_TYPES = {
    "boolean": "BOOLEAN",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "real": "FLOAT",
    "double": "DOUBLE",
    "text": "VARCHAR",
    "bytes": "BLOB",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "uuid": "UUID",
    "json": "JSON",
    "array": "JSON",
}
_WORDS = {
    "BOOLEAN": "boolean", "TINYINT": "smallint", "SMALLINT": "smallint", "INTEGER": "integer", "BIGINT": "bigint",
    "UTINYINT": "smallint", "USMALLINT": "integer", "UINTEGER": "bigint", "UBIGINT": "decimal(20,0)",
    "HUGEINT": "decimal(39,0)", "UHUGEINT": "decimal(39,0)", "BIGNUM": "decimal", "FLOAT": "real", "DOUBLE": "double",
    "VARCHAR": "text", "BLOB": "bytes", "DATE": "date", "TIME": "time", "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp", "TIMESTAMP_MS": "timestamp", "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "INTERVAL": "interval", "UUID": "uuid", "JSON": "json",
}  # fmt: skip


def _word(native: str) -> str:
    if native in _WORDS:
        return _WORDS[native]
    if native.startswith("DECIMAL("):
        return native.lower()
    if native.endswith("]"):
        return "array"
    if re.match("STRUCT|MAP|UNION", native):
        return "json"
    return "text" if native.startswith("ENUM") else "other"


def _wide(column: Column) -> bool:
    return column.native_type in ("UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM")


def _as_text(column: TargetColumn) -> bool:
    return column.ddl in ("UUID", "JSON", "INTERVAL", "HUGEINT", "UHUGEINT", "UBIGINT", "BIGNUM") or "[" in column.ddl
