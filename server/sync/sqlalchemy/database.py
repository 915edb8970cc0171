"""One connection of any SQLAlchemy dialect in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import NullPool

from server.sync.blocking import DriverThread
from server.sync.connectors.base import ConnectorContext, within
from server.sync.dlt_sources.rows import BYTES_PER_BATCH, ROWS_PER_BATCH, weight
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column
from server.sync.reaching import first_answer, resolved
from server.sync.readers.safe_open import resolve
from server.sync.sqlalchemy.config import SqlalchemyConfig
from server.sync.sqlalchemy.errors import refusal, to_sync_error
from server.sync.sqlalchemy.values import batch_of

MARK = "\0"  # a parameter's place: drivers write it in different ways, and no SQL holds this character
LOCK_SECONDS = 30
STOP_SECONDS = 5
_BUFFERED_ROWS = 250  # rows of a megabyte must fit too
_SNAPSHOTS = frozenset(("postgresql", "mysql", "mariadb"))
_FILES = frozenset(("sqlite", "duckdb"))
# What stands for the host in the URLs of some dialects is none.
_HOSTS = {"snowflake": "{}.snowflakecomputing.com", "bigquery": "bigquery.googleapis.com"}
_POSTGRES_SETTINGS = (
    "datestyle = 'ISO, YMD'", "intervalstyle = 'postgres'", "timezone = 'UTC'", f"lock_timeout = '{LOCK_SECONDS}s'",
)  # fmt: skip
_TIMEOUT_ARGUMENTS = {
    "psycopg": "connect_timeout", "psycopg2": "connect_timeout", "pymysql": "connect_timeout",
    "mysqldb": "connect_timeout", "mysqlconnector": "connection_timeout", "mariadbconnector": "connect_timeout",
    "pymssql": "login_timeout", "pyodbc": "timeout", "oracledb": "tcp_connect_timeout",
}  # fmt: skip
T = TypeVar("T")


class Database:
    """A connection: of a source within one transaction, of a destination in one for each call where none is open."""

    def __init__(self, url: URL, secret: str, seconds: float, origin: Origin, addresses: Sequence[str]) -> None:
        self.url = url
        self.origin = origin
        self.version = ""
        self._secret = secret
        self._seconds = seconds
        self._addresses = addresses
        self._connection: sa.Connection | None = None
        self._driver: Any = None
        self._stopper: threading.Thread | None = None
        self._in_transaction = False
        self._thread = DriverThread("sqlalchemy", self._translate, self._interrupt)

    async def open(self) -> None:
        """Connect; raises SyncError DRIVER_MISSING, DRIVER_UNSUPPORTED, and what the driver says."""
        await self._thread.run(self._connect)

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a function of the connection in the thread."""
        return await self._thread.run(lambda: self._call(work))

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement whose parameters stand at MARKs; gives the number of rows that it touched."""
        return await self.run(lambda c: max(0, c.exec_driver_sql(self._written(sql), params).rowcount))

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query whose result is small."""
        return await self.run(lambda c: [tuple(row) for row in c.exec_driver_sql(self._written(sql), params)])

    async def execute_many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Run a statement for every row."""
        await self.run(lambda c: c.exec_driver_sql(self._written(sql), rows))

    def batches(self, query: sa.Select[Any] | str, columns: Sequence[Column]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query's rows."""
        return self._thread.iterate(lambda: self._read(query, columns))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """One transaction; rolled back on any error."""
        await self._thread.run(lambda: self._begin(self._open))
        try:
            yield
        except BaseException:
            with suppress(SyncError):  # a lost connection has rolled back already, and the first error is the news
                await self._thread.run(lambda: self._end(self._open.rollback))
            raise
        await self._thread.run(lambda: self._end(self._open.commit))

    def close(self) -> None:
        """Close the connection when the call in flight has ended."""
        self._thread.close(lambda: self._connection.close() if self._connection is not None else None)

    @property
    def dialect(self) -> sa.Dialect:
        """The dialect."""
        return self._open.dialect

    # -- in the thread -------------------------------------------------------------------------------------------

    @property
    def _open(self) -> sa.Connection:
        if self._stopper is not None:
            self._stopper.join()  # it must not hit the next statement
            self._stopper = None
        assert self._connection is not None
        return self._connection

    def _connect(self) -> None:
        try:
            engine = sa.create_engine(
                self.url, poolclass=NullPool, hide_parameters=True, connect_args=self._connect_args()
            )
        except (NoSuchModuleError, ImportError) as error:
            raise refusal(
                "DRIVER_MISSING",
                f"The dialect or driver {self.url.drivername!r} is not installed",
                "Let the operator install it, or name another driver in the URL.",
                origin=self.origin,
            ) from error
        if engine.dialect.is_async:
            raise refusal(
                "DRIVER_UNSUPPORTED",
                f"{self.url.drivername!r} is an asynchronous driver",
                "Name a blocking driver.",
                origin=self.origin,
            )
        name = engine.dialect.name
        connection = self._connection = engine.connect()
        if self.origin is Origin.SOURCE and name in _SNAPSHOTS:
            connection.execution_options(isolation_level="REPEATABLE READ")
        self._driver = connection.connection.driver_connection
        if name == "postgresql":
            for setting in _POSTGRES_SETTINGS:
                connection.exec_driver_sql(f"SET {setting}")
            connection.commit()
        self.version = f"{name} {'.'.join(map(str, engine.dialect.server_version_info or ())) or 'unknown'}"
        if self.origin is Origin.SOURCE:
            self._begin(connection)

    def _connect_args(self) -> dict[str, Any]:
        kind = self.url.get_backend_name()
        if kind == "sqlite":
            return {"timeout": LOCK_SECONDS}
        if kind == "duckdb":
            # Its SQL could name other files.
            return {"read_only": self.origin is Origin.SOURCE, "config": {"enable_external_access": "false"}}
        driver = self.url.get_driver_name()
        arguments: dict[str, Any] = {}
        if name := _TIMEOUT_ARGUMENTS.get(driver):
            arguments[name] = max(2, int(self._seconds))
        if driver in ("psycopg", "psycopg2"):
            # Of the drivers this one takes the addresses beside the name; the others resolve it again.
            arguments["host"] = ",".join([str(self.url.host)] * len(self._addresses))
            arguments["hostaddr"] = ",".join(self._addresses)
        if driver == "pymysql":
            arguments["password"] = self._secret.encode()  # it would send a text as Latin-1
        return arguments

    def _begin(self, connection: sa.Connection) -> None:
        connection.begin()
        self._in_transaction = True
        if connection.dialect.name == "sqlite":
            # Its driver begins no transaction for a query alone, nor before a table is made.
            connection.exec_driver_sql("BEGIN" if self.origin is Origin.SOURCE else "BEGIN IMMEDIATE")

    def _end(self, how: Callable[[], None]) -> None:
        self._in_transaction = False
        how()

    def _call(self, work: Callable[[sa.Connection], T]) -> T:
        connection = self._open
        if self._in_transaction:
            return work(connection)
        with connection.begin():
            return work(connection)

    def _written(self, sql: str) -> str:
        """Write the marks as the driver does."""
        style = self.dialect.paramstyle
        if style in ("format", "pyformat"):
            return sql.replace("%", "%%").replace(MARK, "%s")
        if style == "qmark":
            return sql.replace(MARK, "?")
        sign = "$" if style == "numeric_dollar" else ":"
        first, *rest = sql.split(MARK)
        return first + "".join(f"{sign}{number}{part}" for number, part in enumerate(rest, 1))

    def _read(self, query: sa.Select[Any] | str, columns: Sequence[Column]) -> Generator[pa.RecordBatch, None, None]:
        connection = self._open
        alone = not self._in_transaction
        options = {"stream_results": True, "max_row_buffer": _BUFFERED_ROWS}
        try:
            if isinstance(query, str):
                result: sa.CursorResult[Any] = connection.exec_driver_sql(
                    self._written(query), execution_options=options
                )
            else:
                result = connection.execute(query, execution_options=options)
            with result:
                yield from self._batches(result, columns)
        finally:
            if alone:
                connection.rollback()  # nothing was written

    def _batches(
        self, result: sa.CursorResult[Any], columns: Sequence[Column]
    ) -> Generator[pa.RecordBatch, None, None]:
        rows: list[Any] = []
        size = 0
        for row in result:
            rows.append(row)
            size += sum(map(weight, row))
            if len(rows) >= ROWS_PER_BATCH or size > BYTES_PER_BATCH:
                yield batch_of(rows, columns, self.dialect.name)
                rows, size = [], 0
        if rows:
            yield batch_of(rows, columns, self.dialect.name)

    # -- the end -------------------------------------------------------------------------------------------------

    def _interrupt(self) -> None:
        # Drivers may ask the server over a connection of its own: not in the event loop.
        self._stopper = threading.Thread(target=self._stop, name="sqlalchemy-stop", daemon=True)
        self._stopper.start()

    def _stop(self) -> None:
        for name in ("cancel_safe", "cancel", "interrupt"):
            if callable(stop := getattr(self._driver, name, None)):
                stop(timeout=STOP_SECONDS) if name == "cancel_safe" else stop()
                return
        # A driver without a way to stop it stops when its connection does.
        if isinstance(wire := getattr(self._driver, "_sock", None), socket.socket):
            with suppress(OSError):  # it may have gone by itself meanwhile
                wire.shutdown(socket.SHUT_RDWR)

    def _translate(self, error: Exception) -> Exception:
        return to_sync_error(error, self.origin, self._secret)


