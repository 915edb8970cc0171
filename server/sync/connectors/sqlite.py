"""SQLite files as a source and a destination."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from server.sync.blocking import DriverThread
from server.sync.connectors.base import Capability, Connector, ConnectorConfig, ConnectorContext, within
from server.sync.cursors import family, text_of
from server.sync.destination import Destination, Fitted, Mapping, Target, TargetColumn, Unfit
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult, Column, Stream
from server.sync.readers.safe_open import resolve
from server.sync.source import Source
from server.sync.spec import SyncMode
from server.sync.sql_destination import SqlDestination
from server.sync.sql_source import SqlSource

ROWS_PER_BATCH = 20_000


class SqliteConfig(ConnectorConfig):
    """A SQLite database file below a root that the platform allows."""

    path: Annotated[str, Field(min_length=1, max_length=4096, description="The database file.")]

    @field_validator("path")
    @classmethod
    def _no_nul(cls, value: str) -> str:
        if "\0" in value:
            raise ValueError("must not hold a NUL character")
        return value


class SqliteConnector(Connector[SqliteConfig]):
    """SQLite 3 database files."""

    kind: ClassVar[str] = "sqlite"
    title: ClassVar[str] = "SQLite"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    modes: ClassVar[frozenset[SyncMode]] = frozenset(SyncMode)
    config_model = SqliteConfig

    async def check(
        self, config: SqliteConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Open the file; a destination is also locked for writing."""
        started = time.perf_counter()
        async with within(context.timeout_seconds, origin), opened(config, context, origin) as database:
            await database.fetch("SELECT count(*) FROM sqlite_schema")
            if origin is Origin.DESTINATION:
                await database.execute("BEGIN IMMEDIATE")
                await database.execute("ROLLBACK")
        latency = (time.perf_counter() - started) * 1000
        return CheckResult(True, f"SQLite {sqlite3.sqlite_version}", latency, "The database file can be used.")

    async def discover(self, config: SqliteConfig, context: ConnectorContext) -> Catalog:
        """List tables and views."""
        async with within(context.timeout_seconds), opened(config, context, Origin.SOURCE) as database:
            source = SqliteSource(database)
            names = await database.fetch(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
                " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_thedata\\_%' ESCAPE '\\'"
                " ORDER BY name"
            )
            return Catalog(tuple([await source.describe("", row[0]) for row in names]))

    @asynccontextmanager
    async def open_source(self, config: SqliteConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open one read transaction."""
        async with opened(config, context, Origin.SOURCE) as database:
            await database.execute("BEGIN")
            yield SqliteSource(database)

    @asynccontextmanager
    async def open_destination(self, config: SqliteConfig, context: ConnectorContext) -> AsyncIterator[Destination]:
        """Open the file for writing; it is made where it is missing."""
        async with opened(config, context, Origin.DESTINATION) as database:
            yield SqliteDestination(database)


class Database:
    """One connection in a thread of its own."""

    def __init__(self, path: Path, origin: Origin) -> None:
        self._path = path
        self._origin = origin
        self.connection: sqlite3.Connection | None = None
        self._thread = DriverThread("sqlite", self._translate, self._interrupt)

    async def open(self) -> None:
        """Connect; a source is opened read-only, so that a wrong path makes no file."""
        mode = "ro" if self._origin is Origin.SOURCE else "rwc"

        def connect() -> sqlite3.Connection:
            uri = f"{self._path.resolve().as_uri()}?mode={mode}"
            connection = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA trusted_schema = OFF")
            return connection

        self.connection = await self._thread.run(connect)

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement; gives the number of rows that it touched."""
        return await self._thread.run(lambda: max(0, self._open.execute(sql, params).rowcount))

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query."""
        return await self._thread.run(lambda: self._open.execute(sql, params).fetchall())

    async def execute_many(self, sql: str, batch: pa.RecordBatch) -> None:
        """Run a statement for every row of a batch."""
        await self._thread.run(lambda: self._open.executemany(sql, zip(*map(_values, batch.columns), strict=True)))

    def select(self, sql: str, columns: Sequence[Column]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query's rows, every value as its canonical text (bytes as bytes)."""
        return self._thread.iterate(lambda: self._batches(sql, columns))

    def close(self) -> None:
        """Close the connection when the call in flight has ended."""
        self._thread.close(lambda: self.connection.close() if self.connection else None)

    @property
    def _open(self) -> sqlite3.Connection:
        assert self.connection is not None
        return self.connection

    def _batches(self, sql: str, columns: Sequence[Column]) -> Generator[pa.RecordBatch, None, None]:
        cursor = self._open.execute(sql)
        while rows := cursor.fetchmany(ROWS_PER_BATCH):
            arrays = [_array(values, column) for values, column in zip(zip(*rows, strict=True), columns, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])

    def _interrupt(self) -> None:
        if self.connection is not None:
            self.connection.interrupt()

    def _translate(self, error: Exception) -> Exception:
        if not isinstance(error, sqlite3.Error):
            return error
        # SQLITE_BUSY_SNAPSHOT is a kind of SQLITE_BUSY.
        words = getattr(error, "sqlite_errorname", "").split("_")
        type_, code, advice = _CODES.get(words[1] if len(words) > 1 else "", _UNKNOWN)
        return SyncError(origin=self._origin, type=type_, code=code, message=f"SQLite refused: {error}", advice=advice)


_UNKNOWN = (ErrorType.CONFIG, "STATEMENT_REFUSED", "Look at the file with the sqlite3 program.")
_CODES = {
    "BUSY": (ErrorType.TRANSIENT, "LOCKED", "Another program writes the file; try again when it has ended."),
    "LOCKED": (ErrorType.TRANSIENT, "LOCKED", "Another program writes the file; try again when it has ended."),
    "NOTADB": (ErrorType.CONFIG, "FILE_MALFORMED", "Name a SQLite 3 database file."),
    "CORRUPT": (ErrorType.SYSTEM, "FILE_MALFORMED", "Restore the file from a backup."),
    "CANTOPEN": (ErrorType.CONFIG, "FILE_NOT_FOUND", "Check the path and its permissions."),
    "READONLY": (ErrorType.CONFIG, "READ_ONLY", "Make the file and its folder writable."),
    "FULL": (ErrorType.SYSTEM, "DISK_FULL", "Make room on the disk."),
    "CONSTRAINT": (ErrorType.CONFIG, "CONSTRAINT_VIOLATED", "The rows break a key or a NOT NULL of the table."),
    "IOERR": (ErrorType.SYSTEM, "FILE_UNREADABLE", "Look at the disk."),
    "INTERRUPT": (ErrorType.CANCELLED, "CANCELLED", "The run was stopped."),
}


class SqliteSource(SqlSource):
    """One read transaction on a SQLite file.

    A column's declared type is only an affinity in SQLite: each value is taken as what it is, as text of it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe a table or view."""
        rows = await self._database.fetch('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?)', name)
        if namespace or not rows:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.CONFIG,
                code="TABLE_NOT_FOUND",
                message=f"There is no table or view {name!r}",
                advice="Discover the source again and choose an existing table.",
                stream=name,
            )
        columns = tuple(Column(row[0], _word(row[1]), not (row[2] or row[3]), row[1] or "any") for row in rows)
        key = tuple(row[0] for row in sorted(rows, key=lambda row: row[3]) if row[3])
        return Stream(name, "", columns, key, await self._estimated_rows(name))

    def select(self, sql: str, columns: Sequence[Column], *, portable: bool) -> AsyncGenerator[pa.RecordBatch, None]:  # noqa: ARG002 - values are always portable
        """Read a query's rows."""
        return self._database.select(sql, columns)

    async def fetch_text(self, sql: str) -> str | None:
        """Read one value."""
        value = (await self._database.fetch(sql))[0][0]
        return None if value is None else text_of(value)

    async def _estimated_rows(self, name: str) -> int | None:
        has_rowid = "SELECT 1 FROM pragma_table_list WHERE name = ? AND type = 'table' AND wr = 0"
        if not await self._database.fetch(has_rowid, name):
            return None
        # The greatest rowid is found at once, where a count would read the whole table.
        rows = await self._database.fetch(f"SELECT max(rowid) FROM {self.quote(name)}")
        return int(rows[0][0] or 0)


