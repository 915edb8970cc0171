"""Landing in PostgreSQL: COPY into a staging table, then one transaction that swaps or merges it in.

Who owns a table: the one whose name stands in the schema's ``_thedata_checkpoints``. A table of the same name that
no pipeline made, or that another pipeline made, is never touched unless the stream says ``adopt``; users lose a
table by a typing error in a pipeline's form otherwise. A table that was dropped by hand belongs to nobody.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict
from typing import Any, ClassVar

import asyncpg
import pyarrow as pa

from server.sync.connectors.base import ConnectorContext
from server.sync.destination import (
    Change,
    Claimed,
    Committed,
    Fitted,
    Mapping,
    StagedChunk,
    State,
    Target,
    TargetColumn,
)
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.flow import ahead
from server.sync.model import Column
from server.sync.names import MAX_NAME_BYTES, quote, quote_all
from server.sync.postgres.config import PostgresConfig
from server.sync.postgres.copy_csv import encode, printable
from server.sync.postgres.session import COPY_SECONDS, connection_lost, translated
from server.sync.postgres.source import copy_out, parse
from server.sync.spec import Fence, RunIdentity
from server.sync.sql_destination import (
    CHECKPOINTS,
    CHUNKS,
    TWINS,
    SqlDestination,
    bad_key,
    prefix_of,
    refused,
    staging_name,
    stale,
)

LOCK_SECONDS = 30
DISCARD_SECONDS = 5


class PostgresDestination(SqlDestination):
    """One connection to the database that is written."""

    timestamp_type = "timestamp with time zone"
    index_finds_twins: ClassVar[bool] = True

    def __init__(self, connection: asyncpg.Connection, config: PostgresConfig, context: ConnectorContext) -> None:
        self.connection = connection
        self.config = config
        self.timeout = context.timeout_seconds
        self.network = context.network

    # -- the driver ----------------------------------------------------------------------------------------------

    async def execute(self, sql: str, *params: object) -> int:
        """Run a statement."""
        with translated(self.config, Origin.DESTINATION):
            tag = await self.connection.execute(sql, *params, timeout=COPY_SECONDS)
        count = tag.rsplit(" ", 1)[-1]
        return int(count) if count.isdigit() else 0

    async def fetch(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a query."""
        with translated(self.config, Origin.DESTINATION):
            rows = await self.connection.fetch(sql, *params, timeout=COPY_SECONDS)
        return [tuple(row) for row in rows]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """One transaction that waits for locks only so long."""
        with translated(self.config, Origin.DESTINATION):
            async with self.connection.transaction():
                await self.connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                yield

    async def insert(self, table: str, columns: Sequence[TargetColumn], rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Load rows by COPY."""
        return await copy_in(self.connection, self.config, table, [c.name for c in columns], ahead(_encoded(rows)))

    def fit(self, rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
        """Write the values as PostgreSQL reads them, and leave out what it cannot hold."""
        return printable(rows, columns)

    async def select(self, sql: str, columns: Sequence[TargetColumn]) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read rows by COPY, as canonical texts."""
        async with aclosing(copy_out(self.connection, self.config, Origin.DESTINATION, sql)) as texts:
            async for text in texts:
                yield parse(text, [column.name for column in columns])

    async def columns_of(self, table: str) -> dict[str, str]:
        """Ask for a table's columns."""
        rows = await self.fetch(
            """SELECT a.attname::text, format_type(a.atttypid, a.atttypmod)
                 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""",
            self.config.destination_schema, table,
        )  # fmt: skip
        return dict(rows)

    async def staging_tables(self, prefix: str) -> list[str]:
        """Ask for tables by their names."""
        rows = await self.fetch(
            """SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = $1 AND c.relkind = 'r' AND starts_with(c.relname, $2)""",
            self.config.destination_schema, prefix,
        )  # fmt: skip
        return [row[0] for row in rows]

    # -- the dialect ---------------------------------------------------------------------------------------------

    def table(self, name: str) -> str:
        """Quote a table's name with its schema."""
        return quote(self.config.destination_schema, name)

    def mark(self, number: int) -> str:
        """Number the parameters."""
        return f"${number}"

    def comparable(self, column: TargetColumn, expression: str) -> str:
        """Compare what has no equality by its text."""
        return f"{expression}::text" if column.ddl.rstrip("[]") in _WITHOUT_EQUALITY else expression

    def map_type(self, column: Column, *, same_kind: bool) -> Mapping:
        """Choose a type; between PostgreSQL databases it is the column's own."""
        ddl = column.base_type or column.native_type
        if same_kind and ddl:  # a derived column has none
            only_there = ddl in ("text", "text[]") and ddl != column.native_type
            note = f"{column.native_type} exists on the source only and lands as {ddl}" if only_there else ""
            return Mapping(ddl, note=note)
        word = column.type.partition("(")[0]
        if word == "decimal":
            return Mapping(column.type.replace("decimal", "numeric"))
        if word not in _DDL:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.CONFIG,
                code="TYPE_UNSUPPORTED",
                message=f"The column {column.name!r} is {column.native_type}, which has no place in PostgreSQL",
                advice="Leave the column out, or cast it.",
            )
        return Mapping(_DDL[word])

    # -- ownership -----------------------------------------------------------------------------------------------

    async def claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> Claimed:
        """Take the table for this attempt."""
        await self._end_earlier(table, run)
        async with self.transaction():
            # Two first runs in one schema would both try to create the same objects.
            await self.execute("SELECT pg_advisory_xact_lock(hashtext('thedata.io'), hashtext($1))",
                               self.config.destination_schema)  # fmt: skip
            await self.ensure_state_tables()
            await self._claim(table, stream, run, adopt=adopt)
            await self._require_own(table, stream, run, adopt=adopt)
            # Only now: an earlier attempt may have committed while this one waited for its turn.
            return await self.look(table, run)

    async def ensure_state_tables(self) -> None:
        """Create the schema and the state tables where they are missing."""
        schema = self.config.destination_schema
        if not await self.fetch("SELECT 1 FROM pg_namespace WHERE nspname = $1", schema):
            await self.execute(f"CREATE SCHEMA {quote(schema)}")
        known = await self.columns_of(CHECKPOINTS)
        if not known:
            await self.execute(
                f"""CREATE TABLE {self.table(CHECKPOINTS)} (
                        table_name   text PRIMARY KEY,
                        pipeline_id  text NOT NULL,
                        stream       text NOT NULL,
                        run_id       text NOT NULL,
                        epoch        bigint NOT NULL,
                        table_oid    oid,
                        state        text NOT NULL DEFAULT '{{}}',
                        claimed_at   timestamptz NOT NULL,
                        published_at timestamptz)"""
            )
        elif "state" not in known:
            await self.execute(f"ALTER TABLE {self.table(CHECKPOINTS)} ADD COLUMN state text NOT NULL DEFAULT '{{}}'")
        if not await self.columns_of(CHUNKS):
            await self.execute(
                f"CREATE TABLE {self.table(CHUNKS)}"
                " (staging text NOT NULL, number bigint NOT NULL, chunk text NOT NULL, PRIMARY KEY (staging, number))"
            )

    async def _checkpoint(self, table: str, *, lock: bool = True) -> dict[str, Any] | None:
        names, locked = ("pipeline_id", "epoch", "state"), " FOR UPDATE" if lock else ""
        rows = await self.fetch(
            f"SELECT {', '.join(names)} FROM {self.table(CHECKPOINTS)} WHERE table_name = $1{locked}",
            table,
        )
        return dict(zip(names, rows[0], strict=True)) if rows else None

    async def _end_earlier(self, table: str, run: RunIdentity) -> None:
        """End the sessions of earlier attempts: one whose worker is frozen would keep its locks for good."""
        if not await self.columns_of(CHECKPOINTS):
            return
        older = f"SELECT 1 FROM {self.table(CHECKPOINTS)} WHERE table_name = $1 AND pipeline_id = $2 AND epoch < $3"
        if await self.fetch(older, table, run.pipeline_id, run.epoch):
            for name in await self.staging_tables(prefix_of(run, table)):
                await self._end_writers(name)

    async def _claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> None:
        claimed = await self.fetch(
            f"""INSERT INTO {self.table(CHECKPOINTS)} AS known
                       (table_name, pipeline_id, stream, run_id, epoch, claimed_at) VALUES ($1, $2, $3, $4, $5, now())
                ON CONFLICT (table_name) DO UPDATE
                   SET pipeline_id = $2, stream = $3, run_id = $4, epoch = $5, claimed_at = now(),
                       state = CASE WHEN known.pipeline_id = $2 THEN known.state ELSE '{{}}' END
                 WHERE CASE WHEN known.pipeline_id = $2 THEN known.epoch <= $5
                            ELSE $6 OR NOT EXISTS (SELECT FROM pg_class WHERE oid = known.table_oid) END
                RETURNING true""",
            table, run.pipeline_id, stream, run.run_id, run.epoch, adopt,
        )  # fmt: skip
        if not claimed:
            row = await self._checkpoint(table)
            if row is not None and row["pipeline_id"] != run.pipeline_id:
                raise refused(
                    stream,
                    "TABLE_OWNED",
                    f"The table {self.table(table)} belongs to another pipeline",
                    "Choose another table, drop this one, or let the stream adopt it.",
                )
            raise stale(stream, table, run)

    async def _require_own(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> int | None:
        """Find the landed table's oid, None where there is none; raises where it is not this pipeline's."""
        rows = await self.fetch(
            f"""SELECT c.oid, c.relkind::text, c.oid = k.table_oid, obj_description(c.oid, 'pg_class') = $3
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                  LEFT JOIN {self.table(CHECKPOINTS)} k ON k.table_name = $2
                 WHERE n.nspname = $1 AND c.relname = $2""",
            self.config.destination_schema, table, _mark(run),
        )  # fmt: skip
        if not rows:
            return None
        oid, kind, recorded, marked = rows[0]
        if kind != "r":
            raise refused(
                stream,
                "NAME_TAKEN",
                f"{self.table(table)} exists and is no plain table",
                "Choose another table for the stream.",
            )
        # The mark outlives a dump and restore, the oid outlives a changed comment.
        if not (recorded or marked or adopt):
            raise refused(
                stream,
                "TABLE_NOT_OURS",
                f"The table {self.table(table)} exists and was not made by this pipeline",
                "Choose another table, rename or drop this one, or let the stream adopt it.",
            )
        return int(oid)

    async def write_state(self, target: Target, state: State) -> None:
        """Write the stream's state with the landed table's oid."""
        await self.execute(
            f"UPDATE {self.table(CHECKPOINTS)} SET state = $2, table_oid = to_regclass($3), published_at = now()"
            " WHERE table_name = $1",
            target.table, json.dumps(asdict(state)), self.table(target.table),
        )  # fmt: skip

    # -- staging -------------------------------------------------------------------------------------------------

    async def stage(self, target: Target) -> tuple[StagedChunk, ...]:
        """Give the staging table of this run, ending sessions of ours that still write to it."""
        await self._end_writers(staging_name(target))
        return await super().stage(target)

    async def discard(self, target: Target) -> None:
        """Drop the staging tables while no later attempt can take them over; a frozen worker does not keep it up."""
        async with self.transaction():
            await self.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{DISCARD_SECONDS}s'")
            await super().discard(target)

    async def drop_staging(self, name: str) -> None:
        """Drop a staging table, ending sessions of ours that still write to it."""
        await self._end_writers(name)
        await super().drop_staging(name)

    async def _end_writers(self, name: str) -> None:
        await self.execute(
            """SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                WHERE l.relation = to_regclass($1)
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND l.pid <> pg_backend_pid() AND a.usename = current_user AND a.application_name = 'thedata.io'""",
            self.table(name),
        )

    async def require_claim(self, target: Target) -> None:
        """Ask for the claim, with the staging table in hand: by that a later attempt finds this session, and ends it.

        One whose worker is frozen, or waits for a platform that it has lost, would keep the claim's row for good.
        """
        staging = staging_name(target)
        if await self.columns_of(staging):
            await self.execute(f"LOCK TABLE {self.table(staging)} IN ACCESS SHARE MODE")
        await super().require_claim(target)

    async def add_key(self, target: Target, table: str) -> None:
        """Make the key a primary key where it can be one: an index that is built after the load is the fastest."""
        nullable = any(column.nullable for column in target.key_columns)
        known = "SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype = 'p'"
        try:
            if nullable:
                await super().add_key(target, table)
            elif not await self.fetch(known, self.table(table)):
                await self.execute(f"ALTER TABLE {self.table(table)} ADD PRIMARY KEY ({quote_all(target.key)})")
        except SyncError as error:
            if isinstance(error.__cause__, asyncpg.UniqueViolationError):
                raise bad_key(target, "KEY_NOT_UNIQUE", TWINS, await self.twins(target, table)) from error
            raise

    async def prepare_replacement(self, target: Target, change: Change) -> None:
        """Build the key, and give the planner its statistics before anybody reads the table."""
        await super().prepare_replacement(target, change)
        await self.execute(f"ANALYZE {self.table(staging_name(target))}")

    # -- commit --------------------------------------------------------------------------------------------------

    async def upsert(self, target: Target, rows: str) -> tuple[int, int]:
        """Update what differs, insert what is new."""
        table = self.table(target.table)
        condition = self.on_key(target, "s", "t")
        values = [column for column in target.columns if column.name not in target.key]
        updated = 0
        if values:
            assigned = ", ".join(f"{quote(c.name)} = s.{quote(c.name)}" for c in values)
            ours, theirs = (
                ", ".join(self.comparable(c, f"{side}.{quote(c.name)}") for c in values) for side in ("t", "s")
            )
            updated = await self.execute(
                f"UPDATE {table} t SET {assigned} FROM {rows} s"
                f" WHERE {condition} AND ROW ({ours}) IS DISTINCT FROM ROW ({theirs})"
            )
        names = self.names(target.column_names)
        inserted = await self.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {rows} s"
            f" WHERE NOT EXISTS (SELECT FROM {table} t WHERE {condition})"
        )
        return inserted, updated

    async def _replace(self, target: Target, fence: Fence) -> Committed:
        """Swap the staging table in; refill the landed one in place where others have attached something to it."""
        old = await self._require_own(target.table, target.stream, target.run, adopt=target.adopt)
        if old is not None:
            await self.execute(f"LOCK TABLE {self.table(target.table)} IN ACCESS EXCLUSIVE MODE")
        keep = old is not None and await self._has_attachments(target, old)
        rows = await self.count_staging(target) if keep else 0
        # The last look at the lease, with every lock in hand: after this only the commit can come.
        await fence()
        if keep:
            await self._refill(target)
            note = "The table has views, indexes, grants or comments of others: it was refilled in place to keep them."
            return Committed(inserted=rows, note=note)
        await self._swap(target, old)
        return Committed(inserted=rows)

    async def _swap(self, target: Target, old: int | None) -> None:
        if old is not None:
            await self.execute(f"DROP TABLE {self.table(target.table)}")
        await self.rename(staging_name(target), target.table)
        published, wanted = self.table(target.table), f"{target.table}_pkey"
        found = await self.fetch(
            "SELECT conname::text, to_regclass($2) IS NOT NULL FROM pg_constraint"
            " WHERE conrelid = to_regclass($1) AND contype = 'p'",
            published, self.table(wanted),
        )  # fmt: skip
        if found and not found[0][1] and len(wanted.encode()) <= MAX_NAME_BYTES:
            await self.execute(f"ALTER TABLE {published} RENAME CONSTRAINT {quote(found[0][0])} TO {quote(wanted)}")
        await self.execute(f"COMMENT ON TABLE {published} IS {_literal(_mark(target.run))}")

    async def _refill(self, target: Target) -> None:
        published, staging = self.table(target.table), self.table(staging_name(target))
        if await self._shape(published) != await self._shape(staging):
            raise refused(
                target.stream,
                "TABLE_IN_USE",
                f"The stream's columns changed, and views, indexes or grants hang on {published}",
                "Drop what depends on the table, or choose another table for the stream.",
            )
        names = self.names(await self.columns_of(staging_name(target)))
        await self.execute(f"TRUNCATE {published}")
        await self.execute(f"INSERT INTO {published} ({names}) SELECT {names} FROM {staging}")
        await self.execute(f"DROP TABLE {staging}")

    async def _shape(self, table: str) -> list[tuple[Any, ...]]:
        return await self.fetch(
            """SELECT attname::text, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
                WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attname""",
            table,
        )

    async def _has_attachments(self, target: Target, old: int) -> bool:
        rows = await self.fetch(
            """SELECT EXISTS (SELECT FROM pg_depend d
                               WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
                                 AND d.deptype IN ('n', 'a')
                                 AND NOT EXISTS (SELECT FROM pg_constraint own
                                                  WHERE d.classid = 'pg_constraint'::regclass AND own.oid = d.objid
                                                    AND own.conrelid = t.oid AND own.contype IN ('p', 'n')))
                   OR EXISTS (SELECT FROM pg_description d
                               WHERE d.classoid = 'pg_class'::regclass AND d.objoid = t.oid
                                 AND (d.objsubid > 0 OR d.description <> $3))
                   OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attacl IS NOT NULL)
                   OR t.relrowsecurity OR t.reloptions IS NOT NULL
                   OR t.relacl IS DISTINCT FROM s.relacl OR t.relowner <> s.relowner
                 FROM pg_class t, pg_class s WHERE t.oid = $1 AND s.oid = to_regclass($2)""",
            old, self.table(staging_name(target)), _mark(target.run),
        )  # fmt: skip
        return bool(rows[0][0])


