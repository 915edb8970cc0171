"""Canonical texts as values of Arrow types, for destinations that take no text.

Rows that have no such value are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from server.sync.destination import Fitted, TargetColumn, Unfit
from server.sync.type_words import base, precision

_TYPES = {
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


def fitted(rows: pa.RecordBatch, columns: Sequence[TargetColumn], shown: Mapping[str, str]) -> Fitted:
    """Turn the columns that are texts into the natural Arrow types of their engine types.

    ``shown`` are the destination's types by column, for the message of a row that is left out. Texts of types that
    have no Arrow type of their own (json, uuid, interval, long decimals) stay texts.
    """
    unfit: dict[int, Unfit] = {}
    arrays = []
    for values, column in zip(rows.columns, columns, strict=True):
        wanted = arrow_type(column.column.type)
        array, bad = natural(values, column.column.type, wanted) if wanted is not None else (values, ())
        arrays.append(array)
        for index in bad:
            message = f"The value is no {shown.get(column.name, column.ddl)} that could be kept exactly"
            unfit.setdefault(index, Unfit(index, column.name, "VALUE_NOT_STORABLE", message))
    batch = pa.RecordBatch.from_arrays(arrays, names=rows.schema.names)
    if unfit:
        batch = batch.filter(pa.array([index not in unfit for index in range(rows.num_rows)]))
    return Fitted(batch, tuple(unfit[index] for index in sorted(unfit)))


def arrow_type(word: str) -> pa.DataType | None:
    """The natural Arrow type of an engine type, None where it is a text."""
    if base(word) == "boolean":
        return pa.bool_()
    if base(word) == "bytes":
        return pa.binary()
    if base(word) == "decimal":
        known = precision(word)
        return pa.decimal128(*known) if known and known[0] <= 38 else None
    return _TYPES.get(base(word))


def natural(values: pa.Array, word: str, wanted: pa.DataType) -> tuple[pa.Array, Sequence[int]]:
    """Turn texts into values of a type; also the indexes of those that are none (NULL in the result)."""
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return values, ()
    try:
        return _convert(values, word, wanted), ()
    except (pa.ArrowInvalid, ValueError):
        bad = _refused(values, word, wanted, 0)
        mask = pa.array([index in set(bad) for index in range(len(values))])
        return _convert(pc.if_else(mask, pa.scalar(None, values.type), values), word, wanted), bad


def _convert(values: pa.Array, word: str, wanted: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(wanted):
        lower = pc.utf8_lower(values)
        true, false = (pc.is_in(lower, pa.array(words)) for words in (["t", "true"], ["f", "false"]))
        if not pc.all(pc.or_(pc.or_(true, false), pc.is_null(values))).as_py():
            raise ValueError("no boolean")
        return pc.if_else(pc.is_valid(values), true, pa.scalar(None, pa.bool_()))
    if pa.types.is_binary(wanted):
        return pa.array([None if v is None else _bytes(v) for v in values.to_pylist()], pa.binary())
    if word == "timestamptz":
        # Arrow reads "+00:00" and "Z", PostgreSQL writes "+00".
        values = pc.replace_substring_regex(values, r"([+-]\d\d)$", r"\1:00")
    if pa.types.is_time(wanted):
        # Arrow reads no times of day alone.
        return pc.cast(pc.cast(pc.binary_join_element_wise("1970-01-01", values, " "), pa.timestamp("us")), wanted)
    return pc.cast(values, wanted)


def _bytes(text: str) -> bytes:
    if not text.startswith("\\x"):
        raise ValueError("no bytes")
    return bytes.fromhex(text[2:])


def _refused(values: pa.Array, word: str, wanted: pa.DataType, offset: int) -> list[int]:
    try:
        _convert(values, word, wanted)
    except (pa.ArrowInvalid, ValueError):
        if len(values) == 1:
            return [offset]
        half = len(values) // 2
        left = _refused(values.slice(0, half), word, wanted, offset)
        return left + _refused(values.slice(half), word, wanted, offset + half)
    return []
