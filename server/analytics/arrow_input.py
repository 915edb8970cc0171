"""Arrow IPC streams that others send: unfolded only where there is room for what they unfold to.

A few kilobytes may stand for terabytes: by compression, by a dictionary, by views of one text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from server.errors import InvalidFields, Violation

MOST_ROWS = 1_000_000
MOST_BYTES = 128 << 20
_DICTIONARY = 2  # of the format's MessageHeader


def read(content: bytes, field: str) -> pa.Table:
    """The rows of a stream.

    Raises:
        InvalidFields: it is none, or has no room.
    """
    try:
        if sum(map(_unfolded, _messages(content))) > MOST_BYTES:
            raise _too_large(field)
        table = pa.ipc.open_stream(content).read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, struct.error) as error:
        raise InvalidFields(Violation(field, "must be an Arrow IPC stream")) from error
    if len(table) > MOST_ROWS:
        raise InvalidFields(Violation(field, f"must have at most {MOST_ROWS} rows"))
    return table


def decoded(column: pa.ChunkedArray, field: str) -> pa.ChunkedArray:
    """A column with its values in their places, instead of in a dictionary or elsewhere.

    Raises:
        InvalidFields: they have no room, or it can't be told whether they do.
    """
    type_ = column.type
    if pa.types.is_dictionary(type_) and not _unfolds(type_.value_type):
        size = sum(_size_in_places(chunk) for chunk in column.chunks)
        column = column if size > MOST_BYTES else pc.cast(column, type_.value_type)
    elif type_.equals(pa.string_view()):
        size = sum(_size_of_views(chunk) for chunk in column.chunks)
    elif _unfolds(type_):
        raise InvalidFields(Violation(field, f"must be a column that is plain, not {type_}"))
    else:
        return column
    if size > MOST_BYTES:
        raise _too_large(field)
    return column


def _unfolds(type_: pa.DataType) -> bool:
    """Whether a type, or a part of it, may stand for more than it takes."""
    views = (pa.string_view(), pa.binary_view())
    if pa.types.is_dictionary(type_) or pa.types.is_run_end_encoded(type_) or any(map(type_.equals, views)):
        return True
    return any(_unfolds(type_.field(number).type) for number in range(type_.num_fields))


def _size_in_places(chunk: pa.DictionaryArray) -> int:
    """How many bytes the texts of a dictionary take in their places; 0 for what are no texts, and so are small."""
    values = chunk.dictionary
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return 0
    lengths = pc.cast(pc.binary_length(values), pa.int64())
    return pc.sum(lengths.take(chunk.indices)).as_py() or 0


def _size_of_views(chunk: pa.Array) -> int:
    """How many bytes the texts of views take: each view begins with the length, and has four parts."""
    views = memoryview(chunk.buffers()[1]).cast("B").cast("i")
    return sum(views[4 * chunk.offset : 4 * (chunk.offset + len(chunk)) : 4])


def _too_large(field: str) -> InvalidFields:
    return InvalidFields(Violation(field, f"must unfold to at most {MOST_BYTES >> 20} MiB: send fewer rows at a time"))


def _messages(content: bytes) -> Iterator[pa.Message]:
    return iter(pa.ipc.MessageReader.open_stream(content))


def _unfolded(message: pa.Message) -> int:
    """How many bytes the body of a message has once it is decompressed.

    pyarrow decompresses a batch before it tells anything of it, and so its metadata (Message.fbs) are read here: each
    compressed buffer begins with the length that it will have.
    """
    if message.type not in ("record batch", "dictionary"):
        return 0
    metadata, body = message.metadata.to_pybytes(), message.body
    root = _at("<I", metadata, 0)
    records = _reference(metadata, _place(metadata, root, 2))
    if _at("<B", metadata, _place(metadata, root, 1)) == _DICTIONARY:
        records = _reference(metadata, _place(metadata, records, 1))
    if not _place(metadata, records, 3):
        return int(body.size)
    buffers = _reference(metadata, _place(metadata, records, 2))
    size = 0
    for number in range(_at("<I", metadata, buffers)):
        start, length = struct.unpack_from("<qq", metadata, buffers + 4 + 16 * number)
        if length >= 8:
            told = _at("<q", body, start)
            size += length if told < 0 else told
    return size


def _place(metadata: bytes, table: int, number: int) -> int:
    """Where a table of a flatbuffer has a field; 0: it has none."""
    fields = table - _at("<i", metadata, table)
    slot = 4 + 2 * number
    offset = _at("<H", metadata, fields + slot) if slot < _at("<H", metadata, fields) else 0
    return table + offset if offset else 0


def _reference(metadata: bytes, place: int) -> int:
    return place + _at("<I", metadata, place)


def _at(format_: str, content: bytes | pa.Buffer, place: int) -> int:
    if place < 0:
        raise ValueError("a place before the beginning")
    return int(struct.unpack_from(format_, content, place)[0])
