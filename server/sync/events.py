"""What the engine says while it runs. Whoever listens decides where it goes: a log, a progress bar, a database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from server.sync.errors import SyncError
from server.sync.receipt import Lane, StreamReceipt
from server.sync.source import Rejected


class Level(StrEnum):
    """How much a log line matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """A stream begins to move; the estimate is None where the source has none."""

    stream: str
    table: str
    lane: Lane
    estimated_rows: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stream is, at most twice a second; totals since its start.

    ``rows_committed`` stays 0 until the stream is published: rows in a staging table are not committed rows.
    On the raw lane ``rows_read`` is the number that the destination has taken in so far.
    """

    stream: str
    rows_read: int
    bytes_read: int
    rows_committed: int
    estimated_rows: int | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line for the run's log; ``stream`` is None for the run as a whole."""

    level: Level
    message: str
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class RowsRejected:
    """Rows of a chunk that could not be taken over; told again, for the same chunk, when the chunk is read again."""

    stream: str
    chunk: int
    rows: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class SchemaChanged:
    """The source's columns are not what they were at the last run; a sentence for each change."""

    stream: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The destination has committed a stream's rows and position in one transaction."""

    stream: str
    table: str
    epoch: int
    rows_committed: int
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class StreamFinished:
    """A stream is published and verified."""

    stream: str
    receipt: StreamReceipt


@dataclass(frozen=True, slots=True)
class StreamFailed:
    """A stream has ended without a change at the destination."""

    stream: str
    error: SyncError


Event = StreamStarted | Progress | LogLine | SchemaChanged | Checkpoint | StreamFinished | StreamFailed

Emit = Callable[[Event], None]
"""Called on the event loop; must return at once."""

Quarantine = Callable[[RowsRejected], Awaitable[None]]
"""Keeps rejected rows; awaited before the chunk is committed that they are missing from, so that none is lost."""
