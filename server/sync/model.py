"""What the engine works on: catalogs, stream specifications, receipts. Plain values, no behaviour of a system."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from server.sync.errors import SyncError

JsonValue = str | int | float | bool | None

Fence = Callable[[], Awaitable[None]]
"""Awaited right before a commit; raises when the run has lost its lease."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a stream.

    ``type`` is the engine's own word: boolean, smallint, integer, bigint, real, double, decimal, decimal(p,s),
    text, bytes, date, time, timestamp, timestamptz, interval, uuid, json, array or other; ``native_type`` is the
    source's spelling.
    """

    name: str
    type: str
    nullable: bool
    native_type: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A table, view or file set that can be read; the estimates are None where nothing is known."""

    name: str
    namespace: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    estimated_rows: int | None = None
    estimated_bytes: int | None = None

    @property
    def full_name(self) -> str:
        """``namespace.name``, or the name alone where the source has no namespaces."""
        return f"{self.namespace}.{self.name}" if self.namespace else self.name


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every stream that a source offers."""

    streams: tuple[Stream, ...]


@dataclass(frozen=True, slots=True)
class PreviewRows:
    """The first rows of a stream; a value is JSON's, or text where JSON would lose something.

    ``truncated`` says that there are more rows, or that a long value was cut.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[JsonValue, ...], ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a connection test found; a failed test raises SyncError instead."""

    ok: bool
    server_version: str
    latency_ms: float
    message: str
    advice: str = ""


class SyncMode(StrEnum):
    """How a stream lands."""

    FULL_REFRESH_OVERWRITE = "full_refresh_overwrite"


class Verification(StrEnum):
    """What a receipt proves: nothing, equal counts, or equal content."""

    NONE = "none"
    COUNTS = "counts"
    CONTENT = "content"


class Lane(StrEnum):
    """The way rows travel: bytes untouched, or Arrow record batches."""

    RAW = "raw"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """Which stream goes to which table, and how.

    ``table`` defaults to the stream's name. ``columns`` selects and orders; None means all. ``adopt`` allows to
    replace a table of that name which this pipeline did not create.
    """

    name: str
    namespace: str = ""
    table: str = ""
    sync_mode: SyncMode = SyncMode.FULL_REFRESH_OVERWRITE
    columns: tuple[str, ...] | None = None
    adopt: bool = False

    @property
    def full_name(self) -> str:
        """``namespace.name``, or the name alone."""
        return f"{self.namespace}.{self.name}" if self.namespace else self.name

    @property
    def destination_table(self) -> str:
        """The table that the stream lands in."""
        return self.table or self.name


@dataclass(frozen=True, slots=True)
class StreamReceipt:
    """The proof of one stream's run: what was read, what stands at the destination, and how far it was compared.

    The hashes are ``algorithm:value`` of each side, None below CONTENT and where the source cannot hash;
    ``verified`` is the level that was really reached; ``seconds`` is wall time with verification and publishing.
    """

    stream: str
    table: str
    rows_read: int
    rows_committed: int
    rows_rejected: int
    bytes: int
    source_hash: str | None
    destination_hash: str | None
    lane: Lane
    seconds: float
    verified: Verification


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
class SyncJob:
    """A whole run of a pipeline; ``parallel`` streams (1 to 4) are in flight at once."""

    run: RunIdentity
    source: Endpoint
    destination: Endpoint
    streams: tuple[StreamSpec, ...]
    verification: Verification = Verification.COUNTS
    parallel: int = 1


@dataclass(frozen=True, slots=True)
class StreamOutcome:
    """How one stream ended: with a receipt, or with an error."""

    spec: StreamSpec
    receipt: StreamReceipt | None = None
    error: SyncError | None = None


@dataclass(frozen=True, slots=True)
class RunReceipt:
    """How every stream of a run ended, in the job's order."""

    outcomes: tuple[StreamOutcome, ...]
    seconds: float

    @property
    def succeeded(self) -> bool:
        """Whether every stream has its receipt."""
        return all(outcome.receipt is not None for outcome in self.outcomes)

    @property
    def error(self) -> SyncError | None:
        """The first stream's error, which stands for the run's."""
        return next((outcome.error for outcome in self.outcomes if outcome.error), None)

    @property
    def rows_read(self) -> int:
        """Rows read by the streams that succeeded."""
        return sum(outcome.receipt.rows_read for outcome in self.outcomes if outcome.receipt)

    @property
    def rows_committed(self) -> int:
        """Rows that are visible at the destination."""
        return sum(outcome.receipt.rows_committed for outcome in self.outcomes if outcome.receipt)

    @property
    def bytes(self) -> int:
        """Bytes moved by the streams that succeeded."""
        return sum(outcome.receipt.bytes for outcome in self.outcomes if outcome.receipt)
