"""Reading CSV: values stay the text that they are, and only what is unquoted and listed is NULL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from server.sync.errors import SyncError
from server.sync.model import Column
from server.sync.readers import text_types
from server.sync.readers.safe_open import file_error

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """The dialect: a value that is unquoted and in ``null_values`` is NULL, everything else is itself."""

    delimiter: str = ","
    header: bool = True
    null_values: tuple[str, ...] = ("",)
    encoding: str = "utf-8"


def read_text(file: BinaryIO, name: str, options: CsvOptions) -> Iterator[pa.RecordBatch]:
    """Stream batches of string columns, about a megabyte each; the first is empty and tells the columns.

    Raises SyncError CSV_MALFORMED with the row, and EMPTY_FILE.
    """
    rows = 0
    broken: list[pacsv.InvalidRow] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        broken.append(row)
        return "error"

    try:
        names = _names(file, options, refuse)
        file.seek(0)
        reader = pacsv.open_csv(
            file,
            read_options=_read_options(options),
            parse_options=_parse_options(options, single=len(names) == 1, refuse=refuse),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=list(options.null_values),
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        schema = pa.schema([(column, pa.string()) for column in names])
        yield pa.RecordBatch.from_pylist([], schema=schema)
        for batch in reader:
            yield batch
            rows += batch.num_rows
    except pa.ArrowInvalid as error:
        if broken:
            row = broken[0]
            problem = f"A row has {row.actual_columns} values where {row.expected_columns} belong"
            raise _malformed(problem, f"{name} row {_data_row(row, options)}") from error
        if not _has_bytes(file):
            raise file_error("EMPTY_FILE", f"{name} is empty", "Remove the file, or give it a header.") from error
        raise _malformed("The text cannot be read as CSV in this encoding", f"{name} after row {rows}") from error


def infer(sample: pa.Table, declared: Mapping[str, str]) -> tuple[Column, ...]:
    """Give each column its declared type, or the narrowest one that the sample fits."""
    return tuple(
        Column(field.name, declared.get(field.name) or text_types.infer(flat(sample.column(index))), True, "csv text")
        for index, field in enumerate(sample.schema)
    )


def text_bytes(batch: pa.RecordBatch) -> int:
    """About how many bytes of a file the rows of a batch are: their values, delimiters and line ends."""
    values: int = sum(pc.sum(pc.binary_length(column)).as_py() or 0 for column in batch.columns)
    return values + int(batch.num_rows) * int(batch.num_columns)


def flat(column: pa.ChunkedArray) -> pa.Array:
    """Join the chunks of a column into one array."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _has_bytes(file: BinaryIO) -> bool:
    file.seek(0)
    return bool(file.read(1))


def _names(file: BinaryIO, options: CsvOptions, refuse: Callable[[pacsv.InvalidRow], str]) -> list[str]:
    reader = pacsv.open_csv(
        file,
        read_options=_read_options(options),
        parse_options=_parse_options(options, single=False, refuse=refuse),
    )
    names: list[str] = reader.schema.names
    return names


def _read_options(options: CsvOptions) -> pacsv.ReadOptions:
    # Threads would save nothing here, and take away the number of a bad row.
    return pacsv.ReadOptions(
        use_threads=False,
        block_size=BLOCK_BYTES,
        encoding=options.encoding,
        autogenerate_column_names=not options.header,
    )


def _parse_options(
    options: CsvOptions, *, single: bool, refuse: Callable[[pacsv.InvalidRow], str]
) -> pacsv.ParseOptions:
    return pacsv.ParseOptions(
        delimiter=options.delimiter,
        newlines_in_values=True,
        # In a file of one column an empty line is a value.
        ignore_empty_lines=not single,
        invalid_row_handler=refuse,
    )


def _data_row(row: pacsv.InvalidRow, options: CsvOptions) -> int | str:
    if row.number is None:
        return "unknown"
    return int(row.number) - (1 if options.header else 0)


def _malformed(problem: str, position: str) -> SyncError:
    return file_error(
        "CSV_MALFORMED", problem, "Correct the file, or set delimiter and encoding to what it uses.", position
    )
