"""Reading streams of files: one thread, one file after the other, from any place where a batch has ended."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import replace
from datetime import UTC
from typing import BinaryIO

import pyarrow as pa

from server.sync import cursors
from server.sync.blocking import DriverThread
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.files.config import FileFormat, FilesConfig
from server.sync.files.describing import FILE_MODIFIED, FILE_NAME, csv_options, describe, open_text
from server.sync.files.storage import Entry, Storage
from server.sync.files.streams import FileStream, find_stream, no_stream, partition_values
from server.sync.files.unpacking import packing_of
from server.sync.model import Column, JsonObject, Stream
from server.sync.readers import arrow, csv, jsonl, text_types
from server.sync.readers.pieces import Piece
from server.sync.readers.safe_open import file_error
from server.sync.source import Batch, Read, Rejected, Source


class FilesSource(Source):
    """The files of a configuration."""

    def __init__(self, storage: Storage, wanted: str, config: FilesConfig) -> None:
        self._storage = storage
        self._wanted = wanted
        self._config = config
        self._thread = DriverThread("files", translated, storage.interrupt)

    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe a stream, from a sample of at most 8 MiB where its files do not say what they hold."""
        if namespace:
            raise no_stream(f"{namespace}.{name}")
        return await self._thread.run(
            lambda: describe(find_stream(self._storage, self._wanted, self._config, name), self._storage, self._config)
        )

    async def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read the stream's files; raises SyncError SOURCE_CHANGED where they are no longer those of ``after``."""
        async with aclosing(self._thread.iterate(lambda: self._batches(read))) as batches:
            async for batch in batches:
                yield batch

    def close(self) -> None:
        """End the thread; a read that still waits for a connection is cut."""
        self._storage.interrupt()
        self._thread.close()

    def _batches(self, read: Read) -> Generator[Batch, None, None]:
        stream = find_stream(self._storage, self._wanted, self._config, read.stream.name)
        _refuse_twins(read)
        at = _place(read.after, stream)
        bytes_read = sum(file.size for file in stream.files[: at["file"]])
        left = read.limit
        for index in range(at["file"], len(stream.files)):
            file = stream.files[index]
            start = at if index == at["file"] else {"place": 0, "row": 1}
            if not _may_hold(file, read):
                bytes_read += file.size
                continue
            for piece, done in self._pieces(stream, file, read, start["place"], start["row"]):
                row = piece.first_row + piece.count
                position = {"files": stream.fingerprint, "file": index, "place": piece.end, "row": row}
                # Without a version nothing would tell that a later attempt reads other content.
                known = all(file.version for file in stream.files)
                batch = _batch(piece, file, read, bytes_read + done, position if known else None)
                if left is not None:
                    batch = replace(batch, rows=batch.rows.slice(0, left))
                    left -= batch.rows.num_rows
                yield batch
                if left == 0:
                    return
            bytes_read += file.size

    def _pieces(self, stream: FileStream, file: Entry, read: Read, place: int, row: int) -> Iterator[tuple[Piece, int]]:
        added = _added(file)
        own = [column for column in read.columns if column.name not in added]
        with ExitStack() as stack:
            if stream.format in (FileFormat.PARQUET, FileFormat.ARROW):
                opened, counted = self._opened(stack, stream, file)
                reader = arrow.read_parquet if stream.format is FileFormat.PARQUET else arrow.read_ipc
                pieces = reader(opened, file.path, own, place)
            else:
                text, counted = open_text(stack, self._storage, file)
                pieces = self._text_pieces(stream, file, text, read, own, place, row)
            for piece in pieces:
                rows = _with_added(piece.rows, read.columns, added)
                yield replace(piece, rows=rows), min(counted.tell(), file.size or counted.tell())

    def _opened(self, stack: ExitStack, stream: FileStream, file: Entry) -> tuple[BinaryIO, BinaryIO]:
        if stream.format is FileFormat.ARROW and packing_of(file.path):
            return open_text(stack, self._storage, file)
        opened = stack.enter_context(self._storage.open(file, seeks=True))
        return opened, opened

    def _text_pieces(
        self, stream: FileStream, file: Entry, text: BinaryIO, read: Read, own: Sequence[Column], place: int, row: int
    ) -> Iterator[Piece]:
        if stream.format is FileFormat.JSONL:
            _skip(text, place, file)
            # A field that is not selected is no unknown one.
            known = [column for column in read.stream.columns if column.native_type == "json value"]
            yield from _chosen(jsonl.read_pieces(text, known, place=place, row=row), own)
            return
        options = csv_options(file.path, self._config)
        with ExitStack() as stack:
            names = csv.read_names(open_text(stack, self._storage, file)[0], file.path, options)
        known_names = [column.name for column in read.stream.columns if column.native_type == "csv text"]
        if names != known_names:
            raise file_error(
                "SCHEMA_DIFFERS",
                f"{file.path} has other columns than the stream's first file",
                "Put files with different columns into different folders.",
                file.path,
            )
        yield from csv.read_pieces(text, file.path, options, names, own, place=place, row=row)