async def copy_in(
    connection: asyncpg.Connection,
    config: PostgresConfig,
    table: str,
    columns: Sequence[str],
    chunks: AsyncIterator[bytes],
    *,
    binary: bool = False,
) -> int:
    """Write chunks of COPY's data into a staging table (its quoted name); gives the number of rows."""
    try:
        with translated(config, Origin.DESTINATION):
            tag = await connection.copy_to_table(
                table.rpartition(".")[2].strip('"'),  # staging tables have plain names
                schema_name=config.destination_schema,
                columns=columns,
                source=chunks,
                format="binary" if binary else "csv",
                timeout=COPY_SECONDS,
            )
    except AttributeError as error:
        # The driver writes on to a transport that is gone, and finds None in its place.
        if connection.is_closed():
            raise connection_lost(config, Origin.DESTINATION) from error
        raise
    return int(tag.rsplit(" ", 1)[1])


async def _encoded(rows: AsyncIterator[pa.RecordBatch]) -> AsyncGenerator[bytes, None]:
    async for batch in rows:
        if batch.num_rows:
            yield await asyncio.to_thread(encode, batch)


_DDL = {
    "boolean": "boolean",
    "smallint": "smallint",
    "integer": "integer",
    "bigint": "bigint",
    "real": "real",
    "double": "double precision",
    "text": "text",
    "bytes": "bytea",
    "date": "date",
    "time": "time without time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "interval": "interval",
    "uuid": "uuid",
    "json": "jsonb",
    "array": "jsonb",
}
_WITHOUT_EQUALITY = frozenset(("json", "xml", "point", "polygon", "path", "box", "jsonpath"))


def _mark(run: RunIdentity) -> str:
    return f"thedata.io pipeline {run.pipeline_id}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
