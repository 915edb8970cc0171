"""What a run is asked to do: which streams go where, how, and how it is proved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel

from server.sync.crew import Crew
from server.sync.transforms import Transforms

Fence = Callable[[], Awaitable[None]]
"""Awaited right before a commit; raises when the run has lost its lease."""


class SyncMode(StrEnum):
    """How a stream lands.

    FULL_REFRESH_OVERWRITE replaces the table, FULL_REFRESH_APPEND adds all rows to it. INCREMENTAL_APPEND adds the
    rows whose cursor is new, INCREMENTAL_MERGE updates and inserts them by key. HISTORY keeps every version of a
    row by key, with the times between which it was valid (slowly changing dimension, type 2).
    """

    FULL_REFRESH_OVERWRITE = "full_refresh_overwrite"
    FULL_REFRESH_APPEND = "full_refresh_append"
    INCREMENTAL_APPEND = "incremental_append"
    INCREMENTAL_MERGE = "incremental_merge"
    HISTORY = "history"

    @property
    def needs_key(self) -> bool:
        """Whether rows are found again by their key."""
        return self in (SyncMode.INCREMENTAL_MERGE, SyncMode.HISTORY)

    @property
    def needs_cursor(self) -> bool:
        """Whether only rows with a new cursor are read; HISTORY and INCREMENTAL_MERGE work with and without one."""
        return self is SyncMode.INCREMENTAL_APPEND


class Deletes(StrEnum):
    """What becomes of rows whose key the source no longer has.

    They are found by comparing keys. SOFT sets ``_deleted_at``, HARD removes the row; HISTORY closes its version.
    """

    IGNORE = "ignore"
    SOFT = "soft"
    HARD = "hard"


class SchemaChange(StrEnum):
    """What a stream does when the source's columns have changed since its last run.

    EVOLVE adds columns and widens types; FREEZE fails before anything is written; DISCARD_COLUMNS goes on with the
    columns that it knows. A column that is gone stays at the destination, NULL from then on. Every change is told.
    """

    EVOLVE = "evolve"
    FREEZE = "freeze"
    DISCARD_COLUMNS = "discard_columns"


class Verification(StrEnum):
    """What a receipt proves: nothing, equal counts, or equal content."""

    NONE = "none"
    COUNTS = "counts"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class RejectLimit:
    """How many rows of a run may be rejected before the stream fails: a count, or a share of the rows read."""

    rows: int = 0
    share: float = 0.0

    def exceeded(self, rejected: int, read: int) -> bool:
        """Whether neither the count nor the share allows this many; ``read`` includes the rejected rows."""
        return rejected > self.rows and rejected > self.share * read


@dataclass(frozen=True, slots=True)
class Start:
    """Where an incremental stream starts, as somebody set it: it counts until the destination has a newer version.

    ``cursor`` None is the beginning. ``reset`` also empties what has landed. ``version`` grows with every setting.
    """

    version: int
    cursor: str | None = None
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Backfill:
    """A range of the cursor to read again, bounds included, beside the checkpoint and without moving it."""

    lower: str | None = None
    upper: str | None = None


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """Which stream goes to which table, and how.

    ``table`` defaults to the stream's name. ``columns`` selects and orders; None means all. ``adopt`` allows to
    write a table of that name which this pipeline did not create. ``key`` defaults to the source's primary key.
    ``cursor`` is the column that grows with every change; ``cursor_lag`` reads that far behind it again, for rows
    that were committed late: seconds for dates and times, otherwise a number. ``deletes_every`` is the least number
    of seconds between two looks for deleted rows; 0 is every run. Key and cursor are named as the source does.
    """

    name: str
    namespace: str = ""
    table: str = ""
    sync_mode: SyncMode = SyncMode.FULL_REFRESH_OVERWRITE
    columns: tuple[str, ...] | None = None
    adopt: bool = False
    key: tuple[str, ...] = ()
    cursor: str = ""
    cursor_lag: float = 0.0
    deletes: Deletes = Deletes.IGNORE
    deletes_every: int = 0
    schema_change: SchemaChange = SchemaChange.EVOLVE
    allow_lossy: bool = False
    transforms: Transforms = field(default_factory=Transforms)
    rejects: RejectLimit = field(default_factory=RejectLimit)
    start: Start | None = None
    backfill: Backfill | None = None

    @property
    def full_name(self) -> str:
        """``namespace.name``, or the name alone."""
        return f"{self.namespace}.{self.name}" if self.namespace else self.name

    @property
    def destination_table(self) -> str:
        """The table that the stream lands in."""
        return self.table or self.name


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One side of a pipeline: the connector's kind and its validated configuration."""

    kind: str
    config: BaseModel


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """Who writes: ``epoch`` grows with every attempt of a pipeline, and a lower one than recorded is refused."""

    pipeline_id: str
    run_id: str
    epoch: int


@dataclass(frozen=True, slots=True)
class ReplayedRow:
    """A rejected row that is to land: a JSON object of the source's columns, and where it once stood."""

    content: str
    place: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class SyncJob:
    """A whole run of a pipeline; ``parallel`` streams (1 to 4) are in flight at once.

    With ``replay`` the one stream reads these rows instead of the source's. When ``draining`` is set the run ends at
    the next chunk with HandedOver. A ``crew`` shares large tables among workers.
    """

    run: RunIdentity
    source: Endpoint
    destination: Endpoint
    streams: tuple[StreamSpec, ...]
    verification: Verification = Verification.CONTENT
    parallel: int = 1
    replay: tuple[ReplayedRow, ...] | None = None
    crew: Crew | None = None
    draining: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
