"""What both lanes give: a filled staging table, and its comparison with the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from server.sync.receipt import ChunkReceipt
from server.sync.spec import Verification


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the staging table: the rows of all attempts of the run.

    ``cursor`` is the greatest cursor value that was read, None where there was none.
    """

    rows_read: int
    rows_staged: int
    rows_rejected: int
    bytes: int
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides chunk by chunk, as far as ``level`` compares them."""

    level: Verification
    algorithm: str
    chunks: tuple[ChunkReceipt, ...]

    @property
    def different(self) -> list[ChunkReceipt]:
        """The chunks that are not equal."""
        return [chunk for chunk in self.chunks if not chunk.equal]


class Filler(Protocol):
    """A lane at work on one stream."""

    async def fill(self) -> Filled:
        """Bring all rows into the staging table, going on after what an earlier attempt has brought."""
        ...

    async def compare(self, level: Verification) -> Comparison:
        """Compare the staging table with the source."""
        ...
