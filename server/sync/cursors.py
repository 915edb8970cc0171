"""Cursor values as canonical texts: which types have an order, which value is greater, how far a lag goes back."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column, Stream
from server.sync.source import CursorRange

_NUMBERS = frozenset(("smallint", "integer", "bigint", "real", "double", "decimal"))
_LEAST = {"smallint": -(2**15), "integer": -(2**31), "bigint": -(2**63)}
_TIMES = frozenset(("date", "timestamp", "timestamptz"))
_TEXTS = frozenset(("text", "uuid"))
_TELLS_CHANGES = re.compile(r"(?:^|_|last)(?:updat|modif|chang)", re.IGNORECASE)


def family(column: Column) -> str:
    """Say what a cursor of this column is: ``number``, ``time`` or ``text``; raises SyncError CURSOR_NOT_COMPARABLE."""
    word = column.type.partition("(")[0]
    if word in _NUMBERS:
        return "number"
    if word in _TIMES:
        return "time"
    if word in _TEXTS:
        return "text"
    raise _not_comparable(
        f"The column {column.name!r} has the type {column.native_type}, which has no order that a cursor needs",
        "Choose a column with numbers, dates, times or ordered texts.",
        column,
    )


def suggested(stream: Stream) -> str:
    """The column that looks like a cursor: a time of the last change, or an integer that is the key; else empty."""
    changes = [
        column.name
        for column in stream.columns
        if column.type in ("timestamp", "timestamptz") and _TELLS_CHANGES.search(column.name)
    ]
    if changes:
        return changes[0]
    keys = [column for column in stream.columns if column.name in stream.primary_key]
    return keys[0].name if len(keys) == 1 and keys[0].type in ("smallint", "integer", "bigint") else ""


def refuse_last(value: str, column: Column) -> None:
    """Refuse a checkpoint after which no row could ever come; raises SyncError CURSOR_NOT_COMPARABLE."""
    if family(column) != "text" and value.lower() in ("nan", "infinity"):
        raise _not_comparable(
            f"The cursor {column.name!r} has the value {value}: no later row would ever be found after it",
            "Give these rows another value, or choose another cursor column.",
            column,
        )


def _not_comparable(message: str, advice: str, column: Column) -> SyncError:
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code="CURSOR_NOT_COMPARABLE",
        message=message,
        advice=advice,
        position=f"column {column.name}",
    )


def plausible(value: str) -> bool:
    """Whether a text could be a cursor value of some type; the stream's own type is known to the source alone."""
    return bool(value.strip()) and value.isprintable()


def before(value: str, lag: float, column: Column) -> str:
    """Go back from a cursor value by a lag: seconds for dates and times, a number for numbers; texts have none."""
    kind = family(column)
    if not lag or kind == "text":
        return value
    if kind == "number":
        earlier_number = Decimal(value) - Decimal(str(lag))
        least = _LEAST.get(column.type)
        # A system reads the bound as a value of the column's type: it takes no fraction, and nothing out of range.
        return str(max(least, math.floor(earlier_number))) if least is not None else format(earlier_number, "f")
    if value.lstrip("-").lower() == "infinity" or value.endswith("BC"):
        return value
    moment = parsed_time(value)
    try:
        earlier = moment - timedelta(seconds=lag)
    except OverflowError:
        earlier = datetime.min.replace(tzinfo=moment.tzinfo)
    return earlier.date().isoformat() if column.type == "date" else earlier.isoformat(" ")


def greatest(values: pa.Array, column: Column, known: str | None) -> str | None:
    """Take the greater of a known cursor value and the values of a batch."""
    values = values.drop_null()
    if not len(values):
        return known
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        found = max(values.to_pylist(), key=lambda text: ordered(text, column))
    else:
        found = text_of(pc.max(values).as_py())
    if known is None or ordered(found, column) > ordered(known, column):
        return str(found)
    return known


def in_range(values: pa.Array, wanted: CursorRange, column: Column) -> pa.Array:
    """Tell for each value whether it is in a range, bounds included."""
    bounds = [(wanted.lower, True), (wanted.upper, False)]
    if pa.types.is_string(values.type) or family(column) == "text":
        found = [None if text is None else ordered(text_of(text), column) for text in values.to_pylist()]
        limits = [(ordered(bound, column), lower) for bound, lower in bounds if bound is not None]
        inside = [
            value is not None and all(value >= limit if lower else value <= limit for limit, lower in limits)
            for value in found
        ]
        mask = pa.array(inside, pa.bool_())
    else:
        mask = pc.is_valid(values)
        for bound, lower in bounds:
            if bound is not None:
                limit = _scalar(bound, column, values.type)
                mask = pc.and_(mask, pc.fill_null((pc.greater_equal if lower else pc.less_equal)(values, limit), False))
    return pc.or_(mask, pc.is_null(values)) if wanted.nulls else mask


def _scalar(bound: str, column: Column, type_: pa.DataType) -> pa.Scalar:
    value = ordered(bound, column)
    if pa.types.is_timestamp(type_):
        value = value if value.tzinfo or not type_.tz else value.replace(tzinfo=UTC)
        return pa.scalar(value if type_.tz else value.replace(tzinfo=None), type_)
    if pa.types.is_date(type_):
        return pa.scalar(value.date(), type_)
    if pa.types.is_decimal(type_):
        return pa.scalar(value)
    # A bound with digits that an integer has not is compared as a number all the same.
    return pa.scalar(float(value) if pa.types.is_floating(type_) or value % 1 else int(value))


def ordered(text: str, column: Column) -> Any:
    """Turn a cursor value into one that Python compares as the column's type does."""
    match family(column):
        case "number":
            value = Decimal(text)
            if value.is_nan():
                refuse_last("NaN", column)
            return value
        case "time":
            return parsed_time(text)
        case _:
            return text


def parsed_time(text: str) -> datetime:
    """Read a date or time; a zone is taken into account, its absence is not."""
    if text.endswith("infinity"):
        return datetime.min if text.startswith("-") else datetime.max
    return datetime.fromisoformat(text)


def text_of(value: object) -> str:
    """Write a value of a driver as canonical text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, float):
        return repr(value)
    return str(value)
