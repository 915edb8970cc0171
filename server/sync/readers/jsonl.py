"""Reading JSON Lines: one object a line; numbers stay the digits that they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import pyarrow as pa

from server.sync.model import Column
from server.sync.readers import text_types
from server.sync.readers.pieces import BATCH_BYTES, Piece, Refused, cut, from_texts

ROWS_PER_BATCH = 5_000
MAX_LINE_BYTES = 64 << 20


class Digits(str):
    """A JSON number in its own spelling, so that nothing is rounded on the way."""

    __slots__ = ()


Row = dict[str, Any]
Line = tuple[int, int, Row | Refused]


def read_lines(file: BinaryIO, row: int = 1) -> Iterator[Line]:
    """Yield the line's number, its length in bytes, and its object or why there is none; empty lines are skipped."""
    number = row - 1
    size = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        size += len(line)
        if line.isspace():
            continue
        yield number, size, _parsed(line, number)
        size = 0
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            size = _rest_of_line(file)


def _parsed(line: bytes, number: int) -> Row | Refused:
    if len(line) > MAX_LINE_BYTES:
        return _malformed(f"A line is longer than {MAX_LINE_BYTES >> 20} MiB", line, number)
    try:
        row = json.loads(line, parse_int=Digits, parse_float=Digits, parse_constant=Digits, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return _malformed("A line is no valid JSON object", line, number)
    return row if isinstance(row, dict) else _malformed("A line is JSON, but no object", line, number)


def _rest_of_line(file: BinaryIO) -> int:
    size = 0
    while part := file.readline(MAX_LINE_BYTES):
        size += len(part)
        if part.endswith(b"\n"):
            break
    return size


def infer(rows: Sequence[Row], declared: Mapping[str, str]) -> tuple[Column, ...]:
    """Find the columns in the order of their first appearance, and a type for each."""
    names = dict.fromkeys(key for row in rows for key in row)
    return tuple(
        Column(key, declared.get(key) or _infer_one([row.get(key) for row in rows]), True, "json value")
        for key in names
    )


def read_pieces(file: BinaryIO, columns: Sequence[Column], *, place: int = 0, row: int = 1) -> Iterator[Piece]:
    """Yield the rows of some columns; a key that is missing is NULL.

    Refused are lines that are no object, keys that the columns do not have, and values of another kind than their
    column's. ``place`` and ``row`` are where reading goes on.
    """
    names = {column.name for column in columns}
    for batch in _batches(read_lines(file, row)):
        refused: list[Refused] = []
        kept: list[tuple[int, Row]] = []
        for number, size, found in batch:
            place += size
            reason = found if isinstance(found, Refused) else _unknown(found, names, number)
            if reason is not None:
                refused.append(reason)
            else:
                assert isinstance(found, dict)
                kept.append((number, found))
        numbers: list[int] = []
        texts: list[list[str | None]] = []
        for number, values in kept:
            spelled = _spelled(values, columns, number)
            if isinstance(spelled, Refused):
                refused.append(spelled)
            else:
                numbers.append(number)
                texts.append(spelled)
        arrays = [pa.array([line[index] for line in texts], pa.string()) for index in range(len(columns))]
        rows, misfits = from_texts(arrays, columns, numbers.__getitem__)
        first = batch[0][0]
        refused = sorted([*refused, *misfits], key=lambda item: item.row)
        count = batch[-1][0] - first + 1
        gaps = tuple({*range(first, first + count)} - {number for number, _, _ in batch}) if count > len(batch) else ()
        yield Piece(rows, first, count, tuple(refused), place, gaps)


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += line[1]
        if len(batch) == ROWS_PER_BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _unknown(row: Row, names: set[str], number: int) -> Refused | None:
    extra = row.keys() - names
    if not extra:
        return None
    message = (
        f"The field {min(extra)!r} does not occur in the sample that the columns were taken from: declare its type"
    )
    return Refused(number, min(extra), "FIELD_UNKNOWN", message, cut(dump(row)))


def _spelled(row: Row, columns: Sequence[Column], number: int) -> list[str | None] | Refused:
    texts: list[str | None] = []
    for column in columns:
        value = row.get(column.name)
        text = None if value is None else _text(value, column.type)
        if value is not None and (text is None or _halved(text)):
            message = f"{dump(value)[:80]} is no {column.type} that could be kept exactly"
            return Refused(number, column.name, "VALUE_DOES_NOT_FIT", message, cut(dump(row)))
        texts.append(text)
    return texts


def _halved(text: str) -> bool:
    # Half of a surrogate pair is no character, and has no bytes.
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def dump(value: Any) -> str:
    """Write a value as JSON again, numbers digit by digit."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {dump(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(dump(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


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


def _malformed(problem: str, line: bytes, number: int) -> Refused:
    return Refused(
        number, "", "JSON_MALFORMED", problem, cut(line[: 64 << 10].decode("utf-8", "replace").rstrip("\r\n"))
    )
