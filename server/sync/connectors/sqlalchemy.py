"""Any database with a SQLAlchemy dialect as a source: slower than a connector of its own, but working.

Values are taken from the driver as they are; PostgreSQL, whose driver would lose some, is asked for their texts.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import aclosing, asynccontextmanager
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import pyarrow as pa
import sqlalchemy as sa
from pydantic import Field, SecretStr, field_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.engine.reflection import Inspector, ObjectKind
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.elements import ColumnElement

from server.sync.blocking import DriverThread
from server.sync.connectors.base import Capability, Connector, ConnectorConfig, ConnectorContext, within
from server.sync.connectors.dlt_rows import BYTES_PER_BATCH, ROWS_PER_BATCH, interval_text, spell, weight
from server.sync.cursors import parsed_time, text_of
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult, Column, JsonObject, Stream
from server.sync.readers.safe_open import resolve
from server.sync.source import Batch, Read, Source
from server.sync.sql_source import resumable_key

MAX_STREAMS = 10_000
MAX_MESSAGE = 400
_BUFFERED_ROWS = 250  # rows of a megabyte must fit too
_SNAPSHOTS = frozenset(("postgresql", "mysql", "mariadb"))
# Others could name libraries to load, files to read, or further hosts.
_QUERY_NAMES = frozenset(
    ("charset", "sslmode", "ssl_mode", "application_name", "encrypt", "Encrypt", "TrustServerCertificate", "driver",
     "service_name", "sid", "warehouse", "role", "account", "http_path", "catalog", "schema")
)  # fmt: skip
_TIMEOUT_ARGUMENTS = {
    "psycopg": "connect_timeout", "psycopg2": "connect_timeout", "pymysql": "connect_timeout",
    "mysqldb": "connect_timeout", "mysqlconnector": "connection_timeout", "mariadbconnector": "connect_timeout",
    "pymssql": "login_timeout", "pyodbc": "timeout", "oracledb": "tcp_connect_timeout",
}  # fmt: skip


class SqlalchemyConfig(ConnectorConfig):
    """A database as SQLAlchemy names it, and its password."""

    url: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4000,
            description="SQLAlchemy's URL without the password: dialect+driver://user@host:port/database.",
        ),
    ]
    password: Annotated[
        SecretStr, Field(max_length=10_000, description="Password of the account; empty where there is none.")
    ] = SecretStr("")
    schemas: Annotated[
        tuple[str, ...], Field(max_length=100, description="Schemas to read from. Empty: the account's default schema.")
    ] = ()

    @field_validator("url")
    @classmethod
    def _safe_url(cls, value: str) -> str:
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError("is no URL of the form dialect+driver://user@host:port/database") from None
        if url.password is not None:
            raise ValueError("must not hold the password: it has a field of its own")
        unknown = sorted(set(url.query) - _QUERY_NAMES)
        if unknown:
            raise ValueError(
                f"the parameter {unknown[0]!r} is not allowed; allowed are {', '.join(sorted(_QUERY_NAMES))}"
            )
        if "/" in str(url.query.get("driver", "")):
            raise ValueError("the parameter 'driver' must be a name, not a path")
        return value


class SqlalchemyConnector(Connector[SqlalchemyConfig]):
    """Databases whose SQLAlchemy dialect and driver are installed."""

    kind: ClassVar[str] = "sqlalchemy"
    title: ClassVar[str] = "SQLAlchemy"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE})
    config_model = SqlalchemyConfig

    async def check(
        self, config: SqlalchemyConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Connect, log in, run the smallest query."""
        started = time.perf_counter()
        async with within(context.timeout_seconds, origin), opened(config, context) as database:
            await database.run(lambda connection: connection.execute(sa.select(sa.literal(1))).all())
        latency = (time.perf_counter() - started) * 1000
        return CheckResult(True, database.version, latency, f"Connected by {database.url.drivername}.")

    async def discover(self, config: SqlalchemyConfig, context: ConnectorContext) -> Catalog:
        """List tables and views."""
        async with within(context.timeout_seconds), opened(config, context) as database:
            return Catalog(tuple(await database.run(lambda connection: reflected(connection, config.schemas))))

    @asynccontextmanager
    async def open_source(self, config: SqlalchemyConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open one transaction, a snapshot where the dialect has them."""
        async with opened(config, context) as database:
            yield SqlalchemySource(database)


class Database:
    """One connection in a thread of its own."""

    def __init__(self, url: URL, secret: str, seconds: float) -> None:
        self.url = url
        self.version = ""
        self._secret = secret
        self._seconds = seconds
        self._connection: sa.Connection | None = None
        self._driver: Any = None
        self._thread = DriverThread("sqlalchemy", self._translate, self._interrupt)

    async def open(self) -> None:
        """Connect; raises SyncError CONNECTOR_NOT_INSTALLED, and whatever the driver says."""
        self._connection = await self._thread.run(self._connect)

    async def run(self, work: Any) -> Any:
        """Run a function of the connection in the thread."""
        return await self._thread.run(lambda: work(self._open))

    def batches(self, statement: sa.Select[Any], columns: Sequence[Column]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query's rows."""
        return self._thread.iterate(lambda: self._read(statement, columns))

    def close(self) -> None:
        """Close the connection when the call in flight has ended."""
        self._thread.close(lambda: self._connection.close() if self._connection is not None else None)

    @property
    def dialect(self) -> str:
        """The dialect's name."""
        return self._open.dialect.name

    @property
    def _open(self) -> sa.Connection:
        assert self._connection is not None
        return self._connection

    def _connect(self) -> sa.Connection:
        try:
            engine = sa.create_engine(
                self.url, poolclass=NullPool, hide_parameters=True, connect_args=_connect_args(self.url, self._seconds)
            )
        except (NoSuchModuleError, ImportError) as error:
            raise _error(
                "CONNECTOR_NOT_INSTALLED",
                f"The dialect or driver {self.url.drivername!r} is not installed",
                "Let the operator install it, or name another driver in the URL.",
            ) from error
        if engine.dialect.is_async:
            raise _error(
                "DRIVER_UNSUPPORTED", f"{self.url.drivername!r} is an asynchronous driver", "Name a blocking driver."
            )
        name = engine.dialect.name
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if name in _SNAPSHOTS else {}
        connection = engine.connect().execution_options(**options)
        self._driver = connection.connection.driver_connection
        self._begin(connection, name)
        self.version = ".".join(map(str, engine.dialect.server_version_info or ())) or "unknown"
        self.version = f"{name} {self.version}"
        return connection

    def _begin(self, connection: sa.Connection, name: str) -> None:
        if name == "sqlite":
            # Its driver begins no transaction for a query alone.
            connection.exec_driver_sql("BEGIN")
        if name == "postgresql":
            for setting in ("datestyle = 'ISO, YMD'", "intervalstyle = 'postgres'", "timezone = 'UTC'"):
                connection.exec_driver_sql(f"SET LOCAL {setting}")

    def _read(self, statement: sa.Select[Any], columns: Sequence[Column]) -> Generator[pa.RecordBatch, None, None]:
        options = {"stream_results": True, "max_row_buffer": _BUFFERED_ROWS}
        with self._open.execute(statement, execution_options=options) as result:
            rows: list[Any] = []
            size = 0
            for row in result:
                rows.append(row)
                size += sum(map(weight, row))
                if len(rows) >= ROWS_PER_BATCH or size > BYTES_PER_BATCH:
                    yield _batch(rows, columns, self.dialect)
                    rows, size = [], 0
            if rows:
                yield _batch(rows, columns, self.dialect)

    def _interrupt(self) -> None:
        for name in ("cancel", "interrupt"):
            if callable(stop := getattr(self._driver, name, None)):
                stop()
                return
        # A driver without a way to stop it stops when its connection does.
        if isinstance(wire := getattr(self._driver, "_sock", None), socket.socket):
            wire.shutdown(socket.SHUT_RDWR)

    def _translate(self, error: Exception) -> Exception:
        if isinstance(error, NoSuchTableError):
            return _error(
                "TABLE_NOT_FOUND",
                f"There is no table or view {str(error)!r}",
                "Discover the source again and choose an existing table.",
            )
        if not isinstance(error, SQLAlchemyError):
            return error
        original = error.orig if isinstance(error, DBAPIError) else None
        type_, code, advice = _known(original)
        said = " ".join(str(original or error).split())
        if self._secret:
            said = said.replace(self._secret, "***")
        return _error(code, f"The database says: {said[:MAX_MESSAGE]}", advice, type_)


class SqlalchemySource(Source):
    """One transaction on a database; rows come in the primary key's order, and can go on after a key."""

    tells_watermark: ClassVar[bool] = True

    def __init__(self, database: Database) -> None:
        self._database = database

    async def describe(self, namespace: str, name: str) -> Stream:
        """Reflect one table or view."""

        def look(connection: sa.Connection) -> Stream:
            inspector = sa.inspect(connection)
            columns = inspector.get_columns(name, schema=namespace or None)
            key = inspector.get_pk_constraint(name, schema=namespace or None)["constrained_columns"]
            return _stream(name, namespace, columns, key, connection.dialect.name)

        stream: Stream = await self._database.run(look)
        return stream

    async def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read the rows of one query."""
        key = resumable_key(read)
        asked = (*read.columns, *(column for column in key if column not in read.columns))
        table = await self._table(read.stream)
        statement = sa.select(*[self._taken(table, column) for column in asked])
        statement = statement.where(*self._conditions(table, read, key)).order_by(*[table.c[c.name] for c in key])
        if read.limit is not None:
            statement = statement.limit(read.limit)
        row, size = 1, 0
        async with aclosing(self._database.batches(statement, asked)) as batches:
            async for batch in batches:
                size += batch.nbytes
                rows = batch.select([column.name for column in read.columns])
                yield Batch(rows, read.stream.full_name, row, size, _position(batch, key))
                row += batch.num_rows

    async def watermark(self, read: Read) -> str | None:
        """Ask for the greatest cursor value."""
        if read.cursor is None:
            return None
        table = await self._table(read.stream)
        column = next(column for column in read.stream.columns if column.name == read.cursor.column)
        greatest = self._taken(table, column, sa.func.max(table.c[column.name]))
        statement = sa.select(greatest).where(*self._conditions(table, read, ()))
        value = await self._database.run(lambda connection: connection.execute(statement).scalar())
        return None if value is None else text_of(value)

    async def _table(self, stream: Stream) -> sa.Table:
        """Make the table with the types that the database reflects."""

        def look(connection: sa.Connection) -> list[ReflectedColumn]:
            return sa.inspect(connection).get_columns(stream.name, schema=stream.namespace or None)

        columns: list[ReflectedColumn] = await self._database.run(look)
        made = [sa.Column(column["name"], column["type"]) for column in columns]
        return sa.Table(stream.name, sa.MetaData(), *made, schema=stream.namespace or None)

    def _taken(self, table: sa.Table, column: Column, value: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
        """Write a column for the SELECT list: without SQLAlchemy's conversions, which would round and reformat."""
        item = table.c[column.name] if value is None else value
        word = column.type.partition("(")[0]
        if self._database.dialect == "postgresql" and word not in _DRIVER_KEEPS:
            item = sa.cast(sa.func.to_json(item), sa.Text) if word == "array" else sa.cast(item, sa.Text)
        elif word == "json" and self._database.dialect in ("mysql", "mariadb"):
            item = sa.cast(item, sa.Text)
        return sa.type_coerce(item, sa.types.NullType()).label(column.name)

    def _conditions(self, table: sa.Table, read: Read, key: Sequence[Column]) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if read.cursor is not None:
            column = next(column for column in read.stream.columns if column.name == read.cursor.column)
            item = table.c[column.name]
            bounds = [] if read.cursor.lower is None else [item >= self._value(table, column, read.cursor.lower)]
            if read.cursor.upper is not None:
                bounds.append(item <= self._value(table, column, read.cursor.upper))
            inside = sa.and_(*bounds) if bounds else item.is_not(None)
            found.append(sa.or_(inside, item.is_(None)) if read.cursor.nulls else inside)
        if key and read.after:
            values = [self._value(table, column, text) for column, text in zip(key, read.after["key"], strict=True)]
            found.append(_after([table.c[column.name] for column in key], values))
        return found

    def _value(self, table: sa.Table, column: Column, text: str) -> ColumnElement[Any]:
        """Write a canonical text as a value to compare with a column."""
        type_ = table.c[column.name].type
        if self._database.dialect == "postgresql":
            return sa.cast(sa.literal(text, sa.Text), type_)
        match column.type.partition("(")[0]:
            case "smallint" | "integer" | "bigint":
                return sa.literal(int(Decimal(text)), sa.BigInteger)
            case "decimal":
                return sa.literal(Decimal(text), type_)
            case "real" | "double":
                return sa.literal(float(text), type_)
            case "timestamp" | "timestamptz":
                return sa.literal(parsed_time(text), type_)
            case "date":
                return sa.literal(parsed_time(text).date(), type_)
            case _:
                return sa.literal(text, sa.Text)


def reflected(connection: sa.Connection, schemas: Sequence[str]) -> list[Stream]:
    """Describe every table and view of some schemas, of the default one where none is named."""
    inspector = sa.inspect(connection)
    default = inspector.default_schema_name or ""
    known = set(inspector.get_schema_names()) if schemas else set()
    streams = []
    for schema in schemas or (("" if connection.dialect.name == "sqlite" else default),):
        if schemas and schema not in known:
            raise _error("SCHEMA_NOT_FOUND", f"There is no schema {schema!r}", "Check the names of the schemas.")
        streams += _of_schema(inspector, schema, connection.dialect.name)
    if len(streams) > MAX_STREAMS:
        raise _error("CATALOG_TOO_LARGE", f"There are more than {MAX_STREAMS} tables", "Name fewer schemas.")
    return sorted(streams, key=lambda stream: stream.full_name)


def _of_schema(inspector: Inspector, schema: str, dialect: str) -> list[Stream]:
    columns = inspector.get_multi_columns(schema=schema or None, kind=ObjectKind.ANY)
    keys = inspector.get_multi_pk_constraint(schema=schema or None, kind=ObjectKind.ANY)
    return [
        _stream(place[1], schema, found, keys[place]["constrained_columns"] if place in keys else [], dialect)
        for place, found in columns.items()
        if found and not place[1].startswith("_thedata_")
    ]


def _stream(name: str, schema: str, columns: Sequence[ReflectedColumn], key: Sequence[str], dialect: str) -> Stream:
    made = []
    for column in columns:
        word = word_of(column["type"], dialect)
        # SQLite lets the key of a table be NULL, unless it is the row's number.
        sure = column["name"] in key and (dialect != "sqlite" or word == "bigint")
        made.append(Column(column["name"], word, bool(column["nullable"]) and not sure, str(column["type"])))
    return Stream(name, schema, tuple(made), tuple(key))


def word_of(type_: sa.types.TypeEngine[Any], dialect: str) -> str:
    """Find the engine's word for a reflected type."""
    if dialect == "sqlite":
        # A declared type is an affinity only: a decimal or a date holds whatever was put there, and travels as text.
        return next((word for kind, word in _SQLITE_WORDS if isinstance(type_, kind)), "text")
    if isinstance(type_, sa.Numeric) and not isinstance(type_, sa.Float):
        bounded = type_.precision is not None and type_.scale is not None
        return f"decimal({type_.precision},{type_.scale})" if bounded else "decimal"
    if isinstance(type_, sa.DateTime):
        return "timestamptz" if type_.timezone else "timestamp"
    if isinstance(type_, sa.Time) and (type_.timezone or dialect in ("mysql", "mariadb")):
        return "other" if type_.timezone else "interval"
    if isinstance(type_, sa.Integer) and getattr(type_, "unsigned", False):
        return "decimal(20,0)" if isinstance(type_, sa.BigInteger) else "bigint"
    if type_.__visit_name__ == "INTERVAL":
        return "interval"
    return next((word for kind, word in _WORDS if isinstance(type_, kind)), "other")


_SQLITE_WORDS = (
    (sa.Boolean, "boolean"), (sa.Integer, "bigint"), (sa.Float, "double"), (sa.LargeBinary, "bytes"),
)  # fmt: skip
_WORDS: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
    (sa.Boolean, "boolean"), (sa.SmallInteger, "smallint"), (sa.BigInteger, "bigint"), (sa.Integer, "integer"),
    (sa.REAL, "real"), (sa.Float, "double"), (sa.Uuid, "uuid"), (sa.JSON, "json"), (sa.ARRAY, "array"),
    (sa.types._Binary, "bytes"), (sa.Interval, "interval"), (sa.Date, "date"), (sa.Time, "time"), (sa.String, "text"),
)  # fmt: skip
_NATURAL = {
    "boolean": (pa.bool_(), bool), "smallint": (pa.int16(), int), "integer": (pa.int32(), int),
    "bigint": (pa.int64(), int), "real": (pa.float32(), float), "double": (pa.float64(), float),
}  # fmt: skip
_DRIVER_KEEPS = frozenset(("boolean", "smallint", "integer", "bigint", "real", "double", "text", "bytes"))


