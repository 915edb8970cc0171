"""Writing batches of rows as a file: Parquet, Arrow IPC, CSV that tells NULL from the empty text, JSON Lines."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, BinaryIO, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from server.sync.cursors import text_of
from server.sync.destination import TargetColumn
from server.sync.files.config import Compression, FileFormat
from server.sync.type_words import base

_NUMBERS = frozenset(("smallint", "integer", "bigint", "real", "double", "decimal"))
_JSON = frozenset(("json", "array"))


class RowWriter(ABC):
    """One file that is being written. ``close`` completes the format, not the file below."""

    typed: ClassVar[bool]  # whether the file keeps Arrow types; texts otherwise

    @abstractmethod
    def write(self, rows: pa.RecordBatch) -> None:
        """Add rows."""

    @abstractmethod
    def close(self) -> None:
        """Write what belongs at the end."""


def open_writer(
    format_: FileFormat, compression: Compression, file: BinaryIO, schema: pa.Schema, columns: Sequence[TargetColumn]
) -> RowWriter:
    """Begin a file of a format."""
    if format_ is FileFormat.PARQUET:
        return _ParquetRows(file, schema, compression)
    packed = file if compression in (Compression.AUTO, Compression.NONE) else _packed(file, compression)
    if format_ is FileFormat.ARROW:
        return _ArrowRows(packed, schema)
    if format_ is FileFormat.CSV:
        return _CsvRows(packed, columns)
    return _JsonRows(packed, columns)


def ending(format_: FileFormat, compression: Compression) -> str:
    """The ending of a file's name."""
    plain = {FileFormat.ARROW: ".arrow", FileFormat.CSV: ".csv", FileFormat.JSONL: ".jsonl"}.get(format_, ".parquet")
    if format_ is FileFormat.PARQUET:
        return plain
    return plain + {Compression.GZIP: ".gz", Compression.ZSTD: ".zst"}.get(compression, "")


def _packed(file: BinaryIO, compression: Compression) -> Any:
    return pa.CompressedOutputStream(pa.PythonFile(_Unclosed(file), mode="w"), compression.value)


class _Unclosed:
    """A file that stays open when what packs into it is closed: its storage completes it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.closed = False

    def write(self, content: bytes) -> int:
        return self._file.write(content)

    def flush(self) -> None:
        self._file.flush()

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


class _ParquetRows(RowWriter):
    typed = True

    def __init__(self, file: BinaryIO, schema: pa.Schema, compression: Compression) -> None:
        packing = "zstd" if compression is Compression.AUTO else compression.value
        self._writer = pq.ParquetWriter(file, schema, compression=packing)

    def write(self, rows: pa.RecordBatch) -> None:
        self._writer.write_batch(rows)

    def close(self) -> None:
        self._writer.close()


class _ArrowRows(RowWriter):
    typed = True

    def __init__(self, file: Any, schema: pa.Schema) -> None:
        self._file = file
        # A packed file cannot be gone about in: it is a stream.
        packed = isinstance(file, pa.CompressedOutputStream)
        self._writer = pa.ipc.new_stream(file, schema) if packed else pa.ipc.new_file(file, schema)

    def write(self, rows: pa.RecordBatch) -> None:
        self._writer.write_batch(rows)

    def close(self) -> None:
        self._writer.close()
        _end(self._file)


class _CsvRows(RowWriter):
    typed = False

    def __init__(self, file: Any, columns: Sequence[TargetColumn]) -> None:
        self._file = file
        self._words = [column.column.type for column in columns]
        self._options = pacsv.WriteOptions(include_header=False, quoting_style="all_valid")
        names = pa.schema([(column.name, pa.string()) for column in columns])
        pacsv.write_csv(names.empty_table(), file, pacsv.WriteOptions(include_header=True))

    def write(self, rows: pa.RecordBatch) -> None:
        printed = [_printed(values, word) for values, word in zip(rows.columns, self._words, strict=True)]
        pacsv.write_csv(pa.RecordBatch.from_arrays(printed, names=rows.schema.names), self._file, self._options)

    def close(self) -> None:
        _end(self._file)


class _JsonRows(RowWriter):
    typed = False

    def __init__(self, file: Any, columns: Sequence[TargetColumn]) -> None:
        self._file = file
        self._columns = [(json.dumps(column.name, ensure_ascii=False), base(column.column.type)) for column in columns]

    def write(self, rows: pa.RecordBatch) -> None:
        values = [column.to_pylist() for column in rows.columns]
        lines = []
        for row in zip(*values, strict=True):
            cells = [f"{name}: {_json(value, word)}" for (name, word), value in zip(self._columns, row, strict=True)]
            lines.append("{" + ", ".join(cells) + "}\n")
        self._file.write("".join(lines).encode())

    def close(self) -> None:
        _end(self._file)


def _end(file: Any) -> None:
    if isinstance(file, pa.CompressedOutputStream):
        file.close()


def _printed(values: pa.Array, word: str) -> pa.Array:
    """Turn a column into one whose text every reader understands."""
    if word == "boolean" and pa.types.is_string(values.type):
        true = pc.is_in(values, pa.array(["t", "true"]))
        return pc.if_else(pc.is_valid(values), true, pa.scalar(None, pa.bool_()))
    if pa.types.is_binary(values.type):
        return pa.array([None if value is None else text_of(value) for value in values.to_pylist()], pa.string())
    if pa.types.is_floating(values.type):
        return pc.cast(values, pa.string())
    return values


def _json(value: Any, word: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    text = value if isinstance(value, str) else text_of(value)
    if word == "boolean":
        return "true" if text in ("t", "true") else "false"
    # Numbers and JSON stay the digits and the text that they are.
    return text if word in _NUMBERS or word in _JSON else json.dumps(text, ensure_ascii=False)
