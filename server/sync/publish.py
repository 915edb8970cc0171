"""Publishing at a PostgreSQL destination: a staging table, one transaction that swaps it in, and the epoch fence.

Who owns a table: the one whose name stands in the schema's ``_thedata_checkpoints``. A table of the same name that
no pipeline made, or that another pipeline made, is never touched unless the stream says ``adopt``; users lose a
table by a typing error in a pipeline's form otherwise. A table that was dropped by hand belongs to nobody.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import asyncpg

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.lanes.flow import COPY_SECONDS
from server.sync.model import Fence, RunIdentity
from server.sync.names import MAX_NAME_BYTES, quote, quote_all

LOCK_SECONDS = 30
CHECKPOINTS = "_thedata_checkpoints"


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """A column of the table to make."""

    name: str
    ddl: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Target:
    """The table to make, and on whose behalf."""

    schema: str
    table: str
    stream: str
    columns: tuple[TargetColumn, ...]
    primary_key: tuple[str, ...]
    run: RunIdentity
    adopt: bool

    @property
    def column_names(self) -> list[str]:
        """The columns' names in their order."""
        return [column.name for column in self.columns]

    @property
    def published(self) -> str:
        """The quoted name that users read."""
        return quote(self.schema, self.table)

    @property
    def staging_name(self) -> str:
        """The staging table's name: one per pipeline, table and epoch, below 63 bytes."""
        return f"{self.staging_prefix}{self.run.epoch}"

    @property
    def staging_prefix(self) -> str:
        """What the staging tables of every epoch have in front."""
        digest = hashlib.sha256(f"{self.run.pipeline_id}\0{self.schema}\0{self.table}".encode()).hexdigest()[:16]
        return f"_thedata_staging_{digest}_"

    @property
    def staging(self) -> str:
        """The staging table's quoted name."""
        return quote(self.schema, self.staging_name)

    @property
    def checkpoints(self) -> str:
        """The quoted name of the schema's checkpoint table."""
        return quote(self.schema, CHECKPOINTS)


async def prepare(connection: asyncpg.Connection, target: Target) -> None:
    """Claim the table for this epoch, remove what a killed run left, and create the empty staging table.

    Raises SyncError STALE_EPOCH, TABLE_OWNED or TABLE_NOT_OURS before anything is written to the table.
    """
    async with connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        # Two first runs in one schema would both try to create the same objects.
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('thedata.io'), hashtext($1))", target.schema)
        await _ensure_schema(connection, target)
        await _claim(connection, target)
        await _require_own(connection, target)
    await drop_staging(connection, target)
    async with connection.transaction():
        columns = ", ".join(
            f"{quote(column.name)} {column.ddl}{'' if column.nullable else ' NOT NULL'}" for column in target.columns
        )
        await connection.execute(f"CREATE TABLE {target.staging} ({columns})")


async def drop_staging(connection: asyncpg.Connection, target: Target) -> None:
    """Drop the staging tables of this and earlier epochs, ending sessions of ours that still write to them."""
    names = await connection.fetch(
        """SELECT c.oid, c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relkind = 'r' AND starts_with(c.relname, $2)""",
        target.schema,
        target.staging_prefix,
    )
    for row in names:
        if int(row["name"].removeprefix(target.staging_prefix)) > target.run.epoch:
            continue
        await connection.execute(
            """SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                WHERE l.relation = $1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND l.pid <> pg_backend_pid() AND a.usename = current_user AND a.application_name = 'thedata.io'""",
            row["oid"],
        )
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '5s'")
            await connection.execute(f"DROP TABLE IF EXISTS {quote(target.schema, row['name'])}")


async def add_primary_key(connection: asyncpg.Connection, target: Target) -> None:
    """Build the key's index after the load, which is faster than during it."""
    if target.primary_key:
        await connection.execute(
            f"ALTER TABLE {target.staging} ADD PRIMARY KEY ({quote_all(target.primary_key)})", timeout=COPY_SECONDS
        )


