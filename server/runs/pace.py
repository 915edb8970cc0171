"""How fast a stream goes, and how long the rest will take."""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 10.0
LEAST_SECONDS = 1.0


class Pace:
    """Rows over time: of the last ten seconds, and on the whole."""

    def __init__(self) -> None:
        self._noted: deque[tuple[float, int]] = deque()
        self._first: tuple[float, int] | None = None

    def note(self, time: float, rows: int) -> None:
        """Notes how many rows there were at a time, in seconds of a steady clock."""
        self._first = self._first or (time, rows)
        self._noted.append((time, rows))
        while len(self._noted) > 2 and self._noted[1][0] <= time - WINDOW_SECONDS:
            self._noted.popleft()

    @property
    def rows_per_second(self) -> float:
        """The pace of late; 0 while too little is known."""
        return self._since(self._noted[0]) if self._noted else 0.0

    def eta(self, rows_left: int) -> tuple[float, float] | None:
        """The seconds that so many rows will take, at the faster and at the slower of both paces."""
        paces = [self._since(self._first), self.rows_per_second] if self._first else []
        if not paces or min(paces) <= 0:
            return None
        left = max(0, rows_left)
        return left / max(paces), left / min(paces)

    def _since(self, start: tuple[float, int]) -> float:
        time, rows = self._noted[-1]
        seconds = time - start[0]
        return (rows - start[1]) / seconds if seconds >= LEAST_SECONDS else 0.0
