"""What one process knows of the runs that are followed: each run's row and newest entries, read once for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from server.errors import Failure, Unavailable
from server.live import News
from server.pipelines.model import LogEntry, LogFilter, Position, Run
from server.pipelines.ports import Signals, Store
from server.scope import Scope

log = structlog.get_logger("feeds")

RING_ENTRIES = 20_000
ENTRIES_AT_ONCE = 1000
COALESCE_SECONDS = 0.1
LOOK_SECONDS = 5.0
EVERYTHING = LogFilter()


@dataclass
class RunFeed:
    """A run's row, and its newest entries in the order of reading; whoever follows it goes through them by index.

    ``begins`` is the last number before the ring, by writer: a position that has seen it can go on from the ring.
    """

    run: Run
    begins: dict[int, int] = field(default_factory=dict)
    entries: list[LogEntry] = field(default_factory=list)
    first: int = 0
    complete: bool = False
    closing: bool = False
    followers: int = 0
    news: News = field(default_factory=News)
    _position: Position | None = None

    @property
    def end(self) -> int:
        """The index after the newest entry."""
        return self.first + len(self.entries)

    def covers(self, position: Position) -> bool:
        """Whether nothing lies between a position and the ring."""
        return all(position.seen.get(writer, 0) >= number for writer, number in self.begins.items())

    def since(self, index: int) -> Sequence[LogEntry]:
        """The entries from an index on."""
        return self.entries[index - self.first :]

    async def refresh(self, store: Store) -> None:
        """Reads what is new. The row first: what was logged before the run ended is then among what is read next."""
        async with store.begin(Scope.of(self.run.organization_id)) as tx:
            run = await tx.runs.get(self.run.id)
            if self._position is None:
                self.begins = await tx.logs.ends(run)
                self._position = Position(run.id, dict(self.begins))
            fresh: list[LogEntry] = []
            while more := await tx.logs.read(run, self._position, EVERYTHING, ENTRIES_AT_ONCE):
                fresh += more
                self._position = self._position.after(*more)
        changed = bool(fresh) or run.revision != self.run.revision or (run.state.ended and not self.complete)
        self.run, self.complete = run, run.state.ended
        self._add(fresh)
        if changed:
            self.news.tell()

    def _add(self, fresh: Sequence[LogEntry]) -> None:
        self.entries += fresh
        beyond = len(self.entries) - RING_ENTRIES
        if beyond > 0:
            for entry in self.entries[:beyond]:
                self.begins[entry.writer] = entry.number
            del self.entries[:beyond]
            self.first += beyond


class RunFeeds:
    """The feeds of a process: one for each run that somebody follows, as long as somebody does."""

    def __init__(self, store: Store, signals: Signals) -> None:
        self._store = store
        self._signals = signals
        self._feeds: dict[UUID, RunFeed] = {}
        self._opening = asyncio.Lock()
        self._keeping: dict[UUID, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def of(self, run: Run) -> AsyncIterator[RunFeed]:
        """A run's feed, up to date when it is given."""
        async with self._opening:
            feed = self._feeds.get(run.id)
            if feed is None:
                feed = RunFeed(run)
                await feed.refresh(self._store)
                self._feeds[run.id] = feed
                self._keeping[run.id] = asyncio.create_task(self._keep(feed))
            feed.followers += 1
        try:
            yield feed
        finally:
            feed.followers -= 1
            if not feed.followers and self._feeds.get(run.id) is feed:
                del self._feeds[run.id]
                self._keeping.pop(run.id).cancel()

    async def _keep(self, feed: RunFeed) -> None:
        try:
            async with self._signals.subscribe(str(feed.run.id)) as news:
                while not feed.complete:
                    try:
                        await feed.refresh(self._store)
                    except Failure as failure:
                        log.warning("feed_not_read", run_id=str(feed.run.id), reason=failure.reason)
                    # A moment's news are read, and told, at once.
                    await asyncio.sleep(COALESCE_SECONDS)
                    await news(LOOK_SECONDS)
                while True:
                    await news(LOOK_SECONDS)
        except Unavailable:
            feed.closing = True
            feed.news.tell()
