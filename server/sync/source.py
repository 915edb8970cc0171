"""The port of a source: one consistent look at a system, from which streams are described and read in batches."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from server.sync.model import Column, JsonObject, Stream


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be taken over as it is.

    ``row`` counts the rows of ``place`` (a file, a table) from 1, 0 where that is not known; ``content`` is the row
    as a JSON object of the source's columns, or the text that it was where it could not be read, at most 64 KiB of it.
    """

    place: str
    row: int
    column: str
    code: str
    message: str
    content: str

    @property
    def whole(self) -> bool:
        """Whether the content is the whole row, which can land once what was wrong has been mended."""
        try:
            return isinstance(json.loads(self.content), dict)
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a stream, in the order of reading.

    A column of ``rows`` has either the natural Arrow type of its engine type (boolean: bool; smallint, integer,
    bigint: int16, int32, int64; real, double: float32, float64; decimal(p,s): decimal128; text, json, uuid,
    interval, other: string; bytes: binary; date: date32; time: time64[us]; timestamp: timestamp[us]; timestamptz:
    timestamp[us, UTC]; array: string, as JSON), or is a string array of the values' canonical texts: PostgreSQL's
    spelling. The canonical text holds what Arrow cannot: NUMERIC of any length, infinite dates, years before Christ.

    ``first_row`` counts the rows of ``place`` from 1, rejected ones included; ``numbers`` are the rows' own where some
    between them are missing. ``bytes_read`` is the stream's total so far. ``position`` is where reading can go on after
    these rows, in the source's own terms; None: not here.
    """

    rows: pa.RecordBatch
    place: str
    first_row: int
    bytes_read: int
    position: JsonObject | None = None
    rejected: tuple[Rejected, ...] = ()
    numbers: pa.Array | None = None

    def number_of(self, index: int) -> int:
        """The number of a row of ``rows``."""
        return self.first_row + index if self.numbers is None else int(self.numbers[index].as_py())


@dataclass(frozen=True, slots=True)
class CursorRange:
    """The values of a cursor column to read, as canonical texts, bounds included; None is open.

    ``nulls`` also reads the rows whose cursor is NULL, which no later range would ever find.
    """

    column: str
    lower: str | None = None
    upper: str | None = None
    nulls: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how much a read has: its rows, and the bytes that they have at the source.

    None is unknown, and ``reason`` a sentence that says why there are no rows.
    """

    rows: int | None = None
    bytes: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What to read: columns of a stream in this order, a range of its cursor, and from where on.

    ``after`` is the ``position`` of a batch that has been taken over. ``portable`` demands that every value can be
    understood by any system: arrays as JSON; otherwise the reader of the batches is a system of the same kind, and
    values may travel in that system's own spelling.
    """

    stream: Stream
    columns: tuple[Column, ...]
    cursor: CursorRange | None = None
    after: JsonObject | None = None
    limit: int | None = None
    portable: bool = True


class Source(ABC):
    """A system that is being read. Made by ``Connector.open_source``; every method raises SyncError of the source.

    Where the system can, everything that is read between opening and closing belongs to one snapshot.
    """

    tells_watermark: ClassVar[bool] = False

    @abstractmethod
    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe one stream; raises SyncError STREAM_NOT_FOUND (TABLE_NOT_FOUND for tables)."""

    @abstractmethod
    def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read batches of some 10,000 to 100,000 rows, at most about 8 MiB each; closing the generator ends it.

        With a cursor range the rows need not come in the cursor's order.
        """

    async def estimate(self, read: Read) -> Estimate:
        """Guess how much a read has, from what the system knows of the stream: nothing is counted or scanned."""
        stream = read.stream
        if read.cursor is not None and read.cursor.lower is not None:
            return Estimate(reason="This system does not tell how many rows are beyond a cursor before they are read.")
        if stream.estimated_rows is None:
            return Estimate(None, stream.estimated_bytes, "This system does not tell how many rows the stream has.")
        return Estimate(stream.estimated_rows, stream.estimated_bytes)

    async def require_intact(self, stream: Stream) -> None:  # noqa: B027 - most systems have nothing to refuse
        """Raise SyncError TABLE_REWRITTEN when what was read of a stream may not be what stood there.

        Asked once, when everything was read, of systems whose snapshots do not cover every change of a table.
        """

    async def watermark(self, read: Read) -> str | None:
        """Find the greatest cursor value of the range as canonical text, None where there is no row.

        Only where ``tells_watermark``; otherwise the engine takes it from the rows.
        """
        raise AssertionError(f"{type(self).__name__} tells no watermark of {read.stream.full_name}")