async def analyze(connection: asyncpg.Connection, target: Target) -> None:
    """Give the planner its statistics before anybody reads the table."""
    await connection.execute(f"ANALYZE {target.staging}", timeout=COPY_SECONDS)


async def count_rows(connection: asyncpg.Connection, target: Target) -> int:
    """Count what stands in the staging table."""
    return int(
        await connection.fetchval(f"SELECT count(*) FROM {target.staging}", timeout=COPY_SECONDS)  # noqa: S608
    )


async def publish(
    connection: asyncpg.Connection, target: Target, rows: int, content_hash: str | None, fence: Fence
) -> bool:
    """Replace the published table by the staging table in one transaction, with its checkpoint.

    A table to which somebody attached something (views, indexes, grants, triggers, comments) keeps it: it is
    emptied and refilled in place instead of swapped. Returns whether it was swapped. Readers see the old rows
    until the commit, then the new ones.
    """
    async with connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        await _require_claim(connection, target)
        old = await _require_own(connection, target, lock=True)
        swap = old is None or not await _has_attachments(connection, target, old)
        # The last look at the lease, with every lock in hand: after this only the commit can come.
        await fence()
        if swap:
            oid = await _swap(connection, target, old)
        else:
            oid = await _refill(connection, target, old)
        await connection.execute(
            f"UPDATE {target.checkpoints} SET table_oid = $2, rows = $3, content_hash = $4, published_at = now()"  # noqa: S608
            " WHERE table_name = $1",
            target.table,
            oid,
            rows,
            content_hash,
        )
    return swap


async def _ensure_schema(connection: asyncpg.Connection, target: Target) -> None:
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", target.schema):
        await connection.execute(f"CREATE SCHEMA {quote(target.schema)}")
    known = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = $1 AND c.relname = $2)",
        target.schema,
        CHECKPOINTS,
    )
    if not known:
        await connection.execute(
            f"""CREATE TABLE {target.checkpoints} (
                    table_name   text PRIMARY KEY,
                    pipeline_id  text NOT NULL,
                    stream       text NOT NULL,
                    run_id       text NOT NULL,
                    epoch        bigint NOT NULL,
                    table_oid    oid,
                    rows         bigint,
                    content_hash text,
                    claimed_at   timestamptz NOT NULL,
                    published_at timestamptz)"""
        )


async def _claim(connection: asyncpg.Connection, target: Target) -> None:
    run = target.run
    claimed = await connection.fetchval(
        f"""INSERT INTO {target.checkpoints} AS known
                   (table_name, pipeline_id, stream, run_id, epoch, claimed_at) VALUES ($1, $2, $3, $4, $5, now())
            ON CONFLICT (table_name) DO UPDATE
               SET pipeline_id = $2, stream = $3, run_id = $4, epoch = $5, claimed_at = now()
             WHERE CASE WHEN known.pipeline_id = $2 THEN known.epoch <= $5
                        ELSE $6 OR NOT EXISTS (SELECT FROM pg_class WHERE oid = known.table_oid) END
            RETURNING true""",  # noqa: S608 - the name is quoted
        target.table,
        run.pipeline_id,
        target.stream,
        run.run_id,
        run.epoch,
        target.adopt,
    )
    if not claimed:
        await _require_claim(connection, target)


async def _require_claim(connection: asyncpg.Connection, target: Target) -> None:
    known = await connection.fetchrow(
        f"SELECT pipeline_id, epoch FROM {target.checkpoints} WHERE table_name = $1 FOR UPDATE",  # noqa: S608
        target.table,
    )
    if known is not None and known["pipeline_id"] != target.run.pipeline_id:
        raise _refused(
            target,
            "TABLE_OWNED",
            f"The table {target.published} belongs to another pipeline",
            "Choose another table, drop this one, or let the stream adopt it.",
        )
    if known is None or known["epoch"] != target.run.epoch:
        raise SyncError(
            origin=Origin.PLATFORM,
            type=ErrorType.CANCELLED,
            code="STALE_EPOCH",
            message=f"A newer attempt writes {target.published}; this one has epoch {target.run.epoch}",
            advice="Nothing to do: the newer attempt goes on.",
            stream=target.stream,
        )


