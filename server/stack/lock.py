"""A lock on a file that ends with the process that holds it."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from server.stack.errors import StackError


class FileLock:
    """An exclusive lock on `path`; whoever is refused learns which process holds it."""

    def __init__(self, path: Path, what: str) -> None:
        self._path = path
        self._what = what
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock now unless this holds it, or raise `StackError` with the holder's pid and command."""
        while self._file is None:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.read(file, 500).decode(errors="replace").strip() or "another process"
                os.close(file)
                raise StackError(f"{self._what} is in use by {holder}") from None
            if self._is_current(file):
                self._file = file
            else:
                os.close(file)
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"process {os.getpid()} ({' '.join(sys.argv)[:300]})\n".encode(), 0)

    def release(self) -> None:
        """Give the lock back and remove its file; nothing happens where it is not held."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def _is_current(self, file: int) -> bool:
        # The last holder removes the file before its lock ends: what was opened may be that removed file.
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(os.fstat(file), there)
