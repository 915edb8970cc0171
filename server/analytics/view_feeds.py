"""What one process knows of the views that are watched: each view's content, read once for everybody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakValueDictionary

import structlog

from server.analytics.clickhouse.views import columns_of
from server.analytics.errors import QueryTooLarge, QueryTooSlow, ViewBroken
from server.analytics.landed_views import LandedViews
from server.analytics.ports import AnalyticsStore, Store
from server.analytics.view_model import Content, Key, RealtimeView, ViewRow
from server.analytics.views import ViewsService
from server.auth.permissions import Caller
from server.clock import now
from server.errors import Failure, NotFound, Unavailable
from server.live import Alive, Authority, News, Pace, Resume, as_member
from server.pipelines.ports import Signals
from server.scope import Scope

log = structlog.get_logger("views")

LOOK_SECONDS = 2.0
# What begins has that long before it is told as empty.
BEGIN_SECONDS = 3.0
COALESCE_SECONDS = 0.05
REST = 3
"""By how much a view's pause is longer than its last reading took."""
KEPT_DELTAS = 200


@dataclass(frozen=True)
class Mark:
    """Where a watcher of a view stands: its generation, the version of its content, and the cutoff of its window."""

    view_id: UUID
    generation: int
    version: int
    cutoff: int = 0


@dataclass(frozen=True)
class Snapshot:
    """The whole view."""

    content: Content


@dataclass(frozen=True)
class Delta:
    """Rows that are new or changed, and groups that are gone."""

    content: Content
    changed: Sequence[ViewRow]
    gone: Sequence[Key] = ()


ViewEvent = Snapshot | Delta | Alive | Resume


@dataclass(frozen=True)
class Change:
    """A difference, with where those stand who have not seen it, and those who have."""

    before: Mark
    after: Mark
    delta: Delta


@dataclass
class ViewFeed:
    """A view's content, and how it changed lately; whoever watches it goes through the changes by index."""

    view: RealtimeView
    content: Content
    changes: list[Change] = field(default_factory=list)
    first: int = 0
    followers: int = 0
    closing: bool = False
    failure: Failure | None = None
    news: News = field(default_factory=News)

    @property
    def end(self) -> int:
        """The index after the newest change."""
        return self.first + len(self.changes)

    @property
    def mark(self) -> Mark:
        """Where whoever has seen everything stands."""
        return _mark(self.view, self.content)

    def take(self, view: RealtimeView, content: Content) -> None:
        """Takes a content that was just read, and tells what has changed."""
        stood = self.mark
        before, self.view = self.view, view
        old, self.content = self.content, content
        again = before.generation != view.generation or before.definition != view.definition
        if again or old.columns != content.columns:
            # Nothing that was said of the one before holds: everybody begins again.
            self.first, self.changes = self.end + 1, []
            self.news.tell()
            return
        changed = [row for key, row in content.rows.items() if old.rows.get(key) != row]
        gone = [key for key in old.rows if key not in content.rows]
        if not changed and not gone:
            return
        self.changes.append(Change(stood, self.mark, Delta(content, changed, gone)))
        if len(self.changes) > KEPT_DELTAS:
            self.first += len(self.changes) - KEPT_DELTAS
            del self.changes[:-KEPT_DELTAS]
        self.news.tell()

    def since(self, mark: Mark) -> Delta | None:
        """What has changed since a watcher's mark; None where that can't be told."""
        here = self.mark
        if self.view.shows.landed:
            return self._since(mark)
        same = (mark.view_id, mark.generation) == (here.view_id, here.generation)
        if not same or mark.version > here.version or mark.cutoff != here.cutoff:
            return None
        return Delta(self.content, [row for row in self.content.rows.values() if row.version > mark.version])

    def _since(self, mark: Mark) -> Delta | None:
        """What has changed in a content without an order of versions: by the changes that are still known."""
        if mark == self.mark:
            return Delta(self.content, [])
        stood = [change.before for change in self.changes]
        if mark not in stood:
            return None
        touched: dict[Key, None] = {}
        for change in self.changes[stood.index(mark) :]:
            touched |= dict.fromkeys(row.values[: self.content.keys] for row in change.delta.changed)
            touched |= dict.fromkeys(change.delta.gone)
        rows = self.content.rows
        return Delta(
            self.content, [rows[key] for key in touched if key in rows], [key for key in touched if key not in rows]
        )

    def close(self, failure: Failure | None = None) -> None:
        """Ends everybody's watching, with what has failed or with a word to resume."""
        self.closing, self.failure = True, failure
        self.news.tell()


