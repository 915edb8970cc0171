"""Batches as they are stored: Arrow tables of what keeps the rules, and the rejections of what does not."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from server.analytics.arrow_input import decoded, read
from server.analytics.model import Event, Kind, Point, Rejection
from server.errors import InvalidFields, Violation
from server.ids import new_id

LONGEST_NAME = 200
LONGEST_LABEL = 1000
MOST_LABELS = 32
LONGEST_MESSAGE = 10_000
LARGEST_ATTRIBUTES = 64 << 10
LARGEST_CONTENT = 4096
AHEAD = timedelta(days=1)

TIME = pa.timestamp("us", "UTC")
ID = pa.binary(16)
LABELS = pa.map_(pa.string(), pa.string())
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAME_RULE = f"must have 1 to {LONGEST_NAME} characters"
OWN = "thedata."
"""What the names begin with of what the platform itself tells."""
OWN_RULE = f"must not begin with {OWN}, as only what the platform itself tells does"


@dataclass(frozen=True)
class Prepared:
    """A batch's rows, and what was not taken; ``ids`` are those that the sender has given to rows."""

    kind: Kind
    rows: pa.Table
    rejections: Sequence[Rejection] = ()
    ids: Sequence[UUID] = field(default=())

    @property
    def items(self) -> int:
        """How many items were sent."""
        return len(self.rows) + len(self.rejections)

    def without(self, known: set[UUID]) -> Prepared:
        """The batch without events that are there already."""
        if not known:
            return self
        gone = pa.array([key.bytes for key in known], ID)
        kept = self.rows.filter(pc.invert(pc.is_in(self.rows["id"], gone)))
        return Prepared(self.kind, kept, self.rejections, self.ids)


def points_of(points: Iterable[Point], now: datetime, age: timedelta | None = None, *, own: bool = False) -> Prepared:
    """Points that were sent one by one, by the platform itself or by others; none older than an age."""
    names: list[str] = []
    times: list[datetime] = []
    values: list[float] = []
    labels: list[list[tuple[str, str]]] = []
    rejections = []
    for index, point in enumerate(points):
        if broken := _broken_point(point, now, age) or _taken("name", point.name, own):
            rejections.append(Rejection(index, *broken, _shown(point.__dict__)))
            continue
        names.append(point.name)
        times.append(point.time or now)
        values.append(point.value)
        labels.append(list(point.labels.items()))
    rows = pa.table(
        {
            "name": pa.array(names, pa.string()),
            "time": pa.array(times, TIME),
            "value": pa.array(values, pa.float64()),
            "labels": pa.array(labels, LABELS),
        }
    )
    return Prepared(Kind.METRICS, rows, rejections)


def events_of(events: Iterable[Event], now: datetime, age: timedelta | None = None, *, own: bool = False) -> Prepared:
    """Events that were sent one by one, by the platform itself or by others; of several with one id the first one."""
    kept: dict[UUID, Event] = {}
    given = []
    rejections = []
    for index, event in enumerate(events):
        if broken := _broken_event(event, now, age) or _taken("kind", event.kind, own):
            rejections.append(Rejection(index, *broken, _shown(event.__dict__)))
            continue
        key = event.id or new_id()
        if key in kept:
            rejections.append(Rejection(index, "id", "is that of another event of the batch", _shown(event.__dict__)))
            continue
        kept[key] = event
        if event.id:
            given.append(key)
    rows = pa.table(
        {
            "id": pa.array([key.bytes for key in kept], ID),
            "kind": pa.array([event.kind for event in kept.values()], pa.string()),
            "time": pa.array([event.time or now for event in kept.values()], TIME),
            "message": pa.array([event.message for event in kept.values()], pa.string()),
            "attributes": pa.array([event.attributes for event in kept.values()], pa.string()),
        }
    )
    return Prepared(Kind.EVENTS, rows, rejections, given)


def arrow_points(content: bytes, now: datetime, age: timedelta | None = None) -> Prepared:
    """Points of an Arrow IPC stream.

    Raises:
        InvalidFields: it is none, or has not the columns of points.
    """
    table = _read(content, "arrow_points", {"name", "value"}, {"time", "labels"})
    found = _Columns(table, "arrow_points")
    name, time = found.text("name"), found.time(now)
    value = found.cast("value", pa.float64())
    labels = found.cast("labels", LABELS) if "labels" in table.column_names else _repeated([], LABELS, len(table))
    rules = (
        ("name", NAME_RULE, _long(name, 1, LONGEST_NAME)),
        ("name", OWN_RULE, pc.invert(pc.starts_with(name, OWN))),
        ("time", _time_rule(age), _in_time(time, now, age)),
        ("value", "must be a finite number", pc.fill_null(pc.is_finite(value), False)),
        ("labels", f"must be at most {MOST_LABELS} short texts by name", _few_labels(labels)),
    )
    rows = pa.table({"name": name, "time": time, "value": value, "labels": labels})
    kept, rejections = _sorted_out(rows, rules)
    return Prepared(Kind.METRICS, kept, rejections)


