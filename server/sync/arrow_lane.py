"""The Arrow lane: batches from any source, transformed, fitted to the destination, hashed, and loaded chunk by chunk.

A chunk is loaded in one transaction with the position that the source goes on from: a later attempt of the run
resumes after the last chunk. Where a source has no positions, the whole stream is one chunk.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import pyarrow as pa

from server.sync import cursors
from server.sync.destination import Destination, StagedChunk, Target, Unfit
from server.sync.errors import ErrorType, HandedOver, Origin, SyncError
from server.sync.events import Emit, Quarantine, RowsRejected
from server.sync.filling import Comparison, Filled
from server.sync.flow import Tally, ahead, report, together
from server.sync.model import Column, JsonObject
from server.sync.receipt import ChunkReceipt
from server.sync.row_hash import RowHasher
from server.sync.source import Batch, Read, Rejected, Source
from server.sync.spec import RejectLimit, Verification
from server.sync.transforms import Applied, Compiled

CHUNK_ROWS = 500_000
CHUNK_BYTES = 128 << 20
MAX_CONTENT = 64 << 10


@dataclass(frozen=True, slots=True)
class Ready:
    """A batch as it is loaded, what was rejected of it, and its share of the tally."""

    rows: pa.RecordBatch
    rejected: tuple[Rejected, ...]
    rows_read: int
    bytes_read: int
    position: JsonObject | None


@dataclass(slots=True)
class ArrowLane:
    """One stream from any source to any destination."""

    source: Source
    destination: Destination
    read: Read
    compiled: Compiled
    target: Target
    staged: Sequence[StagedChunk]
    cursor: Column | None
    watermark: str | None
    limit: RejectLimit
    hashing: bool
    emit: Emit
    quarantine: Quarantine
    draining: asyncio.Event
    tally: Tally = field(default_factory=Tally)
    _chunks: list[StagedChunk] = field(default_factory=list)

    async def fill(self) -> Filled:
        """Load every chunk that no earlier attempt has loaded."""
        self._chunks = list(await self._resumable())
        if not (self._chunks and self._chunks[-1].last):
            await self._load_all()
        return Filled(
            sum(chunk.rows + chunk.rejected for chunk in self._chunks),
            sum(chunk.rows for chunk in self._chunks),
            sum(chunk.rejected for chunk in self._chunks),
            sum(chunk.bytes for chunk in self._chunks),
            self.watermark,
        )

    async def compare(self, level: Verification) -> Comparison:
        """Compare what was read with what stands in the staging table: counts, or the content read back."""
        read = sum(chunk.rows for chunk in self._chunks)
        if level is not Verification.CONTENT:
            standing = read if level is Verification.NONE else await self.destination.count_staging(self.target)
            return Comparison(level, "", (ChunkReceipt(0, read, standing),))
        hasher = self._hasher()
        async with aclosing(self.destination.read_staging(self.target)) as batches:
            async for batch in batches:
                await asyncio.to_thread(hasher.add, batch)
        ours = merged(chunk.hashes or {} for chunk in self._chunks)
        return Comparison(level, hasher.algorithm, tuple(chunk_receipts(ours, buckets_of(hasher))))

    async def _resumable(self) -> Sequence[StagedChunk]:
        """The chunks to go on from; what cannot be gone on from is dropped."""
        staged = self.staged
        usable = bool(staged) and (staged[-1].last or staged[-1].position is not None)
        if staged and (not usable or (self.hashing and any(chunk.hashes is None for chunk in staged))):
            await self.destination.discard(self.target)
            await self.destination.stage(self.target)
            return ()
        if staged:
            last = staged[-1]
            self.watermark = last.cursor if last.cursor is not None else self.watermark
            self.tally.rows = sum(chunk.rows for chunk in staged)
        return staged

    async def _load_all(self) -> None:
        after = self._chunks[-1].position if self._chunks else None
        stop = asyncio.Event()

        async def load() -> None:
            batches = ahead(self._ready(replace(self.read, after=after)))
            async with aclosing(batches):
                feed = _Feed(self, batches)
                while not feed.ended:
                    if self.draining.is_set():
                        raise HandedOver
                    await self.destination.load(self.target, feed.rows(), feed.seal)
                    self._chunks.append(feed.sealed)
            stop.set()

        async def count() -> int:
            return self.tally.rows

        estimate = self.read.stream.estimated_rows
        await together(
            load(), report(self.tally, self.target.stream, estimate, self.emit, count, stop), abort=lambda: None
        )

    async def _ready(self, read: Read) -> AsyncGenerator[Ready, None]:
        async with aclosing(self.source.read(read)) as batches:
            async for batch in batches:
                yield await asyncio.to_thread(self._make_ready, batch)

    def _make_ready(self, batch: Batch) -> Ready:
        applied = self.compiled.apply(batch.rows)
        fitted = self.destination.fit(applied.rows, self.target.columns)
        rejected = [
            *batch.rejected,
            *(
                _rejected(batch, item.index, item.column, item.code, item.message, item.content)
                for item in applied.rejected
            ),
            *(_unfit(batch, applied, item) for item in fitted.unfit),
        ]
        if self.cursor is not None and not self.source.tells_watermark:
            values = batch.rows.column(self.cursor.name)
            self.watermark = cursors.greatest(values, self.cursor, self.watermark)
        read = batch.rows.num_rows + len(batch.rejected)
        return Ready(fitted.rows, tuple(rejected), read, batch.bytes_read, batch.position)

    def _hasher(self) -> RowHasher:
        columns = [column.column for column in self.target.columns]
        return RowHasher(columns, self.target.key, () if self.read.portable else self.compiled.exact)

    async def check_limit(self, chunk: int, rejected: Sequence[Rejected], read: int, *, final: bool) -> None:
        """Keep the rejected rows, and raise the first as the stream's error when there are more than it allows."""
        before = sum(item.rejected for item in self._chunks)
        total, total_read = before + len(rejected), sum(c.rows + c.rejected for c in self._chunks) + read
        # A share is known when all has been read; a count is exceeded at once.
        if not rejected or (self.limit.share and not final) or not self.limit.exceeded(total, total_read):
            return
        await self.quarantine(RowsRejected(self.target.stream, chunk, tuple(rejected)))
        first = rejected[0]
        more = f" ({total:,} of {total_read:,} rows were rejected)" if total > 1 else ""
        place = f"{first.place} row {first.row}" if first.row else first.place
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code=first.code,
            message=first.message + more,
            advice="Correct the rows at their source, or let the stream reject some: see its rejected rows.",
            stream=self.target.stream,
            position=f"{place} column {first.column}" if first.column else place,
        )


