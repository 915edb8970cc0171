"""What a stream of files holds: its columns, from the files themselves or from a sample, and how many rows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice
from typing import BinaryIO

import pyarrow as pa

from server.sync.files.config import FileFormat, FilesConfig
from server.sync.files.storage import Entry, Storage
from server.sync.files.streams import FileStream, partition_values, suffix_of
from server.sync.files.unpacking import packing_of, unpacked
from server.sync.model import Column, Stream
from server.sync.readers import arrow, csv, jsonl, text_types
from server.sync.readers.pieces import Refused
from server.sync.readers.safe_open import file_error

SAMPLE_BYTES = 8 << 20
SAMPLE_ROWS = 20_000
SAMPLE_FILES = 8
COUNTED_FILES = 200
FILE_NAME = Column("_file_name", "text", False, "file name")
FILE_MODIFIED = Column("_file_modified", "timestamptz", True, "file time")


def open_text(stack: ExitStack, storage: Storage, file: Entry) -> tuple[BinaryIO, BinaryIO]:
    """Open a file that is read from its start: its content, unpacked, and the file itself, which tells the progress."""
    raw = stack.enter_context(storage.open(file))
    return stack.enter_context(unpacked(raw, file.path)), raw


def csv_options(path: str, config: FilesConfig) -> csv.CsvOptions:
    """The dialect of a file."""
    delimiter = "\t" if suffix_of(path) == ".tsv" and config.delimiter == "," else config.delimiter
    return csv.CsvOptions(delimiter, config.header, config.null_values, config.encoding)


def describe(stream: FileStream, storage: Storage, config: FilesConfig) -> Stream:
    """Describe a stream; raises SyncError where its first files cannot be read."""
    rows: int | None
    match stream.format:
        case FileFormat.PARQUET:
            columns, rows = _parquet(stream, storage)
        case FileFormat.ARROW:
            columns, rows = _ipc(stream, storage), None
        case FileFormat.CSV:
            columns, rows = _csv(stream, storage, config)
        case _:
            columns, rows = _jsonl(stream, storage, config)
    return Stream(stream.name, "", (*columns, *_added(stream, config, columns)), (), rows, stream.size)


def _added(stream: FileStream, config: FilesConfig, columns: Sequence[Column]) -> list[Column]:
    values = [partition_values(file.path) for file in stream.files]
    found = [
        Column(name, config.types.get(name) or text_types.infer(pa.array([v[name] for v in values], pa.string())), True,
               "folder name")
        for name in stream.partitions
    ]  # fmt: skip
    found += [FILE_NAME, FILE_MODIFIED] if config.file_columns else []
    taken = {column.name for column in columns} & {column.name for column in found}
    if taken:
        raise file_error(
            "COLUMN_TWICE", f"Files and folders of {stream.name!r} both name a column {min(taken)!r}", "Rename one."
        )
    return found


def _parquet(stream: FileStream, storage: Storage) -> tuple[tuple[Column, ...], int]:
    columns: tuple[Column, ...] = ()
    rows = 0
    counted = stream.files[:COUNTED_FILES]
    for file in counted:
        with storage.open(file, seeks=True) as opened:
            found, count = arrow.describe_parquet(opened, file.path)
        columns, rows = columns or found, rows + count
    return columns, rows * len(stream.files) // len(counted)


def _ipc(stream: FileStream, storage: Storage) -> tuple[Column, ...]:
    file = stream.files[0]
    with ExitStack() as stack:
        if packing_of(file.path):
            return arrow.describe_ipc(open_text(stack, storage, file)[0], file.path)
        return arrow.describe_ipc(stack.enter_context(storage.open(file, seeks=True)), file.path)


def _csv(stream: FileStream, storage: Storage, config: FilesConfig) -> tuple[tuple[Column, ...], int | None]:
    names: list[str] = []
    samples: list[pa.RecordBatch] = []
    read = 0
    chosen = stream.files[:SAMPLE_FILES]
    for file in chosen:
        options = csv_options(file.path, config)
        if not names:
            with ExitStack() as stack:
                names = csv.read_names(open_text(stack, storage, file)[0], file.path, options)
        with ExitStack() as stack:
            text, raw = open_text(stack, storage, file)
            sample, size = csv.sample_texts(text, file.path, options, names, SAMPLE_BYTES // len(chosen))
            samples.append(sample)
            read += min(file.size or size, raw.tell() if packing_of(file.path) else size)
    table = pa.Table.from_batches(samples)
    return csv.infer(table, config.types), _estimate(stream, table.num_rows, read)


def _jsonl(stream: FileStream, storage: Storage, config: FilesConfig) -> tuple[tuple[Column, ...], int | None]:
    rows: list[jsonl.Row] = []
    read = 0
    chosen = stream.files[:SAMPLE_FILES]
    for file in chosen:
        with ExitStack() as stack:
            text, raw = open_text(stack, storage, file)
            size = 0
            for _, length, row in islice(jsonl.read_lines(text), SAMPLE_ROWS // len(chosen)):
                size += length
                if not isinstance(row, Refused):
                    rows.append(row)
                if size >= SAMPLE_BYTES // len(chosen):
                    break
            read += min(file.size or size, raw.tell() if packing_of(file.path) else size)
    if not rows:
        raise file_error("EMPTY_FILE", f"{stream.files[0].path} has no row that can be read", "Remove the file.")
    return jsonl.infer(rows, config.types), _estimate(stream, len(rows), read)


def _estimate(stream: FileStream, rows: int, read: int) -> int | None:
    if not stream.size:
        return rows or None
    return round(rows * max(1.0, stream.size / read)) if read else None
