"""Reading CSV: blocks of whole rows, parsed by Arrow into the columns' types where that is exact.

What is unquoted and listed is NULL, everything else is itself. A row that cannot be read (too many values, a quote that
never ends, a byte that is no UTF-8, a value that does not fit) is refused, and reading goes on after it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from server.sync.errors import SyncError
from server.sync.model import Column
from server.sync.readers import text_types
from server.sync.readers.pieces import Piece, Refused, cut, from_texts, without
from server.sync.readers.safe_open import file_error

BLOCK_BYTES = 4 << 20
HEADER_BYTES = 256 << 10
MAX_ROW_BYTES = 16 << 20
# What Arrow's CSV reader takes over exactly, after a look at the spelling.
_DIRECT = frozenset(("smallint", "integer", "bigint", "date"))


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """The dialect: a value that is unquoted and in ``null_values`` is NULL, everything else is itself."""

    delimiter: str = ","
    header: bool = True
    null_values: tuple[str, ...] = ("",)
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class _Block:
    """Whole rows; or, where ``fault`` says so, one line that is none."""

    data: bytes
    fault: str = ""


def read_names(file: BinaryIO, name: str, options: CsvOptions) -> list[str]:
    """Read the columns' names (without a header: f0, f1, ...); raises SyncError EMPTY_FILE, CSV_MALFORMED."""
    block = next(_blocks(_decoded(file, name, options.encoding), options, HEADER_BYTES), None)
    if block is None or not block.data.strip():
        raise file_error("EMPTY_FILE", f"{name} is empty", "Remove the file, or give it a header.", name)
    if block.fault:
        raise _unreadable_head(name)
    try:
        with pacsv.open_csv(
            pa.BufferReader(block.data),
            read_options=_read_options(len(block.data), None if options.header else ()),
            parse_options=_parse_options(options, lambda _row: "skip", single=False),
            convert_options=pacsv.ConvertOptions(check_utf8=False),
        ) as reader:
            return list(reader.schema.names)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise _unreadable_head(name) from error


def _unreadable_head(name: str) -> SyncError:
    return file_error(
        "CSV_MALFORMED",
        "The first row cannot be read as CSV in this encoding",
        "Correct the file, or set delimiter and encoding to what it uses.",
        f"{name} row 1",
    )


