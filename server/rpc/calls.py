"""How many calls there were, and how long they took, since somebody last asked."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

KEPT = 1000


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


class CallCounter:
    """The calls of one process, by method and code."""

    def __init__(self) -> None:
        self._calls: defaultdict[tuple[str, str], Calls] = defaultdict(Calls)

    def add(self, method: str, code: str, seconds: float) -> None:
        """Adds a call that has ended."""
        self._calls[method, code].add(seconds)

    def take(self) -> Mapping[tuple[str, str], Calls]:
        """The calls since the last time."""
        taken, self._calls = self._calls, defaultdict(Calls)
        return taken