def arrow_events(content: bytes, now: datetime, age: timedelta | None = None) -> Prepared:
    """Events of an Arrow IPC stream.

    Raises:
        InvalidFields: it is none, or has not the columns of events.
    """
    table = _read(content, "arrow_events", {"kind"}, {"id", "time", "attributes", "message"})
    found = _Columns(table, "arrow_events")
    kind, time = found.text("kind"), found.time(now)
    message = found.text("message") if "message" in table.column_names else _repeated("", pa.string(), len(table))
    attributes = (
        found.text("attributes") if "attributes" in table.column_names else _repeated("{}", pa.string(), len(table))
    )
    ids, well = _ids(found, table)
    rules = (
        ("id", "must be a UUID that no other event of the batch has", well),
        ("kind", NAME_RULE, _long(kind, 1, LONGEST_NAME)),
        ("kind", OWN_RULE, pc.invert(pc.starts_with(kind, OWN))),
        ("time", _time_rule(age), _in_time(time, now, age)),
        ("message", f"must have at most {LONGEST_MESSAGE} characters", _long(message, 0, LONGEST_MESSAGE)),
        ("attributes", "must be a JSON object of at most 64 KiB", _objects(attributes)),
    )
    rows = pa.table({"id": ids, "kind": kind, "time": time, "message": message, "attributes": attributes})
    kept, rejections = _sorted_out(rows, rules)
    given = [UUID(bytes=key) for key in kept["id"].to_pylist()] if "id" in table.column_names else []
    return Prepared(Kind.EVENTS, kept, rejections, given)


def _broken_point(point: Point, now: datetime, age: timedelta | None) -> tuple[str, str] | None:
    if not 0 < len(point.name) <= LONGEST_NAME:
        return "name", NAME_RULE
    if not math.isfinite(point.value):
        return "value", "must be a finite number"
    if point.time and not _oldest(now, age) <= point.time <= now + AHEAD:
        return "time", _time_rule(age)
    if len(point.labels) > MOST_LABELS:
        return "labels", f"must be at most {MOST_LABELS}"
    if any(not 0 < len(k) <= LONGEST_NAME or len(v) > LONGEST_LABEL for k, v in point.labels.items()):
        return "labels", f"must have names of 1 to {LONGEST_NAME} and values of at most {LONGEST_LABEL} characters"
    return None


def _taken(field: str, name: str, own: bool) -> tuple[str, str] | None:
    return (field, OWN_RULE) if name.startswith(OWN) and not own else None


def _broken_event(event: Event, now: datetime, age: timedelta | None) -> tuple[str, str] | None:
    if event.broken:
        return event.broken
    if not 0 < len(event.kind) <= LONGEST_NAME:
        return "kind", NAME_RULE
    if event.time and not _oldest(now, age) <= event.time <= now + AHEAD:
        return "time", _time_rule(age)
    if len(event.message) > LONGEST_MESSAGE:
        return "message", f"must have at most {LONGEST_MESSAGE} characters"
    if len(event.attributes) > LARGEST_ATTRIBUTES:
        return "attributes", "must be a JSON object of at most 64 KiB"
    return None


def _oldest(now: datetime, age: timedelta | None) -> datetime:
    """The time of the oldest item that is not removed as soon as it is there."""
    return EPOCH if age is None else max(EPOCH, now - age)


def _in_words(age: timedelta) -> str:
    days, rest = divmod(age, timedelta(days=1))
    return f"{age / timedelta(hours=1):g} hours" if rest else f"{days} days"


def _time_rule(age: timedelta | None) -> str:
    since = "the year 1970" if age is None else f"{_in_words(age)} ago, for which items are kept,"
    return f"must be a time from {since} to a day ahead"


