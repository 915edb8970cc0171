"""Rows as dlt gives them, JSON or Python's values, as batches: types from a sample, then demanded of each value."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pyarrow as pa
from pydantic import AfterValidator

from server.sync import cursors
from server.sync.cursors import text_of
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column
from server.sync.readers import text_types
from server.sync.readers.jsonl import Digits, dump
from server.sync.readers.parquet import is_bytes, word_of
from server.sync.source import CursorRange, Rejected

ROWS_PER_BATCH = 5_000
BYTES_PER_BATCH = 4 << 20
MAX_CONTENT = 64 << 10
_NUMBERS = frozenset(("smallint", "integer", "bigint", "double", "decimal"))

Row = Mapping[str, Any]


def _known(types: dict[str, str]) -> dict[str, str]:
    unknown = sorted(set(types.values()) - set(text_types.DECLARABLE))
    if unknown:
        raise ValueError(f"unknown type {unknown[0]!r}; known are {', '.join(text_types.DECLARABLE)}")
    return types


DeclaredTypes = Annotated[dict[str, str], AfterValidator(_known)]
"""Types of fields by name, as a configuration declares them."""


def infer(rows: Sequence[Row], declared: Mapping[str, str], native: str = "") -> tuple[Column, ...]:
    """Find the columns, the declared ones first, and a type for each; ``native`` is the type's own spelling."""
    names = dict.fromkeys([*declared, *(key for row in rows for key in row)])
    found = []
    for name in names:
        values = [value for row in rows if (value := row.get(name)) is not None]
        own = native or (type(values[0]).__name__ if values else "unknown")
        found.append(Column(str(name), declared.get(name) or _word(values), True, own))
    return tuple(found)


@dataclass(slots=True)
class RowReader:
    """Turns rows into batches of the asked columns; keeps count of the rows.

    ``known`` are all columns of the stream: a row with another one is rejected (FIELD_UNKNOWN), and so is a row with a
    value that its column cannot hold (VALUE_DOES_NOT_FIT). A key that is missing is NULL.
    """

    place: str
    known: Sequence[Column]
    columns: Sequence[Column]
    cursor: CursorRange | None = None
    seen: int = 0
    _names: frozenset[str] = field(init=False)
    _by_name: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        """Index the columns."""
        self._by_name = {column.name: column for column in self.known}
        self._names = frozenset(self._by_name)

    def batch(self, rows: Sequence[Row]) -> tuple[pa.RecordBatch, list[Rejected]]:
        """Make a batch of the rows that are in the cursor's range, and tell which ones were rejected."""
        first = self.seen + 1
        self.seen += len(rows)
        rejected: dict[int, Rejected] = {}
        for index, row in enumerate(rows):
            if not (row.keys() <= self._names):
                name = str(min(row.keys() - self._names, key=str))
                message = f"The field {name!r} does not occur in the sample that the columns were taken from"
                rejected[index] = self._reject(first + index, name, "FIELD_UNKNOWN", message, row)
        used = list(self.columns)
        if self.cursor is not None and self.cursor.column not in {column.name for column in used}:
            used.append(self._by_name[self.cursor.column])
        arrays = {column.name: self._array(rows, column, first, rejected) for column in used}
        keep = [index for index in range(len(rows)) if index not in rejected]
        if self.cursor is not None:
            values = arrays[self.cursor.column]
            keep = [index for index in keep if in_range(values[index].as_py(), self.cursor, self._by_name)]
        batch = pa.RecordBatch.from_arrays(
            [arrays[column.name] for column in self.columns], names=[column.name for column in self.columns]
        )
        if len(keep) < len(rows):
            batch = batch.take(pa.array(keep, pa.int64()))
        return batch, [rejected[index] for index in sorted(rejected)]

    def arrow_batches(self, table: pa.Table) -> Iterator[pa.RecordBatch]:
        """Take over an Arrow table with the natural types; columns that it lacks are NULL.

        Raises SyncError FIELD_UNKNOWN.
        """
        if unknown := set(table.schema.names) - self._names:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.CONFIG,
                code="FIELD_UNKNOWN",
                message=f"The column {min(unknown)!r} does not occur in the sample that the columns were taken from",
                advice="Declare it in types.",
                position=f"{self.place} row {self.seen + 1}",
            )
        for batch in table.to_batches(max_chunksize=ROWS_PER_BATCH):
            self.seen += batch.num_rows
            present = set(batch.schema.names)
            arrays = {
                column.name: natural(batch.column(column.name), column)
                for column in self.known
                if column.name in present
            }
            rows = pa.RecordBatch.from_arrays(
                [
                    arrays[column.name] if column.name in arrays else pa.nulls(batch.num_rows, pa.string())
                    for column in self.columns
                ],
                names=[column.name for column in self.columns],
            )
            if self.cursor is not None:
                cursor = arrays.get(self.cursor.column)
                values = [None] * batch.num_rows if cursor is None else cursor.to_pylist()
                keep = [index for index, value in enumerate(values) if in_range(value, self.cursor, self._by_name)]
                rows = rows if len(keep) == len(values) else rows.take(pa.array(keep, pa.int64()))
            yield rows

    def _array(self, rows: Sequence[Row], column: Column, first: int, rejected: dict[int, Rejected]) -> pa.Array:
        texts: list[Any] = []
        for index, row in enumerate(rows):
            value = row.get(column.name)
            spelled = None if value is None else spell(value, column.type)
            if value is not None and spelled is None:
                self._misfit(index, first, column, row, rejected)
            texts.append(spelled)
        if column.type == "bytes":
            return pa.array(texts, pa.binary())
        converted = text_types.convert(pa.array(texts, pa.string()), column.type)
        for index in converted.misfits:
            self._misfit(index, first, column, rows[index], rejected)
        return converted.values

    def _misfit(self, index: int, first: int, column: Column, row: Row, rejected: dict[int, Rejected]) -> None:
        message = f"{_shown(row[column.name])[:80]} is no {column.type} that could be kept exactly"
        rejected.setdefault(index, self._reject(first + index, column.name, "VALUE_DOES_NOT_FIT", message, row))

    def _reject(self, number: int, column: str, code: str, message: str, row: Row) -> Rejected:
        return Rejected(self.place, number, column, code, message, _shown(row)[:MAX_CONTENT])


