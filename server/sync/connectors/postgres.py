"""PostgreSQL as a source and a destination: configuration, connections, errors, catalog, preview."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

import asyncpg
from pydantic import Field, SecretStr, field_validator

from server.sync.connectors.base import Capability, Connector, ConnectorConfig, ConnectorContext, Wire
from server.sync.connectors.preview import MAX_CELL_CHARACTERS, preview_value
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult, Column, PreviewRows, Stream, StreamSpec
from server.sync.names import quote

MAX_STREAMS = 10_000
_HOST = re.compile(r"[A-Za-z0-9._:%\[\]-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class SslMode(StrEnum):
    """How much TLS a connection demands; only ``verify-full`` proves who answers."""

    DISABLE = "disable"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_FULL = "verify-full"


class PostgresConfig(ConnectorConfig):
    """A PostgreSQL database and the account that the platform uses there."""

    host: Annotated[str, Field(min_length=1, max_length=253, description="Host name or IP address of one server.")]
    port: Annotated[int, Field(ge=1, le=65535, description="TCP port.")] = 5432
    database: Annotated[str, Field(min_length=1, max_length=63, description="Name of the database.")]
    user: Annotated[str, Field(min_length=1, max_length=63, description="Name of the account.")]
    password: Annotated[
        SecretStr, Field(max_length=1024, description="Password of the account; empty where the server asks for none.")
    ] = SecretStr("")
    schemas: Annotated[
        tuple[str, ...],
        Field(max_length=100, description="Schemas to read from. Empty: every schema that is not the server's own."),
    ] = ()
    destination_schema: Annotated[
        str, Field(min_length=1, max_length=63, description="Schema to write to; it is made where it is missing.")
    ] = "public"
    sslmode: Annotated[SslMode, Field(description="How much TLS the connection demands.")] = SslMode.PREFER
    ca_certificate: Annotated[
        str,
        Field(max_length=100_000, description="PEM of the authority that verify-full trusts. Empty: the system's."),
    ] = ""

    @field_validator("host")
    @classmethod
    def _one_tcp_host(cls, value: str) -> str:
        if not _HOST.fullmatch(value):
            raise ValueError("must be one host name or IP address: no socket path, no list, no blanks")
        return value

    @field_validator("database", "user", "destination_schema")
    @classmethod
    def _printable(cls, value: str) -> str:
        return _without_control(value)

    @field_validator("schemas")
    @classmethod
    def _printable_each(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_without_control(item) for item in value)

    @field_validator("password")
    @classmethod
    def _no_nul(cls, value: SecretStr) -> SecretStr:
        if "\0" in value.get_secret_value():
            raise ValueError("must not hold a NUL character")
        return value


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column as COPY will send it.

    ``expression`` is what stands in the SELECT (with a cast where the type exists on the source only), ``ddl`` the
    type that the destination gets, ``hashable`` whether the server can hash it inside a record.
    """

    column: Column
    expression: str
    ddl: str
    hashable: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view of a PostgreSQL source with all that is needed to copy it."""

    namespace: str
    name: str
    columns: tuple[SourceColumn, ...]
    primary_key: tuple[str, ...]
    estimated_rows: int | None
    estimated_bytes: int | None

    def stream(self) -> Stream:
        """Describe it as a stream of the catalog."""
        return Stream(
            self.name,
            self.namespace,
            tuple(item.column for item in self.columns),
            self.primary_key,
            self.estimated_rows,
            self.estimated_bytes,
        )

    def select(self, columns: Sequence[SourceColumn]) -> str:
        """Write the query that reads these columns, each under its own name."""
        items = ", ".join(f"{item.expression} AS {quote(item.column.name)}" for item in columns)
        return f"SELECT {items} FROM {quote(self.namespace, self.name)}"  # noqa: S608 - every name is quoted


class PostgresConnector(Connector[PostgresConfig]):
    """PostgreSQL 12 and later, and what speaks its protocol."""

    kind: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    produces: ClassVar[tuple[Wire, ...]] = (Wire.POSTGRES_BINARY,)
    accepts: ClassVar[tuple[Wire, ...]] = (Wire.POSTGRES_BINARY, Wire.ARROW)
    config_model = PostgresConfig

    async def check(
        self, config: PostgresConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Connect, log in, ask for the version; a destination must also let us create tables."""
        started = time.perf_counter()
        async with session(config, origin, timeout=context.timeout_seconds) as connection:
            version = str(await connection.fetchval("SELECT current_setting('server_version')"))
            latency = (time.perf_counter() - started) * 1000
            if origin is Origin.DESTINATION:
                await _require_write(connection, config)
        return CheckResult(True, f"PostgreSQL {version}", latency, f"Connected to {config.database} as {config.user}.")

    async def discover(self, config: PostgresConfig, context: ConnectorContext) -> Catalog:
        """List tables, partitioned tables (not their partitions), views and foreign tables."""
        async with session(config, Origin.SOURCE, timeout=context.timeout_seconds) as connection:
            await _require_schemas(connection, config.schemas)
            relations = await read_relations(connection, config.schemas, None)
        return Catalog(tuple(relation.stream() for relation in relations))

    async def preview(
        self, config: PostgresConfig, context: ConnectorContext, stream: StreamSpec, limit: int
    ) -> PreviewRows:
        """Read the first rows; numbers beyond JSON's reach and all other types come as PostgreSQL's own text."""
        async with session(config, Origin.SOURCE, timeout=context.timeout_seconds) as connection:
            relation = await read_relation(connection, stream.namespace, stream.name)
            columns = choose_columns(relation, stream.columns)
            items = ", ".join(_preview_cell(item) for item in columns)
            table = quote(relation.namespace, relation.name)
            # One row more than asked for tells whether there are more.
            rows = await connection.fetch(f"SELECT {items} FROM {table} LIMIT $1", limit + 1)  # noqa: S608 - quoted
        cells = [[preview_value(value) for value in row.values()] for row in rows[:limit]]
        shortened = any(cut for row in cells for _, cut in row)
        values = tuple(tuple(value for value, _ in row) for row in cells)
        return PreviewRows(tuple(item.column for item in columns), values, len(rows) > limit or shortened)


