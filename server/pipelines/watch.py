"""Following a run: its log, or all of it, from any position, without loss or repeat."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from server.auth.permissions import Caller
from server.errors import InvalidCursor
from server.live import Alive, Authority, Pace, Resume, as_member
from server.pipelines.feeds import RunFeed, RunFeeds
from server.pipelines.model import EntryKind, LogEntry, LogFilter, Position, Run, RunState
from server.pipelines.ports import Signals
from server.pipelines.service import PipelinesService

ENTRIES_AT_ONCE = 1000
MOST_SCANNED = 20_000
FAR_BEHIND = timedelta(seconds=30)
EVERYTHING = LogFilter()


@dataclass(frozen=True)
class Ended:
    """The run has ended, and everything was told."""

    state: RunState


@dataclass(frozen=True)
class Gap:
    """Entries were left out, because they were not read in time; ``after`` is the position before the first of them."""

    entries: int
    after: Position


TailEvent = LogEntry | Alive | Ended | Gap | Resume
WatchEvent = Run | LogEntry | Alive | Gap | Resume


@dataclass(frozen=True)
class Tail:
    """What a caller wants to follow: a run, or a pipeline's newest run and with ``follow`` those after it."""

    pipeline_id: UUID
    run_id: UUID | None = None
    after: Position | None = None
    wanted: LogFilter = EVERYTHING
    from_end: bool = False
    follow: bool = False


class RunWatcher:
    """Tells what happens to a run as it happens. The tables are the truth; signals only save waiting."""

    def __init__(self, pipelines: PipelinesService, feeds: RunFeeds, signals: Signals, authority: Authority) -> None:
        self._pipelines = pipelines
        self._feeds = feeds
        self._signals = signals
        self._authority = authority

    async def page(self, caller: Caller, tail: Tail, size: int) -> tuple[Sequence[LogEntry], Position, bool]:
        """A page of a run's log, the position after it, and whether there may be more for now.

        Raises:
            InvalidCursor: `after` is of another run than the one named.
        """
        run = await self._chosen(caller, tail)
        position = _start(run, tail)
        found: list[LogEntry] = []
        scanned = 0
        while scanned < MOST_SCANNED:
            entries = await self._pipelines.read_log(caller, run, position, tail.wanted, ENTRIES_AT_ONCE)
            scanned += len(entries)
            for entry in entries:
                if _is_line(entry, tail.wanted):
                    if len(found) == size:
                        return found, position, True
                    found.append(entry)
                position = position.after(entry)
            if len(entries) < ENTRIES_AT_ONCE:
                return found, position, False
        return found, position, True

    async def tail(self, caller: Caller, tail: Tail) -> AsyncGenerator[tuple[Position, TailEvent], None]:
        """Follows a run's log until the run has ended; with ``follow`` the logs of later runs too.

        Raises:
            InvalidCursor: `after` is of another run than the one named.
        """
        wanted = tail.wanted
        run: Run | None = await self._chosen(caller, tail)
        if tail.after is not None and tail.after.complete:
            return
        while run is not None:
            events = self._events(caller, run, tail, lambda event: _is_line(event, wanted))
            async with aclosing(events):
                async for position, event in events:
                    match event:
                        case Ended():
                            yield replace(position, complete=not tail.follow), event
                        case LogEntry() | Gap() | Alive():
                            yield position, event
                        case Resume():
                            yield position, event
                            return
            if not tail.follow:
                return
            last, run = run, None
            waiting = self._next_run(caller, last)
            async with aclosing(waiting):
                async for found in waiting:
                    if isinstance(found, Run):
                        run = found
                        break
                    yield Position(last.id, position.seen, position.revision), found
            tail = replace(tail, after=None, from_end=False)

    async def watch(self, caller: Caller, tail: Tail) -> AsyncGenerator[tuple[Position, WatchEvent], None]:
        """Follows a run, and what is wanted of its log and events, until it has ended.

        Raises:
            InvalidCursor: `after` is of another run.
        """
        run = await self._chosen(caller, tail)
        if tail.after is not None and tail.after.complete:
            return
        events = self._events(caller, run, tail, lambda event: isinstance(event, Run) or tail.wanted.admits(event))
        async with aclosing(events):
            async for position, event in events:
                if not isinstance(event, Ended):
                    complete = isinstance(event, Run) and event.state.ended
                    yield replace(position, complete=complete), event

    async def _events(
        self, caller: Caller, run: Run, tail: Tail, wants: Callable[[Run | LogEntry], bool]
    ) -> AsyncGenerator[tuple[Position, WatchEvent | Ended], None]:
        """The entries, and the run whenever it has changed, as far as they are wanted; a sign of life in a while."""
        async with self._feeds.of(run) as feed:
            cursor = _Reader(self._pipelines, caller, feed, _start(run, tail), tail.wanted)
            if tail.from_end:
                cursor.jump_to_end()
            pace = Pace(caller, as_member(self._authority, run.organization_id))
            while True:
                complete, current = feed.complete, feed.run
                async for entry in cursor.read():
                    if isinstance(entry, Gap) or wants(entry):
                        # Also amid these: a slow reader takes them over minutes.
                        await pace.renew()
                        pace.tell()
                        yield cursor.position, entry
                caught_up = cursor.caught_up
                if caught_up and current.revision > cursor.position.revision:
                    cursor.position = cursor.position.at_revision(current.revision)
                    if wants(current):
                        pace.tell()
                        yield cursor.position, current
                if complete and caught_up:
                    yield cursor.position, Ended(current.state)
                    return
                if feed.closing:
                    yield cursor.position, Resume()
                    return
                if alive := await pace.beat():
                    yield cursor.position, alive
                if caught_up and feed.run is current:
                    await pace.rest(feed.news.wait)

    async def _next_run(self, caller: Caller, run: Run) -> AsyncGenerator[Run | Alive | Resume, None]:
        pace = Pace(caller, as_member(self._authority, run.organization_id))
        pace.tell()
        async with self._signals.subscribe(str(run.organization_id)) as news:
            while True:
                if following := await self._pipelines.run_after(pace.caller, run):
                    yield following
                    return
                if alive := await pace.beat():
                    yield alive
                if resume := await pace.rest(news):
                    yield resume
                    return

    async def _chosen(self, caller: Caller, tail: Tail) -> Run:
        named = tail.run_id or (tail.after.run_id if tail.after else None)
        return await self._pipelines.chosen_run(caller, tail.pipeline_id, named)


