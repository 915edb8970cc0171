"""Result rows of MySQL's text protocol as Arrow arrays, without a Python object for each value.

A row is a packet: four bytes of header (the payload's length in three, a sequence number), then each value with its
length in front. Where a packet begins is known only from the one before, so packets are found in a loop; the values
of one column are then found for all rows at once.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

BLOCK_BYTES = 2 << 20  # of packets for a batch: some 8 MiB with the views that are made of them
READ_BYTES = 1 << 18
_MAX_PAYLOAD = 0xFFFFFF  # a longer one goes on in the next packet
_INLINE = 12  # bytes that a string view holds itself
_NULL = 251
_EOF, _ERR = 0xFE, 0xFF
Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


class Stream(Protocol):
    """What packets are read from."""

    def read1(self, size: int, /) -> bytes:
        """Read what is there, at most ``size`` bytes; empty at the end."""


class StreamBrokenError(Exception):
    """The stream ended within a result."""


class ServerRefusedError(Exception):
    """The server ended a result with an error; ``payload`` is its packet's."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("the server ended the result")
        self.payload = payload


class Result:
    """The rows of a query that the server is sending, one array for each column: binary or string, as asked."""

    def __init__(self, stream: Stream, binary: Sequence[bool]) -> None:
        self._stream = stream
        self._binary = binary
        self._block = _Block(b"")

    @property
    def ended(self) -> bool:
        """Whether the server has sent its last packet of this result."""
        return self._block.ended

    def batches(self) -> Generator[list[pa.Array], None, None]:
        """Take the rows.

        Raises StreamBrokenError, ServerRefusedError, and pyarrow.ArrowInvalid where a text is no UTF-8.
        """
        while not self._block.ended:
            self._read()
            if self._block.starts and (self._block.ended or self._block.is_full):
                yield _columns(self._block, self._binary)
                self._block = self._block.following()
        if self._block.error is not None:
            raise ServerRefusedError(self._block.error)

    def skip(self) -> None:
        """Read up to the end and keep nothing."""
        while not self._block.ended:
            self._read()
            if self._block.is_full:
                self._block = self._block.following()

    def _read(self) -> None:
        found = self._stream.read1(READ_BYTES)
        if not found:
            raise StreamBrokenError
        self._block.add(found)


class _Block:
    """Bytes of a result, and where the rows begin in them."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.starts: list[int] = []
        self.ended = False
        self.error: bytes | None = None
        self._at = 0  # the next header
        self._continues = False

    @property
    def is_full(self) -> bool:
        """Whether there are enough whole rows for a batch."""
        return self._at >= BLOCK_BYTES and not self._continues

    def add(self, found: bytes) -> None:
        """Take bytes and find the rows in them."""
        data = self.data
        data += found
        at, size = self._at, len(data)
        while size - at >= 4:
            length = data[at] | data[at + 1] << 8 | data[at + 2] << 16
            first = at + 4
            if size - first < length:
                break
            if self._continues:
                # Without the header the parts of a long row stand side by side.
                del data[at:first]
                size -= 4
                at += length
            else:
                kind = data[first] if length else 0
                if kind == _ERR or (kind == _EOF and length < 9):
                    self.ended = True
                    self.error = bytes(data[first : first + length]) if kind == _ERR else None
                    break
                self.starts.append(first)
                at = first + length
            self._continues = length == _MAX_PAYLOAD
        self._at = at

    def following(self) -> _Block:
        """The block that goes on after the rows of this one."""
        block = _Block(bytes(self.data[self._at :]))
        block.ended, block.error = self.ended, self.error
        return block


def _columns(block: _Block, binary: Sequence[bool]) -> list[pa.Array]:
    # The zeros let windows of a view's size stand on the last bytes.
    data = np.frombuffer(bytes(block.data) + bytes(_INLINE), np.uint8)
    at = np.array(block.starts, np.int64)
    found = []
    for is_binary in binary:
        first = _taken(data, at)
        lengths, skip = _lengths(data, at, first)
        at = at + skip
        if len(at) and ((lengths < 0) | (at + lengths > len(data) - _INLINE)).any():
            raise StreamBrokenError
        values = _values(data, at, lengths, first != _NULL)
        found.append(values if is_binary else values.cast(pa.string()))
        at = at + lengths
    return found


def _taken(data: Bytes, at: Ints) -> Bytes:
    if len(at) and int(at.max()) >= len(data):
        raise StreamBrokenError
    return data[at]


def _lengths(data: Bytes, at: Ints, first: Bytes) -> tuple[Ints, Ints]:
    """The values' lengths, and how many bytes each length takes: one, or one and 2, 3 or 8 more."""
    lengths, skip = first.astype(np.int64), np.ones(len(at), np.int64)
    lengths[first == _NULL] = 0
    for mark, size in ((252, 2), (253, 3), (254, 8)):
        longer = np.flatnonzero(first == mark)
        if len(longer):
            begin = at[longer] + 1
            lengths[longer] = sum(_taken(data, begin + i).astype(np.int64) << (8 * i) for i in range(size))
            skip[longer] = size + 1
    return lengths, skip


def _values(data: Bytes, at: Ints, lengths: Ints, valid: npt.NDArray[np.bool_]) -> pa.Array:
    """Cut the values out: made as Arrow's views, which Arrow then packs."""
    views = np.zeros((len(at), 16), np.uint8)
    views[:, :4] = lengths.astype("<i4").view(np.uint8).reshape(-1, 4)
    if len(at):
        inside = np.lib.stride_tricks.sliding_window_view(data, _INLINE)[at]
        inside[np.arange(_INLINE) >= lengths[:, None]] = 0
        long = lengths > _INLINE
        # A long value's view: its first four bytes, the number of the buffer, its place there.
        inside[long, 4:8] = 0
        inside[long, 8:] = at[long].astype("<i4").view(np.uint8).reshape(-1, 4)
        views[:, 4:] = inside
    bitmap = None if valid.all() else pa.array(valid).buffers()[1]
    buffers = [bitmap, pa.py_buffer(views), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary_view(), len(at), buffers).cast(pa.binary())
