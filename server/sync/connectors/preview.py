"""The first rows of a stream: a value is JSON where JSON keeps it, text where it would not, and never endless."""

from __future__ import annotations

import math
from contextlib import aclosing
from typing import Any

from server.sync.columns import choose
from server.sync.model import Column, JsonValue, PreviewRows
from server.sync.source import Read, Source
from server.sync.spec import StreamSpec

MAX_CELL_CHARACTERS = 1000
_MAX_SAFE_INTEGER = 2**53 - 1  # JSON's numbers are doubles to most readers


async def preview(source: Source, spec: StreamSpec, limit: int) -> PreviewRows:
    """Read the first rows of a stream; the batches that hold them are the only ones that are read."""
    stream = await source.describe(spec.namespace, spec.name)
    columns = choose(stream, spec.columns)
    rows: list[tuple[JsonValue, ...]] = []
    cut = False
    # One row more than asked for tells whether there are more.
    async with aclosing(source.read(Read(stream, columns, limit=limit + 1))) as batches:
        async for batch in batches:
            for row in batch.rows.slice(0, limit + 1 - len(rows)).to_pylist():
                cells = [preview_cell(row[column.name], column) for column in columns]
                cut = cut or any(shortened for _, shortened in cells)
                rows.append(tuple(value for value, _ in cells))
            if len(rows) > limit:
                break
    return PreviewRows(columns, tuple(rows[:limit]), cut or len(rows) > limit)


def preview_cell(value: Any, column: Column) -> tuple[JsonValue, bool]:
    """Make a value of a batch showable, which may be its canonical text."""
    if isinstance(value, str) and column.type in ("smallint", "integer", "bigint"):
        return preview_value(int(value))
    if isinstance(value, str) and column.type in ("real", "double"):
        return preview_value(float(value) if math.isfinite(float(value)) else value)
    if isinstance(value, str) and column.type == "boolean":
        return preview_value(value.lower() in ("t", "true"))
    return preview_value(value)


def preview_value(value: Any) -> tuple[JsonValue, bool]:
    """Make a value showable; also tells whether it was cut."""
    if value is None or isinstance(value, bool):
        return value, False
    if isinstance(value, int) and abs(value) <= _MAX_SAFE_INTEGER:
        return value, False
    if isinstance(value, float) and math.isfinite(value):
        return value, False
    text = value.hex() if isinstance(value, bytes) else str(value)
    if len(text) > MAX_CELL_CHARACTERS:
        return text[:MAX_CELL_CHARACTERS] + "…", True
    return text, False
