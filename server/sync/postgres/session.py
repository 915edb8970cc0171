"""Connections to PostgreSQL, and its errors in the engine's words."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, cast

import asyncpg

from server.network.check import NetworkPolicyCheck, plain
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.postgres.config import PostgresConfig, SslMode
from server.sync.reaching import resolved
from server.sync.redaction import redacted

COPY_SECONDS = 7 * 86_400.0
# The last one is the driver's confusion about a connection that ends while it asks.
DRIVER_ERRORS = asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError


@asynccontextmanager
async def session(
    config: PostgresConfig, origin: Origin, *, timeout: float, network: NetworkPolicyCheck
) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection for ordinary statements, each bounded by ``timeout`` seconds, and close it for sure.

    Driver and OS errors that leave the block are turned into SyncError of this origin.
    """
    addresses = await resolved(network, config.host, config.port, origin, min(timeout, 10.0))
    with translated(config, origin):
        connection = await _connect(config, addresses, timeout=timeout)
        try:
            yield connection
        except BaseException as error:
            lost = connection.is_closed()
            # A cancelled or broken connection must not be waited for: the server may never answer.
            connection.terminate()
            # The driver also stumbles over a transport that is gone, and finds None in its place.
            if lost and isinstance(error, asyncpg.InterfaceError | AttributeError):
                raise connection_lost(config, origin) from error
            raise
        try:
            await connection.close(timeout=2)
        except TimeoutError:
            connection.terminate()


async def _connect(config: PostgresConfig, addresses: Sequence[str], *, timeout: float) -> asyncpg.Connection:
    """Connect with the same session settings everywhere, so that both sides print and parse values alike."""
    return await asyncpg.connect(
        host=plain(config.host),
        port=config.port,
        loop=cast("asyncio.AbstractEventLoop", _Pinned(asyncio.get_running_loop(), addresses)),
        user=config.user,
        password=config.password.get_secret_value(),
        database=config.database,
        ssl=_tls(config),
        timeout=min(timeout, 10.0),
        command_timeout=timeout,
        # Transaction poolers break on named statements; nothing here is prepared twice.
        statement_cache_size=0,
        server_settings={
            "application_name": "thedata.io",
            "search_path": "pg_catalog",
            "TimeZone": "UTC",
            "DateStyle": "ISO, YMD",
            "IntervalStyle": "postgres",
            "extra_float_digits": "3",
            "statement_timeout": "0",
            "idle_in_transaction_session_timeout": "0",
        },
    )


class translated:  # noqa: N801 - reads as a keyword: `with translated(config, origin):`
    """Turn the errors of driver and operating system into SyncError; everything else passes."""

    def __init__(self, config: PostgresConfig, origin: Origin) -> None:
        self._config = config
        self._origin = origin

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, asyncpg.InterfaceError) and isinstance(
            error.__context__, SyncError | asyncio.CancelledError
        ):
            raise error.__context__  # only the rollback has failed, on a connection that what was raised has closed
        if isinstance(error, DRIVER_ERRORS | OSError | TimeoutError):
            raise to_sync_error(error, self._config, self._origin) from error


def connection_lost(config: PostgresConfig, origin: Origin) -> SyncError:
    """Make the error of a connection that broke where the driver reports only that it is closed."""
    return to_sync_error(ConnectionResetError(), config, origin)


def to_sync_error(error: BaseException, config: PostgresConfig, origin: Origin) -> SyncError:
    """Map an error by its class or SQLSTATE, never by its words; secrets are taken out of what the server says."""
    position = f"{config.host} port {config.port} database {config.database}"
    if isinstance(error, asyncpg.PostgresError):
        type_, code, advice = _by_sqlstate(error.sqlstate or "")
        secret = [config.password.get_secret_value()]
        message = f"PostgreSQL refused: {redacted(str(error.args[0]) if error.args else '', secret)}"
        position = redacted(str(error.context), secret) if getattr(error, "context", None) else position
    else:
        type_, code, message, advice = _by_class(error, config)
    return SyncError(origin=origin, type=type_, code=code, message=message, advice=advice, position=position)