@asynccontextmanager
async def opened(config: SqlalchemyConfig, context: ConnectorContext) -> AsyncIterator[Database]:
    """Connect, and close for sure."""
    secret = config.password.get_secret_value()
    url = _allowed(make_url(config.url), context)
    if url.host:
        await _probe(url, context.timeout_seconds)
    database = Database(url.set(password=secret) if secret else url, secret, context.timeout_seconds)
    try:
        await database.open()
        yield database
    finally:
        database.close()


def _allowed(url: URL, context: ConnectorContext) -> URL:
    """Keep a URL from the machine's own files: SQLite's must be below the file roots, others need a host."""
    if url.get_backend_name() == "sqlite":
        path, _ = resolve(url.database or "", context.file_roots)
        return URL.create(url.drivername, database=path.resolve().as_uri(), query={"mode": "ro", "uri": "true"})
    if not url.host:
        raise _error("HOST_MISSING", "The URL names no host", "Name it; files are read by connectors of their own.")
    return url


async def _probe(url: URL, seconds: float) -> None:
    """Tell a wrong host and port apart from a refused login, which drivers do in many ways."""
    if url.port is None:
        return
    try:
        async with within(seconds):
            _, writer = await asyncio.open_connection(url.host, url.port)
    except socket.gaierror as error:
        raise _error("HOST_NOT_FOUND", f"The host {url.host!r} has no address", "Check the name.") from error
    except OSError as error:
        raise _error(
            "CONNECTION_REFUSED",
            f"Nothing answers at {url.host}:{url.port}",
            "Check host and port, and that the server runs.",
            ErrorType.TRANSIENT,
        ) from error
    writer.close()