class ViewWatcher:
    """Tells what is in views, as it changes."""

    def __init__(
        self,
        views: ViewsService,
        landed: LandedViews,
        store: Store,
        analytics: AnalyticsStore | None,
        signals: Signals,
        authority: Authority,
    ) -> None:
        self._views = views
        self._landed = landed
        self._store = store
        self._analytics = analytics
        self._signals = signals
        self._authority = authority
        self._feeds: dict[UUID, ViewFeed] = {}
        self._keeping: dict[UUID, asyncio.Task[None]] = {}
        self._opening: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def get(self, caller: Caller, requested: UUID | None, name: str) -> Content:
        """A view's content now."""
        view = await self._views.found(caller, requested, name)
        async with self._signals.subscribe(str(view.id)) as news:
            deadline = time.monotonic() + BEGIN_SECONDS
            while view.applied is None and not view.shows.landed and (left := deadline - time.monotonic()) > 0:
                await news(left)
                view = await self._views.found(caller, requested, name)
        return await self._read(view)

    async def watch(
        self, caller: Caller, requested: UUID | None, name: str, after: Mark | None
    ) -> AsyncGenerator[tuple[Mark, ViewEvent], None]:
        """A view's content, then what changes in it; after a mark only what has changed since, where that is known.

        Raises:
            NotFound: there is none, or no more.
            QueryTooLarge: it has more rows than a view may have.
            QueryTooSlow, ViewBroken: it is over a landed table and can't be told.
        """
        view = await self._views.found(caller, requested, name)
        async with self._feed(view) as feed:
            index = -1
            pace = Pace(caller, as_member(self._authority, view.organization_id))
            while True:
                if feed.closing:
                    if feed.failure:
                        raise feed.failure
                    yield feed.mark, Resume()
                    return
                if index < feed.first:
                    missed = feed.since(after) if after else None
                    index, after = feed.end, None
                    pace.tell()
                    if missed is None:
                        yield feed.mark, Snapshot(feed.content)
                    elif missed.changed or missed.gone:
                        yield feed.mark, missed
                    continue
                if index < feed.end:
                    change = feed.changes[index - feed.first]
                    index += 1
                    pace.tell()
                    yield change.after, change.delta
                    continue
                if alive := await pace.beat():
                    yield feed.mark, alive
                if index == feed.end and not feed.closing:
                    await pace.rest(feed.news.wait)

    @asynccontextmanager
    async def _feed(self, view: RealtimeView) -> AsyncIterator[ViewFeed]:
        async with self._opening.setdefault(view.id, asyncio.Lock()):
            feed = self._feeds.get(view.id)
            if feed is None or feed.closing:
                feed = ViewFeed(view, await self._read(view))
                self._feeds[view.id] = feed
                self._keeping[view.id] = asyncio.create_task(self._keep(feed))
            feed.followers += 1
        try:
            yield feed
        finally:
            feed.followers -= 1
            if not feed.followers and self._feeds.get(view.id) is feed:
                del self._feeds[view.id]
                self._keeping.pop(view.id).cancel()

    async def _keep(self, feed: ViewFeed) -> None:
        try:
            async with self._signals.subscribe(str(feed.view.id)) as news:
                while True:
                    began = time.monotonic()
                    try:
                        async with self._store.begin(Scope.everything()) as tx:
                            view = await tx.views.find(feed.view.id)
                        if view is None:
                            feed.close(NotFound("realtime view", feed.view.name))
                            return
                        # What has not begun yet goes on showing what it was.
                        if view.applied is not None or view.shows.landed:
                            known = feed.content if view.definition == feed.view.definition else None
                            feed.take(view, await self._read(view, known))
                    except (QueryTooLarge, QueryTooSlow, ViewBroken) as failure:
                        # It has become what can't be told: nobody must take the last content for the newest.
                        feed.close(failure)
                        return
                    except Failure as failure:
                        log.warning("view_not_read", view=str(feed.view.id), reason=failure.reason)
                    except Exception:
                        # A bug in one round must not leave all who watch without news.
                        log.exception("view_not_read", view=str(feed.view.id))
                    # What takes long is asked for less often.
                    await asyncio.sleep(max(COALESCE_SECONDS, REST * (time.monotonic() - began)))
                    # A window moves on by itself.
                    await news(LOOK_SECONDS)
        except Unavailable:
            feed.close()

    async def _read(self, view: RealtimeView, known: Content | None = None) -> Content:
        assert self._analytics
        shows = view.shows
        if shows.landed:
            return await self._landed.content(view, now(), known)
        if view.applied is None:
            return Content(columns_of(shows), len(shows.group_by) + bool(shows.interval))
        return await (await self._analytics.views()).content(view, now())


def _mark(view: RealtimeView, content: Content) -> Mark:
    shows = view.shows
    cutoff = 0
    if shows.interval and shows.window and content.watermark and not shows.landed:
        seconds = shows.interval.total_seconds()
        cutoff = int((content.watermark - shows.window).timestamp() // seconds * seconds)
    return Mark(view.id, view.generation, content.version, cutoff)
