"""Streams that are open at a time, counted over all servers; a server that dies gives its places back."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Collection
from contextlib import AsyncExitStack, suppress
from datetime import timedelta

import structlog

from server.errors import Failure
from server.ids import new_id
from server.limits.model import Subject
from server.limits.ports import Store
from server.scope import Scope

log = structlog.get_logger("limits")

RENEW_SECONDS = 3.0
LEASE = timedelta(seconds=10)
TIDY_SECONDS = 60.0
LOCKS = 64


class Places:
    """The streams of one server. Opening one costs a statement; those that close together cost one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # A new one for every process: what a dead one has left must not look like a living one's.
        self._server = str(new_id())
        self._held: Counter[Subject] = Counter()
        # What differs from what is noted in the database, or may.
        self._unsure: set[Subject] = set()
        # Two that note the same subject must do so in the order in which they counted.
        self._locks = [asyncio.Lock() for _ in range(LOCKS)]
        self._news = asyncio.Event()
        self._tidy_at = 0.0
        self._ending = False

    async def enter(self, subject: Subject, limit: int) -> bool:
        """Takes a place, if one is free.

        Raises:
            Unavailable: the database is away.
        """
        async with self._locks[_lock_of(subject)]:
            try:
                async with self._store.begin(Scope.everything()) as tx:
                    entered = await tx.limits.enter(subject, self._server, self._held[subject] + 1, limit)
            except BaseException:
                self._doubt({subject})  # it may have been noted all the same
                raise
            if entered:
                self._held[subject] += 1
            return entered

    def leave(self, subject: Subject) -> None:
        """Gives a place back."""
        self._held[subject] -= 1
        self._doubt({subject})

    async def run(self) -> None:
        """Keeps this server's lease and notes what was given back, until `stop`; then gives back everything."""
        loop = asyncio.get_running_loop()
        renew_at = 0.0
        while not self._ending:
            try:
                if loop.time() >= renew_at:
                    await self._renew()
                    renew_at = loop.time() + RENEW_SECONDS
                await self._note()
            except Failure as failure:
                log.warning("places_not_noted", reason=failure.reason)
                await asyncio.sleep(RENEW_SECONDS / 3)
            except Exception:
                log.exception("bug")
                await asyncio.sleep(RENEW_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, renew_at - loop.time())):
                    await self._news.wait()
        with suppress(Failure):  # else the lease ends by itself
            async with self._store.begin(Scope.everything()) as tx:
                await tx.limits.leave(self._server)

    def stop(self) -> None:
        """Lets `run` end."""
        self._ending = True
        self._news.set()

    def _doubt(self, subjects: Collection[Subject]) -> None:
        self._unsure.update(subjects)
        self._news.set()

    async def _renew(self) -> None:
        async with self._store.begin(Scope.everything()) as tx:
            known = await tx.limits.renew(self._server, LEASE)
            if time.monotonic() >= self._tidy_at:
                self._tidy_at = time.monotonic() + TIDY_SECONDS
                await tx.limits.tidy()
        if not known:
            self._doubt(list(self._held))

    async def _note(self) -> None:
        self._news.clear()
        subjects, self._unsure = self._unsure, set()
        if not subjects:
            return
        try:
            async with AsyncExitStack() as stack:
                for number in sorted({_lock_of(subject) for subject in subjects}):
                    await stack.enter_async_context(self._locks[number])
                places = {subject: self._held[subject] for subject in subjects}
                async with self._store.begin(Scope.everything()) as tx:
                    await tx.limits.set_places(self._server, places)
        except BaseException:
            self._doubt(subjects)
            raise
        self._held = +self._held  # without those that hold none


def _lock_of(subject: Subject) -> int:
    return hash(subject) % LOCKS