def _connect_args(url: URL, seconds: float) -> dict[str, Any]:
    name = _TIMEOUT_ARGUMENTS.get(url.get_driver_name())
    return {name: max(2, int(seconds))} if name else {}


def _after(columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    alternatives = []
    for index, column in enumerate(columns):
        equal = [one == value for one, value in zip(columns[:index], values[:index], strict=True)]
        alternatives.append(sa.and_(*equal, column > values[index]))
    return sa.or_(*alternatives)


def _position(batch: pa.RecordBatch, key: Sequence[Column]) -> JsonObject | None:
    if not key:
        return None
    return {"key": [text_of(batch.column(column.name)[batch.num_rows - 1].as_py()) for column in key]}


def _batch(rows: Sequence[Any], columns: Sequence[Column], dialect: str) -> pa.RecordBatch:
    values = zip(*rows, strict=True)
    arrays = [_array(of, column, dialect) for of, column in zip(values, columns, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])


def _array(values: Sequence[Any], column: Column, dialect: str) -> pa.Array:
    if column.type == "bytes" and all(value is None or isinstance(value, _BYTES) for value in values):
        return pa.array([None if value is None else bytes(value) for value in values], pa.binary())
    natural = _NATURAL.get(column.type) if dialect != "sqlite" else None
    if natural is not None and all(value is None or type(value) is natural[1] for value in values):
        return pa.array(values, natural[0])
    return pa.array([None if value is None else _text(value, column.type) for value in values], pa.string())


_BYTES = (bytes, bytearray, memoryview)


def _text(value: Any, word: str) -> str:
    if word == "boolean" and type(value) is int and value in (0, 1):
        return "true" if value else "false"
    if hasattr(value, "total_seconds"):
        return interval_text(value)
    if isinstance(value, dict | list | tuple | set):
        return str(spell(value, "json"))
    return text_of(value)


def _known(original: BaseException | None) -> tuple[ErrorType, str, str]:
    """Find what a driver's error code says: an SQLSTATE, SQLite's name, or MySQL's number."""
    state = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None) or ""
    name = str(getattr(original, "sqlite_errorname", ""))
    number = original.args[0] if original is not None and original.args and type(original.args[0]) is int else None
    for code in (state, state[:2], name.removeprefix("SQLITE_").partition("_")[0], number):
        if code in _CODES:
            return _CODES[code]
    if state or name or number:
        return ErrorType.CONFIG, "STATEMENT_REFUSED", "Look at the server's log."
    return ErrorType.CONFIG, "CONNECTION_FAILED", "Check user, password and database; look at the server's log."