def translated(error: Exception) -> Exception:
    """Name the error of a disk or a reader that fails in a way that no file explains."""
    if not isinstance(error, OSError | pa.ArrowException):
        return error
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.SYSTEM,
        code="FILE_UNREADABLE",
        message=f"Reading the files failed ({type(error).__name__})",
        advice="Look at the files' permissions, the disk and the worker's log.",
    )


def _refuse_twins(read: Read) -> None:
    names = [column.name for column in read.stream.columns]
    for column in read.columns:
        if names.count(column.name) > 1:
            raise file_error(
                "COLUMN_TWICE",
                f"The files of {read.stream.name!r} have two columns {column.name!r}",
                "Rename one of them, or select neither.",
            )


def _place(after: JsonObject | None, stream: FileStream) -> dict[str, int]:
    if after is None:
        return {"file": 0, "place": 0, "row": 1}
    if after["files"] != stream.fingerprint:
        raise file_error(
            "SOURCE_CHANGED",
            f"The files of {stream.name!r} have changed since an earlier attempt of this run read them",
            "Run the stream again: it starts anew. Write new files beside the old ones rather than over them.",
        )
    return {name: int(after[name]) for name in ("file", "place", "row")}


def _may_hold(file: Entry, read: Read) -> bool:
    """Whether a file can hold rows of the cursor's range, as far as its time tells."""
    if read.cursor is None or read.cursor.column != FILE_MODIFIED.name or file.modified is None:
        return True
    value = cursors.ordered(cursors.text_of(file.modified.astimezone(UTC)), FILE_MODIFIED)
    lower, upper = (
        None if bound is None else cursors.ordered(bound, FILE_MODIFIED)
        for bound in (read.cursor.lower, read.cursor.upper)
    )
    return bool((lower is None or value >= lower) and (upper is None or value <= upper))


def _added(file: Entry) -> dict[str, str | None]:
    """The columns that the file's place and name give, as texts."""
    modified = None if file.modified is None else cursors.text_of(file.modified.astimezone(UTC))
    return {**partition_values(file.path), FILE_NAME.name: file.path, FILE_MODIFIED.name: modified}


def _with_added(rows: pa.RecordBatch, columns: Sequence[Column], added: dict[str, str | None]) -> pa.RecordBatch:
    if rows.schema.names == [column.name for column in columns]:
        return rows
    arrays = [
        text_types.convert(pa.array([added[column.name]] * rows.num_rows, pa.string()), column.type).values
        if column.name in added
        else rows.column(column.name)
        for column in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])


def _chosen(pieces: Iterator[Piece], columns: Sequence[Column]) -> Iterator[Piece]:
    for piece in pieces:
        yield replace(piece, rows=piece.rows.select([column.name for column in columns]))


def _batch(piece: Piece, file: Entry, read: Read, bytes_read: int, position: JsonObject | None) -> Batch:
    rejected = tuple(
        Rejected(file.path, item.row, item.column, item.code, item.message, item.content) for item in piece.refused
    )
    missing = {*piece.gaps, *(item.row for item in piece.refused)}
    numbers = None
    if missing or read.cursor is not None:
        numbers = pa.array(
            [n for n in range(piece.first_row, piece.first_row + piece.count) if n not in missing], pa.int64()
        )
    rows = piece.rows
    if read.cursor is not None and numbers is not None:
        column = next(column for column in read.stream.columns if column.name == read.cursor.column)
        inside = cursors.in_range(rows.column(column.name), read.cursor, column)
        rows, numbers = rows.filter(inside), numbers.filter(inside)
    return Batch(rows, file.path, piece.first_row, bytes_read, position, rejected, numbers)


def _skip(text: BinaryIO, place: int, file: Entry) -> None:
    while place > 0:
        found = text.read(min(place, 1 << 20))
        if not found:
            raise file_error("SOURCE_CHANGED", f"{file.path} has become shorter", "Run the stream again.")
        place -= len(found)
