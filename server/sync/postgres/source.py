"""One snapshot of a PostgreSQL database, read as Arrow batches of canonical texts: COPY's own CSV, parsed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, ClassVar

import asyncpg
import pyarrow as pa
import pyarrow.csv as pacsv

from server.sync.connectors.base import ConnectorContext
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column, Stream
from server.sync.names import quote
from server.sync.postgres.catalog import Relation, read_relation
from server.sync.postgres.config import PostgresConfig
from server.sync.postgres.session import COPY_SECONDS, translated
from server.sync.source import Estimate, Read
from server.sync.sql_source import SqlSource, share_of

BATCH_BYTES = 4 << 20
CHUNKS_AHEAD = 64  # of about 64 KiB each

# ALTER TABLE and TRUNCATE give a table new files, whose rows are younger than any snapshot that is open. The catalog is
# read as of the snapshot, the functions tell what is now. A view stands for its tables, a table for its partitions.
_REWRITTEN = """
    WITH RECURSIVE named AS (
        SELECT c.oid, to_regclass(format('%I.%I', n.nspname, c.relname)) AS now
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
    ), read AS (
        SELECT oid FROM named
         UNION
        SELECT beneath.oid FROM read, LATERAL (
            SELECT inhrelid AS oid FROM pg_inherits WHERE inhparent = read.oid
             UNION ALL
            SELECT d.refobjid FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass
                   AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass WHERE r.ev_class = read.oid) AS beneath
    )
    SELECT coalesce(
        (SELECT $1 || '.' || $2 FROM named WHERE now IS DISTINCT FROM oid),
        (SELECT min(c.oid::regclass::text) FROM read JOIN pg_class c USING (oid)
          WHERE c.relkind IN ('r', 'm') AND c.relfilenode <> 0
            AND pg_relation_filenode(c.oid) IS DISTINCT FROM c.relfilenode))"""


class PostgresSource(SqlSource):
    """A repeatable-read transaction: everything that is read through it belongs to one instant."""

    tells_watermark: ClassVar[bool] = True

    def __init__(self, connection: asyncpg.Connection, config: PostgresConfig, context: ConnectorContext) -> None:
        self.connection = connection
        self.config = config
        self.timeout = context.timeout_seconds
        self.network = context.network

    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe a table or view."""
        return (await self.relation(namespace, name)).stream()

    async def relation(self, namespace: str, name: str) -> Relation:
        """Describe a table or view with what is needed to copy it as it is."""
        with translated(self.config, Origin.SOURCE):
            return await read_relation(self.connection, namespace, name)

    def expression(self, column: Column, *, portable: bool) -> str:
        """Cast what only this database knows to the type that it is based on, and arrays to JSON."""
        name = quote(column.name)
        if portable and column.type == "array":
            return f"array_to_json({name})::text AS {name}"
        cast = column.base_type and column.base_type != column.native_type
        return f"{name}::{column.base_type} AS {name}" if cast else name

    def literal(self, text: str, column: Column) -> str:
        """Write a canonical text as a value of a column's type."""
        return "'" + text.replace("'", "''") + f"'::{column.base_type or column.native_type}"

    async def select(
        self,
        sql: str,
        columns: Sequence[Column],
        *,
        portable: bool,  # noqa: ARG002 - the query has seen to it
    ) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read a query by COPY; every value is the text that PostgreSQL writes."""
        async with aclosing(copy_out(self.connection, self.config, Origin.SOURCE, sql)) as texts:
            async for text in texts:
                yield await asyncio.to_thread(parse, text, [column.name for column in columns])

    async def fetch_text(self, sql: str) -> str | None:
        """Read one value as text."""
        with translated(self.config, Origin.SOURCE):
            value = await self.connection.fetchval(
                f"SELECT value::text FROM ({sql}) AS one (value)", timeout=COPY_SECONDS
            )
        return None if value is None else str(value)

    async def estimate(self, read: Read) -> Estimate:
        """Ask the planner how many rows a range of the cursor has; the query is not run."""
        if read.cursor is None or read.cursor.lower is None:
            return await super().estimate(read)
        with translated(self.config, Origin.SOURCE):
            planned = await self.connection.fetchval(f"EXPLAIN (FORMAT JSON) {self.query(read, read.columns, ())}")
        return share_of(read.stream, round(json.loads(planned)[0]["Plan"]["Plan Rows"]))

    async def require_intact(self, stream: Stream) -> None:
        """Refuse tables that were rewritten, truncated or replaced before they were read: they look empty then."""
        with translated(self.config, Origin.SOURCE):
            rewritten = await self.connection.fetchval(_REWRITTEN, stream.namespace, stream.name)
        if rewritten:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.TRANSIENT,
                code="TABLE_REWRITTEN",
                message=f"{rewritten} was rewritten, truncated or replaced when it was about to be read",
                advice="Nothing has landed of it; it is read again by the next attempt.",
                stream=stream.full_name,
            )


async def copy_out(
    connection: asyncpg.Connection, config: PostgresConfig, origin: Origin, sql: str
) -> AsyncGenerator[bytes, None]:
    """Read a query as CSV text, whole rows at a time, some megabytes each; memory is bounded by what is ahead."""
    queue: asyncio.Queue[bytes | None] = asyncio.Queue(CHUNKS_AHEAD)

    async def copy() -> None:
        with translated(config, origin):
            await connection.copy_from_query(sql, output=queue.put, format="csv", timeout=COPY_SECONDS)
        await queue.put(None)

    copying = asyncio.ensure_future(copy())
    pieces: list[bytes] = []
    size = 0
    try:
        while True:
            piece = await _next(queue, copying)
            if piece is not None:
                pieces.append(piece)
                size += len(piece)
            if size >= BATCH_BYTES or (piece is None and pieces):
                yield b"".join(pieces)
                pieces, size = [], 0
            if piece is None:
                await copying
                return
    finally:
        if not copying.done():
            # The server may never answer again: the connection is given up with the query.
            connection.terminate()
            copying.cancel()
        await asyncio.gather(copying, return_exceptions=True)


def parse(text: bytes, names: Sequence[str]) -> pa.RecordBatch:
    """Parse COPY's CSV into columns of text; what is unquoted and empty is NULL."""
    table = pacsv.read_csv(
        pa.BufferReader(text),
        read_options=pacsv.ReadOptions(column_names=list(names), use_threads=False, block_size=len(text) + 1),
        parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=len(names) > 1),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            check_utf8=True,
        ),
    )
    arrays = [column.combine_chunks() for column in table.columns]
    flat = [array.chunk(0) if isinstance(array, pa.ChunkedArray) else array for array in arrays]
    return pa.RecordBatch.from_arrays(flat, names=list(names))


async def _next(queue: asyncio.Queue[bytes | None], copying: asyncio.Future[None]) -> bytes | None:
    """Take the next piece; raises what the copy raised."""
    if not queue.empty():
        return queue.get_nowait()
    getting: asyncio.Future[bytes | None] = asyncio.ensure_future(queue.get())
    try:
        waiting: set[asyncio.Future[Any]] = {getting, copying}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if getting.done():
            return getting.result()
        error = copying.exception()
        if error is None:
            return await getting
        raise error
    finally:
        getting.cancel()
