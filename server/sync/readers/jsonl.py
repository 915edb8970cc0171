"""Reading JSON Lines: one object a line; numbers stay the digits that they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa

from server.sync.errors import SyncError
from server.sync.model import Column
from server.sync.readers import text_types
from server.sync.readers.safe_open import file_error

ROWS_PER_BATCH = 5_000
MAX_LINE_BYTES = 64 << 20


class Digits(str):
    """A JSON number in its own spelling, so that nothing is rounded on the way."""

    __slots__ = ()


Row = dict[str, Any]


def read_rows(file: BinaryIO, name: str) -> Iterator[tuple[int, Row]]:
    """Yield line number (from 1) and object; empty lines are skipped. Raises SyncError JSON_MALFORMED."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            raise _malformed(f"A line is longer than {MAX_LINE_BYTES >> 20} MiB", name, number)
        if line.isspace():
            continue
        try:
            row = json.loads(
                line, parse_int=Digits, parse_float=Digits, parse_constant=Digits, object_pairs_hook=_unique
            )
        except (ValueError, RecursionError) as error:
            raise _malformed("A line is no valid JSON object", name, number) from error
        if not isinstance(row, dict):
            raise _malformed("A line is JSON, but no object", name, number)
        yield number, row


def infer(rows: Sequence[Row], declared: Mapping[str, str]) -> tuple[Column, ...]:
    """Find the columns in the order of their first appearance, and a type for each."""
    names = dict.fromkeys(key for row in rows for key in row)
    return tuple(
        Column(key, declared.get(key) or _infer_one([row.get(key) for row in rows]), True, "json value")
        for key in names
    )


def read_text(file: BinaryIO, name: str, columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
    """Stream batches of string columns.

    A key that the sample did not have, and a value of another kind than its column's, raise SyncError with the
    line; a key that is missing is NULL.
    """
    known = {column.name for column in columns}
    rows = read_rows(file, name)
    while batch := list(islice(rows, ROWS_PER_BATCH)):
        for number, row in batch:
            if extra := row.keys() - known:
                raise file_error(
                    "FIELD_UNKNOWN",
                    f"The field {min(extra)!r} does not occur in the sample that the columns were taken from",
                    f'Declare it in types, for example {{"{min(extra)}": "text"}}.',
                    f"{name} line {number}",
                )
        yield pa.RecordBatch.from_arrays(
            [_column(batch, column, name) for column in columns], names=[column.name for column in columns]
        )


def dump(value: Any) -> str:
    """Write a value as JSON again, numbers digit by digit."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {dump(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(dump(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _column(batch: Sequence[tuple[int, Row]], column: Column, name: str) -> pa.Array:
    texts: list[str | None] = []
    for number, row in batch:
        value = row.get(column.name)
        text = None if value is None else _text(value, column.type)
        if text is None and value is not None:
            raise file_error(
                "VALUE_DOES_NOT_FIT",
                f"{dump(value)[:80]} is no {column.type}",
                f'Correct the file, or declare the column in types, for example {{"{column.name}": "json"}}.',
                f"{name} line {number} field {column.name}",
            )
        texts.append(text)
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError as error:
        raise _malformed("A text holds half of a surrogate pair", name, batch[0][0]) from error


def _text(value: Any, type_: str) -> str | None:
    """Spell a value for a column of this type; None where its kind does not fit."""
    if type_ == "json":
        return dump(value)
    if type_ == "boolean":
        return str(value).lower() if isinstance(value, bool) else None
    if isinstance(value, str) and isinstance(value, Digits) == (type_ in _NUMBERS):
        return str(value)
    return None


_NUMBERS = frozenset(("smallint", "integer", "bigint", "double", "decimal"))


def _infer_one(values: Sequence[Any]) -> str:
    kinds = {_kind(value) for value in values if value is not None}
    if kinds == {"number"}:
        texts = pa.array([None if value is None else str(value) for value in values], pa.string())
        word = text_types.infer(texts)
        return word if word in _NUMBERS else "decimal"
    if len(kinds) == 1 and kinds <= {"boolean", "text"}:
        return kinds.pop()
    return "json"


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Digits):
        return "number"
    return "text" if isinstance(value, str) else "json"


def _unique(pairs: list[tuple[str, Any]]) -> Row:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a key occurs twice")
    return row


def _malformed(problem: str, name: str, line: int) -> SyncError:
    return file_error("JSON_MALFORMED", problem, "Correct the file: one JSON object a line.", f"{name} line {line}")
