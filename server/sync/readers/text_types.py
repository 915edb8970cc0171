"""Types for values that come as text (CSV, JSON): found in a sample, then demanded of every value.

A value is taken over exactly or not at all: what its column's type cannot hold, or would print as something else,
is a misfit.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_INTEGER = r"^(0|-?[1-9][0-9]*)$"  # no sign in front of zero, no leading zeros: "007" is no number
_NUMBER = r"^-?(((0|[1-9][0-9]*)(\.[0-9]*)?)|\.[0-9]+)([eE][-+]?[0-9]{1,4})?$"
_NOT_FINITE = r"^(NaN|nan|-?(Infinity|inf))$"
_CANONICAL = r"^(0|-?(0\.[0-9]*[1-9][0-9]*|[1-9][0-9]*(\.[0-9]+)?)|0\.0+)$"
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
    "time": r"^[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$",
    "uuid": r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    "real": f"({_NUMBER})|({_NOT_FINITE})",
    "bytes": r"^\\x([0-9a-fA-F]{2})*$",
}
ARROW_TYPES = {
    "boolean": pa.bool_(),
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "real": pa.float32(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
    "time": pa.time64("us"),
}
_TRIED = ("boolean", "bigint", "double", "decimal", "date", "timestamp", "timestamptz", "time")

DECLARABLE = (
    "boolean", "smallint", "integer", "bigint", "double", "decimal", "date", "timestamp", "timestamptz", "time",
    "text", "json", "uuid", "real", "bytes",
)  # fmt: skip
"""The words that a user can declare for a column of text."""

_SHORT_NUMBER = 16  # up to 15 significant digits and a point always survive a double


@dataclass(frozen=True, slots=True)
class Converted:
    """A column in the natural Arrow type of its word, NULL where a value does not fit: ``misfits`` tell where."""

    values: pa.Array
    misfits: tuple[int, ...] = ()


def infer(sample: pa.Array) -> str:
    """Choose the narrowest type that holds every value of the sample; text where there is none."""
    if sample.null_count == len(sample):
        return "text"
    return next((word for word in _TRIED if _all_fit(sample, word)), "text")


def _all_fit(sample: pa.Array, word: str) -> bool:
    return not _false(pc.match_substring_regex(sample, _SHAPES[word])) and not convert(sample, word).misfits


def convert(values: pa.Array, type_: str) -> Converted:
    """Take texts over as values of a type (the engine's word); decimals stay texts, in their canonical spelling."""
    word = type_.partition("(")[0]
    shape = _SHAPES.get(word)
    if shape is not None:
        fits = pc.match_substring_regex(values, shape)
        misfits = _false(fits)
        if misfits:
            rest = convert(pc.if_else(fits, values, pa.scalar(None, pa.string())), type_)
            return Converted(rest.values, tuple(sorted({*misfits, *rest.misfits})))
    return _CONVERTERS.get(word, _as_text)(values, word)


def _as_text(values: pa.Array, _word: str) -> Converted:
    return Converted(values)


def _as_json(values: pa.Array, _word: str) -> Converted:
    return _without(values, [i for i, text in enumerate(values.to_pylist()) if text is not None and not _is_json(text)])


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _as_uuid(values: pa.Array, _word: str) -> Converted:
    return Converted(pc.utf8_lower(values))


def _as_bytes(values: pa.Array, _word: str) -> Converted:
    return Converted(
        pa.array([None if text is None else bytes.fromhex(text[2:]) for text in values.to_pylist()], pa.binary())
    )


def _as_decimal(values: pa.Array, _word: str) -> Converted:
    odd = _false(pc.match_substring_regex(values, _CANONICAL))
    if not odd:
        return Converted(values)
    texts = values.to_pylist()
    for index in odd:
        texts[index] = decimal_text(Decimal(texts[index]))
    return Converted(pa.array(texts, pa.string()))


def decimal_text(value: Decimal) -> str:
    """Write a decimal as PostgreSQL does: no exponent, no sign before zero."""
    if value.is_nan():
        return "NaN"
    if value.is_infinite():
        return "-Infinity" if value < 0 else "Infinity"
    text = format(value, "f")
    return text.removeprefix("-") if not value else text


def _as_float(values: pa.Array, word: str) -> Converted:
    misfits = _rounded(values) if word == "double" else []
    if misfits:
        values = _without(values, misfits).values
    return Converted(pc.cast(values, ARROW_TYPES[word]), tuple(misfits))


def _as_time(values: pa.Array, _word: str) -> Converted:
    # Arrow reads no times of day alone.
    moments = _cast(pc.binary_join_element_wise("1970-01-01", values, " "), "timestamp")
    return Converted(pc.cast(moments.values, pa.time64("us")), moments.misfits)


def _cast(values: pa.Array, word: str) -> Converted:
    type_ = ARROW_TYPES[word]
    try:
        return Converted(pc.cast(values, type_))
    except pa.ArrowInvalid:
        misfits = _uncastable(values, type_)
        return Converted(pc.cast(_without(values, misfits).values, type_), tuple(misfits))


_CONVERTERS: dict[str, Callable[[pa.Array, str], Converted]] = {
    **dict.fromkeys(("boolean", "smallint", "integer", "bigint", "date", "timestamp", "timestamptz"), _cast),
    "time": _as_time,
    "double": _as_float,
    "real": _as_float,
    "decimal": _as_decimal,
    "json": _as_json,
    "uuid": _as_uuid,
    "bytes": _as_bytes,
}


def _without(values: pa.Array, indexes: list[int]) -> Converted:
    if not indexes:
        return Converted(values)
    texts = values.to_pylist()
    for index in indexes:
        texts[index] = None
    return Converted(pa.array(texts, values.type), tuple(indexes))


def _false(mask: pa.Array) -> list[int]:
    if pc.index(mask, pa.scalar(False)).as_py() < 0:
        return []
    found: list[int] = pc.indices_nonzero(pc.fill_null(pc.invert(mask), False)).to_pylist()
    return found


def _uncastable(values: pa.Array, type_: pa.DataType, offset: int = 0) -> list[int]:
    """Find the values that do not cast, by halving what does not."""
    try:
        pc.cast(values, type_)
    except pa.ArrowInvalid:
        if len(values) == 1:
            return [offset]
        half = len(values) // 2
        return [
            *_uncastable(values.slice(0, half), type_, offset),
            *_uncastable(values.slice(half), type_, offset + half),
        ]
    return []


def _rounded(values: pa.Array) -> list[int]:
    """Find the numbers that a double does not hold exactly as its shortest spelling: too long, or out of its range."""
    long = pc.greater(pc.binary_length(values), _SHORT_NUMBER)
    suspects = pc.indices_nonzero(
        pc.fill_null(pc.or_(long, pc.match_substring_regex(values, "[eE]")), False)
    ).to_pylist()
    found = []
    for index in suspects:
        text = values[index].as_py()
        try:
            if Decimal(repr(float(text))) != Decimal(text):
                found.append(int(index))
        except InvalidOperation:
            found.append(int(index))
    return found