class _Feed:
    """Cuts the stream of batches into chunks, and keeps the books of the chunk that is being loaded."""

    def __init__(self, lane: ArrowLane, batches: AsyncIterator[Ready]) -> None:
        self._lane = lane
        self._batches = batches
        self._hasher: RowHasher | None = None
        self._number = lane._chunks[-1].number + 1 if lane._chunks else 0
        self._bytes_before = sum(chunk.bytes for chunk in lane._chunks)
        self._last_bytes = 0
        self._position: JsonObject | None = None
        self._rows = 0
        self._read = 0
        self._bytes = 0
        self.rejected: list[Rejected] = []
        self.ended = False
        self.sealed = StagedChunk(0, 0, 0)

    async def rows(self) -> AsyncIterator[pa.RecordBatch]:
        """Yield the batches of one chunk."""
        lane = self._lane
        self._hasher = lane._hasher() if lane.hashing else None
        self._rows, self._read, self._bytes, self.rejected = 0, 0, 0, []
        async for ready in self._batches:
            if self._hasher is not None:
                await asyncio.to_thread(self._hasher.add, ready.rows)
            self._rows += ready.rows.num_rows
            self._read += ready.rows_read
            self._bytes += ready.bytes_read - self._last_bytes
            self._last_bytes = ready.bytes_read
            self._position = ready.position
            self.rejected += ready.rejected
            await lane.check_limit(self._number, self.rejected, self._read, final=False)
            yield ready.rows
            lane.tally.rows += ready.rows_read
            lane.tally.add_bytes(self._bytes_before + ready.bytes_read - lane.tally.bytes)
            full = self._rows >= CHUNK_ROWS or self._bytes >= CHUNK_BYTES or lane.draining.is_set()
            if ready.position is not None and full:
                break
        else:
            self.ended = True
        await lane.check_limit(self._number, self.rejected, self._read, final=self.ended)
        if self.rejected:
            await lane.quarantine(RowsRejected(lane.target.stream, self._number, tuple(self.rejected)))

    def seal(self) -> StagedChunk:
        """Tell the chunk that has been read."""
        lane = self._lane
        self.sealed = StagedChunk(
            number=self._number,
            rows=self._rows,
            bytes=self._bytes,
            position=self._position,
            hashes=buckets_of(self._hasher) if self._hasher is not None else None,
            rejected=len(self.rejected),
            cursor=lane.watermark,
            last=self.ended,
        )
        self._number += 1
        return self.sealed


def buckets_of(hasher: RowHasher) -> dict[str, list[str]]:
    """A hasher's buckets as JSON keeps them: rows and hash by bucket."""
    return {str(item.bucket): [str(item.rows), str(item.hash)] for item in hasher.result()}


def merged(parts: Iterable[JsonObject]) -> dict[str, list[str]]:
    """Add up the buckets of chunks."""
    total: dict[str, list[int]] = {}
    for part in parts:
        for bucket, (rows, value) in part.items():
            known = total.setdefault(bucket, [0, 0])
            known[0] += int(rows)
            known[1] += int(value)
    return {bucket: [str(rows), str(value)] for bucket, (rows, value) in total.items()}


def chunk_receipts(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> list[ChunkReceipt]:
    """Put both sides' buckets beside each other."""
    return [
        ChunkReceipt(
            int(bucket),
            int(ours.get(bucket, ["0", ""])[0]),
            int(theirs.get(bucket, ["0", ""])[0]),
            ours.get(bucket, ["0", ""])[1],
            theirs.get(bucket, ["0", ""])[1],
        )
        for bucket in sorted(ours.keys() | theirs.keys(), key=int)
    ]


def _rejected(batch: Batch, index: int, column: str, code: str, message: str, content: str) -> Rejected:
    return Rejected(batch.place, batch.number_of(index), column, code, message, content[:MAX_CONTENT])


def _unfit(batch: Batch, applied: Applied, item: Unfit) -> Rejected:
    index = item.index if applied.kept is None else applied.kept[item.index].as_py()
    content = json.dumps(batch.rows.slice(index, 1).to_pylist()[0], default=str, ensure_ascii=False)
    return _rejected(batch, index, item.column, item.code, item.message, content)
