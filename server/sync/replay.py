"""Rejected rows as a source: the rows as they were kept or corrected, described by the source that they came from."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pyarrow as pa

from server.sync.cursors import text_of
from server.sync.model import Column, Stream
from server.sync.source import Batch, Read, Rejected, Source
from server.sync.spec import ReplayedRow

ROWS_PER_BATCH = 1_000


class ReplaySource(Source):
    """Stands in front of the real source, which still tells what the stream's columns are."""

    def __init__(self, source: Source, rows: Sequence[ReplayedRow]) -> None:
        self._source = source
        self._rows = rows

    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe the stream as it is now."""
        return await self._source.describe(namespace, name)

    async def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read the kept rows, every value as its text; what is no row of the stream is rejected again."""
        size = 0
        for first in range(0, len(self._rows), ROWS_PER_BATCH):
            rows: list[dict[str, str | None]] = []
            rejected: list[Rejected] = []
            for row in self._rows[first : first + ROWS_PER_BATCH]:
                size += len(row.content)
                values = _values(row, read.columns)
                if isinstance(values, Rejected):
                    rejected.append(values)
                else:
                    rows.append(values)
            schema = pa.schema([(column.name, pa.string()) for column in read.columns])
            batch = pa.RecordBatch.from_pylist(rows, schema=schema)
            yield Batch(batch, "rejected rows", first + 1, size, None, tuple(rejected))


def _values(row: ReplayedRow, columns: Sequence[Column]) -> dict[str, str | None] | Rejected:
    try:
        values = json.loads(row.content)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        return Rejected(row.place, row.row, "", "ROW_UNREADABLE", "The row is no JSON object", row.content)
    unknown = sorted(values.keys() - {column.name for column in columns})
    if unknown:
        message = f"The stream has no column {unknown[0]!r}"
        return Rejected(row.place, row.row, unknown[0], "COLUMN_NOT_FOUND", message, row.content)
    return {column.name: _text(values.get(column.name)) for column in columns}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else text_of(value)
