"""Arrow arrays as the texts that MySQL reads, and the texts that MySQL shows as canonical ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from server.sync.destination import Fitted, TargetColumn, Unfit
from server.sync.mysql.types import BYTES, DATES, GEOMETRY, data_type
from server.sync.type_words import base

_HEX = np.array([f"{value:02X}".encode() for value in range(256)], "S2").view(np.uint16)
_REFUSED = (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError, OverflowError)
_FIRST_DAY = (date(1, 1, 1) - date(1970, 1, 1)).days
_LAST_DAY = (date(9999, 12, 31) - date(1970, 1, 1)).days
_PLAIN_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+([+-][0-9:]+|Z)?)?$"
_PLAIN_NUMBER = r"^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$"
_UTC = r"(\+00(:?00)?|Z)$"


def canonical(values: pa.Array, word: str, native: str) -> pa.Array:
    """Turn what MySQL shows of a column into canonical texts, or the natural Arrow type."""
    kind = data_type(native)
    if word == "boolean":
        return pc.not_equal(values, "0")
    if word == "timestamptz":
        return pc.binary_join_element_wise(values, "+00", "")
    if kind == "time":
        # Zeros at the end of a fraction are a matter of the column's declaration, not of the value.
        return pc.replace_substring_regex(values, r"\.0+$|(\.\d*[1-9])0+$", r"\1")
    return values


# -- what the server can hold ------------------------------------------------------------------------------------


def fitted(batch: pa.RecordBatch, columns: Sequence[TargetColumn], longest: int) -> Fitted:
    """Bring a batch into types that ``lines`` takes, without the rows that MySQL cannot hold.

    Left out are NaN and infinite numbers, dates outside the years 1 to 9999, nanoseconds that are not zero, texts
    that are longer than their column, and values of more than ``longest`` bytes.
    """
    unfit: dict[int, Unfit] = {}
    for values, column in zip(batch.columns, columns, strict=True):
        for index in _refused(values, column, longest):
            message = f"MySQL cannot hold this value of type {values.type} in {column.ddl.partition(' ')[0]}"
            unfit.setdefault(index, Unfit(index, column.name, "VALUE_NOT_STORABLE", message))
    if unfit:
        batch = batch.filter(pa.array([index not in unfit for index in range(batch.num_rows)]))
    arrays = [_storable(values, column, longest) for values, column in zip(batch.columns, columns, strict=True)]
    rows = pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])
    return Fitted(rows, tuple(unfit[index] for index in sorted(unfit)))


def _refused(values: pa.Array, column: TargetColumn, longest: int, offset: int = 0) -> list[int]:
    """Find the values that do not fit, by halving what does not."""
    try:
        _storable(values, column, longest)
    except _REFUSED:
        if len(values) == 1:
            return [offset]
        half = len(values) // 2
        return [
            *_refused(values.slice(0, half), column, longest, offset),
            *_refused(values.slice(half), column, longest, offset + half),
        ]
    return []


def _storable(values: pa.Array, column: TargetColumn, longest: int) -> pa.Array:
    found = _simple(values)
    type_, kind = found.type, data_type(column.ddl)
    if pa.types.is_string(type_):
        _require_text(found, column, kind)
    if (pa.types.is_string(type_) or pa.types.is_binary(type_)) and len(found):
        longest_here = pc.max(pc.binary_length(found)).as_py() or 0
        if longest_here > longest:
            raise ValueError("longer than a packet")
    if pa.types.is_floating(type_) and not pc.all(pc.is_finite(found)).as_py() and len(found.drop_null()):
        raise ValueError("not finite")
    if pa.types.is_date(type_) or pa.types.is_timestamp(type_):
        bounds = pc.min_max(found)
        low, high = (bounds[key].cast(pa.date32()) for key in ("min", "max"))
        if low.is_valid and (low.value < _FIRST_DAY or high.value > _LAST_DAY):
            raise ValueError("year outside 1 to 9999")
    return found


def _require_text(values: pa.Array, column: TargetColumn, kind: str) -> None:
    if kind in ("char", "varchar"):
        width = int(column.ddl.partition("(")[2].partition(")")[0])
        if (pc.max(pc.utf8_length(values)).as_py() or 0) > width:
            raise ValueError("longer than its column")
    pattern = _PLAIN_DATE if kind in DATES else _PLAIN_NUMBER if kind in ("decimal", "float", "double") else ""
    if pattern and pc.all(pc.match_substring_regex(values, pattern)).as_py() is False:
        raise ValueError("not a value of its type")


def _simple(values: pa.Array) -> pa.Array:
    """Bring a column into one of the natural types, or a text; raises on what would be lost."""
    type_ = values.type
    if pa.types.is_large_string(type_) or pa.types.is_string_view(type_) or pa.types.is_null(type_):
        return values.cast(pa.string())
    if pa.types.is_large_binary(type_) or pa.types.is_binary_view(type_) or pa.types.is_fixed_size_binary(type_):
        return values.cast(pa.binary())
    if pa.types.is_timestamp(type_):
        return values.cast(pa.timestamp("us", "UTC" if type_.tz else None))
    if pa.types.is_date(type_):
        return values.cast(pa.date32())
    if pa.types.is_time(type_):
        return values.cast(pa.time64("us"))
    return values


# -- writing -----------------------------------------------------------------------------------------------------


def assigned(columns: Sequence[TargetColumn], quote: Callable[[str], str]) -> str:
    """Write LOAD DATA's list of columns, and the SET for those that do not take a text as it is."""
    names, sets = [], []
    for index, column in enumerate(columns):
        kind = data_type(column.ddl)
        if kind in BYTES or kind in GEOMETRY:
            names.append(f"@c{index}")
            sets.append(f"{quote(column.name)} = UNHEX(@c{index})")
        elif kind == "bit":
            names.append(f"@c{index}")
            sets.append(f"{quote(column.name)} = CAST(@c{index} AS UNSIGNED)")
        else:
            names.append(quote(column.name))
    return f"({', '.join(names)})" + (f" SET {', '.join(sets)}" if sets else "")


