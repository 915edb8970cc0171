"""What every reader gives: some rows of a file in their columns' types, and the rows that could not be taken over."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from server.sync.model import Column
from server.sync.readers import text_types

MAX_CONTENT = 64 << 10
BATCH_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is left out; ``row`` counts the file's rows from 1, ``content`` is the row as JSON or as its text."""

    row: int
    column: str
    code: str
    message: str
    content: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file.

    ``count`` includes the refused ones; ``end`` is where the file goes on after them, a byte or a row.
    """

    rows: pa.RecordBatch
    first_row: int
    count: int
    refused: tuple[Refused, ...] = ()
    end: int = 0
    gaps: tuple[int, ...] = ()  # numbers that no row has: empty lines


def from_texts(
    arrays: Sequence[pa.Array], columns: Sequence[Column], row_of: Callable[[int], int]
) -> tuple[pa.RecordBatch, list[Refused]]:
    """Take columns of text over as their types, without the rows of which a value does not fit.

    Columns that have their type already stay; ``row_of`` gives the row's number for an index.
    """
    misfits: dict[int, str] = {}
    taken = []
    for values, column in zip(arrays, columns, strict=True):
        if not pa.types.is_string(values.type):
            taken.append(values)
            continue
        found = text_types.convert(values, column.type)
        taken.append(found.values)
        for index in found.misfits:
            misfits.setdefault(index, column.name)
    names = [column.name for column in columns]
    rows = pa.RecordBatch.from_arrays(taken, names=names)
    if not misfits:
        return rows, []
    types = {column.name: column.type for column in columns}
    raw = pa.RecordBatch.from_arrays(list(arrays), names=names)
    refused = []
    for index in sorted(misfits):
        row, name = raw.slice(index, 1).to_pylist()[0], misfits[index]
        refused.append(
            Refused(
                row_of(index),
                name,
                "VALUE_DOES_NOT_FIT",
                f"{str(row[name])[:80]!r} is no {types[name]} that could be kept exactly",
                as_json(row),
            )
        )
    return without(rows, misfits), refused


def without(rows: pa.RecordBatch, indexes: Mapping[int, Any]) -> pa.RecordBatch:
    """Leave rows out."""
    return rows.filter(pa.array([index not in indexes for index in range(rows.num_rows)], pa.bool_()))


def as_json(row: Mapping[str, Any]) -> str:
    """Write a row as JSON."""
    return cut(json.dumps(row, ensure_ascii=False, default=str))


def cut(text: str) -> str:
    """Keep at most 64 KiB of a text."""
    return text if len(text) <= MAX_CONTENT // 4 else text.encode()[:MAX_CONTENT].decode("utf-8", "ignore")
