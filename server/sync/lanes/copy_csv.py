"""Arrow record batches as the CSV that PostgreSQL's COPY reads: exact texts, NULL unquoted, everything else quoted."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.readers.parquet import is_bytes

_WRITE = pacsv.WriteOptions(include_header=False, quoting_style="all_valid")


def encode(batch: pa.RecordBatch, file: str, first_row: int) -> bytes:
    """Write a batch as COPY's CSV; raises SyncError VALUE_NOT_STORABLE with file, row and column.

    Refused are what PostgreSQL cannot hold or would round: NUL characters, nanoseconds that are not zero, years
    outside 1 to 9999, NaN inside nested values.
    """
    columns = []
    for index, field in enumerate(batch.schema):
        try:
            columns.append(_printable(batch.column(index)))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError, OverflowError) as error:
            raise _locate(batch.column(index), field, file, first_row) from error
    sink = pa.BufferOutputStream()
    pacsv.write_csv(pa.record_batch(columns, names=batch.schema.names), sink, _WRITE)
    text: bytes = sink.getvalue().to_pybytes()
    if b"\0" in text:
        raise _locate_nul(columns, batch.schema, file, first_row)
    return text


def _printable(values: pa.Array) -> pa.Array:
    """Turn a column into one that Arrow prints as PostgreSQL reads it; raises on what would be lost."""
    type_ = values.type
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
    if pa.types.is_string_view(type_):
        return pc.cast(values, pa.string())
    if pa.types.is_null(type_):
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


def _locate(values: pa.Array, field: pa.Field, file: str, first_row: int) -> SyncError:
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        if _prints(values.slice(low, middle - low)):
            low = middle
        else:
            high = middle
    return _not_storable(
        f"A value of type {field.type} cannot be stored without loss", file, first_row + low, field.name
    )


def _prints(values: pa.Array) -> bool:
    try:
        _printable(values)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError, OverflowError):
        return False
    return True


def _locate_nul(columns: list[pa.Array], schema: pa.Schema, file: str, first_row: int) -> SyncError:
    for field, values in zip(schema, columns, strict=True):
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            index = pc.index(pc.match_substring(values, "\0"), pa.scalar(True)).as_py()
            if index >= 0:
                return _not_storable(
                    "A text holds a NUL character, which PostgreSQL cannot store", file, first_row + index, field.name
                )
    raise AssertionError("a NUL byte in the text of columns that hold none")


def _not_storable(problem: str, file: str, row: int, column: str) -> SyncError:
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code="VALUE_NOT_STORABLE",
        message=problem,
        advice="Correct the value at its source, or leave the column out.",
        position=f"{file} row {row} column {column}",
    )