@asynccontextmanager
async def session(config: PostgresConfig, origin: Origin, *, timeout: float) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection for ordinary statements, each bounded by ``timeout`` seconds, and close it for sure.

    Driver and OS errors that leave the block are turned into SyncError of this origin.
    """
    with translated(config, origin):
        connection = await connect(config, timeout=timeout)
        try:
            yield connection
        except BaseException as error:
            lost = connection.is_closed()
            # A cancelled or broken connection must not be waited for: the server may never answer.
            connection.terminate()
            if lost and isinstance(error, asyncpg.InterfaceError):
                raise connection_lost(config, origin) from error
            raise
        try:
            await connection.close(timeout=2)
        except TimeoutError:
            connection.terminate()


async def connect(config: PostgresConfig, *, timeout: float) -> asyncpg.Connection:
    """Connect with the same session settings everywhere, so that both sides print and parse values alike."""
    return await asyncpg.connect(
        host=config.host,
        port=config.port,
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
        if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | OSError | TimeoutError):
            raise to_sync_error(error, self._config, self._origin) from error


def connection_lost(config: PostgresConfig, origin: Origin) -> SyncError:
    """Make the error of a connection that broke where the driver reports only that it is closed."""
    return to_sync_error(ConnectionResetError(), config, origin)


def to_sync_error(error: BaseException, config: PostgresConfig, origin: Origin) -> SyncError:
    """Map an error by its class or SQLSTATE, never by its words; secrets are taken out of what the server says."""
    position = None
    if isinstance(error, asyncpg.PostgresError):
        type_, code, advice = _by_sqlstate(error.sqlstate or "")
        said = error.args[0] if error.args else ""
        message = f"PostgreSQL refused: {_redact(str(said), config)}"
        position = _redact(str(error.context), config) if getattr(error, "context", None) else None
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
    if isinstance(error, OSError):
        return ErrorType.TRANSIENT, "CONNECTION_LOST", f"The connection to {place} broke", "Try again."
    return ErrorType.SYSTEM, "DRIVER_FAILURE", f"The driver failed on {place}", "Look at the worker's log."


async def read_relation(connection: asyncpg.Connection, namespace: str, name: str) -> Relation:
    """Describe one table or view; raises SyncError TABLE_NOT_FOUND."""
    found = await read_relations(connection, (namespace,) if namespace else (), name)
    if len(found) == 1:
        return found[0]
    many = len(found) > 1
    problem = "is more than one" if many else "is no"
    raise SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code="TABLE_AMBIGUOUS" if many else "TABLE_NOT_FOUND",
        message=f"There {problem} table or view {name!r} in {namespace or 'any schema'}",
        advice="Name the schema." if many else "Discover the source again and choose an existing table.",
        stream=f"{namespace}.{name}" if namespace else name,
    )


async def read_relations(connection: asyncpg.Connection, schemas: Sequence[str], name: str | None) -> list[Relation]:
    """Describe the tables and views of these schemas (none: of all that are not the server's own)."""
    rows = await connection.fetch(_RELATIONS, list(schemas), name, MAX_STREAMS + 1)
    if len(rows) > MAX_STREAMS:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="CATALOG_TOO_LARGE",
            message=f"The database has more than {MAX_STREAMS} tables and views",
            advice="Name the schemas to read from.",
        )
    columns: dict[int, list[SourceColumn]] = {row["oid"]: [] for row in rows}
    for row in await connection.fetch(_COLUMNS, list(columns)):
        columns[row["attrelid"]].append(_source_column(row))
    return [
        Relation(
            row["namespace"],
            row["name"],
            tuple(columns[row["oid"]]),
            tuple(row["primary_key"]),
            None if row["reltuples"] < 0 else int(row["reltuples"]),
            row["bytes"],
        )
        for row in rows
    ]


