"""The raw lane: PostgreSQL's binary COPY out of one server is piped into another, and no value is ever looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

import asyncpg

from server.sync.connectors.postgres import PostgresConfig, connection_lost, translated
from server.sync.errors import Origin
from server.sync.lanes.flow import COPY_SECONDS, Tally

QUEUED_CHUNKS = 16  # of at most 64 KiB or one row each: what bounds the memory of a pipe


@dataclass(frozen=True, slots=True)
class Side:
    """A connection that is used for nothing but one COPY, and whose it is."""

    connection: asyncpg.Connection
    config: PostgresConfig
    origin: Origin


class BinaryPipe:
    """One COPY piped into another with backpressure; the command tags tell the rows of each side afterwards."""

    def __init__(self, source: Side, destination: Side, tally: Tally) -> None:
        self._source = source
        self._destination = destination
        self._tally = tally
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUED_CHUNKS)
        self.rows_read = 0
        self.rows_written = 0

    async def read(self, query: str) -> None:
        """Read a query's rows into the pipe."""
        with translated(self._source.config, self._source.origin):
            tag = await self._source.connection.copy_from_query(
                query, output=self._put, format="binary", timeout=COPY_SECONDS
            )
        await self._queue.put(None)
        self.rows_read = rows_of(tag)

    async def write(self, schema: str, table: str, columns: Sequence[str]) -> None:
        """Write the pipe's rows into a table."""
        tag = await copy_in(self._destination, schema, table, columns, self._chunks(), "binary")
        self.rows_written = rows_of(tag)

    async def _put(self, chunk: bytes) -> None:
        await self._queue.put(chunk)

    async def _chunks(self) -> AsyncIterator[bytes]:
        while (chunk := await self._queue.get()) is not None:
            self._tally.add_bytes(len(chunk))
            yield chunk


async def copy_in(
    side: Side,
    schema: str,
    table: str,
    columns: Sequence[str],
    chunks: AsyncIterator[bytes],
    format_: Literal["binary", "csv"],
) -> str:
    """Write chunks of COPY's data into a table and give the command tag; raises SyncError of this side."""
    try:
        with translated(side.config, side.origin):
            return await side.connection.copy_to_table(
                table, schema_name=schema, columns=columns, source=chunks, format=format_, timeout=COPY_SECONDS
            )
    except AttributeError as error:
        # The driver writes on to a transport that is gone, and finds None in its place.
        if side.connection.is_closed():
            raise connection_lost(side.config, side.origin) from error
        raise


def rows_of(tag: str) -> int:
    """Read the number in the command tag ``COPY 123``."""
    return int(tag.rsplit(" ", 1)[1])