async def _require_own(connection: asyncpg.Connection, target: Target, *, lock: bool = False) -> int | None:
    """Find the published table's oid, None where there is none; raises where it is not this pipeline's."""
    known = await connection.fetchrow(
        f"""SELECT c.oid, c.relkind::text AS kind, c.oid = k.table_oid AS recorded,
                   obj_description(c.oid, 'pg_class') = $3 AS marked
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN {target.checkpoints} k ON k.table_name = $2
             WHERE n.nspname = $1 AND c.relname = $2""",  # noqa: S608 - the name is quoted
        target.schema,
        target.table,
        _mark(target),
    )
    if known is None:
        return None
    if known["kind"] != "r":
        raise _refused(
            target,
            "NAME_TAKEN",
            f"{target.published} exists and is no plain table",
            "Choose another table for the stream.",
        )
    # The mark outlives a dump and restore, the oid outlives a changed comment.
    if not (known["recorded"] or known["marked"] or target.adopt):
        raise _refused(
            target,
            "TABLE_NOT_OURS",
            f"The table {target.published} exists and was not made by this pipeline",
            "Choose another table, rename or drop this one, or let the stream adopt it.",
        )
    if lock:
        await connection.execute(f"LOCK TABLE {target.published} IN ACCESS EXCLUSIVE MODE")
    return int(known["oid"])


async def _has_attachments(connection: asyncpg.Connection, target: Target, old: int) -> bool:
    return bool(
        await connection.fetchval(
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
                 FROM pg_class t, pg_class s WHERE t.oid = $1 AND s.oid = $2::text::regclass""",
            old,
            target.staging,
            _mark(target),
        )
    )


async def _swap(connection: asyncpg.Connection, target: Target, old: int | None) -> int:
    if old is not None:
        await connection.execute(f"DROP TABLE {target.published}")
    oid = await connection.fetchval("SELECT $1::text::regclass::oid", target.staging)
    await connection.execute(f"ALTER TABLE {target.staging} RENAME TO {quote(target.table)}")
    key = await connection.fetchval(
        "SELECT conname::text FROM pg_constraint WHERE conrelid = $1 AND contype = 'p'", oid
    )
    wanted = f"{target.table}_pkey"
    taken = await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", quote(target.schema, wanted))
    if key and not taken and len(wanted.encode()) <= MAX_NAME_BYTES:
        await connection.execute(f"ALTER TABLE {target.published} RENAME CONSTRAINT {quote(key)} TO {quote(wanted)}")
    await connection.execute(f"COMMENT ON TABLE {target.published} IS {_literal(_mark(target))}")
    return int(oid)


async def _refill(connection: asyncpg.Connection, target: Target, old: int | None) -> int:
    if await _columns(connection, target.published) != await _columns(connection, target.staging):
        raise _refused(
            target,
            "TABLE_IN_USE",
            f"The stream's columns changed, and views, indexes or grants hang on {target.published}",
            "Drop what depends on the table, or choose another table for the stream.",
        )
    names = quote_all(column.name for column in target.columns)
    await connection.execute(f"TRUNCATE {target.published}")
    await connection.execute(
        f"INSERT INTO {target.published} ({names}) SELECT {names} FROM {target.staging}",  # noqa: S608 - quoted
        timeout=COPY_SECONDS,
    )
    await connection.execute(f"DROP TABLE {target.staging}")
    return int(old or 0)


async def _columns(connection: asyncpg.Connection, table: str) -> list[tuple[str, str, bool]]:
    rows = await connection.fetch(
        """SELECT attname::text, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
            WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname""",
        table,
    )
    return [tuple(row) for row in rows]


def _mark(target: Target) -> str:
    return f"thedata.io pipeline {target.run.pipeline_id}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _refused(target: Target, code: str, message: str, advice: str) -> SyncError:
    return SyncError(
        origin=Origin.DESTINATION,
        type=ErrorType.CONFIG,
        code=code,
        message=message,
        advice=advice,
        stream=target.stream,
    )
