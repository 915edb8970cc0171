"""Reading files that know their types: Parquet, and Arrow IPC as file or stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from server.sync.cursors import text_of
from server.sync.model import Column
from server.sync.readers.natural import natural
from server.sync.readers.parquet import columns_of, cut_type, open_parquet
from server.sync.readers.pieces import BATCH_BYTES, Piece, Refused, as_json, without
from server.sync.readers.safe_open import file_error

ROWS_PER_BATCH = 8_192
_MAGIC = b"ARROW1"


def describe_parquet(file: BinaryIO, name: str) -> tuple[tuple[Column, ...], int]:
    """The columns and the number of rows; raises SyncError PARQUET_MALFORMED."""
    opened = open_parquet(file, name)
    return columns_of(opened.schema_arrow), int(opened.metadata.num_rows)


def greatest_of_parquet(file: BinaryIO, name: str, column: str) -> str | None:
    """A column's greatest value as the file's statistics tell it, as canonical text; None where they do not."""
    metadata = open_parquet(file, name).metadata
    place = metadata.schema.to_arrow_schema().get_field_index(column)
    found = []
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(place).statistics
        if statistics is None or not statistics.has_min_max:
            return None
        found.append(statistics.max)
    return text_of(max(found)) if found else None


def describe_ipc(file: BinaryIO, name: str) -> tuple[Column, ...]:
    """The columns; raises SyncError ARROW_MALFORMED."""
    with _ipc(file, name) as reader:
        return columns_of(reader.schema)


def read_parquet(file: BinaryIO, name: str, columns: Sequence[Column], skip: int = 0) -> Iterator[Piece]:
    """Yield some columns' rows, without the first ``skip``; raises SyncError PARQUET_MALFORMED, SCHEMA_DIFFERS."""
    opened = open_parquet(file, name)
    _same_columns(opened.schema_arrow, columns, name)
    groups, passed = _groups_after(opened, skip)
    names = [column.name for column in columns]
    sizes = [opened.metadata.row_group(group) for group in groups]
    rows = min((_rows_per_batch(size.num_rows, size.total_byte_size) for size in sizes), default=1)
    batches = opened.iter_batches(batch_size=rows, row_groups=groups, columns=names, use_threads=False)
    yield from _pieces(batches, columns, passed, skip, name, "PARQUET_MALFORMED")


def read_ipc(file: BinaryIO, name: str, columns: Sequence[Column], skip: int = 0) -> Iterator[Piece]:
    """Yield some columns' rows, without the first ``skip``; raises SyncError ARROW_MALFORMED, SCHEMA_DIFFERS."""
    with _ipc(file, name) as reader:
        _same_columns(reader.schema, columns, name)
        found = (
            (range_ for index in range(reader.num_record_batches) for range_ in _cut(reader.get_batch(index)))
            if isinstance(reader, pa.RecordBatchFileReader)
            else (part for batch in reader for part in _cut(batch))
        )
        yield from _pieces(found, columns, 0, skip, name, "ARROW_MALFORMED")


def _cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    rows = _rows_per_batch(batch.num_rows, batch.nbytes)
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def _rows_per_batch(rows: int, size: int) -> int:
    """How many of some rows, that have a size in bytes, make a batch."""
    return max(1, min(ROWS_PER_BATCH, BATCH_BYTES * rows // max(size, 1)))


def _ipc(file: BinaryIO, name: str) -> pa.RecordBatchFileReader | pa.RecordBatchStreamReader:
    try:
        start = file.read(len(_MAGIC))
        if start == _MAGIC and file.seekable():
            return pa.ipc.open_file(file)
        return pa.ipc.open_stream(_Again(start, file))
    except (pa.ArrowInvalid, OSError) as error:
        raise _malformed("ARROW_MALFORMED", name, 0) from error


class _Again:
    """A file of which the first bytes have been read already."""

    def __init__(self, start: bytes, file: BinaryIO) -> None:
        self._start = start
        self._file = file
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        if not self._start:
            return self._file.read(size)
        taken = self._start if size < 0 else self._start[:size]
        self._start = self._start[len(taken) :]
        return taken + (self._file.read(size - len(taken)) if size >= 0 else self._file.read())

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def _groups_after(opened: pq.ParquetFile, skip: int) -> tuple[list[int], int]:
    """The row groups that still hold rows to read, and the number of rows before them."""
    passed = 0
    for group in range(opened.num_row_groups):
        rows = opened.metadata.row_group(group).num_rows
        if passed + rows > skip:
            return list(range(group, opened.num_row_groups)), passed
        passed += rows
    return [], passed


def _pieces(
    batches: Iterator[pa.RecordBatch], columns: Sequence[Column], passed: int, skip: int, name: str, code: str
) -> Iterator[Piece]:
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise _malformed(code, name, passed) from error
        if batch is None:
            return
        before, passed = passed, passed + batch.num_rows
        if passed <= skip:
            continue
        if before < skip:
            batch, before = batch.slice(skip - before), skip
        yield _piece(batch.select([column.name for column in columns]), columns, before + 1, passed)


def _piece(batch: pa.RecordBatch, columns: Sequence[Column], first: int, end: int) -> Piece:
    misfits: dict[int, Column] = {}
    arrays = []
    for values, column in zip(batch.columns, columns, strict=True):
        whole = cut_type(values.type) if column.loss else None
        found = natural(values if whole is None else pc.cast(values, whole, safe=False), column.type)
        arrays.append(found.values)
        for index in found.misfits:
            misfits.setdefault(index, column)
    rows = pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])
    refused = tuple(_refused(batch, index, misfits[index], first) for index in sorted(misfits))
    return Piece(without(rows, misfits) if misfits else rows, first, batch.num_rows, refused, end)


def _refused(batch: pa.RecordBatch, index: int, column: Column, first: int) -> Refused:
    row = {name: str(values[index]) for name, values in zip(batch.schema.names, batch.columns, strict=True)}
    message = f"{row[column.name][:80]} ({column.native_type}) is no {column.type} that could be kept exactly"
    return Refused(first + index, column.name, "VALUE_DOES_NOT_FIT", message, as_json(row))


def _same_columns(schema: pa.Schema, columns: Sequence[Column], name: str) -> None:
    found = {column.name: column for column in columns_of(schema)}
    for column in columns:
        there = found.get(column.name)
        if there is None or there.type != column.type:
            raise file_error(
                "SCHEMA_DIFFERS",
                f"{name} has other columns than the stream's first file: {column.name!r} is"
                f" {there.type if there else 'missing'}",
                "Put files with different columns into different folders.",
                name,
            )


def _malformed(code: str, name: str, row: int) -> Exception:
    return file_error(
        code, f"{name} is damaged or not complete", "Write the file again; its end may be cut off.",
        f"{name} after row {row}",
    )  # fmt: skip