def read_pieces(
    file: BinaryIO,
    name: str,
    options: CsvOptions,
    names: Sequence[str],
    columns: Sequence[Column],
    *,
    place: int = 0,
    row: int = 1,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[Piece]:
    """Yield the rows of some columns, a block of the file at a time.

    ``place`` and ``row`` are where reading goes on: the ``end`` of a piece, and the number of the row after it.
    """
    text = _decoded(file, name, options.encoding)
    _skip(text, place, name)
    parser = _Parser(options, tuple(names), tuple(columns))
    for block in _blocks(text, options, block_bytes):
        header = options.header and place == 0
        place += len(block.data)
        if block.fault:
            refused = Refused(
                row, "", "CSV_MALFORMED", block.fault, cut(block.data.decode("utf-8", "replace").rstrip("\r\n"))
            )
            yield Piece(_empty(columns), row, 1, (refused,), place)
            row += 1
            continue
        piece = parser.parse(block.data, row, place, header=header)
        row += piece.count
        yield piece


def sample_texts(
    file: BinaryIO, name: str, options: CsvOptions, names: Sequence[str], size: int
) -> tuple[pa.RecordBatch, int]:
    """Read the head of a file as texts; also gives how many bytes of text it was."""
    columns = [Column(column, "text", True, "csv text") for column in names]
    pieces = read_pieces(file, name, options, names, columns, block_bytes=size)
    # A header may stand alone before the first rows.
    found = list(islice(pieces, 1))
    if not found:
        return _empty(columns), 0
    return found[0].rows, found[0].end


def infer(sample: pa.Table, declared: Mapping[str, str]) -> tuple[Column, ...]:
    """Give each column its declared type, or the narrowest one that the sample fits."""
    return tuple(
        Column(field.name, declared.get(field.name) or text_types.infer(_one(sample.column(index))), True, "csv text")
        for index, field in enumerate(sample.schema)
    )


@dataclass(frozen=True, slots=True)
class _Parser:
    """Turns blocks into pieces."""

    options: CsvOptions
    names: tuple[str, ...]
    columns: tuple[Column, ...]

    def parse(self, data: bytes, row: int, end: int, *, header: bool) -> Piece:
        broken: list[pacsv.InvalidRow] = []
        # Lines above the header would be taken for it.
        arrays = self._arrays(data.lstrip(b"\r\n") if header else data, broken, header=header)
        undecodable: dict[int, Refused] = {}
        if any(pa.types.is_binary(values.type) for values in arrays):
            arrays, undecodable = self._decodable(arrays)
        # A row's number counts those that could not be read as well.
        invalid = [int(item.number) - (1 if header else 0) - 1 for item in broken]
        taken = set(invalid)
        count = (len(arrays[0]) if arrays else 0) + len(invalid)
        places = [index for index in range(count) if index not in taken] if taken else range(count)
        rows, refused = from_texts(arrays, self.columns, lambda index: row + places[index])
        for index, item in undecodable.items():
            refused.append(Refused(row + places[index], item.column, item.code, item.message, item.content))
        for place, item in zip(invalid, broken, strict=True):
            message = f"A row has {item.actual_columns} values where {item.expected_columns} belong"
            refused.append(Refused(row + place, "", "CSV_MALFORMED", message, cut(item.text)))
        if undecodable:
            rows = without(rows, undecodable)
        return Piece(rows, row, count, tuple(sorted(refused, key=lambda item: item.row)), end)

    def _arrays(self, data: bytes, broken: list[pacsv.InvalidRow], *, header: bool) -> list[pa.Array]:
        direct = {column.name: text_types.ARROW_TYPES[column.type] for column in self.columns if column.type in _DIRECT}
        attempts: list[tuple[dict[str, pa.DataType], pa.DataType]] = [({}, pa.string()), ({}, pa.binary())]
        # Arrow also takes blanks, leading zeros and hexadecimal numbers, which print in another spelling.
        if direct and not _matches(data, _suspicious(self.options.delimiter)):
            attempts.insert(0, (direct, pa.string()))
        for types, otherwise in attempts:
            broken.clear()
            try:
                table = self._table(data, types, otherwise, broken, header=header)
            except pa.ArrowInvalid:
                if otherwise == pa.binary():
                    raise
                # Some value does not fit, or is no UTF-8: it is found among the texts.
                continue
            return [_one(column) for column in table.columns]
        raise AssertionError("bytes are always read")

    def _table(
        self,
        data: bytes,
        types: Mapping[str, pa.DataType],
        otherwise: pa.DataType,
        broken: list[pacsv.InvalidRow],
        *,
        header: bool,
    ) -> pa.Table:
        def refuse(item: pacsv.InvalidRow) -> str:
            broken.append(item)
            return "skip"

        # Names that occur twice are told apart by their place.
        keys = [f"{index}" for index in range(len(self.names))]
        by_name = dict(zip(self.names, keys, strict=True))
        wanted = [by_name[column.name] for column in self.columns]
        options = _read_options(len(data), keys)
        if header:
            options.skip_rows_after_names = 1
        return pacsv.read_csv(
            pa.BufferReader(data),
            read_options=options,
            parse_options=_parse_options(self.options, refuse, single=len(keys) == 1),
            convert_options=pacsv.ConvertOptions(
                column_types={by_name[name]: types.get(name, otherwise) for name in by_name},
                null_values=list(self.options.null_values),
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                include_columns=wanted,
            ),
        )

    def _decodable(self, arrays: Sequence[pa.Array]) -> tuple[list[pa.Array], dict[int, Refused]]:
        """Put what is no UTF-8 aside, row by row."""
        refused: dict[int, Refused] = {}
        found = []
        for column, values in zip(self.columns, arrays, strict=True):
            texts: list[str | None] = []
            for index, value in enumerate(values.to_pylist()):
                try:
                    texts.append(None if value is None else value.decode())
                except UnicodeDecodeError:
                    texts.append(None)
                    shown = cut(value.decode("utf-8", "backslashreplace"))
                    message = "The bytes of a value are no UTF-8"
                    refused.setdefault(index, Refused(0, column.name, "ENCODING_WRONG", message, shown))
            found.append(pa.array(texts, pa.string()))
        return found, refused


def _decoded(file: BinaryIO, name: str, encoding: str) -> BinaryIO:
    """Read a file as UTF-8, whatever it is written in."""
    codec = codecs.lookup(encoding)
    if codec.name in ("utf-8", "utf-8-sig", "ascii"):
        return file
    return cast("BinaryIO", _Transcoded(file, name, codec))


class _Transcoded:
    """A file's text as UTF-8; raises SyncError ENCODING_WRONG."""

    def __init__(self, file: BinaryIO, name: str, codec: codecs.CodecInfo) -> None:
        self._file = file
        self._name = name
        self._codec = codec.name
        self._decoder = codec.incrementaldecoder()
        self._left = b""
        self._ended = False

    def seekable(self) -> bool:
        """Only its beginning can be found."""
        return False

    def read(self, size: int) -> bytes:
        """Read at most ``size`` bytes of UTF-8."""
        while not self._left and not self._ended:
            raw = self._file.read(size)
            self._ended = not raw
            try:
                self._left = self._decoder.decode(raw, final=self._ended).encode()
            except UnicodeError as error:
                raise file_error(
                    "ENCODING_WRONG",
                    f"{self._name} is not written in {self._codec}",
                    "Set encoding to what the file uses.",
                ) from error
        found, self._left = self._left[:size], self._left[size:]
        return found


def _skip(file: BinaryIO, place: int, name: str) -> None:
    if place and file.seekable():
        file.seek(place)
        return
    while place > 0:
        found = file.read(min(place, BLOCK_BYTES))
        if not found:
            raise file_error("SOURCE_CHANGED", f"{name} has become shorter", "Run the stream again: it starts anew.")
        place -= len(found)


def _blocks(file: BinaryIO, options: CsvOptions, size: int) -> Iterator[_Block]:
    """Cut a file at ends of rows."""
    pending, ended = b"", False
    lexer: _Lexer | None = None
    while not ended or pending:
        data = pending
        if not ended:
            data += _read_full(file, max(size - len(pending), size // 4))
            ended = len(data) - len(pending) < max(size - len(pending), size // 4)
        lexer = lexer or _Lexer(options.delimiter, b"\n" if b"\n" in data or b"\r" not in data else b"\r")
        place, is_open = lexer.last_end(data)
        if ended and not is_open:
            place = len(data)
        if place:
            yield _Block(data[:place])
        elif ended or len(data) >= MAX_ROW_BYTES:
            place = data.find(lexer.newline) + 1 or len(data)
            endless = f"A row is longer than {MAX_ROW_BYTES >> 20} MiB"
            yield _Block(data[:place], "A quote is opened that never ends" if is_open else endless)
        pending = data[place:]


def _read_full(file: BinaryIO, size: int) -> bytes:
    """Read on until there is enough: packed files and connections give less at a time."""
    parts = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


class _Lexer:
    """Finds the ends of rows the way Arrow does: a quote counts where a value begins, and until its pair."""

    def __init__(self, delimiter: str, newline: bytes) -> None:
        self.newline = newline
        edge = r"\n\r" + re.escape(delimiter)
        quoted = '"(?:[^"]|"")*'
        # Every quote stands where a value begins or ends: then counting them tells what is inside.
        self._tidy = f'^(?:(?:[^"{edge}]*|{quoted}")[{edge}])*(?:[^"{edge}]*|{quoted}"?)$'
        self._values = re.compile((r"(?:\A|[" + edge + r'])"[^"]*(?:""[^"]*)*("|\Z)').encode())

    def last_end(self, data: bytes) -> tuple[int, bool]:
        """The place after the last row that ends in ``data``, and whether a quote is still open at the end."""
        if b'"' not in data:
            return data.rfind(self.newline) + 1, False
        if not _matches(data, self._tidy):
            return self._last_end_among(data)
        end = len(data)
        while (place := data.rfind(self.newline, 0, end)) >= 0 and data.count(b'"', 0, place) % 2:
            end = data.rfind(b'"', 0, place)
        return place + 1, data.count(b'"') % 2 == 1

    def _last_end_among(self, data: bytes) -> tuple[int, bool]:
        spans = [(found.start(0), found.end(0), not found.group(1)) for found in self._values.finditer(data)]
        is_open = bool(spans) and spans[-1][2]
        end = len(data)
        for start, stop, _ in reversed(spans):
            place = data.rfind(self.newline, stop, end)
            if place >= 0:
                return place + 1, is_open
            # The character before the quote may be the end of a row.
            end = start + 1
        return data.rfind(self.newline, 0, end) + 1, is_open


def _matches(data: bytes, pattern: str) -> bool:
    """Search bytes as one value with RE2, which is many times faster than Python's expressions."""
    offsets = pa.array([0, len(data)], pa.int64()).buffers()[1]
    value = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(data)])
    return bool(pc.match_substring_regex(value, pattern)[0].as_py())


@lru_cache(maxsize=16)
def _suspicious(delimiter: str) -> str:
    edge = r'[\n\r"' + re.escape(delimiter) + "]"
    blank = "[" + "".join(blank for blank in " \t" if blank != delimiter) + "]"
    return f"(?:^|{edge})(?:-?0[0-9xX]|-0(?:{edge}|$)|{blank})|{blank}(?:{edge}|$)"


def _read_options(size: int, names: Sequence[str] | None) -> pacsv.ReadOptions:
    # Threads would save nothing here, and take away the number of a bad row.
    return pacsv.ReadOptions(
        use_threads=False,
        block_size=size + 1,
        column_names=list(names) if names else None,
        autogenerate_column_names=names is not None and not names,
    )


def _parse_options(
    options: CsvOptions, refuse: Callable[[pacsv.InvalidRow], str], *, single: bool
) -> pacsv.ParseOptions:
    return pacsv.ParseOptions(
        delimiter=options.delimiter,
        newlines_in_values=True,
        # In a file of one column an empty line is a value.
        ignore_empty_lines=not single,
        invalid_row_handler=refuse,
    )


def _empty(columns: Sequence[Column]) -> pa.RecordBatch:
    return from_texts([pa.array([], pa.string()) for _ in columns], columns, lambda index: index)[0]


def _one(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
