"""Unpacking gzip and Zstandard while reading, with an end to what a small file may become."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow as pa

from server.sync.readers.safe_open import file_error

MAX_RATIO = 500
FREE_BYTES = 64 << 20  # what any file may unpack to
MAX_UNPACKED = 1 << 40
_PIECE = 1 << 20

SUFFIXES = {".gz": "gzip", ".zst": "zstd"}


def packing_of(name: str) -> str:
    """The packing that a name tells: gzip, zstd, or nothing."""
    return next((packing for suffix, packing in SUFFIXES.items() if name.lower().endswith(suffix)), "")


def without_packing(name: str) -> str:
    """The name without the ending of its packing."""
    return name.rpartition(".")[0] if packing_of(name) else name


@contextmanager
def unpacked(raw: BinaryIO, name: str, max_ratio: int = MAX_RATIO) -> Iterator[BinaryIO]:
    """Read through a packing; raises SyncError GZIP_MALFORMED, ZSTD_MALFORMED, ARCHIVE_BOMB while it is read."""
    packing = packing_of(name)
    if not packing:
        yield raw
        return
    counted = _Counted(raw)
    yield io.BufferedReader(_Unpacked(counted, name, packing, max_ratio), _PIECE)


class _Counted:
    """A file that remembers how much of it was read, and what a read has raised."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.count = 0
        self.failure: Exception | None = None
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        try:
            found = self._file.read(size)
        except Exception as error:
            self.failure = error
            raise
        self.count += len(found)
        return found

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


class _Unpacked(io.RawIOBase):
    """What a packed file unpacks to, from the first byte to the last."""

    def __init__(self, raw: _Counted, name: str, packing: str, max_ratio: int) -> None:
        self._raw = raw
        self._name = name
        self._packing = packing
        self._max_ratio = max_ratio
        self._stream: Any = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), packing)
        self._place = 0

    def readable(self) -> bool:
        """Packed files are read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        found = self._unpack(len(view))
        view[: len(found)] = found
        self._place += len(found)
        if self._place > MAX_UNPACKED or self._place > max(FREE_BYTES, self._raw.count * self._max_ratio):
            raise file_error(
                "ARCHIVE_BOMB",
                f"{self._name} unpacks to more than {self._max_ratio} times its size",
                "Unpack the file before it is read, if it is what you mean.",
                f"{self._name} after {self._place} unpacked bytes",
            )
        return len(found)

    def _unpack(self, size: int) -> bytes:
        try:
            found: bytes = self._stream.read(size)
        except (OSError, pa.ArrowException) as error:
            if self._raw.failure is not None:
                raise self._raw.failure from error
            raise file_error(
                f"{self._packing.upper()}_MALFORMED",
                f"{self._name} is no complete {self._packing} file",
                "Pack the file again; its end may be cut off.",
                f"{self._name} after {self._place} unpacked bytes",
            ) from error
        return found
