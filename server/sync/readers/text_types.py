"""Types for values that come as text (CSV, JSON numbers): found in a sample, then demanded of every value.

A value is never changed: the text itself travels to the destination. What is checked here, a whole column at
a time, is that the destination's type can hold that text without losing anything of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

_INTEGER = r"^(0|-?[1-9][0-9]*)$"  # no sign in front of zero, no leading zeros: "007" is no number
_NUMBER = r"^-?(((0|[1-9][0-9]*)(\.[0-9]*)?)|\.[0-9]+)([eE][-+]?[0-9]{1,4})?$"
_NOT_FINITE = r"^(NaN|nan|-?(Infinity|inf))$"
_SHAPES = {
    "boolean": r"^(true|false|True|False|TRUE|FALSE)$",
    "smallint": _INTEGER,
    "integer": _INTEGER,
    "bigint": _INTEGER,
    "double": f"({_NUMBER})|({_NOT_FINITE})",
    "decimal": f"({_NUMBER})|({_NOT_FINITE})",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "timestamp": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$",
    "timestamptz": (
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[-+][0-9]{2}(:?[0-9]{2})?)$"
    ),
    "time": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$",
}
_CASTS = {
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
}
_TRIED = ("boolean", "bigint", "double", "decimal", "date", "timestamp", "timestamptz", "time")

DECLARABLE = (*_SHAPES, "text", "json", "uuid")
"""The words that a user can declare for a column of text."""

_SHORT_NUMBER = 16  # up to 15 significant digits and a point always survive a double


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first value of a column that its type cannot hold; ``index`` counts from 0."""

    index: int
    value: str


def infer(sample: pa.Array) -> str:
    """Choose the narrowest type that holds every value of the sample; text where there is none."""
    if sample.null_count == len(sample):
        return "text"
    return next((word for word in _TRIED if first_misfit(sample, word) is None), "text")


def first_misfit(values: pa.Array, type_: str) -> Misfit | None:
    """Find the first value that would be refused or changed by a column of this type."""
    index = _first_misfit(values, type_)
    return None if index is None else Misfit(index, values[index].as_py())


def _first_misfit(values: pa.Array, type_: str) -> int | None:
    shape = _SHAPES.get(type_)
    if shape is None:
        return None
    fits = pc.match_substring_regex(values, shape)
    index = _first_false(fits)
    if index is not None:
        return index
    if type_ == "double":
        return _first_rounded(values)
    cast = _CASTS.get(type_)
    return None if cast is None or _casts(values, cast) else _bisect(values, cast)


def _first_false(mask: pa.Array) -> int | None:
    index = pc.index(mask, pa.scalar(False)).as_py()
    return None if index < 0 else index


def _casts(values: pa.Array, type_: pa.DataType) -> bool:
    try:
        pc.cast(values, type_)
    except pa.ArrowInvalid:
        return False
    return True


def _bisect(values: pa.Array, type_: pa.DataType) -> int:
    """Narrow a slice that does not cast down to its first bad value."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        if _casts(values.slice(low, middle - low), type_):
            low = middle
        else:
            high = middle
    return low


def _first_rounded(values: pa.Array) -> int | None:
    """Find the first number that is not what a double would print again."""
    if (pc.max(pc.utf8_length(values)).as_py() or 0) <= _SHORT_NUMBER:
        return None
    printed = pc.cast(pc.cast(values, pa.float64()), pa.string())
    suspects = pc.and_(pc.greater(pc.utf8_length(values), _SHORT_NUMBER), pc.not_equal(values, printed))
    for index in pc.indices_nonzero(suspects).to_pylist():
        text = values[index].as_py()
        try:
            if Decimal(repr(float(text))) != Decimal(text):
                return int(index)
        except InvalidOperation:
            return int(index)
    return None
