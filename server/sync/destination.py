"""The port of a destination: a staging table that is filled chunk by chunk, and one step that makes it visible.

A stream lands in four steps: ``claim`` the table for this attempt, ``stage`` an empty table beside it, ``load`` chunks
of rows into the staging table, ``commit``: rows, schema and checkpoint become visible together or not at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pyarrow as pa

from server.sync.model import Column, JsonObject
from server.sync.spec import Deletes, Fence, RunIdentity, SyncMode


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """A column of the table: the engine's column under its name at the destination, and the destination's type."""

    column: Column
    ddl: str
    nullable: bool = True

    @property
    def name(self) -> str:
        """The column's name at the destination."""
        return self.column.name


@dataclass(frozen=True, slots=True)
class Mapping:
    """The destination's type for a column.

    It keeps every value whole, or leaves its row out; ``note`` is what is worth telling besides.
    """

    ddl: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What a destination keeps beside the rows of a stream, and changes in the same transaction.

    ``cursor`` is the checkpoint as canonical text; ``version`` that of the Start it obeys; ``columns`` the engine's
    types by name, as they were at the last commit; ``deletes_checked_at`` seconds since 1970.
    """

    run_id: str = ""
    cursor: str | None = None
    version: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    deletes_checked_at: float = 0.0
    receipt: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What stood at the destination when the table was claimed: its state, and its columns with their types.

    ``columns`` is empty where there is no table.
    """

    state: State
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Whether there is a table."""
        return bool(self.columns)


@dataclass(frozen=True, slots=True)
class Target:
    """The table that a stream lands in, and on whose behalf. Column names are the destination's."""

    table: str
    stream: str
    columns: tuple[TargetColumn, ...]
    key: tuple[str, ...]
    run: RunIdentity
    adopt: bool = False

    @property
    def column_names(self) -> list[str]:
        """The columns' names in their order."""
        return [column.name for column in self.columns]

    @property
    def key_columns(self) -> tuple[TargetColumn, ...]:
        """The key's columns in the key's order."""
        by_name = {column.name: column for column in self.columns}
        return tuple(by_name[name] for name in self.key)


@dataclass(frozen=True, slots=True)
class StagedChunk:
    """Rows that were loaded in one transaction: ``position`` is where the source goes on after them.

    ``hashes`` are the sums of what was read, by bucket; ``cursor`` the greatest value so far; ``last`` says that the
    source has no more.
    """

    number: int
    rows: int
    bytes: int
    position: JsonObject | None = None
    hashes: JsonObject | None = None
    rejected: int = 0
    cursor: str | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit does with the staged rows.

    ``replace``: the staging table takes the table's place. ``cursor`` names the cursor's column at the destination:
    of two staged rows with one key the greater counts. ``window`` is the least cursor value from which on rows may
    have landed before: APPEND adds such rows only where they have not. ``missing`` says which staged rows tell all
    keys that still exist (``"staging"``: all rows were read; ``"keys"``: they were loaded by ``load_keys``).
    """

    mode: SyncMode
    state: State
    replace: bool = False
    add_columns: tuple[TargetColumn, ...] = ()
    widen_columns: tuple[TargetColumn, ...] = ()
    cursor: str = ""
    window: str | None = None
    deletes: Deletes = Deletes.IGNORE
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did; ``note`` is a sentence for the run's log, mostly empty."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row that the destination cannot hold: its index in the batch, the column at fault, and why."""

    index: int
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """A batch as ``load`` takes it, and the rows that were left out of it, in the order of their index."""

    rows: pa.RecordBatch
    unfit: tuple[Unfit, ...] = ()


class Destination(ABC):
    """A system that is being written. Made by ``Connector.open_destination``; raises SyncError of the destination."""

    max_name_bytes: ClassVar[int] = 63
    folds_case: ClassVar[bool] = False  # whether "A" and "a" are one name
    modes: ClassVar[frozenset[SyncMode]] = frozenset(SyncMode)

    @abstractmethod
    def map_type(self, column: Column, *, same_kind: bool) -> Mapping:
        """Choose the type for a column; ``same_kind`` says that the source is a system of the same kind.

        Raises SyncError TYPE_UNSUPPORTED.
        """

    def fit(self, rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:  # noqa: ARG002 - for systems with limits
        """Leave out the rows that the destination cannot hold without a loss. Blocking: called in a thread.

        The batch that comes back may have other Arrow types: those that ``load`` writes the fastest. It must hash
        like the one that went in (``row_hash.normalized``).
        """
        return Fitted(rows)

    def sorts(self, column: TargetColumn) -> bool:  # noqa: ARG002 - for systems that have no type for some numbers
        """Tell whether the landed values compare as the source's do: what a cursor must."""
        return True

    @abstractmethod
    async def look(self, table: str, run: RunIdentity) -> Claimed:
        """Tell what stands at the destination without taking or writing anything."""

    @abstractmethod
    async def claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> Claimed:
        """Take the table for this attempt; every lower epoch is refused from now on.

        Raises SyncError STALE_EPOCH, TABLE_OWNED (another pipeline's), TABLE_NOT_OURS (nobody's), NAME_TAKEN.
        """

    @abstractmethod
    async def stage(self, target: Target) -> tuple[StagedChunk, ...]:
        """Give an empty staging table, or the one that an earlier attempt of the same run has begun to fill.

        Staging tables of other runs, and one with other columns, are dropped.
        """

    @abstractmethod
    async def load(self, target: Target, rows: AsyncIterator[pa.RecordBatch], seal: Callable[[], StagedChunk]) -> int:
        """Add rows to the staging table and record the chunk, in one transaction; gives the number of rows written.

        The batches have the target's columns in its order. ``seal`` is called when all of them have been taken, and
        tells what to record.
        """

    @abstractmethod
    async def load_keys(self, target: Target, rows: AsyncIterator[pa.RecordBatch]) -> int:
        """Load every key that the source has (the key's columns only) for ``Change.missing == "keys"``."""

    @abstractmethod
    async def count_staging(self, target: Target) -> int:
        """Count what stands in the staging table."""

    @abstractmethod
    def read_staging(self, target: Target) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read the staged rows back, natural Arrow types or canonical texts, the target's columns in its order."""

    @abstractmethod
    async def commit(self, target: Target, change: Change, fence: Fence) -> Committed:
        """Make the staged rows visible with their state, in one step, and drop the staging table.

        ``fence`` is awaited when only the commit can still come. Raises SyncError KEY_NOT_UNIQUE, KEY_HAS_NULLS,
        STALE_EPOCH, and whatever ``fence`` raises; then nothing has changed.
        """

    @abstractmethod
    async def discard(self, target: Target) -> None:
        """Drop the staging table."""

    @abstractmethod
    async def empty(self, target: Target) -> None:
        """Forget the stream's state and remove the rows that it has landed, for a reset."""