_LOGIN = (ErrorType.CONFIG, "AUTHENTICATION_FAILED", "Check user and password.")
_DATABASE = (ErrorType.CONFIG, "DATABASE_NOT_FOUND", "Check the name of the database.")
_TABLE = (ErrorType.CONFIG, "TABLE_NOT_FOUND", "Discover the source again and choose an existing table.")
_RIGHT = (ErrorType.CONFIG, "PERMISSION_DENIED", "Let the account read the table.")
_BUSY = (ErrorType.TRANSIENT, "LOCKED", "Another program holds a lock; try again later.")
_GONE = (ErrorType.TRANSIENT, "CONNECTION_LOST", "Try again; look at the server's log.")
_STOPPED = (ErrorType.CANCELLED, "CANCELLED", "The run was stopped.")
_VALUE = (
    ErrorType.CONFIG,
    "VALUE_UNREADABLE",
    "Use the connector of this database's own kind, or leave out the column.",
)
_FILE = (ErrorType.CONFIG, "FILE_MALFORMED", "Name a database file.")
_CODES: dict[Any, tuple[ErrorType, str, str]] = {
    "28": _LOGIN, "3D": _DATABASE, "42501": _RIGHT, "42P01": _TABLE, "57014": _STOPPED, "22": _VALUE, "08": _GONE,
    "57": _GONE, "40": _BUSY, "55": _BUSY, "BUSY": _BUSY, "LOCKED": _BUSY, "NOTADB": _FILE, "CORRUPT": _FILE,
    "INTERRUPT": _STOPPED, "CANTOPEN": _FILE, 1044: _RIGHT, 1045: _LOGIN, 1049: _DATABASE, 1142: _RIGHT, 1146: _TABLE,
    1205: _BUSY, 1213: _BUSY, 1317: _STOPPED, 1698: _LOGIN, 2003: _GONE, 2006: _GONE, 2013: _GONE,
}  # fmt: skip


def _error(code: str, message: str, advice: str, type_: ErrorType = ErrorType.CONFIG) -> SyncError:
    return SyncError(origin=Origin.SOURCE, type=type_, code=code, message=message, advice=advice)
