"""Following an organization's pipelines: a snapshot, then each change, in the order in which they were committed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

import structlog

from server.auth.permissions import Caller
from server.errors import Failure, InvalidCursor, Unavailable
from server.live import Alive, Authority, News, Pace, Resume, as_member
from server.paging import PageRequest
from server.pipelines.model import Pipeline, Run
from server.pipelines.ports import Signals, Store, Transaction
from server.scope import Scope

log = structlog.get_logger("overview")

PIPELINES_AT_ONCE = 200
COALESCE_SECONDS = 0.25
LOOK_SECONDS = 5.0


@dataclass(frozen=True)
class Place:
    """What a watcher of an organization has seen: changes up to a number, and in a snapshot the last pipeline told.

    ``snapshot_after`` is None once the snapshot is complete, and empty before its first pipeline.
    """

    organization_id: UUID
    number: int
    snapshot_after: str | None = None


@dataclass(frozen=True)
class Changed:
    """A pipeline with its newest run as it is now; None: it was deleted."""

    number: int
    pipeline_id: UUID
    pipeline: Pipeline | None
    run: Run | None = None


@dataclass(frozen=True)
class SnapshotComplete:
    """Every pipeline was told once."""

    pipelines: int


OverviewEvent = Changed | SnapshotComplete | Alive | Resume


@dataclass
class _Feed:
    """The newest state of each pipeline that has changed since the feed was opened at number ``begins``."""

    organization_id: UUID
    begins: int
    number: int
    changed: dict[UUID, Changed] = field(default_factory=dict)
    followers: int = 0
    closing: bool = False
    news: News = field(default_factory=News)

    def after(self, number: int) -> list[Changed]:
        """The changes after a number, in order."""
        newer = (change for change in self.changed.values() if change.number > number)
        return sorted(newer, key=lambda change: change.number)

    async def refresh(self, store: Store) -> None:
        """Reads what has changed."""
        async with store.begin(Scope.of(self.organization_id)) as tx:
            while fresh := await changes_after(tx, self.organization_id, self.number):
                self.changed |= {change.pipeline_id: change for change in fresh}
                self.number = fresh[-1].number
                self.news.tell()


class PipelinesWatcher:
    """Tells what happens to an organization's pipelines. All who follow one organization share what is read."""

    def __init__(self, store: Store, signals: Signals, authority: Authority) -> None:
        self._store = store
        self._signals = signals
        self._authority = authority
        self._feeds: dict[UUID, tuple[_Feed, asyncio.Task[None]]] = {}
        self._opening = asyncio.Lock()

    async def watch(
        self, caller: Caller, organization: UUID | None, after: Place | None
    ) -> AsyncGenerator[tuple[Place, OverviewEvent], None]:
        """A snapshot, unless ``after`` has it already, then changes.

        Raises:
            InvalidCursor: ``after`` is of another organization.
        """
        organization_id = caller.organization(organization)
        if after is not None and after.organization_id != organization_id:
            raise InvalidCursor
        async with self._feed_of(organization_id) as feed:
            # Changes from before the snapshot's first page are in it; later ones are told after it.
            place = after or Place(organization_id, feed.number, "")
            if place.snapshot_after is not None:
                snapshot = self._snapshot(caller, place)
                async with aclosing(snapshot):
                    async for place, event in snapshot:
                        yield place, event
            pace = Pace(caller, as_member(self._authority, organization_id))
            while True:
                for change in await self._news_for(feed, place):
                    place = replace(place, number=change.number)
                    pace.tell()
                    yield place, change
                if feed.closing:
                    yield place, Resume()
                    return
                if alive := await pace.beat():
                    yield place, alive
                if feed.number <= place.number:
                    await pace.rest(feed.news.wait)

    async def _news_for(self, feed: _Feed, place: Place) -> list[Changed]:
        if place.number >= feed.begins:
            return feed.after(place.number)
        async with self._store.begin(Scope.of(place.organization_id)) as tx:
            return await changes_after(tx, place.organization_id, place.number)

    async def _snapshot(
        self, caller: Caller, place: Place
    ) -> AsyncGenerator[tuple[Place, Changed | SnapshotComplete], None]:
        count = 0
        after = place.snapshot_after
        while after is not None:
            async with self._store.begin(caller.scope) as tx:
                page = await tx.pipelines.page_of(place.organization_id, PageRequest(PIPELINES_AT_ONCE, after))
                newest = await tx.runs.newest([pipeline.id for pipeline in page.items])
            for pipeline in page.items:
                count += 1
                told = replace(place, snapshot_after=str(pipeline.id))
                yield told, Changed(place.number, pipeline.id, pipeline, newest.get(pipeline.id))
            after = page.next_key
        yield replace(place, snapshot_after=None), SnapshotComplete(count)

    @asynccontextmanager
    async def _feed_of(self, organization_id: UUID) -> AsyncIterator[_Feed]:
        async with self._opening:
            if organization_id not in self._feeds:
                async with self._store.begin(Scope.of(organization_id)) as tx:
                    number = await tx.changes.newest(organization_id)
                opened = _Feed(organization_id, number, number)
                self._feeds[organization_id] = opened, asyncio.create_task(self._keep(opened))
            feed, keeping = self._feeds[organization_id]
            feed.followers += 1
        try:
            yield feed
        finally:
            feed.followers -= 1
            if not feed.followers:
                del self._feeds[organization_id]
                keeping.cancel()

    async def _keep(self, feed: _Feed) -> None:
        try:
            async with self._signals.subscribe(str(feed.organization_id)) as news:
                while True:
                    try:
                        await feed.refresh(self._store)
                    except Failure as failure:
                        log.warning("feed_not_read", organization=str(feed.organization_id), reason=failure.reason)
                    # What changes several times in a moment is told once.
                    await asyncio.sleep(COALESCE_SECONDS)
                    await news(LOOK_SECONDS)
        except Unavailable:
            feed.closing = True
            feed.news.tell()


async def changes_after(tx: Transaction, organization_id: UUID, number: int) -> list[Changed]:
    """The next changes after a number, each with the pipeline as it is now."""
    changes = await tx.changes.after(organization_id, number, PIPELINES_AT_ONCE)
    ids = [change.pipeline_id for change in changes if not change.deleted]
    pipelines = {pipeline.id: pipeline for pipeline in await tx.pipelines.of_ids(ids)}
    runs = await tx.runs.newest(list(pipelines))
    return [
        Changed(change.number, change.pipeline_id, pipelines.get(change.pipeline_id), runs.get(change.pipeline_id))
        for change in changes
    ]
