"""Arrow values of every type as the natural Arrow types of the engine's words; what would be lost is left out."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from server.sync.fitting import arrow_type
from server.sync.readers.parquet import is_bytes
from server.sync.readers.text_types import Converted
from server.sync.type_words import base

_REFUSED = (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError, OverflowError)


def natural(values: pa.Array, word: str) -> Converted:
    """Take a column over as values of a word; ``misfits`` are those that its type cannot hold."""
    try:
        return Converted(_converted(values, word))
    except _REFUSED:
        misfits = _refused(values, word)
        kept = pc.if_else(pa.array([index not in set(misfits) for index in range(len(values))]), values, None)
        return Converted(_converted(kept, word), tuple(misfits))


def _converted(values: pa.Array, word: str) -> pa.Array:
    type_ = values.type
    wanted = arrow_type(word) or pa.string()
    if type_ == wanted:
        return values
    if isinstance(type_, pa.BaseExtensionType):
        return (
            _each(values.storage, _uuid) if type_.extension_name == "arrow.uuid" else _converted(values.storage, word)
        )
    if pa.types.is_dictionary(type_):
        return _converted(values.dictionary_decode(), word)
    if is_bytes(type_):
        return pc.cast(values, pa.binary())
    if pa.types.is_nested(type_):
        return _each(values, _json)
    if pa.types.is_duration(type_):
        return _each(pc.cast(values, pa.duration("us")), _interval)
    if pa.types.is_decimal(type_) and wanted == pa.string():
        return _each(values, lambda value: format(value, "f"))
    if base(word) == "decimal" and pa.types.is_integer(type_):
        return pc.cast(pc.cast(values, pa.string()), wanted) if wanted != pa.string() else pc.cast(values, wanted)
    return pc.cast(values, wanted)


def _refused(values: pa.Array, word: str, offset: int = 0) -> list[int]:
    """Find the values that cannot be taken over, by halving what cannot."""
    try:
        _converted(values, word)
    except _REFUSED:
        if len(values) == 1:
            return [offset]
        half = len(values) // 2
        return [*_refused(values.slice(0, half), word, offset), *_refused(values.slice(half), word, offset + half)]
    return []


def _each(values: pa.Array, spell: Callable[[Any], str]) -> pa.Array:
    return pa.array([None if value is None else spell(value) for value in values.to_pylist()], pa.string())


def _uuid(value: bytes) -> str:
    return str(uuid.UUID(bytes=value))


def _interval(value: timedelta) -> str:
    micros = round(value / timedelta(microseconds=1))
    seconds, fraction = divmod(abs(micros), 1_000_000)
    text = f"{'-' if micros < 0 else ''}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{fraction:06}".rstrip("0") if fraction else text


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