def choose_columns(relation: Relation, names: Sequence[str] | None) -> tuple[SourceColumn, ...]:
    """Pick columns in the asked order, or all; raises SyncError COLUMN_NOT_FOUND, NO_COLUMNS."""
    by_name = {item.column.name: item for item in relation.columns}
    missing = [name for name in names or () if name not in by_name]
    stream = f"{relation.namespace}.{relation.name}"
    if missing:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="COLUMN_NOT_FOUND",
            message=f"{stream} has no column {missing[0]!r}",
            advice="Discover the source again and choose existing columns.",
            stream=stream,
        )
    chosen = relation.columns if names is None else tuple(by_name[name] for name in names)
    if not chosen:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="NO_COLUMNS",
            message=f"{stream} has no columns to read",
            advice="Choose another table, or select at least one column.",
            stream=stream,
        )
    return chosen


_RELATIONS = """
SELECT c.oid, n.nspname AS namespace, c.relname AS name, c.reltuples,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_table_size(c.oid) END AS bytes,
       coalesce((SELECT array_agg(a.attname::text ORDER BY k.position)
                   FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, position), pg_attribute a
                  WHERE i.indrelid = c.oid AND i.indisprimary
                    AND a.attrelid = c.oid AND a.attnum = k.attnum), '{}') AS primary_key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
   AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
   AND (cardinality($1::text[]) = 0 OR n.nspname = ANY ($1::text[]))
   AND ($2::text IS NULL OR c.relname = $2::text)
   AND NOT starts_with(c.relname, '_thedata_')
   AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
 ORDER BY 2, 3 LIMIT $3
"""

