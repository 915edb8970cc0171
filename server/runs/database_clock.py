"""The database's time, in a process whose own clock may be wrong, and jump."""

from __future__ import annotations

import time
from datetime import datetime, timedelta


class DatabaseClock:
    """Goes on from a time that the database has told just now, by a clock that nobody sets."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The present time; a little behind the database's, by what its answer took."""
        return self._at + timedelta(seconds=time.monotonic() - self._since)