@asynccontextmanager
async def opened(config: SqlalchemyConfig, context: ConnectorContext, origin: Origin) -> AsyncIterator[Database]:
    """Connect, and close for sure."""
    secret = config.password.get_secret_value()
    url = make_url(config.url)
    addresses: Sequence[str] = ()
    if url.get_backend_name() in _FILES:
        url = _below_the_roots(url, context, origin)
    elif not url.host:
        raise refusal(
            "HOST_MISSING",
            "The URL names no host",
            "Name it; files are read by connectors of their own.",
            origin=origin,
        )
    else:
        addresses = await _probe(url, context, origin)
        url = url.set(password=secret) if secret else url
    database = Database(url, secret, context.timeout_seconds, origin, addresses)
    try:
        await database.open()
        yield database
    finally:
        database.close()


def _below_the_roots(url: URL, context: ConnectorContext, origin: Origin) -> URL:
    """Keep a URL from the machine's other files; raises SyncError PATH_FORBIDDEN, FILE_NOT_FOUND."""
    try:
        path, _ = resolve(url.database or "", context.file_roots, must_exist=origin is Origin.SOURCE)
    except SyncError as error:
        raise refusal(error.code, error.message, error.advice, error.type, origin=origin) from error
    if url.get_backend_name() != "sqlite":
        return URL.create(url.drivername, database=str(path))
    mode = "ro" if origin is Origin.SOURCE else "rwc"
    return URL.create(url.drivername, database=path.as_uri(), query={"mode": mode, "uri": "true"})


async def _probe(url: URL, context: ConnectorContext, origin: Origin) -> Sequence[str]:
    """Ask the network policy, and tell a wrong port apart from a refused login, which drivers do in many ways.

    Gives the host's addresses.
    """
    seconds = context.timeout_seconds
    host = _HOSTS.get(url.get_backend_name(), "{}").format(url.host)
    addresses = await resolved(context.network, host, url.port or 0, origin, seconds)
    if url.port is None:
        return addresses
    try:
        async with within(seconds, origin):
            await asyncio.to_thread(_knock, addresses, url.port, seconds)
    except OSError as error:
        raise refusal(
            "CONNECTION_REFUSED",
            f"Nothing answers at {url.host}:{url.port}",
            "Check host and port, and that the server runs.",
            ErrorType.TRANSIENT,
            origin=origin,
        ) from error
    return addresses


def _knock(addresses: Sequence[str], port: int, seconds: float) -> None:
    first_answer(addresses, port, seconds).close()
