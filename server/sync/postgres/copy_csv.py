"""Arrow record batches as the CSV that PostgreSQL's COPY reads: exact texts, NULL unquoted, everything else quoted."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from server.sync.destination import Fitted, TargetColumn, Unfit
from server.sync.postgres.instants import printed
from server.sync.readers.parquet import is_bytes

_WRITE = pacsv.WriteOptions(include_header=False, quoting_style="all_valid")
_NUL = re.compile(b"\0")
_REFUSED = (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError, OverflowError)


def printable(batch: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
    """Turn a batch into one whose columns Arrow prints as PostgreSQL reads them, without the rows that cannot be.

    Left out is what PostgreSQL cannot hold or would round: NUL characters, nanoseconds that are not zero, years
    outside 1 to 9999 in Arrow's own types, NaN inside nested values.
    """
    unfit: dict[int, Unfit] = {}
    for values, column in zip(batch.columns, columns, strict=True):
        for index in _unprintable(values):
            message = f"A value of type {values.type} cannot be stored without loss"
            unfit.setdefault(index, Unfit(index, column.name, "VALUE_NOT_STORABLE", message))
        for index in _with_nul(values):
            message = "A text holds a NUL character, which PostgreSQL cannot store"
            unfit.setdefault(index, Unfit(index, column.name, "VALUE_NOT_STORABLE", message))
    if unfit:
        batch = batch.filter(pa.array([index not in unfit for index in range(batch.num_rows)]))
    arrays = [_printable(values) for values in batch.columns]
    rows = pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])
    return Fitted(rows, tuple(unfit[index] for index in sorted(unfit)))


def encode(batch: pa.RecordBatch) -> bytes:
    """Write a printable batch as COPY's CSV."""
    columns = [(printed(c) or c) if pa.types.is_timestamp(c.type) else c for c in batch.columns]
    sink = pa.BufferOutputStream()
    pacsv.write_csv(pa.RecordBatch.from_arrays(columns, names=batch.schema.names), sink, _WRITE)
    text: bytes = sink.getvalue().to_pybytes()
    return text


def _printable(values: pa.Array) -> pa.Array:
    """Turn a column into one that Arrow prints as PostgreSQL reads it; raises on what would be lost."""
    type_ = values.type
    if pa.types.is_string(type_):
        return values
    if isinstance(type_, pa.BaseExtensionType):
        return _uuids(values) if type_.extension_name == "arrow.uuid" else _printable(values.storage)
    if pa.types.is_dictionary(type_):
        return _printable(values.dictionary_decode())
    if is_bytes(type_):
        return _each(values, lambda value: "\\x" + value.hex())
    if pa.types.is_nested(type_):
        return _each(values, _json)
    if pa.types.is_timestamp(type_):
        # Zone-aware values are instants: printed in UTC, whatever zone the file names.
        return _in_range(pc.cast(values, pa.timestamp("us", "UTC" if type_.tz else None)))
    if pa.types.is_date(type_):
        return _in_range(pc.cast(values, pa.date32()))
    if pa.types.is_time(type_):
        return pc.cast(values, pa.time64("us"))
    if pa.types.is_duration(type_):
        micros = pc.cast(pc.cast(pc.cast(values, pa.duration("us")), pa.int64()), pa.string())
        return pc.binary_join_element_wise(micros, "microseconds", " ")
    if pa.types.is_float16(type_):
        return pc.cast(values, pa.float32())
    if pa.types.is_string_view(type_) or pa.types.is_null(type_):
        return pc.cast(values, pa.string())
    return values


def _in_range(values: pa.Array) -> pa.Array:
    bounds = pc.min_max(values)
    low, high = (bounds[key].cast(pa.date32()) for key in ("min", "max"))
    # Outside these years Arrow's text and PostgreSQL's differ.
    if low.is_valid and (low.value < _FIRST_DAY or high.value > _LAST_DAY):
        raise ValueError("year outside 1 to 9999")
    return values


_FIRST_DAY = (date(1, 1, 1) - date(1970, 1, 1)).days
_LAST_DAY = (date(9999, 12, 31) - date(1970, 1, 1)).days


def _each(values: pa.Array, print_one: Callable[[Any], str]) -> pa.Array:
    return pa.array([None if value is None else print_one(value) for value in values.to_pylist()], pa.string())


def _uuids(values: pa.Array) -> pa.Array:
    return _each(values.storage, lambda value: str(uuid.UUID(bytes=value)))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_json_text)


def _json_text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta | uuid.UUID):
        return str(value)
    raise ValueError(f"no JSON form for {type(value).__name__}")


def _unprintable(values: pa.Array, offset: int = 0) -> list[int]:
    """Find the values that cannot be printed, by halving what does not print."""
    try:
        _printable(values)
    except _REFUSED:
        if len(values) == 1:
            return [offset]
        half = len(values) // 2
        return [*_unprintable(values.slice(0, half), offset), *_unprintable(values.slice(half), offset + half)]
    return []


def _with_nul(values: pa.Array) -> list[int]:
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return []
    data = values.buffers()[2]
    # The buffer is searched as a whole first: that costs next to nothing, and NUL is rare.
    if data is None or _NUL.search(data) is None:
        return []
    found: list[int] = pc.indices_nonzero(pc.fill_null(pc.match_substring(values, "\0"), False)).to_pylist()
    return found
