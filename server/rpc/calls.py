"""How many calls there were and how long they took: since the process began, and since somebody last asked."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

KEPT = 1000
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds in seconds of the buckets that all calls since the beginning are counted in; the last has none."""


@dataclass
class Calls:
    """Calls of one method that ended with one code."""

    count: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        """Adds a call; of more than are kept each is as likely to be among those."""
        self.count += 1
        if len(self.seconds) < KEPT:
            self.seconds.append(seconds)
        elif (place := random.randrange(self.count)) < KEPT:  # noqa: S311 - no secret
            self.seconds[place] = seconds

    def quantile(self, share: float) -> float:
        """The duration in seconds that a share of the calls did not exceed."""
        return sorted(self.seconds)[min(int(share * len(self.seconds)), len(self.seconds) - 1)]


@dataclass
class Total:
    """All calls of one method that ended with one code: how many in each bucket, and their time together."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Adds a call."""
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class CallCounter:
    """The calls of one process, by method and code."""

    def __init__(self) -> None:
        self._calls: defaultdict[tuple[str, str], Calls] = defaultdict(Calls)
        self.totals: defaultdict[tuple[str, str], Total] = defaultdict(Total)
        self.open: Counter[str] = Counter()
        self.streams: set[str] = set()

    def begin(self, method: str, *, stream: bool = False) -> None:
        """Notes a call under way; of a stream the time says how long it was followed, not how slow it is."""
        self.open[method] += 1
        if stream:
            self.streams.add(method)

    def add(self, method: str, code: str, seconds: float) -> None:
        """Adds a call that has ended."""
        self.open[method] -= 1
        self._calls[method, code].add(seconds)
        self.totals[method, code].add(seconds)

    def take(self) -> Mapping[tuple[str, str], Calls]:
        """The calls since the last time."""
        taken, self._calls = self._calls, defaultdict(Calls)
        return taken
