"""What a Parquet file says of itself, and the engine's words for Arrow's types."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from server.sync.model import Column
from server.sync.readers.safe_open import file_error

_WORDS = {
    pa.bool_(): "boolean",
    pa.int8(): "smallint",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.uint8(): "smallint",
    pa.uint16(): "integer",
    pa.uint32(): "bigint",
    pa.uint64(): "decimal(20,0)",
    pa.float16(): "real",
    pa.float32(): "real",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.date64(): "date",
    pa.null(): "text",
}


def open_parquet(file: BinaryIO, name: str) -> pq.ParquetFile:
    """Read the footer; raises SyncError PARQUET_MALFORMED."""
    try:
        # pre_buffer would read whole row groups ahead: memory must not depend on the file's.
        return pq.ParquetFile(file, pre_buffer=False)
    except (pa.ArrowInvalid, OSError) as error:
        raise file_error(
            "PARQUET_MALFORMED",
            f"{name} is no complete Parquet file",
            "Write the file again; its end may be cut off.",
            name,
        ) from error


def columns_of(schema: pa.Schema) -> tuple[Column, ...]:
    """Describe an Arrow schema in the engine's words."""
    return tuple(
        Column(
            field.name,
            word_of(field.type),
            field.nullable,
            str(field.type),
            loss="digits beyond microseconds" if cut_type(field.type) else "",
        )
        for field in schema
    )


def cut_type(type_: pa.DataType) -> pa.DataType | None:
    """The type of whole microseconds in place of one of nanoseconds; None for all others."""
    if pa.types.is_timestamp(type_) and type_.unit == "ns":
        return pa.timestamp("us", type_.tz)
    if pa.types.is_time64(type_) and type_.unit == "ns":
        return pa.time64("us")
    return pa.duration("us") if pa.types.is_duration(type_) and type_.unit == "ns" else None


def word_of(type_: pa.DataType) -> str:
    """Find the engine's word for an Arrow type."""
    if isinstance(type_, pa.BaseExtensionType):
        if type_.extension_name == "arrow.uuid":
            return "uuid"
        return "json" if type_.extension_name == "arrow.json" else word_of(type_.storage_type)
    if pa.types.is_dictionary(type_):
        return word_of(type_.value_type)
    if pa.types.is_decimal(type_):
        fits = 0 <= type_.scale <= type_.precision
        return f"decimal({type_.precision},{type_.scale})" if fits else "decimal"
    if pa.types.is_timestamp(type_):
        return "timestamptz" if type_.tz else "timestamp"
    if pa.types.is_time(type_):
        return "time"
    if pa.types.is_duration(type_):
        return "interval"
    if pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return "text"
    if is_bytes(type_):
        return "bytes"
    if pa.types.is_nested(type_):
        return "json"
    return _WORDS.get(type_, "other")


def is_bytes(type_: pa.DataType) -> bool:
    """Tell whether values are bytes, of whatever layout."""
    return bool(
        pa.types.is_binary(type_)
        or pa.types.is_large_binary(type_)
        or pa.types.is_fixed_size_binary(type_)
        or pa.types.is_binary_view(type_)
    )
