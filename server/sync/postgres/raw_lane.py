"""The raw lane: PostgreSQL's binary COPY out of one server is piped into another, and no value is ever looked at.

A large table goes over in ranges of its pages, some at once. Each range and its record are one transaction at the
destination, so that a later attempt copies only what is missing. It sees another snapshot of the source than the
first: ranges whose content has changed in between are found by hash, and copied again. So what is published is
always one snapshot. A range's rows are found again at the destination by the transaction that wrote them.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property

import asyncpg

from server.sync.crew import Crew, Share
from server.sync.destination import StagedChunk, Target
from server.sync.errors import HandedOver, Origin
from server.sync.events import Emit
from server.sync.filling import Comparison, Filled
from server.sync.flow import Tally, report, together
from server.sync.names import quote
from server.sync.postgres.catalog import Relation, SourceColumn
from server.sync.postgres.destination import PostgresDestination, copy_in
from server.sync.postgres.hashing import Hashed, choose_algorithm, content_hash, row_expression
from server.sync.postgres.session import COPY_SECONDS, session, translated
from server.sync.postgres.source import PostgresSource
from server.sync.receipt import ChunkReceipt
from server.sync.source import Read
from server.sync.spec import Verification
from server.sync.sql_destination import CHECKPOINTS, CHUNKS, staging_name, stale

CHUNK_BLOCKS = 8192  # 64 MiB of pages
BLOCK_BYTES = 8192  # of a server with the usual setting
QUEUED_CHUNKS = 16  # of at most 64 KiB or one row each: what bounds the memory of a pipe
MAX_PIPES = 4
MARGIN_PAGES = 128  # a server reserves some pages ahead, and may fill them later
_PAGES = "SELECT pg_relation_size(to_regclass($1)) / current_setting('block_size')::bigint"


@dataclass(frozen=True, slots=True)
class Range:
    """Pages of a table: from the first up to, but without, the last; None is the end, whatever it is by then."""

    first: int
    last: int | None


@dataclass
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
    cursor_name: str  # at the destination; empty: the watermark is told
    emit: Emit
    draining: asyncio.Event
    crew: Crew | None = None
    tally: Tally = field(default_factory=Tally)
    _done: dict[int, StagedChunk] = field(default_factory=dict)
    _standing: int = 0  # rows in the staging table, counted once all are there
    _row: str = ""
    _algorithm: str = ""
    _shared: bool = False  # a second time, for what has changed, is not worth it

    async def fill(self) -> Filled:
        """Copy every range that no earlier attempt has copied, or that has changed since."""
        self._done = {chunk.number: chunk for chunk in self.staged}
        await self._copy_all([number for number in range(len(self._ranges)) if number not in self._done])
        if self.staged:
            await self._repair()
        self._standing = await self.destination.count_staging(self.target)
        return Filled(
            sum(chunk.rows for chunk in self._done.values()),
            self._standing,
            0,
            sum(chunk.bytes for chunk in self._done.values()),
            await self._greatest() if self.cursor_name else self.watermark,
        )

    async def _greatest(self) -> str | None:
        with translated(self.destination.config, Origin.DESTINATION):
            found = await self.destination.connection.fetchval(
                f"SELECT max({quote(self.cursor_name)})::text FROM {self.destination.table(staging_name(self.target))}",
                timeout=COPY_SECONDS,
            )
        return None if found is None else str(found)

    async def compare(self, level: Verification) -> Comparison:
        """Compare by hash on both servers, or the counts of all rows."""
        read = sum(chunk.rows for chunk in self._done.values())
        if level is not Verification.CONTENT:
            standing = read if level is Verification.NONE else self._standing
            return Comparison(level, "", (ChunkReceipt(0, read, standing),))
        receipts = await self._hashed()
        return Comparison(level, self._algorithm, tuple(receipts))

    @cached_property
    def _ranges(self) -> list[Range]:
        if self.read.cursor is not None or self.relation.blocks <= CHUNK_BLOCKS:
            return [Range(0, None)]
        starts = list(range(0, self.relation.blocks, CHUNK_BLOCKS))
        return [Range(first, last) for first, last in zip(starts, [*starts[1:], None], strict=True)]

    async def help(self, share: Share, crew: Crew) -> None:
        """Copy ranges of a run that another worker carries out, until none is left to take."""
        stream = self.read.stream.full_name
        async with self._reader(share.work["snapshot"]) as reader, self._writer() as writer:
            taken: Share | None = share
            while taken is not None:
                piece = Range(taken.work["first"], taken.work["last"])
                chunk = await self._copy(reader, writer, taken.number, piece)
                await crew.done(stream, taken.number, asdict(chunk))
                if self.draining.is_set():
                    return
                taken = await crew.take(stream)

    async def _copy_all(self, waiting: list[int]) -> None:
        if not waiting:
            return
        # A pipe keeps a core of the destination's server busy, and little of this one's.
        pipes = min(MAX_PIPES, len(waiting), os.cpu_count() or 1)
        crew = self._crew_for(waiting)
        async with AsyncExitStack() as stack:
            snapshot = ""
            if crew or pipes > 1:
                with translated(self.source.config, Origin.SOURCE):
                    snapshot = str(await self.source.connection.fetchval("SELECT pg_export_snapshot()"))
            if crew:
                works = {number: asdict(self._ranges[number]) | {"snapshot": snapshot} for number in waiting}
                await crew.offer(self.read.stream.full_name, works)
            readers = [self.source.connection]
            for _ in range(1, pipes):
                readers.append(await stack.enter_async_context(self._reader(snapshot)))
            writers = [await stack.enter_async_context(self._writer()) for _ in readers]
            stop = asyncio.Event()

            async def work(reader: asyncpg.Connection, writer: asyncpg.Connection) -> None:
                while (number := await self._next(waiting, crew)) is not None:
                    if self.draining.is_set():
                        raise HandedOver
                    self._done[number] = await self._copy(reader, writer, number, self._ranges[number])
                    if crew:
                        await crew.done(self.read.stream.full_name, number, asdict(self._done[number]))

            async def all_works() -> None:
                await asyncio.gather(*map(work, readers, writers))
                if crew:
                    await self._join(crew, readers[0], writers[0], work)
                stop.set()

            def abort() -> None:
                for connection in (*readers, *writers):
                    connection.terminate()

            await together(
                all_works(),
                report(self.tally, self.read.stream.full_name, self.read.stream.estimated_rows, self.emit,
                       self._rows_copied, stop),
                abort=abort,
            )  # fmt: skip

    def _crew_for(self, waiting: Sequence[int]) -> Crew | None:
        """Who shares these ranges: nobody, where they are too few to be worth it."""
        size = len(waiting) * CHUNK_BLOCKS * BLOCK_BYTES
        worth = self.crew is not None and len(waiting) > 1 and size >= self.crew.least_bytes > 0
        return self.crew if worth and not self._shared else None

    async def _next(self, waiting: list[int], crew: Crew | None) -> int | None:
        if crew is None:
            return waiting.pop(0) if waiting else None
        share = await crew.take(self.read.stream.full_name)
        return share.number if share else None

    async def _join(
        self,
        crew: Crew,
        reader: asyncpg.Connection,
        writer: asyncpg.Connection,
        work: Callable[[asyncpg.Connection, asyncpg.Connection], Awaitable[None]],
    ) -> None:
        """Wait for the ranges that others have taken, and do those that they could not."""
        while (results := await crew.finished(self.read.stream.full_name)) is None:
            if self.draining.is_set():
                raise HandedOver
            await work(reader, writer)
        self._shared = True
        self._done |= {number: StagedChunk(**result) for number, result in results.items()}

    async def _copy(
        self, reader: asyncpg.Connection, writer: asyncpg.Connection, number: int, piece: Range
    ) -> StagedChunk:
        """Pipe one range into the staging table, in a transaction with its record; what was there of it goes."""
        query = self._query(piece)
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
                if (recorded := await self._recorded(writer, number)) is not None:
                    return recorded
                old = self._done.get(number)
                if old is not None:
                    await writer.execute(f"DELETE FROM {self.destination.table(name)} WHERE {_written_by(old)}")
                    await writer.execute(
                        f"DELETE FROM {self.destination.table(CHUNKS)} WHERE staging = $1 AND number = $2", name, number
                    )
                first = await writer.fetchval(_PAGES, self.destination.table(name))
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
                last = await writer.fetchval(_PAGES, self.destination.table(name))
                written_by = await writer.fetchval("SELECT (txid_current() % 4294967296)::text")
                position = {"xid": written_by, "first": max(0, first - MARGIN_PAGES), "last": last}
                chunk = StagedChunk(number, rows, size, position)
                await self._require_claim(writer)
                await writer.execute(
                    f"INSERT INTO {self.destination.table(CHUNKS)} VALUES ($1, $2, $3)",
                    name, number, json.dumps(asdict(chunk)),
                )  # fmt: skip
        return chunk

    async def _recorded(self, writer: asyncpg.Connection, number: int) -> StagedChunk | None:
        """A range that another worker has copied, but has died before it could say so."""
        if number in self._done:  # it is there, and to be copied again
            return None
        row = await writer.fetchval(
            f"SELECT chunk FROM {self.destination.table(CHUNKS)} WHERE staging = $1 AND number = $2",
            staging_name(self.target), number,
        )  # fmt: skip
        return None if row is None else StagedChunk(**json.loads(row))

    async def _require_claim(self, writer: asyncpg.Connection) -> None:
        """Keep a later attempt from claiming the table until this range is committed, or learn that it has."""
        run = self.target.run
        mine = await writer.fetchval(
            f"SELECT true FROM {self.destination.table(CHECKPOINTS)}"
            " WHERE table_name = $1 AND pipeline_id = $2 AND epoch = $3 FOR SHARE",
            self.target.table, run.pipeline_id, run.epoch,
        )  # fmt: skip
        if not mine:
            raise stale(self.target.stream, self.target.table, run)

    async def _repair(self) -> None:
        """Copy the ranges again that have changed at the source since an earlier attempt copied them."""
        changed = [receipt.chunk for receipt in await self._hashed() if not receipt.equal]
        await self._copy_all(changed)

    async def _hashed(self) -> list[ChunkReceipt]:
        """Hash every range on both servers, at the same time."""
        if not self._row:
            algorithm = await choose_algorithm(self.source.connection, self.destination.connection)
            names = self.target.column_names
            self._row = row_expression(names, [item.hashable for item in self.columns], algorithm)
            self._algorithm = algorithm.value

        async def at_source() -> list[Hashed]:
            with translated(self.source.config, Origin.SOURCE):
                return [
                    await content_hash(self.source.connection, self._query(piece), self._row) for piece in self._ranges
                ]

        async def at_destination() -> list[Hashed]:
            return [
                await self._hash_staged(self._done[number], within_pages=True) for number in range(len(self._ranges))
            ]

        ours, theirs = await asyncio.gather(at_source(), at_destination())
        for number, (left, right) in enumerate(zip(ours, theirs, strict=True)):
            if left != right:
                # A row may have been put where there was room, far from the others: look everywhere before saying so.
                theirs[number] = await self._hash_staged(self._done[number], within_pages=False)
        return [
            ChunkReceipt(number, left.rows, right.rows, left.total, right.total)
            for number, (left, right) in enumerate(zip(ours, theirs, strict=True))
        ]

    async def _hash_staged(self, chunk: StagedChunk, *, within_pages: bool) -> Hashed:
        query = f"SELECT * FROM {self.destination.table(staging_name(self.target))}"
        if len(self._ranges) > 1:
            assert chunk.position is not None
            query += f" WHERE {_written_by(chunk)}"
            if within_pages:
                query += f" AND ctid >= '({chunk.position['first']},0)' AND ctid < '({chunk.position['last']},0)'"
        with translated(self.destination.config, Origin.DESTINATION):
            return await content_hash(self.destination.connection, query, self._row)

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
        to = self.destination
        return session(to.config, Origin.DESTINATION, timeout=to.timeout, network=to.network)

    @asynccontextmanager
    async def _reader(self, snapshot: str) -> AsyncIterator[asyncpg.Connection]:
        of = self.source
        async with session(of.config, Origin.SOURCE, timeout=of.timeout, network=of.network) as connection:
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            await connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            yield connection

    async def _rows_copied(self) -> int:
        """Add what the COPYs in flight have taken in to the chunks that are done, by whatever worker."""
        name = staging_name(self.target)
        connection = self.destination.connection
        done: int = await connection.fetchval(
            f"SELECT coalesce(sum((chunk::json ->> 'rows')::bigint), 0)::bigint FROM {self.destination.table(CHUNKS)}"
            " WHERE staging = $1",
            name,
        )
        known = await connection.fetchval("SELECT to_regclass('pg_catalog.pg_stat_progress_copy') IS NOT NULL")
        if not known:  # before PostgreSQL 14
            return done
        running = await connection.fetchval(
            "SELECT coalesce(sum(tuples_processed), 0) FROM pg_stat_progress_copy WHERE relid = to_regclass($1)",
            self.destination.table(name),
        )
        return done + int(running)


def _written_by(chunk: StagedChunk) -> str:
    assert chunk.position is not None
    return f"xmin = '{chunk.position['xid']}'::xid"