def lines(batch: pa.RecordBatch, columns: Sequence[TargetColumn]) -> pa.Buffer:
    """Write rows as LOAD DATA reads them: tabs between values, backslashes before what is special, \\N for NULL."""
    parts = []
    for values, column in zip(batch.columns, columns, strict=True):
        text = _text(values, column)
        if pa.types.is_string(values.type):
            for special, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n")):
                text = pc.replace_substring(text, special, escaped)
        parts.append(pc.fill_null(text, "\\N"))
    parts[-1] = pc.binary_join_element_wise(parts[-1], "\n", "")
    return _joined(parts, "\t")


def tuples(batch: pa.RecordBatch, columns: Sequence[TargetColumn]) -> pa.Buffer:
    """Write rows as INSERT reads them, with a comma after each; for a session without backslash escapes."""
    parts = []
    for values, column in zip(batch.columns, columns, strict=True):
        text, kind = _text(values, column), data_type(column.ddl)
        if kind in BYTES or kind in GEOMETRY:
            text = pc.binary_join_element_wise("x'", text, "'", "")
        elif kind != "bit" and not pa.types.is_integer(values.type) and not pa.types.is_boolean(values.type):
            text = pc.binary_join_element_wise("'", pc.replace_substring(text, "'", "''"), "'", "")
        parts.append(pc.fill_null(text, "NULL"))
    parts[0] = pc.binary_join_element_wise("(", parts[0], "")
    parts[-1] = pc.binary_join_element_wise(parts[-1], "),", "")
    return _joined(parts, ",")


def _joined(parts: list[pa.Array], separator: str) -> pa.Buffer:
    rows = pc.binary_join_element_wise(*parts, separator)
    _, offsets, data = rows.buffers()
    ends = np.frombuffer(offsets, np.int32)
    return data.slice(int(ends[rows.offset]), int(ends[rows.offset + len(rows)] - ends[rows.offset]))


def _text(values: pa.Array, column: TargetColumn) -> pa.Array:
    """Print a column as MySQL reads it."""
    values = _simple(values)
    type_ = values.type
    if pa.types.is_string(type_):
        return _from_canonical(values, base(column.column.type), data_type(column.ddl))
    if pa.types.is_boolean(type_):
        return values.cast(pa.int8()).cast(pa.string())
    if pa.types.is_binary(type_):
        return _hex(values)
    if pa.types.is_timestamp(type_):
        return values.cast(pa.int64()).cast(pa.timestamp("us")).cast(pa.string())
    if pa.types.is_float32(type_):
        return values.cast(pa.float64()).cast(pa.string())
    return values.cast(pa.string())


def _from_canonical(values: pa.Array, word: str, kind: str) -> pa.Array:
    if kind in BYTES or kind in GEOMETRY:
        return pc.utf8_slice_codeunits(values, 2)  # after \x
    if kind == "float":
        # The shortest text of the greatest FLOAT is a little more than that as a DOUBLE, and would be refused.
        return values.cast(pa.float32()).cast(pa.float64()).cast(pa.string())
    if word == "boolean":
        true = pc.is_in(pc.utf8_lower(values), pa.array(["t", "true", "1"]))
        return pc.if_else(pc.is_valid(values), pc.if_else(true, "1", "0"), None)
    if word == "timestamptz" and kind in DATES:
        plain = pc.replace_substring_regex(values, _UTC, "")
        if pc.any(pc.match_substring_regex(plain, r":[0-9.]+[+-]")).as_py():
            instants = values.cast(pa.timestamp("us", "UTC"))
            return instants.cast(pa.int64()).cast(pa.timestamp("us")).cast(pa.string())
        return plain
    return values


def _hex(values: pa.Array) -> pa.Array:
    offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1]
    data = np.frombuffer(values.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]] if len(values) else b""
    digits = _HEX[np.asarray(data, np.uint8)] if len(data) else np.empty(0, np.uint16)
    doubled = ((offsets - offsets[0]) * 2).astype(np.int32)
    bitmap = pc.is_valid(values).buffers()[1] if values.null_count else None
    return pa.Array.from_buffers(pa.string(), len(values), [bitmap, pa.py_buffer(doubled), pa.py_buffer(digits)])