# The base type of a domain over domains is found by walking down; typmods come from the lowest domain that has one.
_COLUMNS = """
SELECT a.attrelid, a.attname::text AS name, a.attnotnull, format_type(a.atttypid, a.atttypmod) AS native,
       base.typtype::text AS kind, base.typcategory::text AS category, base.typname::text AS type,
       format_type(base.oid, low.typmod) AS ddl, element.typname::text AS element,
       base.oid < 16384 AND base.typtype IN ('b', 'r', 'm') AND base.typsend <> 0 AS portable,
       a.atttypid = base.oid AS plain
  FROM pg_attribute a
 CROSS JOIN LATERAL (
       WITH RECURSIVE chain (oid, typmod, depth) AS (
              SELECT a.atttypid, a.atttypmod, 0
               UNION ALL
              SELECT t.typbasetype, CASE WHEN t.typtypmod <> -1 THEN t.typtypmod ELSE chain.typmod END, depth + 1
                FROM chain JOIN pg_type t ON t.oid = chain.oid AND t.typtype = 'd')
       SELECT oid, typmod FROM chain ORDER BY depth DESC LIMIT 1) AS low
  JOIN pg_type base ON base.oid = low.oid
  LEFT JOIN pg_type element ON element.oid = base.typelem AND base.typcategory = 'A'
 WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attrelid, a.attnum
"""

_TYPE_WORDS = {
    "bool": "boolean",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double",
    "numeric": "decimal",
    "text": "text",
    "varchar": "text",
    "bpchar": "text",
    "name": "text",
    "char": "text",
    "bytea": "bytes",
    "date": "date",
    "time": "time",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "interval": "interval",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "json",
}
# Their binary form holds an OID of the source's own catalog, which means something else elsewhere.
_LOCAL_TYPES = frozenset(
    (
        "regclass",
        "regcollation",
        "regconfig",
        "regdictionary",
        "regnamespace",
        "regoper",
        "regoperator",
        "regproc",
        "regprocedure",
        "regrole",
        "regtype",
        "aclitem",
    )
)
_HASHABLE_TYPES = frozenset(
    (
        "bool",
        "int2",
        "int4",
        "int8",
        "oid",
        "float4",
        "float8",
        "numeric",
        "text",
        "varchar",
        "bpchar",
        "name",
        "char",
        "bytea",
        "date",
        "time",
        "timetz",
        "timestamp",
        "timestamptz",
        "interval",
        "uuid",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "jsonb",
    )
)


def _source_column(row: asyncpg.Record) -> SourceColumn:
    type_, element = row["type"], row["element"]
    is_array = element is not None
    local = (element or type_) in _LOCAL_TYPES
    name = quote(row["name"])
    if row["portable"] and not local:
        ddl = row["ddl"]
        # A domain is sent like its base type, but inside an array or a record it would carry its own OID.
        expression = name if row["plain"] else f"{name}::{ddl}"
        word = "array" if is_array else _TYPE_WORDS.get(type_, "other")
        if word == "decimal" and ddl.startswith("numeric("):
            word = ddl.replace("numeric", "decimal")
    else:
        ddl = "text[]" if is_array else "text"
        expression = f"{name}::{ddl}"
        type_, element = "text", "text"
        word = "array" if is_array else "text"
    hashable = (element if is_array else type_) in _HASHABLE_TYPES
    return SourceColumn(Column(row["name"], word, not row["attnotnull"], row["native"]), expression, ddl, hashable)


def _preview_cell(item: SourceColumn) -> str:
    name = quote(item.column.name)
    if item.column.type in ("boolean", "smallint", "integer", "bigint", "real", "double"):
        return item.expression
    return f"left({name}::text, {MAX_CELL_CHARACTERS + 1})"


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


def _redact(text: str, config: PostgresConfig) -> str:
    # A hostile server can send the password back to us in its error.
    secret = config.password.get_secret_value()
    return (text.replace(secret, "***") if secret else text)[:400]


def _without_control(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("must not hold control characters")
    return value
