"""Realtime views: what they show, and their content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.analytics.model import Aggregation, Filter, Kind, Operator

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Measure:
    """A value over the rows of a group."""

    aggregation: Aggregation
    column: str = ""
    name: str = ""

    @property
    def label(self) -> str:
        """The name of its column."""
        return self.name or "_".join(filter(None, (self.aggregation.value, self.column.replace(".", "_"))))


@dataclass(frozen=True)
class ViewDefinition:
    """What a realtime view shows. Its source is a kind of what is taken in, or the name of a landed table.

    Of a landed table ``time_column`` is what interval and window go by.
    """

    source: str
    filters: Sequence[Filter] = ()
    group_by: Sequence[str] = ()
    measures: Sequence[Measure] = (Measure(Aggregation.COUNT),)
    interval: timedelta | None = None
    window: timedelta | None = None
    time_column: str = ""

    @property
    def landed(self) -> bool:
        """Whether its source is a landed table."""
        return self.source not in frozenset(Kind)

    @property
    def kind(self) -> Kind:
        """What is taken in that it shows; there is none of a landed table."""
        return Kind(self.source)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "source": str(self.source),
            "filters": [
                {"field": f.field, "operator": f.operator.value, "values": list(f.values), "loose": f.loose}
                for f in self.filters
            ],
            "group_by": list(self.group_by),
            "measures": [{**asdict(m), "aggregation": m.aggregation.value} for m in self.measures],
            "interval_seconds": self.interval.total_seconds() if self.interval else None,
            "window_seconds": self.window.total_seconds() if self.window else None,
            "time_column": self.time_column,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> ViewDefinition:
        """From JSON."""
        return cls(
            stored["source"],
            [
                Filter(f["field"], Operator(f["operator"]), tuple(f["values"]), f"definition.filters[{n}]", f["loose"])
                for n, f in enumerate(stored["filters"])
            ],
            stored["group_by"],
            [Measure(Aggregation(m["aggregation"]), m["column"], m["name"]) for m in stored["measures"]],
            _length(stored["interval_seconds"]),
            _length(stored["window_seconds"]),
            stored.get("time_column", ""),  # those of earlier releases have none
        )


@dataclass(frozen=True)
class RealtimeView:
    """A realtime view, and how far it has come."""

    id: UUID
    organization_id: UUID
    name: str
    definition: dict[str, Any]
    generation: int = 1
    applied: int | None = None
    applying: int | None = None
    built_in: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 1

    @property
    def shows(self) -> ViewDefinition:
        """What it shows."""
        return ViewDefinition.of(self.definition)


@dataclass(frozen=True)
class ViewColumn:
    """A column of a view."""

    name: str
    type: str


@dataclass(frozen=True)
class ViewRow:
    """A row of a view, with the version of the source that last changed it."""

    values: tuple[Any, ...]
    version: int


@dataclass(frozen=True)
class Content:
    """All rows of a view, by the values that name their groups.

    Of a landed table also what it was read from: the table's state, and the first interval that was looked at. Its
    version is no number in an order, but says which content this is.
    """

    columns: Sequence[ViewColumn]
    keys: int
    rows: Mapping[Key, ViewRow] = field(default_factory=dict)
    version: int = 0
    watermark: datetime | None = None
    state: tuple[str, ...] = ()
    first: datetime | None = None


def _length(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
