"""The raw lane: PostgreSQL's binary COPY out of one server is piped into another, and no value is ever looked at.

A large table goes over in ranges of its pages, some at once. Each range and its record are one transaction at the
destination, so that a later attempt copies only what is missing. It sees another snapshot of the source than the
first: what has changed in between is found by hash, bucket by bucket, and copied again. So what is published is
always one snapshot.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field

import asyncpg

from server.sync.destination import StagedChunk, Target
from server.sync.errors import Origin
from server.sync.events import Emit
from server.sync.filling import Comparison, Filled
from server.sync.flow import Tally, report, together
from server.sync.names import quote
from server.sync.postgres.catalog import Relation, SourceColumn
from server.sync.postgres.destination import PostgresDestination, copy_in
from server.sync.postgres.hashing import BUCKETS, Hashed, RowHash, choose_algorithm, row_hash
from server.sync.postgres.session import COPY_SECONDS, session, translated
from server.sync.postgres.source import PostgresSource
from server.sync.receipt import ChunkReceipt
from server.sync.source import Read
from server.sync.spec import Verification
from server.sync.sql_destination import CHUNKS, staging_name

CHUNK_BLOCKS = 8192  # 64 MiB of pages
QUEUED_CHUNKS = 16  # of at most 64 KiB or one row each: what bounds the memory of a pipe
MAX_PIPES = 4
REPAIR = -1  # the number of the chunk that a repair writes


@dataclass(frozen=True, slots=True)
class Range:
    """Pages of a table: from the first up to, but without, the last; None is the end, whatever it is by then."""

    first: int
    last: int | None


@dataclass(slots=True)
class RawLane:
    """One stream between two PostgreSQL databases. ``columns`` are what is read, in the target's order."""

    source: PostgresSource
    destination: PostgresDestination
    relation: Relation
    columns: Sequence[SourceColumn]
    read: Read
    target: Target
    staged: Sequence[StagedChunk]
    watermark: str | None
    emit: Emit
    tally: Tally = field(default_factory=Tally)
    _done: list[StagedChunk] = field(default_factory=list)
    _source_hashes: Hashed | None = None

    async def fill(self) -> Filled:
        """Copy every range that no earlier attempt has copied."""
        self._done = list(self.staged)
        known = {chunk.number for chunk in self.staged}
        waiting = [(number, piece) for number, piece in enumerate(self._ranges()) if number not in known]
        if waiting:
            await self._copy_all(waiting)
        if self.staged:
            await self._repair()
        return Filled(
            sum(chunk.rows for chunk in self._done),
            await self.destination.count_staging(self.target),
            0,
            sum(chunk.bytes for chunk in self._done),
            self.watermark,
        )

    async def compare(self, level: Verification) -> Comparison:
        """Compare by hash on both servers, or the counts of all rows."""
        read = sum(chunk.rows for chunk in self._done)
        if level is not Verification.CONTENT:
            standing = read if level is Verification.NONE else await self.destination.count_staging(self.target)
            return Comparison(level, "", (ChunkReceipt(0, read, standing),))
        expression, algorithm = await self._expression()
        ours, theirs = await asyncio.gather(self._hash_source(expression), self._hash_staging(expression))
        return Comparison(level, algorithm, tuple(chunk_receipts(ours, theirs)))

    def _ranges(self) -> list[Range]:
        if self.read.cursor is not None or self.relation.blocks <= CHUNK_BLOCKS:
            return [Range(0, None)]
        starts = list(range(0, self.relation.blocks, CHUNK_BLOCKS))
        return [Range(first, last) for first, last in zip(starts, [*starts[1:], None], strict=True)]

    async def _copy_all(self, waiting: list[tuple[int, Range]]) -> None:
        pipes = min(MAX_PIPES, len(waiting), max(1, (os.cpu_count() or 2) // 2))
        async with AsyncExitStack() as stack:
            with translated(self.source.config, Origin.SOURCE):
                snapshot = await self.source.connection.fetchval("SELECT pg_export_snapshot()") if pipes > 1 else ""
            readers = [self.source.connection]
            for _ in range(1, pipes):
                readers.append(await stack.enter_async_context(self._reader(str(snapshot))))
            writers = [await stack.enter_async_context(self._writer()) for _ in readers]
            stop = asyncio.Event()

            async def work(reader: asyncpg.Connection, writer: asyncpg.Connection) -> None:
                while waiting:
                    number, piece = waiting.pop(0)
                    self._done.append(await self._copy(reader, writer, number, self._query(piece)))

            async def all_works() -> None:
                await asyncio.gather(*map(work, readers, writers))
                stop.set()

            def abort() -> None:
                for connection in (*readers, *writers):
                    connection.terminate()

            pids = [writer.get_server_pid() for writer in writers]
            await together(
                all_works(),
                report(self.tally, self.read.stream.full_name, self.read.stream.estimated_rows, self.emit,
                       lambda: self._rows_copied(pids), stop),
                abort=abort,
            )  # fmt: skip

    async def _copy(
        self, reader: asyncpg.Connection, writer: asyncpg.Connection, number: int, query: str
    ) -> StagedChunk:
        """Pipe one query into the staging table, in a transaction with its record."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUED_CHUNKS)
        name = staging_name(self.target)
        size = 0

        async def pull() -> int:
            with translated(self.source.config, Origin.SOURCE):
                tag = await reader.copy_from_query(query, output=queue.put, format="binary", timeout=COPY_SECONDS)
            await queue.put(None)
            return int(tag.rsplit(" ", 1)[1])

        async def chunks() -> AsyncIterator[bytes]:
            nonlocal size
            while (chunk := await queue.get()) is not None:
                size += len(chunk)
                self.tally.add_bytes(len(chunk))
                yield chunk

        with translated(self.destination.config, Origin.DESTINATION):
            async with writer.transaction():
                pulling = asyncio.ensure_future(pull())
                pushing = asyncio.ensure_future(
                    copy_in(
                        writer, self.destination.config, self.destination.table(name), self.target.column_names,
                        chunks(), binary=True,
                    )
                )  # fmt: skip
                try:
                    await asyncio.wait({pulling, pushing}, return_when=asyncio.FIRST_EXCEPTION)
                    # The first that has failed tells why; the other one only waits for it.
                    rows, _ = [task.result() for task in (pulling, pushing) if task.done()]
                finally:
                    for task in (pulling, pushing):
                        task.cancel()
                    await asyncio.gather(pulling, pushing, return_exceptions=True)
                chunk = StagedChunk(number, rows, size)
                await writer.execute(
                    f"INSERT INTO {self.destination.table(CHUNKS)} VALUES ($1, $2, $3)",
                    name, number, json.dumps(asdict(chunk)),
                )  # fmt: skip
        return chunk

    async def _repair(self) -> None:
        """Copy the buckets again that have changed at the source since an earlier attempt copied them."""
        expression, _ = await self._expression()
        ours, theirs = await asyncio.gather(self._hash_source(expression), self._hash_staging(expression))
        self._done = [StagedChunk(0, sum(ours.rows.values()), sum(chunk.bytes for chunk in self._done))]
        bad = [receipt.chunk for receipt in chunk_receipts(ours, theirs) if not receipt.equal]
        if not bad:
            return
        among = f"{expression.bucket} IN ({', '.join(map(str, bad))})"
        staging = self.destination.table(staging_name(self.target))
        await self.destination.execute(f"DELETE FROM {staging} WHERE {among}")
        query = f"SELECT * FROM ({self._query(Range(0, None))}) AS rows WHERE {among}"
        async with self._writer() as writer:
            await self._copy(self.source.connection, writer, REPAIR, query)

    async def _expression(self) -> tuple[RowHash, str]:
        algorithm = await choose_algorithm(self.source.connection, self.destination.connection)
        names = self.target.column_names
        return row_hash(names, [item.hashable for item in self.columns], self.target.key, algorithm), algorithm.value

    async def _hash_source(self, expression: RowHash) -> Hashed:
        if self._source_hashes is None:
            with translated(self.source.config, Origin.SOURCE):
                self._source_hashes = await expression.take(self.source.connection, self._query(Range(0, None)))
        return self._source_hashes

    async def _hash_staging(self, expression: RowHash) -> Hashed:
        with translated(self.destination.config, Origin.DESTINATION):
            staging = self.destination.table(staging_name(self.target))
            return await expression.take(self.destination.connection, f"SELECT * FROM {staging}")

    def _query(self, piece: Range) -> str:
        items = ", ".join(
            f"{item.expression} AS {quote(name)}"
            for item, name in zip(self.columns, self.target.column_names, strict=True)
        )
        conditions = self.source.conditions(self.read, ())
        if piece.first:
            conditions.append(f"ctid >= '({piece.first},0)'")
        if piece.last is not None:
            conditions.append(f"ctid < '({piece.last},0)'")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {items} FROM {quote(self.relation.namespace, self.relation.name)}{where}"

    def _writer(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        return session(self.destination.config, Origin.DESTINATION, timeout=self.destination.timeout)

    @asynccontextmanager
    async def _reader(self, snapshot: str) -> AsyncIterator[asyncpg.Connection]:
        async with session(self.source.config, Origin.SOURCE, timeout=self.source.timeout) as connection:
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            await connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            yield connection

    async def _rows_copied(self, pids: Sequence[int]) -> int:
        """Add what the COPYs in flight have taken in to the chunks that are done."""
        done = sum(chunk.rows for chunk in self._done)
        connection = self.destination.connection
        known = await connection.fetchval("SELECT to_regclass('pg_catalog.pg_stat_progress_copy') IS NOT NULL")
        if not known:  # before PostgreSQL 14
            return done
        running = await connection.fetchval(
            "SELECT coalesce(sum(tuples_processed), 0) FROM pg_stat_progress_copy WHERE pid = ANY ($1::int[])", pids
        )
        return done + int(running)


def chunk_receipts(ours: Hashed, theirs: Hashed) -> list[ChunkReceipt]:
    """Put both sides' buckets beside each other."""
    return [
        ChunkReceipt(
            bucket,
            ours.rows.get(bucket, 0),
            theirs.rows.get(bucket, 0),
            ours.sums.get(bucket, ""),
            theirs.sums.get(bucket, ""),
        )
        for bucket in range(BUCKETS)
        if bucket in ours.rows or bucket in theirs.rows
    ]
