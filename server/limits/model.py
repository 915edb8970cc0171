"""Who is limited, where somebody stands, and the arithmetic of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from server.errors import LimitReached

WINDOW_SECONDS = 60
BLOCKS_PER_WINDOW = 16
UNLIMITED = 1 << 62


class SubjectKind(StrEnum):
    """Who can be limited."""

    USER = "user"
    API_KEY = "api_key"
    ORGANIZATION = "organization"


@dataclass(frozen=True)
class Subject:
    """Somebody who is limited."""

    kind: SubjectKind
    id: UUID

    def __str__(self) -> str:
        """As an error names it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Taken:
    """What all servers have taken of a subject's window together, and how long the window still lasts."""

    window: int
    total: int
    seconds_left: float


@dataclass(frozen=True)
class Standing:
    """Where a subject stands in its window, as this server knows, and whether there was a request left to take.

    Other servers may have taken from the window since.
    """

    limit: int
    remaining: int
    seconds_left: float
    window: int
    taken: bool


@dataclass(frozen=True)
class Usage:
    """What an organization has used: requests of this minute, streams now, runs and rows today (UTC)."""

    requests: int
    streams: int
    runs: int
    rows: int
    # Runs that have not begun yet.
    waiting: int
    seconds_until_tomorrow: float


@dataclass(frozen=True)
class Quotas:
    """Runs and rows of a day: in general, and of organizations that have their own; UNLIMITED: any number."""

    runs: int
    rows: int
    own: dict[UUID, tuple[int, int]]


def block_size(limit: int) -> int:
    """How much a server takes of a window at a time: little enough that what lies unused elsewhere is not missed."""
    return max(1, limit // BLOCKS_PER_WINDOW)


def granted(total: int, size: int, limit: int) -> int:
    """How much of a block of ``size`` is within the limit when ``total`` have been taken, this block included.

    Whoever takes adds the whole block to the total, so what all are granted together never exceeds the limit.
    """
    return max(0, min(size, limit - (total - size)))


def reached(limit: str, value: int, subject: Subject, message: str, wait_seconds: float) -> LimitReached:
    """The failure of a limit that an administrator has set."""
    failure = LimitReached(limit, message, timedelta(seconds=max(wait_seconds, 0.001)))
    failure.metadata |= {"value": str(value), "subject": str(subject)}
    return failure