def in_range(given: Any, cursor: CursorRange, columns: Mapping[str, Column]) -> bool:
    """Tell whether a value is in the range, bounds included."""
    if given is None:
        return cursor.nulls
    column = columns[cursor.column]
    value = cursors.ordered(text_of(given), column)
    above = cursor.lower is None or value >= cursors.ordered(cursor.lower, column)
    return above and (cursor.upper is None or value <= cursors.ordered(cursor.upper, column))


def spell(value: Any, word: str) -> str | bytes | None:
    """Spell a value for a column of this type as canonical text (bytes as they are); None where its kind is another."""
    if word == "json":
        return _whole_text(dump(_plain(value)))
    if word == "bytes":
        return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else None
    if word == "boolean":
        return str(value).lower() if isinstance(value, bool) else None
    if word in _NUMBERS:
        return _number(value)
    kind = _kind(value)
    if kind == "text":
        return _whole_text(value)
    if kind == "interval" and word == kind:
        return interval_text(value)
    return text_of(value) if kind == word or (kind == "date" and word == "timestamp") else None


def interval_text(value: timedelta) -> str:
    """Write a duration as PostgreSQL does."""
    sign = "-" if value < timedelta(0) else ""
    minutes, seconds = divmod(abs(value) // timedelta(microseconds=1), 60_000_000)
    fraction = f".{seconds % 1_000_000:06}".rstrip("0").rstrip(".")
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{seconds // 1_000_000:02}{fraction}"


def natural(array: pa.Array, column: Column) -> pa.Array:
    """Give an Arrow array the type that a batch has for this column; raises ArrowInvalid where that loses something."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
        if column.type == "uuid":
            return pa.array([None if v is None else str(uuid.UUID(bytes=v)) for v in array.to_pylist()], pa.string())
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_nested(array.type) or pa.types.is_duration(array.type):
        return pa.array([None if v is None else spell(v, column.type) for v in array.to_pylist()], pa.string())
    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    if is_bytes(array.type):
        return array.cast(pa.binary())
    word = column.type.partition("(")[0]
    if word == "decimal":
        return _decimals(array)
    return array.cast(_NATURAL.get(word, pa.string()))


def arrow_columns(schema: pa.Schema) -> tuple[Column, ...]:
    """Describe an Arrow schema."""
    return tuple(Column(field.name, word_of(field.type), True, str(field.type)) for field in schema)


def weight(value: Any) -> int:
    """Estimate how many bytes a value takes."""
    if isinstance(value, str | bytes):
        return len(value) + 8
    if isinstance(value, Mapping):
        return sum(weight(item) + len(str(key)) for key, item in value.items()) + 8
    if isinstance(value, list | tuple):
        return sum(weight(item) for item in value) + 8
    return 8


_NATURAL = {
    "boolean": pa.bool_(),
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "real": pa.float32(),
    "double": pa.float64(),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
}


def _decimals(array: pa.Array) -> pa.Array:
    type_ = array.type
    if pa.types.is_uint64(type_):
        return array.cast(pa.decimal128(20, 0))
    if pa.types.is_decimal(type_) and type_.precision <= 38 and 0 <= type_.scale <= type_.precision:
        return array.cast(pa.decimal128(type_.precision, type_.scale))
    return pa.array([None if value is None else text_of(value) for value in array.to_pylist()], pa.string())


def _word(values: Sequence[Any]) -> str:
    kinds = {_kind(value) for value in values}
    if kinds == {"number"}:
        if any(isinstance(value, Decimal) for value in values):
            return "decimal"
        word = text_types.infer(pa.array([text_of(value) for value in values], pa.string()))
        return word if word in _NUMBERS else "decimal"
    if kinds == {"date", "timestamp"}:
        return "timestamp"
    return kinds.pop() if len(kinds) == 1 else "json"


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case Digits() | int() | float() | Decimal():
            return "number"
        case str():
            return "text"
        case datetime():
            return "timestamp" if value.tzinfo is None else "timestamptz"
        case date():
            return "date"
        case time():
            return "time"
        case timedelta():
            return "interval"
        case bytes() | bytearray() | memoryview():
            return "bytes"
        case uuid.UUID():
            return "uuid"
        case _:
            return "json"


def _number(value: Any) -> str | None:
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return text_of(value)


def _whole_text(value: str) -> str | None:
    # Half of a surrogate pair is no text that any system could keep; JSON can spell one.
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return str(value)


def _shown(value: Any) -> str:
    return dump(_plain(value)).encode(errors="replace").decode()


def _plain(value: Any) -> Any:
    """Make a value one that JSON has, numbers digit by digit."""
    match value:
        case None | bool() | str():
            return value
        case int() | float() | Decimal():
            return Digits(text_of(value))
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(item) for item in value]
        case timedelta():
            return interval_text(value)
        case _:
            return text_of(value)