class _Reader:
    """One follower's place: in the feed's ring, or behind it in the tables."""

    def __init__(
        self, pipelines: PipelinesService, caller: Caller, feed: RunFeed, position: Position, wanted: LogFilter
    ) -> None:
        self._pipelines = pipelines
        self._caller = caller
        self._feed = feed
        self._wanted = wanted
        self._index: int | None = None
        self.position = position

    @property
    def caught_up(self) -> bool:
        """Whether everything that the feed has was read."""
        return self._index == self._feed.end

    def jump_to_end(self) -> None:
        """Leaves out what was written until now."""
        begins = {entry.writer: entry.number for entry in self._feed.entries}
        self.position = replace(self.position, seen={**self._feed.begins, **begins})
        self._index = self._feed.end

    async def read(self) -> AsyncGenerator[LogEntry | Gap, None]:
        """The next entries; the position is moved before each is given."""
        feed = self._feed
        if self._index is None or self._index < feed.first:
            if not feed.covers(self.position):
                if self._index is not None and (gap := self._far_behind()):
                    yield gap
                else:
                    async for entry in self._page():
                        yield entry
                return
            self._index = feed.first
        for entry in feed.since(self._index):
            self._index += 1
            if entry.number > self.position.seen.get(entry.writer, 0):
                self.position = self.position.after(entry)
                yield entry
                if self._index < feed.first:  # it was overtaken while it told this one
                    return

    async def _page(self) -> AsyncGenerator[LogEntry, None]:
        feed = self._feed
        entries = await self._pipelines.read_log(
            self._caller, feed.run, self.position, replace(EVERYTHING, since=self._wanted.since), ENTRIES_AT_ONCE
        )
        for entry in entries:
            self.position = self.position.after(entry)
            yield entry
        if len(entries) < ENTRIES_AT_ONCE:
            # What a filter left out lies before the ring and is not wanted.
            seen = {writer: max(number, self.position.seen.get(writer, 0)) for writer, number in feed.begins.items()}
            self.position = replace(self.position, seen={**self.position.seen, **seen})

    def _far_behind(self) -> Gap | None:
        """Gives up what lies between the position and the ring, when the follower reads too slowly to catch up."""
        feed, seen = self._feed, self.position.seen
        if not feed.entries or feed.entries[-1].time - feed.entries[0].time > FAR_BEHIND:
            return None
        left_out = sum(max(0, number - seen.get(writer, 0)) for writer, number in feed.begins.items())
        gap = Gap(left_out, self.position)
        begins = {writer: max(number, seen.get(writer, 0)) for writer, number in feed.begins.items()}
        self.position = replace(self.position, seen={**seen, **begins})
        return gap


def _is_line(entry: Run | LogEntry, wanted: LogFilter) -> bool:
    return isinstance(entry, LogEntry) and entry.kind is EntryKind.LINE and wanted.admits(entry)


def _start(run: Run, tail: Tail) -> Position:
    if tail.after is not None and tail.after.run_id != run.id:
        raise InvalidCursor
    return tail.after or Position(run.id)
