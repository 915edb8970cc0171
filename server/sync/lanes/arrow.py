"""The Arrow lane: record batches become COPY's CSV in a thread, one batch ahead of the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa

from server.sync.connectors.files import FileBatch, FileReader, unreadable
from server.sync.lanes.copy_csv import encode
from server.sync.lanes.flow import Tally
from server.sync.lanes.raw import Side, copy_in, rows_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Chunk:
    text: bytes
    rows: int
    bytes_read: int


class BatchPipe:
    """Batches of a blocking reader, written by COPY. At most two batches are in memory.

    Everything that touches the reader runs in one thread of its own, so the event loop is never blocked.
    """

    def __init__(self, destination: Side, tally: Tally) -> None:
        self._destination = destination
        self._tally = tally
        self._thread = ThreadPoolExecutor(1, "arrow-lane")
        self._reader: FileReader | None = None
        self.rows_written = 0

    async def open(self, make_reader: Callable[[], FileReader]) -> FileReader:
        """Make the reader in the pipe's thread."""
        self._reader = await self._blocking(make_reader)
        return self._reader

    async def write(self, reader: FileReader, schema: str, table: str, columns: Sequence[str]) -> None:
        """Write all batches of the reader into a table."""
        tag = await copy_in(self._destination, schema, table, columns, self._chunks(reader), "csv")
        self.rows_written = rows_of(tag)

    def close(self) -> None:
        """Let the thread close the files when it has ended the batch that it is at; does not wait."""
        if self._reader is not None:
            self._thread.submit(_close, self._reader)
        self._thread.shutdown(wait=False)

    async def _chunks(self, reader: FileReader) -> AsyncIterator[bytes]:
        ahead = asyncio.ensure_future(self._next(reader))
        try:
            while (chunk := await ahead) is not None:
                ahead = asyncio.ensure_future(self._next(reader))
                yield chunk.text
                self._tally.rows += chunk.rows
                self._tally.add_bytes(chunk.bytes_read - self._tally.bytes)
        finally:
            ahead.cancel()

    async def _next(self, reader: FileReader) -> _Chunk | None:
        return await self._blocking(lambda: _encode_next(reader))

    async def _blocking(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (pa.ArrowException, OSError, UnicodeError) as error:
            raise unreadable(error) from error


def _encode_next(reader: FileReader) -> _Chunk | None:
    item: FileBatch | None = next(reader.batches, None)
    if item is None:
        return None
    return _Chunk(encode(item.batch, item.file, item.first_row), item.batch.num_rows, item.bytes_read)


def _close(reader: FileReader) -> None:
    reader.batches.close()
