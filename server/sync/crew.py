"""Sharing one stream among workers: the ranges of a large table, offered to whoever is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from server.sync.model import JsonObject


@dataclass(frozen=True, slots=True)
class Share:
    """A range that somebody has taken: its number among the stream's, and what there is to do."""

    number: int
    work: JsonObject


class Crew(Protocol):
    """Those who carry out one stream. What raises here says that the run is no longer this attempt's."""

    @property
    def least_bytes(self) -> int:
        """The size from which on a table is worth sharing."""
        ...

    async def offer(self, stream: str, works: Mapping[int, JsonObject]) -> None:
        """Offers ranges by number to everybody, the one who offers included."""
        ...

    async def take(self, stream: str) -> Share | None:
        """Takes a range that nobody has, or that another one has failed at; None: there is none."""
        ...

    async def done(self, stream: str, number: int, result: JsonObject) -> None:
        """Says that a range is durable at the destination, and what was written."""
        ...

    async def finished(self, stream: str) -> dict[int, JsonObject] | None:
        """Waits for news a while; the results by number once every range is done, None before."""
        ...
