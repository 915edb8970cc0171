"""What a question about a table is made of, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from server.analytics.model import Aggregation, Filter

LANDED = "landed."
"""What the name of a landed table begins with that would be taken for one of the platform's."""


class ColumnKind(Enum):
    """What a column holds; the value is its word in the contract."""

    TEXT = "text"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    FLOAT = "float"
    DECIMAL = "decimal"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    UUID = "uuid"
    JSON = "json"
    BYTES = "bytes"
    ARRAY = "array"


class Form(Enum):
    """How a whole answer is written; the value is the store's word."""

    ARROW = "ArrowStream"
    NDJSON = "JSONEachRow"
    CSV = "CSV"


@dataclass(frozen=True)
class Column:
    """A column of a table or of an answer; ``native`` is its type in the store, without Nullable around it."""

    name: str
    kind: ColumnKind
    native: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """A table that can be asked; ``organization_id`` is whose rows may be read where it has those of several.

    ``run_id`` is the run that last wrote it when it was looked up, and ``state`` is another one once a landed table has
    other rows or columns.
    """

    name: str
    database: str
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    final: bool = False
    organization_id: UUID | None = None
    rows: int = 0
    bytes: int = 0
    run_id: UUID | None = None
    state: tuple[str, ...] = ()


@dataclass(frozen=True)
class Freshness:
    """How far a table is: everything up to a time is in it, and the run that last wrote it."""

    watermark: datetime | None = None
    run_id: UUID | None = None


@dataclass(frozen=True)
class Measure:
    """A value over the rows of a group; ``path`` is where it stands in the request."""

    aggregation: Aggregation
    column: str = ""
    name: str = ""
    path: str = "measures"


@dataclass(frozen=True)
class TableQuery:
    """A question about a table."""

    table: str
    columns: Sequence[str] = ()
    start: datetime | None = None
    end: datetime | None = None
    time_column: str = ""
    filters: Sequence[Filter] = ()
    interval: timedelta | None = None
    group_by: Sequence[str] = ()
    measures: Sequence[Measure] = ()
    order_by: Sequence[str] = ()

    @property
    def grouped(self) -> bool:
        """Whether the answer has groups instead of rows."""
        return bool(self.interval or self.group_by or self.measures)


@dataclass(frozen=True)
class TableAnswer:
    """Rows of an answer; ``after`` is how many rows come before the next page, None at the end."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    after: int | None
    freshness: Freshness
