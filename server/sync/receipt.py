"""What a run has done, and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from server.sync.errors import SyncError
from server.sync.spec import StreamSpec, Verification


class Lane(StrEnum):
    """The way rows travel: bytes untouched, or Arrow record batches."""

    RAW = "raw"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True)
class ChunkReceipt:
    """One chunk on both sides: rows, and the sum of their content hashes (empty below CONTENT).

    On the raw lane a chunk is a range of the source table's pages; on the Arrow lane it is the rows whose key (without
    a key: the row) falls into one of a fixed number of hash buckets.
    """

    chunk: int
    source_rows: int
    destination_rows: int
    source_hash: str = ""
    destination_hash: str = ""

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same."""
        return self.source_rows == self.destination_rows and self.source_hash == self.destination_hash


@dataclass(frozen=True, slots=True)
class StreamReceipt:
    """The proof of one stream's run: what was read, what became of it, and how far it was compared.

    ``rows_read`` is ``rows_committed`` plus ``rows_rejected``; of the committed rows, those that an incremental
    stream had landed before are ``rows_unchanged``. ``verified`` is the level that was really reached, by
    ``algorithm``; ``cursor`` the new checkpoint; ``seconds`` wall time with verification and publishing.
    """

    stream: str
    table: str
    lane: Lane
    rows_read: int
    rows_committed: int
    bytes: int
    seconds: float
    verified: Verification
    rows_rejected: int = 0
    rows_inserted: int = 0
    rows_updated: int = 0
    rows_deleted: int = 0
    algorithm: str = ""
    chunks: tuple[ChunkReceipt, ...] = ()
    cursor: str | None = None

    @property
    def source_hash(self) -> str:
        """The content hash of all chunks at the source; empty below CONTENT."""
        return _total(self.algorithm, [chunk.source_hash for chunk in self.chunks])

    @property
    def destination_hash(self) -> str:
        """The content hash of all chunks at the destination; empty below CONTENT."""
        return _total(self.algorithm, [chunk.destination_hash for chunk in self.chunks])


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


def _total(algorithm: str, hashes: list[str]) -> str:
    if not algorithm:
        return ""
    return f"{algorithm}:{sum(int(value or 0) for value in hashes)}"
