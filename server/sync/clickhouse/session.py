"""A client of one ClickHouse database: statements, Arrow in and out, and errors by ClickHouse's own codes."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import pyarrow as pa
from pydantic import Field, SecretStr, field_validator

from server.network.check import NetworkPolicyCheck, plain
from server.network.errors import HostNotAllowed
from server.sync.connectors.base import ConnectorConfig, within
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.reaching import refused, resolved
from server.sync.redaction import redacted

if TYPE_CHECKING:
    from clickhouse_connect.driver.asyncclient import AsyncClient

COPY_SECONDS = 6 * 3600  # in which a statement that copies or rebuilds must say something
KILL_SECONDS = 1.0
BATCH_BYTES = 8 << 20
END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"

# What a write must mean, whatever the server's profile says.
WRITING = {
    "input_format_null_as_default": "0",  # a NULL is never an empty text or a zero
    "insert_null_as_default": "0",
    "input_format_arrow_case_insensitive_column_matching": "0",
    "date_time_overflow_behavior": "throw",
    "async_insert": "0",
    "insert_deduplicate": "0",  # equal blocks of rows are rows too
    "mutations_sync": "2",
    "alter_sync": "2",
    "lightweight_deletes_sync": "2",
    "join_use_nulls": "0",
    "transform_null_in": "0",
    "max_table_size_to_drop": "0",
    "max_partition_size_to_drop": "0",
}
READING = {
    "output_format_arrow_string_as_string": "1",
    "output_format_arrow_low_cardinality_as_dictionary": "0",
    "output_format_json_quote_denormals": "1",
    "output_format_json_quote_64bit_integers": "0",
    "date_time_output_format": "simple",
    "bool_true_representation": "true",
    "bool_false_representation": "false",
}


class ClickhouseConfig(ConnectorConfig):
    """A database of a ClickHouse server, reached over HTTP."""

    host: Annotated[str, Field(min_length=1, max_length=253, description="The server's host name or address.")]
    port: Annotated[int, Field(ge=1, le=65535, description="The port of the HTTP interface.")] = 8443
    database: Annotated[str, Field(min_length=1, max_length=128, description="The database.")] = "default"
    user: Annotated[str, Field(min_length=1, max_length=128, description="The user.")] = "default"
    password: Annotated[SecretStr, Field(description="The user's password.")] = SecretStr("")
    secure: Annotated[bool, Field(description="Whether to connect by TLS.")] = True
    verify: Annotated[bool, Field(description="Whether to check the server's certificate.")] = True
    final: Annotated[
        bool,
        Field(description="Whether a source reads replacing and collapsing tables as they are after merging (FINAL)."),
    ] = True

    @field_validator("host")
    @classmethod
    def _plain_host(cls, value: str) -> str:
        if not value.isprintable() or any(sign in value for sign in " /?#@\\,"):
            raise ValueError("must be a host name or an address")
        return value

    @field_validator("database", "user")
    @classmethod
    def _printable(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must hold printable characters only")
        return value


@dataclass(slots=True)
class Session:
    """One client. Its calls may run at once; cancelling one kills its statement at the server."""

    config: ClickhouseConfig
    origin: Origin
    client: AsyncClient
    settings: Mapping[str, str]

    @property
    def version(self) -> str:
        """The server's version."""
        return str(self.client.server_version)

    async def execute(self, sql: str) -> None:
        """Run a statement to its end."""
        # Never by ``command``: it sends a GET, which is sent again when the connection breaks.
        await self._run(sql, "TabSeparated", {})

    async def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query with a small result; numbers, booleans and texts are JSON's."""
        answer = await self._run(sql, "JSONCompactEachRow", {})
        return [tuple(json.loads(line)) for line in answer.splitlines()]

    async def insert_rows(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert some rows (column by name) into a table (a quoted name), all or none."""
        content = "\n".join(json.dumps(row) for row in rows).encode()

        async def body() -> AsyncIterator[bytes]:
            yield content

        await self._insert(table, None, body(), "JSONEachRow")

    async def insert(
        self, table: str, schema: pa.Schema, rows: AsyncIterator[pa.RecordBatch], columns: Sequence[str]
    ) -> int:
        """Insert batches into a table (a quoted name), all or a part of them; gives their number."""
        written = 0

        async def body() -> AsyncIterator[bytes]:
            nonlocal written
            yield schema.serialize().to_pybytes()
            async for batch in rows:
                written += batch.num_rows
                if batch.num_rows:
                    yield batch.serialize().to_pybytes()
            yield END_OF_STREAM

        await self._insert(table, list(columns), body(), "ArrowStream")
        return written

    async def select(self, sql: str, settings: Mapping[str, str] | None = None) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query's rows in batches of at most about 8 MiB."""
        tag = secrets.token_hex(8)
        with translated(self.config, self.origin):
            try:
                given = {"max_block_size": "50000", "log_comment": tag, **(settings or {})}
                async with await self.client.query_arrow_stream(sql, settings=self._allowed(given)) as batches:
                    async for batch in batches:
                        for piece in pieces(batch):
                            yield piece
            except (asyncio.CancelledError, GeneratorExit):
                await asyncio.shield(self._kill(tag))
                raise

    async def _run(self, sql: str, format_: str, settings: Mapping[str, str]) -> bytes:
        tag = secrets.token_hex(8)
        with translated(self.config, self.origin):
            try:
                given = self._allowed({"log_comment": tag, **settings})
                return await self.client.raw_query(sql, fmt=format_ if reads(sql) else None, settings=given)
            except asyncio.CancelledError:
                await asyncio.shield(self._kill(tag))
                raise

    async def _insert(self, table: str, columns: list[str] | None, body: AsyncIterator[bytes], format_: str) -> None:
        tag = secrets.token_hex(8)
        with translated(self.config, self.origin):
            try:
                settings = {"log_comment": tag, "wait_end_of_query": "1"}
                # A body that is an iterator cannot be sent twice, so the driver never repeats it.
                await self.client.raw_insert(table, columns, body, settings=settings, fmt=format_)
            except asyncio.CancelledError:
                await asyncio.shield(self._kill(tag))
                raise

    async def _kill(self, tag: str) -> None:
        sql = f"KILL QUERY WHERE user = currentUser() AND Settings['log_comment'] = {text(tag)} ASYNC"
        from clickhouse_connect.driver.exceptions import Error

        try:
            async with asyncio.timeout(KILL_SECONDS):
                await self.client.raw_query(sql)
        except (Error, TimeoutError):
            # The connection is closed as well, upon which servers end what only reads.
            return

    def _allowed(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Leave out what an account that may only read cannot set; what matters for writing is never left out."""
        if self.origin is Origin.DESTINATION:
            return dict(settings)
        known = self.client.server_settings
        return {name: value for name, value in settings.items() if name in known and not known[name].readonly}


@asynccontextmanager
async def opened(
    config: ClickhouseConfig,
    origin: Origin,
    seconds: float,
    network: NetworkPolicyCheck | None,
    *,
    owner: str | None = None,
) -> AsyncIterator[Session]:
    """Connect within some seconds, and close for sure; raises SyncError DRIVER_MISSING, DATABASE_NOT_FOUND.

    A database with an owner is made where it is missing, with the owner as its comment. Without a network policy the
    server is the platform's own.
    """
    try:
        import clickhouse_connect  # noqa: F401 - is it there?
    except ImportError as error:
        raise SyncError(
            origin=Origin.PLATFORM,
            type=ErrorType.CONFIG,
            code="DRIVER_MISSING",
            message="The driver of ClickHouse is not installed",
            advice="Install the platform with its extra: pip install 'thedata[clickhouse]'.",
        ) from error
    base = WRITING if origin is Origin.DESTINATION else READING
    checked = await resolved(network, config.host, config.port, origin, seconds) if network else ()
    async with within(seconds, origin):
        with translated(config, origin):
            client = await _client(config, seconds, network, checked)
    session = Session(config, origin, client, base)
    try:
        async with within(seconds, origin):
            if owner is not None:
                comment = f" COMMENT {text(owner)}"
                await session.execute(f"CREATE DATABASE IF NOT EXISTS {quote(config.database)}{comment}")
            if not await session.fetch(f"SELECT 1 FROM system.databases WHERE name = {text(config.database)}"):
                raise SyncError(
                    origin=origin,
                    type=ErrorType.CONFIG,
                    code="DATABASE_NOT_FOUND",
                    message=f"There is no database {config.database!r}, or {config.user} may not see it",
                    advice="Correct the database's name, create it, or grant SHOW on it.",
                )
        client.database = config.database
        with translated(config, origin):
            for name, value in session._allowed({**READING, **base}).items():
                client.set_client_setting(name, value)
        yield session
    finally:
        await client.close()


async def _client(
    config: ClickhouseConfig, seconds: float, network: NetworkPolicyCheck | None, checked: Sequence[str]
) -> AsyncClient:
    from clickhouse_connect.driver.asyncclient import AsyncClient

    client = AsyncClient(
        "https" if config.secure else "http",
        f"[{config.host}]" if ":" in plain(config.host) else config.host,
        config.port,
        username=config.user,
        password=config.password.get_secret_value(),
        verify=config.verify,
        compress=False,
        connect_timeout=seconds,
        send_receive_timeout=COPY_SECONDS,
        autogenerate_session_id=False,
        client_name="thedata",
        query_retries=0,
        tz_mode="aware",
    )
    if network:
        # Every connection, of a redirect too: the driver follows those, and has no parameter for this.
        client._backend.connector_kwargs["socket_factory"] = _judged_sockets(network, checked)
    await client._initialize()
    return client


def _judged_sockets(network: NetworkPolicyCheck, checked: Sequence[str]) -> Callable[[Any], socket.socket]:
    """Sockets to addresses that the policy allows; those of the configured host are known already."""

    def made(place: Any) -> socket.socket:
        family, kind, protocol, _, (address, port, *_more) = place
        if address not in checked:
            network.addresses(address, port)
        return socket.socket(family, kind, protocol)

    return made


@contextmanager
def translated(config: ClickhouseConfig, origin: Origin) -> Iterator[None]:
    """Turn the driver's errors into SyncError, by ClickHouse's codes."""
    import aiohttp
    from clickhouse_connect.driver.exceptions import Error

    try:
        yield
    except HostNotAllowed as failure:
        raise refused(failure, origin) from failure
    except Error as error:
        raise _error(error, config, origin) from error
    except (aiohttp.ClientError, TimeoutError, OSError, pa.ArrowInvalid) as error:
        raise _lost(error, config, origin) from error


def _error(error: Any, config: ClickhouseConfig, origin: Origin) -> SyncError:
    if error.code is None and error.__cause__ is not None:
        return _lost(error.__cause__, config, origin)
    type_, code, advice = _CODES.get(error.code, _UNKNOWN)
    return SyncError(
        origin=origin, type=type_, code=code, message=f"ClickHouse refused: {_redacted(error, config)}", advice=advice
    )


def _lost(error: BaseException, config: ClickhouseConfig, origin: Origin) -> SyncError:
    import aiohttp

    at = f"{config.host}:{config.port}"
    known: tuple[tuple[Any, ErrorType, str, str, str], ...] = (
        (aiohttp.ClientConnectorDNSError, ErrorType.CONFIG, "HOST_NOT_FOUND", f"There is no host {config.host!r}",
         "Correct the host's name."),
        ((aiohttp.ClientSSLError, aiohttp.ClientConnectorCertificateError), ErrorType.CONFIG, "TLS_FAILED",
         f"No TLS with {at}", "Look at 'secure', 'verify', the port and the server's certificate."),
        (TimeoutError, ErrorType.TRANSIENT, "TIMEOUT", f"No answer from {at}", "Look at the server and the network."),
        (aiohttp.ClientConnectorError, ErrorType.TRANSIENT, "CONNECTION_REFUSED", f"Nobody listens at {at}",
         "Look at host and port, and whether the server runs."),
    )  # fmt: skip
    for kind, type_, code, message, advice in known:
        if isinstance(error, kind):
            return SyncError(origin=origin, type=type_, code=code, message=message, advice=advice)
    return SyncError(
        origin=origin,
        type=ErrorType.TRANSIENT,
        code="CONNECTION_LOST",
        message=f"The connection to {at} broke: {_redacted(error, config)}",
        advice="Run it again; look at the server's log if it stays so.",
    )


def _redacted(error: BaseException, config: ClickhouseConfig) -> str:
    message = str(error).partition("server response: ")[2] or str(error)
    return redacted(message.partition(" (for url")[0].strip(), [config.password.get_secret_value()])


_UNKNOWN = (ErrorType.SYSTEM, "STATEMENT_REFUSED", "Look at the server's log.")
_LOGIN = (ErrorType.CONFIG, "AUTHENTICATION_FAILED", "Correct user and password.")
_VALUE = (ErrorType.CONFIG, "VALUE_REFUSED", "Correct the value at its source, or cast it.")
_CODES: dict[int | None, tuple[ErrorType, str, str]] = {
    192: _LOGIN,
    193: _LOGIN,
    194: _LOGIN,
    516: _LOGIN,
    497: (ErrorType.CONFIG, "PERMISSION_DENIED", "GRANT the account what the message names."),
    164: (ErrorType.CONFIG, "PERMISSION_DENIED", "The account may only read: choose another one."),
    81: (ErrorType.CONFIG, "DATABASE_NOT_FOUND", "Correct the database's name."),
    60: (ErrorType.CONFIG, "TABLE_NOT_FOUND", "Discover the source again."),
    16: (ErrorType.CONFIG, "COLUMN_NOT_FOUND", "Discover the source again."),
    47: (ErrorType.CONFIG, "COLUMN_NOT_FOUND", "Discover the source again."),
    57: (ErrorType.CONFIG, "NAME_TAKEN", "Choose another table."),
    6: _VALUE,
    27: _VALUE,
    38: _VALUE,
    41: _VALUE,
    53: _VALUE,
    69: _VALUE,
    72: _VALUE,
    349: _VALUE,
    321: _VALUE,
    407: _VALUE,
    159: (ErrorType.TRANSIENT, "TIMEOUT", "The server's limit of time was reached: raise it, or run it again."),
    202: (ErrorType.TRANSIENT, "TOO_BUSY", "The server runs as many queries as it takes: run it again."),
    210: (ErrorType.TRANSIENT, "CONNECTION_LOST", "Run it again."),
    241: (ErrorType.SYSTEM, "OUT_OF_MEMORY", "The server's limit of memory was reached: raise it."),
    243: (ErrorType.SYSTEM, "DISK_FULL", "Make room on the server's disk."),
    252: (ErrorType.TRANSIENT, "TOO_BUSY", "The server merges too slowly for what is inserted: run it again later."),
    394: (ErrorType.CANCELLED, "CANCELLED", "The statement was killed."),
}


def reads(sql: str) -> bool:
    """Whether a statement has a result."""
    return sql.lstrip("( \n").partition(" ")[0].upper() in ("SELECT", "WITH", "SHOW", "EXISTS", "DESCRIBE")


def pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Cut a batch that is too large."""
    count = max(1, -(-batch.nbytes // BATCH_BYTES))
    rows = max(1, -(-batch.num_rows // count))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def quote(*names: str) -> str:
    """Quote an identifier, or several with dots between."""
    return ".".join("`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`" for name in names)


def text(value: str) -> str:
    """Quote a text."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