class _Columns:
    """The columns of a sent table, in the types that they are stored in."""

    def __init__(self, table: pa.Table, field: str) -> None:
        self._table = table
        self._field = field

    def cast(self, name: str, type_: pa.DataType) -> pa.ChunkedArray:
        """A column in a type; a type that can't be that one is refused."""
        column = decoded(self._table[name], f"{self._field}.{name}")
        try:
            return pc.cast(column, type_)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InvalidFields(
                Violation(f"{self._field}.{name}", f"must be a column that is {type_}, not {column.type}")
            ) from error

    def text(self, name: str) -> pa.ChunkedArray:
        """A column of texts; NULL is the empty one."""
        return pc.fill_null(self.cast(name, pa.string()), "")

    def time(self, now: datetime) -> pa.ChunkedArray:
        """When it was; what has no time is of now."""
        moment = pa.scalar(now, TIME)
        if "time" not in self._table.column_names:
            return pa.chunked_array([pa.repeat(moment, len(self._table))])
        return pc.fill_null(self.cast("time", TIME), moment)


def _read(content: bytes, field: str, needed: set[str], possible: set[str]) -> pa.Table:
    table = read(content, field)
    names = set(table.column_names)
    if missing := sorted(needed - names):
        raise InvalidFields(Violation(f"{field}.{missing[0]}", "must be there"))
    if unknown := sorted(names - needed - possible):
        raise InvalidFields(Violation(f"{field}.{unknown[0]}", "is not known"))
    if len(names) != table.num_columns:
        raise InvalidFields(Violation(field, "must have each column once"))
    return table


def _sorted_out(
    rows: pa.Table, rules: Sequence[tuple[str, str, pa.ChunkedArray | pa.Array]]
) -> tuple[pa.Table, list[Rejection]]:
    good = rules[0][2]
    for _, _, kept in rules[1:]:
        good = pc.and_(good, kept)
    if pc.all(good).as_py() in (True, None):
        return rows, []
    told: dict[int, Rejection] = {}
    for name, rule, kept in rules:
        for index in pc.indices_nonzero(pc.invert(kept)).to_pylist():
            if index not in told:
                told[index] = Rejection(index, name, rule, _shown(rows.slice(index, 1).to_pylist()[0]))
    return rows.filter(good), [told[index] for index in sorted(told)]


def _long(texts: pa.ChunkedArray, least: int, most: int) -> pa.ChunkedArray:
    length = pc.utf8_length(texts)
    return pc.and_(pc.greater_equal(length, least), pc.less_equal(length, most))


def _in_time(times: pa.ChunkedArray, now: datetime, age: timedelta | None) -> pa.ChunkedArray:
    first, last = pa.scalar(_oldest(now, age), TIME), pa.scalar(now + AHEAD, TIME)
    return pc.and_(pc.greater_equal(times, first), pc.less_equal(times, last))


def _few_labels(labels: pa.ChunkedArray) -> pa.Array:
    def good(pairs: Sequence[tuple[str, str | None]]) -> bool:
        return len(pairs) <= MOST_LABELS and all(
            0 < len(k) <= LONGEST_NAME and v is not None and len(v) <= LONGEST_LABEL for k, v in pairs
        )

    return _each_once(labels, good)


def _objects(texts: pa.ChunkedArray) -> pa.Array:
    def good(text: str) -> bool:
        try:
            return len(text) <= LARGEST_ATTRIBUTES and isinstance(json.loads(text, parse_constant=_refuse), dict)
        except (ValueError, RecursionError):
            return False

    return _each_once(texts, good)


def _each_once(values: pa.ChunkedArray, good: Callable[[Any], bool]) -> pa.Array:
    """Whether each value is good; one that comes again is not looked at again."""
    if pa.types.is_map(values.type):
        return pa.array([good(value or ()) for value in values.to_pylist()], pa.bool_())
    encoded = values.combine_chunks().dictionary_encode()
    verdicts = pa.array([good(value) for value in encoded.dictionary.to_pylist()], pa.bool_())
    return verdicts.take(encoded.indices)


def _ids(found: _Columns, table: pa.Table) -> tuple[pa.Array, pa.Array]:
    if "id" not in table.column_names:
        return pa.array([new_id().bytes for _ in range(len(table))], ID), _repeated(True, pa.bool_(), len(table))
    seen: set[UUID] = set()
    ids, well = [], []
    for text in found.text("id").to_pylist():
        key = _uuid(text) if text else new_id()
        well.append(key is not None and key not in seen)
        ids.append((key or UUID(int=0)).bytes)
        if key:
            seen.add(key)
    return pa.array(ids, ID), pa.array(well, pa.bool_())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _repeated(value: Any, type_: pa.DataType, times: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, type_), times)


def _refuse(_text: str) -> None:
    raise ValueError


def _shown(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(_plain(values)), default=str, ensure_ascii=False)[:LARGEST_CONTENT]


def _plain(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        yield name, value.hex() if isinstance(value, bytes) else value