class SqliteDestination(SqlDestination):
    """A SQLite file that is written."""

    timestamp_type = "TEXT"
    text_type = "TEXT"
    bigint_type = "INTEGER"
    max_name_bytes = 1000
    folds_case = True

    def __init__(self, database: Database) -> None:
        self._database = database

    def map_type(self, column: Column, *, same_kind: bool) -> Mapping:
        """Choose a type; what SQLite has no exact type for is kept as its text."""
        if same_kind and column.native_type:
            return Mapping("" if column.native_type == "any" else column.native_type)
        return Mapping(_TYPES.get(column.type.partition("(")[0], "TEXT"))

    def same(self, left: str, right: str) -> str:
        """SQLite's null-safe equality."""
        return f"{left} IS {right}"

    def instant(self, seconds: float) -> str:
        """Times are texts in SQLite."""
        return super().instant(seconds).removeprefix("CAST(").removesuffix(" AS TEXT)")

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement."""
        return await self._database.execute(sql, *params)

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query."""
        return await self._database.fetch(sql, *params)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """One transaction that holds the file's write lock from its start."""
        await self.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            await self.execute("ROLLBACK")
            raise
        await self.execute("COMMIT")

    async def insert(self, table: str, columns: Sequence[TargetColumn], rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Insert row by row in one prepared statement."""
        sql = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
        written = 0
        async for batch in rows:
            await self._database.execute_many(sql, batch)
            written += batch.num_rows
        return written

    def select(self, sql: str, columns: Sequence[TargetColumn]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read rows back."""
        return self._database.select(sql, [column.column for column in columns])

    async def columns_of(self, table: str) -> dict[str, str]:
        """Ask for a table's columns."""
        return dict(await self.fetch("SELECT name, type FROM pragma_table_xinfo(?)", table))

    async def staging_tables(self, prefix: str) -> list[str]:
        """Ask for tables by their names."""
        rows = await self.fetch("SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, ?) = ?",
                                len(prefix), prefix)  # fmt: skip
        return [row[0] for row in rows]

    def fit(self, rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
        """Leave out rows with NaN, which SQLite stores as NULL."""
        unfit: dict[int, Unfit] = {}
        for values, column in zip(rows.columns, columns, strict=True):
            if pa.types.is_floating(values.type):
                for index in pc.indices_nonzero(pc.fill_null(pc.is_nan(values), False)).to_pylist():
                    message = "SQLite would store NaN as NULL"
                    unfit.setdefault(index, Unfit(index, column.name, "VALUE_NOT_STORABLE", message))
        if not unfit:
            return Fitted(rows)
        kept = rows.filter(pa.array([index not in unfit for index in range(rows.num_rows)]))
        return Fitted(kept, tuple(unfit[index] for index in sorted(unfit)))

    def sorts(self, column: TargetColumn) -> bool:
        """Decimals are texts here, and sort as such."""
        return not (column.ddl == "TEXT" and family(column.column) == "number")

    async def widen(self, target: Target, column: TargetColumn) -> None:
        """Make a column of numbers one of texts, which SQLite would turn back into numbers otherwise.

        Every other column holds values of every type. Raises SyncError WIDENING_UNSUPPORTED.
        """
        old = (await self.columns_of(target.table))[column.name]
        if column.ddl != "TEXT" or _word(old) in ("text", "bytes"):
            return
        if _word(old) != "bigint" or column.name in target.key:
            raise SyncError(
                origin=Origin.DESTINATION,
                type=ErrorType.CONFIG,
                code="WIDENING_UNSUPPORTED",
                message=f"SQLite cannot make the column {column.name!r} of type {old} one of texts without a loss",
                advice="Cast the column to its old type, or reset the stream.",
                stream=target.stream,
            )
        table, name, wider = self.table(target.table), self.quote(column.name), self.quote(f"_thedata_{column.name}")
        await self.execute(f"ALTER TABLE {table} ADD COLUMN {wider} TEXT")
        await self.execute(f"UPDATE {table} SET {wider} = {name}")
        await self.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
        await self.execute(f"ALTER TABLE {table} RENAME COLUMN {wider} TO {name}")


@asynccontextmanager
async def opened(config: SqliteConfig, context: ConnectorContext, origin: Origin) -> AsyncIterator[Database]:
    """Open the file and close it for sure."""
    path, _ = resolve(config.path, context.file_roots, must_exist=origin is Origin.SOURCE)
    database = Database(path, origin)
    try:
        await database.open()
        yield database
    finally:
        database.close()


_TYPES = {
    "smallint": "INTEGER",
    "integer": "INTEGER",
    "bigint": "INTEGER",
    "real": "REAL",
    "double": "REAL",
    "bytes": "BLOB",
}
_WORDS = (
    (re.compile("INT"), "bigint"),
    (re.compile("CHAR|CLOB|TEXT"), "text"),
    (re.compile("BLOB"), "bytes"),
    (re.compile("REAL|FLOA|DOUB"), "double"),
    (re.compile("BOOL"), "boolean"),
)


def _word(declared: str) -> str:
    # A decimal, a date or "any" may hold whatever was put there: only its text keeps all of it.
    return next((word for pattern, word in _WORDS if pattern.search(declared.upper())), "text")


def _array(values: Sequence[Any], column: Column) -> pa.Array:
    if column.type == "bytes" and all(value is None or isinstance(value, bytes) for value in values):
        return pa.array(values, pa.binary())
    return pa.array([None if value is None else text_of(value) for value in values], pa.string())


def _values(array: pa.Array) -> list[Any]:
    natural = pa.types.is_integer(array.type) or pa.types.is_floating(array.type) or pa.types.is_binary(array.type)
    if natural or pa.types.is_string(array.type):
        return array.to_pylist()  # type: ignore[no-any-return]
    return [None if value is None else text_of(value) for value in array.to_pylist()]
