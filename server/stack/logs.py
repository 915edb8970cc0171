"""Log files of child processes: bounded, read back at a failure, and followed for what a person must see."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

LIMIT_BYTES = 10 << 20
FOLLOW_SECONDS = 0.2
TAIL_BYTES = 16 << 10

ERRORS = re.compile(r"\b(error|critical|fatal|panic)\b|^Traceback ", re.IGNORECASE)
_RECORD = re.compile(r"\s*(?:\d{4}-\d\d-\d\d|\[|\{|Traceback )")
_LEVEL_WITHIN = 120  # a level stands at a record's beginning; the word "error" further on is prose


class LogFile:
    """A child's log, appended to by the child itself, with one older part beside it.

    Both parts together stay near twice `LIMIT_BYTES`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self) -> int:
        """Return a descriptor to append to, for a child's stdout and stderr."""
        self.rotate()
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def size(self) -> int:
        """Return the size in bytes, 0 for a log that nothing was written to yet."""
        return self.path.stat().st_size if self.path.exists() else 0

    def rotate(self) -> None:
        """Move what was written to the older part where it is more than `LIMIT_BYTES`."""
        if self.size() > LIMIT_BYTES:
            # Copied and cut, not renamed: the child keeps its descriptor and goes on appending.
            shutil.copy(self.path, self.path.with_name(self.path.name + ".1"))
            os.truncate(self.path, 0)

    def tail(self, lines: int = 20) -> str:
        """Return the last `lines` lines."""
        return "\n".join(self._read(max(0, self.size() - TAIL_BYTES)).decode(errors="replace").splitlines()[-lines:])

    async def follow(self) -> AsyncIterator[str]:
        """Yield each line that is written from now on, and keep the file within its limit; ends by cancellation."""
        position, rest = self.size(), b""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            if self.size() < position:
                position = 0
            chunk = self._read(position)
            position += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line.decode(errors="replace")
            self.rotate()

    def _read(self, position: int) -> bytes:
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            file.seek(position)
            return file.read()


class ErrorRecords:
    """Tells the lines of error records, with the lines that continue them, from all others."""

    def __init__(self, pattern: re.Pattern[str] = ERRORS) -> None:
        self._pattern = pattern
        self._inside = False

    def take(self, line: str) -> bool:
        """Return whether `line` belongs to an error record; lines are given in their order."""
        matches = self._pattern.search(line[:_LEVEL_WITHIN]) is not None
        if matches or _RECORD.match(line):
            self._inside = matches
        return self._inside
