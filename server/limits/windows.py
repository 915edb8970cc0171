"""Requests of a minute: this server's share of each subject's window, fetched block by block."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from server.limits.model import WINDOW_SECONDS, Standing, Subject, block_size, granted
from server.limits.ports import Store
from server.scope import Scope


@dataclass
class _Share:
    """What this server has of a window, which ends at ``until`` by its monotonic clock."""

    window: int = 0
    limit: int = 0
    unspent: int = 0
    left_for_all: int = 0
    until: float = 0.0
    fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    def needs_block(self, limit: int) -> bool:
        return self.limit != limit or time.monotonic() >= self.until or (not self.unspent and self.left_for_all > 0)


class Windows:
    """The shares of one server. A request costs a statement only where its block is used up."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shares: dict[Subject, _Share] = {}
        self._tidied = time.monotonic()

    async def take(self, subject: Subject, limit: int) -> Standing:
        """Takes one request of the subject's window, if there is one.

        Raises:
            Unavailable: the database is away when a block is needed.
        """
        share = self._shares.setdefault(subject, _Share())
        if share.needs_block(limit):
            async with share.fetching:
                # Whoever waited for another's block takes of that.
                while share.needs_block(limit):
                    await self._fetch(subject, share, limit)
        taken = share.unspent > 0
        share.unspent -= taken
        remaining = share.unspent + share.left_for_all
        return Standing(limit, remaining, max(0.0, share.until - time.monotonic()), share.window, taken)

    def give_back(self, subject: Subject, standing: Standing) -> None:
        """Gives back a request that turned out to be another subject's."""
        share = self._shares.get(subject)
        if share and standing.taken and share.window == standing.window:
            share.unspent += 1

    async def _fetch(self, subject: Subject, share: _Share, limit: int) -> None:
        self._tidy()
        size, asked = block_size(limit), time.monotonic()
        async with self._store.begin(Scope.everything()) as tx:
            taken = await tx.limits.take(subject, size)
        if (share.window, share.limit) != (taken.window, limit):
            share.unspent = 0
        share.window, share.limit = taken.window, limit
        share.unspent += granted(taken.total, size, limit)
        share.left_for_all = max(0, limit - taken.total)
        # From when it was asked: a window must not last longer here than in the database.
        share.until = asked + taken.seconds_left

    def _tidy(self) -> None:
        now = time.monotonic()
        if now - self._tidied > WINDOW_SECONDS:
            self._tidied = now
            old = [one for one, share in self._shares.items() if share.until < now and not share.fetching.locked()]
            for subject in old:
                del self._shares[subject]
