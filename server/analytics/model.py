"""What the analytics service knows: metric points, events, batches, and the questions about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

MOST_TOLD = 100
"""Rejections that an answer tells."""

PROJECTOR = "thedata"
"""The producer of what the platform tells of an organization's runs."""


class Kind(StrEnum):
    """What is taken in."""

    EVENTS = "events"
    METRICS = "metrics"


class Aggregation(Enum):
    """How several values become one; the value is its short name."""

    AVG = "avg"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    COUNT = "count"
    RATE = "rate"
    P50 = "p50"
    P95 = "p95"
    P99 = "p99"
    COUNT_DISTINCT = "count_distinct"


class Operator(Enum):
    """How a value is compared; the value is its short name."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    IS_NULL = "is_null"
    IS_NOT_NULL = "is_not_null"


class Resolution(Enum):
    """From what a metric's points are read, with the length of a step in it."""

    RAW = timedelta(0)
    MINUTE = timedelta(minutes=1)
    HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Filter:
    """A condition; ``path`` is where it stands in the request. Of a loose one the values are texts of any type."""

    field: str
    operator: Operator
    values: tuple[Any, ...] = ()
    path: str = "filters"
    loose: bool = False


@dataclass(frozen=True)
class Point:
    """A measured value."""

    name: str
    time: datetime | None
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Something that happened; ``attributes`` is a JSON object as text.

    ``broken`` is the field that could not be read as one of an event, and what would be right.
    """

    id: UUID | None
    kind: str
    time: datetime | None
    message: str = ""
    attributes: str = "{}"
    broken: tuple[str, str] | None = None


@dataclass(frozen=True)
class Rejection:
    """Why an item of a batch is not taken, with the item as text."""

    index: int
    field: str
    reason: str
    content: str = ""


@dataclass(frozen=True)
class RejectedItem:
    """An item in quarantine."""

    id: UUID
    organization_id: UUID
    kind: str
    producer: str
    index: int
    field: str
    reason: str
    content: str
    created_at: datetime | None = None


@dataclass(frozen=True)
class Batch:
    """A batch that was taken in, or is about to be; ``version`` is None until it is known to be in the store."""

    id: int
    organization_id: UUID
    kind: Kind
    items: int
    accepted: int
    rejected: int
    duplicates: int
    version: int | None


@dataclass(frozen=True)
class Sender:
    """Who sends a batch, so that it counts once: a producer with its sequence, or a request's id."""

    producer: str = ""
    sequence: int = 0
    request_id: UUID | None = None

    @property
    def token(self) -> str | None:
        """The batch's name; None: it has none."""
        if self.producer:
            return f"p:{self.producer}:{self.sequence}"
        return f"r:{self.request_id}" if self.request_id else None


@dataclass(frozen=True)
class Ingested:
    """What became of a batch."""

    accepted: int
    rejected: int = 0
    duplicates: int = 0
    durable_sequence: int = 0
    rejections: Sequence[Rejection] = ()

    def plus(self, other: Ingested) -> Ingested:
        """This, and what became of a later batch of the same stream."""
        return Ingested(
            self.accepted + other.accepted,
            self.rejected + other.rejected,
            self.duplicates + other.duplicates,
            max(self.durable_sequence, other.durable_sequence),
            [*self.rejections, *other.rejections][:MOST_TOLD],
        )


@dataclass(frozen=True)
class Producer:
    """How far a producer has come."""

    name: str
    durable_sequence: int
    updated_at: datetime | None


@dataclass(frozen=True)
class MetricQuery:
    """A question about a metric; a step of None is chosen by the span."""

    name: str
    start: datetime
    end: datetime
    step: timedelta | None
    aggregation: Aggregation
    group_by: Sequence[str] = ()
    filters: Sequence[Filter] = ()


@dataclass(frozen=True)
class Series:
    """Points of one combination of labels, by time."""

    labels: Mapping[str, str]
    points: Sequence[tuple[datetime, float]]


@dataclass(frozen=True)
class MetricAnswer:
    """A metric's points."""

    series: Sequence[Series]
    resolution: Resolution
    step: timedelta


@dataclass(frozen=True)
class EventQuery:
    """A question about events."""

    kinds: Sequence[str] = ()
    start: datetime | None = None
    end: datetime | None = None
    filters: Sequence[Filter] = ()
    text: str = ""
    facets: bool = False


@dataclass(frozen=True)
class Facets:
    """How many events there are by kind and by time."""

    kinds: Sequence[tuple[str, int]] = ()
    times: Sequence[tuple[datetime, int]] = ()