_Kind = tuple[ErrorType, str, str]
_SQLSTATES: dict[str, _Kind] = {
    # A longer key wins over its class of two characters.
    "28": (ErrorType.CONFIG, "AUTHENTICATION_FAILED", "Check user, password and the server's pg_hba.conf."),
    "3D000": (ErrorType.CONFIG, "DATABASE_NOT_FOUND", "Check the name of the database."),
    "3F000": (ErrorType.CONFIG, "SCHEMA_NOT_FOUND", "Check the name of the schema."),
    "42P01": (ErrorType.CONFIG, "TABLE_NOT_FOUND", "Discover the source again and choose an existing table."),
    "42703": (ErrorType.CONFIG, "COLUMN_NOT_FOUND", "Discover the source again and choose existing columns."),
    "42501": (ErrorType.CONFIG, "PERMISSION_DENIED", "Grant the account what it needs on this object."),
    "42": (ErrorType.CONFIG, "STATEMENT_REFUSED", "The server does not support what the stream needs."),
    "0A": (ErrorType.CONFIG, "NOT_SUPPORTED", "The server does not support what the stream needs."),
    "25006": (ErrorType.CONFIG, "READ_ONLY", "Name the primary server, not a standby."),
    "2BP01": (ErrorType.CONFIG, "TABLE_IN_USE", "Drop the objects that depend on the table, or use another table."),
    "22": (ErrorType.CONFIG, "VALUE_REFUSED", "Correct the value at its source, or give its column another type."),
    "23": (ErrorType.CONFIG, "CONSTRAINT_VIOLATED", "The rows break a key or a NOT NULL of the destination's table."),
    "40": (ErrorType.TRANSIENT, "TRANSACTION_ABORTED", "Run it again."),
    "53100": (ErrorType.SYSTEM, "DISK_FULL", "Make room on the server's disk."),
    "53": (ErrorType.TRANSIENT, "SERVER_BUSY", "The server is short of connections or memory; try later."),
    "54": (ErrorType.CONFIG, "LIMIT_EXCEEDED", "The stream is wider or larger than the server allows."),
    "55P03": (ErrorType.TRANSIENT, "LOCKED", "Another session holds the table; try again when it has ended."),
    "57014": (ErrorType.TRANSIENT, "TIMEOUT", "The server cancelled a statement that took too long."),
    "57": (ErrorType.TRANSIENT, "SERVER_STOPPING", "The server is starting, stopping or ended the session; try again."),
    "08": (ErrorType.TRANSIENT, "CONNECTION_LOST", "Try again; look at the network and the server's log."),
    "58": (ErrorType.SYSTEM, "SERVER_FAILURE", "Look at the server's log."),
    "XX": (ErrorType.SYSTEM, "SERVER_FAILURE", "Look at the server's log."),
}


def _by_sqlstate(state: str) -> _Kind:
    fallback = (ErrorType.SYSTEM, "SERVER_FAILURE", "Look at the server's log.")
    return _SQLSTATES.get(state) or _SQLSTATES.get(state[:2]) or fallback


def _by_class(error: BaseException, config: PostgresConfig) -> tuple[ErrorType, str, str, str]:
    place = f"{config.host} port {config.port}"
    if isinstance(error, TimeoutError):
        return ErrorType.TRANSIENT, "TIMEOUT", f"{place} did not answer in time", "Check host, port and firewall."
    if isinstance(error, socket.gaierror):
        return ErrorType.CONFIG, "HOST_NOT_FOUND", f"The host {config.host} is unknown", "Check the host's name."
    # The driver raises a bare ConnectionError where a server declines TLS, and only there.
    if isinstance(error, ssl.SSLError | ssl.CertificateError) or type(error) is ConnectionError:
        return ErrorType.CONFIG, "TLS_FAILED", f"TLS with {place} failed", "Check sslmode and the certificates."
    if isinstance(error, ConnectionRefusedError):
        return (
            ErrorType.TRANSIENT,
            "CONNECTION_REFUSED",
            f"Nothing listens on {place}",
            "Check host and port, and that the server runs and accepts TCP connections.",
        )
    if isinstance(error, OSError | asyncpg.InternalClientError):
        return ErrorType.TRANSIENT, "CONNECTION_LOST", f"The connection to {place} broke", "Try again."
    return ErrorType.SYSTEM, "DRIVER_FAILURE", f"The driver failed on {place}", "Look at the worker's log."


def _tls(config: PostgresConfig) -> ssl.SSLContext | Literal["prefer", False]:
    if config.sslmode is SslMode.DISABLE:
        return False
    if config.sslmode is SslMode.PREFER:
        return "prefer"
    if config.sslmode is SslMode.VERIFY_FULL:
        return ssl.create_default_context(cadata=config.ca_certificate or None)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # "require" means encrypted, by its definition in PostgreSQL; verify-full is there for more.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class _Pinned:
    """The event loop as the driver uses it, but names lead to the addresses that were judged; TLS keeps the name."""

    def __init__(self, loop: asyncio.AbstractEventLoop, addresses: Sequence[str]) -> None:
        self._loop = loop
        self._addresses = addresses

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    async def create_connection(self, protocol: Any, host: str | None = None, port: int = 0, **more: Any) -> Any:
        if host is None:  # over a socket that is connected already
            return await self._loop.create_connection(protocol, **more)
        *others, last = self._addresses
        for address in others:
            with suppress(OSError):
                return await self._loop.create_connection(protocol, address, port, **more)
        return await self._loop.create_connection(protocol, last, port, **more)
