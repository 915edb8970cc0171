"""One connection to MySQL or MariaDB in a thread of its own, and the errors of the server in the engine's words.

PyMySQL logs in and runs statements; rows are taken from its socket by ``packets``, several times faster and without a
Python object for each value. asyncmy decodes fast too, but takes rows in without a bound when nobody reads them.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import struct
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
import pymysql
from pymysql.constants import CLIENT, COMMAND

from server.network.check import NetworkPolicyCheck, plain
from server.sync.blocking import DriverThread
from server.sync.connectors.base import within
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.mysql.config import MysqlConfig, SslMode
from server.sync.mysql.packets import Result, ServerRefusedError, StreamBrokenError
from server.sync.reaching import connected
from server.sync.redaction import redacted

WAIT_SECONDS = 86_400  # for one answer of the server while rows are copied or an index is built
LOCK_SECONDS = 30
KILL_SECONDS = 2
PACKET_BYTES = 1 << 20

_LOG = logging.getLogger(__name__)
_MODE = (
    "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES,"
    "NO_AUTO_VALUE_ON_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE"
)
_SETTINGS = (
    f"sql_mode = '{_MODE}'",
    "time_zone = '+00:00'",
    "character_set_results = utf8mb4",
    f"lock_wait_timeout = {LOCK_SECONDS}",
    f"innodb_lock_wait_timeout = {LOCK_SECONDS}",
    # The server gives up on a client that is slower than this; backpressure may last longer than its minute.
    "net_write_timeout = 3600",
    "net_read_timeout = 3600",
    "wait_timeout = 86400",
    "group_concat_max_len = 1048576",
    # Rows are told apart by whole keys, which may be longer than what is sorted by default.
    "max_sort_length = 4096",
)


@dataclass(frozen=True, slots=True)
class Server:
    """What the server is: its version as it tells it, and what depends on it."""

    version: str
    is_mariadb: bool
    folds_tables: bool  # whether table names are kept or compared without case
    max_packet: int
    loads_files: bool
    text_collation: str

    @property
    def title(self) -> str:
        """The product with its version."""
        return f"{'MariaDB' if self.is_mariadb else 'MySQL'} {self.version.partition('-')[0]}"


class Session:
    """A connection whose statements run one after the other. Errors become SyncError of its origin."""

    def __init__(self, config: MysqlConfig, origin: Origin, timeout: float, network: NetworkPolicyCheck) -> None:
        self.config = config
        self.origin = origin
        self.timeout = timeout
        self._network = network
        self.server = Server("", False, False, 0, False, "")
        self._connection: Any = None  # PyMySQL has no public way to send lines and to read packets
        self._killer: threading.Thread | None = None
        self._thread = DriverThread("mysql", self._translate, self._interrupt)

    # -- statements ----------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Connect, set the session up alike everywhere, and ask what the server is."""
        async with within(self.timeout, self.origin):
            await self._thread.run(self._connect)
            self.server = await self._thread.run(self._set_up)

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement; gives the number of rows that it changed.

        Raises SyncError VALUE_REFUSED where the server would have stored another value than it was given.
        """
        return await self._thread.run(lambda: self._execute(sql, params))

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query whose result is small."""
        return await self._thread.run(lambda: self._fetch(sql, params))

    def select(self, sql: str, binary: Sequence[bool]) -> AsyncGenerator[list[pa.Array], None]:
        """Stream a query's rows: texts, or bytes where ``binary`` says so."""
        return self._thread.iterate(lambda: self._rows(sql, binary))

    async def insert(self, head: str, values: pa.Buffer) -> int:
        """Run an INSERT with tuples that each end with a comma."""
        return await self._thread.run(lambda: self._insert(head, values))

    async def start_load(self, sql: str) -> bool:
        """Start a LOAD DATA LOCAL, which ``load`` ends; False where the server does not take any."""
        return await self._thread.run(lambda: self._start_load(sql))

    async def load(self, lines: AsyncGenerator[pa.Buffer, None]) -> int:
        """Give the LOAD DATA LOCAL that was started its lines; gives the number of rows loaded."""
        try:
            async with aclosing(lines):
                async for part in lines:
                    await self._thread.run(partial(self._send, part))
        except BaseException:
            await asyncio.shield(self._thread.run(self._abort_load))
            raise
        return await self._thread.run(self._end_load)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """One transaction; rolled back on any error."""
        await self.execute("START TRANSACTION")
        try:
            yield
        except BaseException:
            with suppress(SyncError):  # a lost connection has rolled back already, and the first error is the news
                await self.execute("ROLLBACK")
            raise
        await self.execute("COMMIT")

    def close(self) -> None:
        """Close the connection when the call in flight has ended."""
        self._thread.close(self._disconnect)

    # -- in the thread -------------------------------------------------------------------------------------------

    @property
    def _ready(self) -> Any:
        """The connection, once no KILL QUERY is on its way that could hit the next statement."""
        if self._killer is not None:
            self._killer.join()
            self._killer = None
        if self._connection is None or not self._connection.open:
            raise pymysql.err.InterfaceError(0, "the connection is closed")
        return self._connection

    def _connect(self) -> None:
        # Only who sends rows says that it can send files; the driver itself is never allowed to open one.
        flags = CLIENT.LOCAL_FILES if self.origin is Origin.DESTINATION else 0
        # A little longer than the bound of the caller, whose error tells better what happened.
        self._connection = self._connected(self.timeout + 2, flags=flags)
        self._connection._read_timeout = self._connection._write_timeout = WAIT_SECONDS

    def _set_up(self) -> Server:
        self._fetch(f"SET {', '.join(f'SESSION {setting}' for setting in _SETTINGS)}", ())
        rows = self._fetch(
            "SELECT version(), @@version_comment, @@lower_case_table_names, @@max_allowed_packet, @@local_infile", ()
        )
        version, comment, folding, packet, loads = rows[0]
        known = {
            row[0]
            for row in self._fetch(
                "SELECT collation_name FROM information_schema.collations WHERE collation_name IN"
                " ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')", ()
            )
        }  # fmt: skip
        # Only these two keep blanks at the end of a text apart.
        collation = next((name for name in ("utf8mb4_nopad_bin", "utf8mb4_0900_bin") if name in known), "utf8mb4_bin")
        is_mariadb = "mariadb" in f"{version} {comment}".lower()
        return Server(version, is_mariadb, bool(int(folding)), int(packet), bool(int(loads)), collation)

    def _execute(self, sql: str, params: Sequence[object]) -> int:
        with self._ready.cursor() as cursor:
            cursor.execute(sql, params or None)
            changed = max(0, int(cursor.rowcount))
            self._refuse_narrowed(cursor.warning_count)
            return changed

    def _fetch(self, sql: str, params: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._ready.cursor() as cursor:
            cursor.execute(sql, params or None)
            return list(cursor.fetchall())

    def _refuse_narrowed(self, warnings: int) -> None:
        if not warnings:
            return
        for level, code, message in self._ready.show_warnings():
            # A rounded or shortened value is stored with a note only; LOAD DATA LOCAL turns every error into a warning.
            if level != "Note" or int(code) == _TRUNCATED:
                raise pymysql.err.DataError(int(code), message)

    def _rows(self, sql: str, binary: Sequence[bool]) -> Generator[list[pa.Array], None, None]:
        connection = self._ready
        connection.query(sql, unbuffered=True)
        described = connection._result
        rows = Result(connection._rfile, binary)
        try:
            yield from rows.batches()
        except ServerRefusedError as refusal:
            raise _server_error(refusal.payload) from refusal
        except (StreamBrokenError, OSError):
            connection._force_close()
            raise
        finally:
            if not rows.ended and connection.open:
                # Nobody wants the rest: the server stops sending, and the snapshot stays for other reads.
                self._kill_query(connection)
                rows.skip()
            described.unbuffered_active = False
            described.connection = connection._result = None

    def _insert(self, head: str, values: pa.Buffer) -> int:
        connection = self._ready
        changed = connection.query(head.encode() + memoryview(values)[:-1])
        self._refuse_narrowed(connection._result.warning_count)
        return int(changed)

    def _start_load(self, sql: str) -> bool:
        connection = self._ready
        try:
            connection._execute_command(COMMAND.COM_QUERY, sql)  # the driver would open a file
            packet = connection._read_packet()
        except pymysql.MySQLError as error:
            if error.args[0] in _LOADS_NO_FILES:
                return False
            raise
        if not packet.is_load_local_packet():
            raise RuntimeError("no request for the rows")
        return True

    def _send(self, lines: pa.Buffer) -> None:
        view = memoryview(lines)
        for start in range(0, len(view), PACKET_BYTES):
            self._ready.write_packet(bytes(view[start : start + PACKET_BYTES]))

    def _end_load(self) -> int:
        connection = self._ready
        connection.write_packet(b"")
        ended = connection._read_ok_packet()
        self._refuse_narrowed(ended.warning_count)
        return int(ended.affected_rows)

    def _abort_load(self) -> None:
        with suppress(pymysql.Error):  # what is being aborted has its own error already
            self._ready.write_packet(b"")
            self._ready._read_ok_packet()

    # -- the end -------------------------------------------------------------------------------------------------

    def _interrupt(self) -> None:
        connection = self._connection
        if connection is not None:
            self._killer = threading.Thread(target=self._kill_query, args=(connection,), name="mysql-kill", daemon=True)
            self._killer.start()

    def _kill_query(self, connection: Any) -> None:
        """End the statement in flight: at the server, or, where that can't be reached, by cutting the connection."""
        try:
            with self._connected(KILL_SECONDS) as other, other.cursor() as cursor:
                cursor.execute(f"KILL QUERY {connection.thread_id()}")
        except (pymysql.Error, OSError, SyncError) as error:
            _LOG.warning(
                "a statement could not be ended by KILL QUERY (%s): the connection is cut", type(error).__name__
            )
            _cut(connection)

    def _connected(self, timeout: float, *, flags: int = 0) -> Any:
        """Connect to an address that was judged, and log in; TLS still asks for the host by its name."""
        made = _prepared(self.config, timeout, flags)
        wire = connected(self._network, self.config.host, self.config.port, self.origin, timeout)
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.connect(wire)
        return made

    def _disconnect(self) -> None:
        if self._connection is not None and self._connection.open:
            self._connection.close()

    def _translate(self, error: Exception) -> Exception:
        return to_sync_error(error, self.config, self.origin)


@asynccontextmanager
async def opened(
    config: MysqlConfig, origin: Origin, timeout: float, network: NetworkPolicyCheck
) -> AsyncIterator[Session]:
    """Open a session and close it for sure."""
    session = Session(config, origin, timeout, network)
    try:
        await session.open()
        yield session
    finally:
        session.close()


def _prepared(config: MysqlConfig, timeout: float, flags: int) -> Any:
    tls: dict[str, Any] = {"ssl_disabled": True}
    if config.sslmode is SslMode.PREFER:
        tls = {}  # the driver's own way: encrypted where the server can
    elif config.sslmode is not SslMode.DISABLE:
        tls = {"ssl": _tls(config)}
    return pymysql.connect(
        host=plain(config.host),
        port=config.port,
        user=config.user,
        password=config.password.get_secret_value().encode(),
        database=config.database,
        charset="utf8mb4",
        autocommit=True,
        connect_timeout=max(1, int(timeout)),
        read_timeout=timeout,
        write_timeout=timeout,
        client_flag=flags,
        program_name="thedata.io",
        defer_connect=True,
        auth_plugin_map={"mysql_clear_password": _ClearText, "dialog": _ClearText},
        **tls,
    )


def _tls(config: MysqlConfig) -> ssl.SSLContext:
    if config.sslmode is SslMode.VERIFY_FULL:
        return ssl.create_default_context(cadata=config.ca_certificate or None)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # "require" means encrypted and no more, as with PostgreSQL; verify-full is there for more.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class _ClearText:
    """Sends the password as it is, as some servers ask for, but never over a line that anybody can read."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def authenticate(self, _packet: object) -> Any:
        """Answer the server's request."""
        if not self._connection._secure:
            raise pymysql.err.OperationalError(_TLS_NEEDED, "The server asks for the password in clear text")
        self._connection.write_packet(self._connection.password + b"\0")
        return self._connection._read_packet()


def _cut(connection: Any) -> None:
    with suppress(OSError):  # it may have gone by itself meanwhile
        connection._sock.shutdown(socket.SHUT_RDWR)


def _server_error(payload: bytes) -> pymysql.err.MySQLError:
    code = struct.unpack_from("<H", payload, 1)[0]
    # A mark and five characters of SQLSTATE stand between code and message.
    said = payload[9:] if payload[3:4] == b"#" else payload[3:]
    return pymysql.err.OperationalError(code, said.decode("utf-8", "replace"))


# -- errors ------------------------------------------------------------------------------------------------------

_TRUNCATED = 1265
TOO_LONG = 1406
_LOADS_NO_FILES = (1148, 3948, 4166)
_TLS_NEEDED = 2026
DUPLICATE = 1062
_Kind = tuple[ErrorType, str, str]
_CODES: dict[tuple[int, ...], _Kind] = {
    (1045, 1698, 1862, 3118, 4151, 2049, 2059, 2061): (
        ErrorType.CONFIG, "AUTHENTICATION_FAILED", "Check user, password and from where the account may connect."),
    (1130, 1129): (ErrorType.CONFIG, "AUTHENTICATION_FAILED", "Let the server accept connections from this host."),
    (1049,): (ErrorType.CONFIG, "DATABASE_NOT_FOUND", "Check the name of the database."),
    (1044, 1142, 1143, 1227, 1370): (
        ErrorType.CONFIG, "PERMISSION_DENIED", "Grant the account what it needs on this object."),
    (1146, 1051, 1109): (
        ErrorType.CONFIG, "TABLE_NOT_FOUND", "Discover the source again and choose an existing table."),
    (1054,): (ErrorType.CONFIG, "COLUMN_NOT_FOUND", "Discover the source again and choose existing columns."),
    (1290, 1836, 1792): (ErrorType.CONFIG, "READ_ONLY", "Name the primary server, not a replica."),
    (1048, 1062, 1364, 1451, 1452, 1586, 4025, 3819): (
        ErrorType.CONFIG, "CONSTRAINT_VIOLATED", "The rows break a key or a NOT NULL of the destination's table."),
    (1264, 1265, 1292, 1366, 1367, 1406, 1411, 1416, 1690, 3140, 3141, 1300): (
        ErrorType.CONFIG, "VALUE_REFUSED", "Correct the value at its source, or give its column another type."),
    (1118, 1117, 1071, 1074, 1059, 1153, 1301, 2020): (
        ErrorType.CONFIG, "LIMIT_EXCEEDED", "The stream is wider or larger than the server allows."),
    (1205,): (ErrorType.TRANSIENT, "LOCKED", "Another session holds the table; try again when it has ended."),
    (1213, 1020, 1180): (ErrorType.TRANSIENT, "TRANSACTION_ABORTED", "Run it again."),
    (1040, 1203, 1226, 1041, 1037, 1038): (
        ErrorType.TRANSIENT, "SERVER_BUSY", "The server is short of connections or memory; try later."),
    (1021, 1114, 3019): (ErrorType.SYSTEM, "DISK_FULL", "Make room on the server's disk."),
    (1053, 1079, 1080, 1927): (
        ErrorType.TRANSIENT, "SERVER_STOPPING", "The server is starting, stopping or ended the session; try again."),
    (1969, 3024): (ErrorType.TRANSIENT, "TIMEOUT", "The server cancelled a statement that took too long."),
    (1317,): (ErrorType.CANCELLED, "CANCELLED", "The run was stopped."),
    (2006, 2013, 2014, 2027, 1158, 1159, 1160, 1161, 4031): (
        ErrorType.TRANSIENT, "CONNECTION_LOST", "Try again; look at the network and the server's log."),
    (2026, 1043, 3159): (ErrorType.CONFIG, "TLS_FAILED", "Check sslmode and the certificates."),
    (1064, 1235, 1148, 3948, 4166): (
        ErrorType.CONFIG, "STATEMENT_REFUSED", "The server does not support what the stream needs."),
}  # fmt: skip
_BY_CODE = {code: kind for codes, kind in _CODES.items() for code in codes}


def to_sync_error(error: Exception, config: MysqlConfig, origin: Origin) -> Exception:
    """Map an error by its number or class, never by its words; other errors come back as they are."""
    place = f"{config.host} port {config.port}"
    # The driver wraps what the operating system says about a connection that can't be made.
    cause = getattr(error, "original_exception", error)
    if isinstance(cause, StreamBrokenError | OSError):
        type_, code, message, advice = _by_class(cause, config, place)
    elif isinstance(error, pa.ArrowInvalid):
        type_, code = ErrorType.CONFIG, "VALUE_REFUSED"
        message, advice = "The server sent a text that is no UTF-8", "Correct the value at its source."
    elif isinstance(error, pymysql.err.InterfaceError):
        type_, code, message, advice = _by_class(ConnectionResetError(), config, place)
    elif isinstance(error, pymysql.MySQLError):
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        said = str(error.args[1]) if len(error.args) > 1 else str(error)
        type_, code, advice = _BY_CODE.get(number, (ErrorType.SYSTEM, "SERVER_FAILURE", "Look at the server's log."))
        message = f"MySQL refused: {redacted(said, [config.password.get_secret_value()])}"
    elif isinstance(error, RuntimeError | struct.error | UnicodeDecodeError | IndexError):
        # What the driver raises when the other side does not speak the protocol.
        type_, code = ErrorType.CONFIG, "NOT_MYSQL"
        message, advice = f"{place} does not speak MySQL's protocol as expected", "Check host and port."
    else:
        return error
    position = f"{place} database {config.database}"
    return SyncError(origin=origin, type=type_, code=code, message=message, advice=advice, position=position)


def _by_class(error: Exception, config: MysqlConfig, place: str) -> tuple[ErrorType, str, str, str]:
    if isinstance(error, TimeoutError):
        return ErrorType.TRANSIENT, "TIMEOUT", f"{place} did not answer in time", "Check host, port and firewall."
    if isinstance(error, socket.gaierror):
        return ErrorType.CONFIG, "HOST_NOT_FOUND", f"The host {config.host} is unknown", "Check the host's name."
    if isinstance(error, ssl.SSLError):
        return ErrorType.CONFIG, "TLS_FAILED", f"TLS with {place} failed", "Check sslmode and the certificates."
    if isinstance(error, ConnectionRefusedError):
        return (
            ErrorType.TRANSIENT,
            "CONNECTION_REFUSED",
            f"Nothing listens on {place}",
            "Check host and port, and that the server runs and accepts TCP connections.",
        )
    return ErrorType.TRANSIENT, "CONNECTION_LOST", f"The connection to {place} broke", "Try again."
