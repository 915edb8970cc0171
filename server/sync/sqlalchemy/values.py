"""What drivers give as batches, and batches as what drivers take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from server.sync.cursors import text_of
from server.sync.dlt_sources.rows import interval_text, spell
from server.sync.model import Column

_NATURAL = {
    "boolean": (pa.bool_(), bool), "smallint": (pa.int16(), int), "integer": (pa.int32(), int),
    "bigint": (pa.int64(), int), "real": (pa.float32(), float), "double": (pa.float64(), float),
}  # fmt: skip
_BYTES = (bytes, bytearray, memoryview)


def batch_of(rows: Sequence[Any], columns: Sequence[Column], dialect: str) -> pa.RecordBatch:
    """Make a batch of a driver's rows; what SQLite gives is taken as its text, because any column holds any type."""
    values = zip(*rows, strict=True)
    arrays = [_array(of, column, dialect) for of, column in zip(values, columns, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])


def parameters(batch: pa.RecordBatch, as_text: Sequence[bool]) -> list[tuple[Any, ...]]:
    """Make a driver's rows of a batch: Python's values, or canonical texts where the column is a text."""
    columns = []
    for array, text in zip(batch.columns, as_text, strict=True):
        values = array.to_pylist()
        columns.append([None if value is None else text_of(value) for value in values] if text else values)
    return list(zip(*columns, strict=True))


def _array(values: Sequence[Any], column: Column, dialect: str) -> pa.Array:
    if column.type == "bytes" and all(value is None or isinstance(value, _BYTES) for value in values):
        return pa.array([None if value is None else bytes(value) for value in values], pa.binary())
    natural = _NATURAL.get(column.type) if dialect != "sqlite" else None
    if natural is not None and all(value is None or type(value) is natural[1] for value in values):
        return pa.array(values, natural[0])
    return pa.array([None if value is None else _text(value, column.type) for value in values], pa.string())


def _text(value: Any, word: str) -> str:
    if word == "boolean" and type(value) is int and value in (0, 1):
        return "true" if value else "false"
    if hasattr(value, "total_seconds"):
        return interval_text(value)
    if isinstance(value, dict | list | tuple | set):
        return str(spell(value, "json"))
    return text_of(value)
