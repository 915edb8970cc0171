"""What is done behind what is taken in: telling of runs, roll-ups, realtime views, unfinished batches, old entries.

Of all API servers one does it; another one takes over within seconds when that one has died.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import structlog

from server.analytics.model import Batch, Kind
from server.analytics.ports import AnalyticsStore, Rows, Store
from server.analytics.projector import Projector
from server.analytics.view_model import RealtimeView
from server.config.live import LiveConfig
from server.config.model import MetricsConfig
from server.errors import Failure, Unavailable
from server.leases import Lease
from server.pipelines.ports import Signals
from server.scope import PLATFORM, Scope
from server.storage.ingest import BATCHES_CHANNEL

log = structlog.get_logger("analytics")

LEASE = "analytics upkeep"
MAINTENANCE = "analytics maintenance"
"""Held by commands that want the store for themselves."""
LEASE_LENGTH = timedelta(seconds=8)
LOOK_SECONDS = 2.0
PAUSE_SECONDS = 0.1
MOST_BATCHES = 500
MOST_VIEWS = 100
STALE = timedelta(minutes=5)
KEPT = timedelta(days=7)
SWEEP_SECONDS = 60.0
KEEP_SECONDS = 10.0
SEARCH_SECONDS = 3600.0


class Upkeep:
    """The loop of one API server."""

    def __init__(
        self, store: Store, analytics: AnalyticsStore, signals: Signals, projector: Projector, config: LiveConfig
    ) -> None:
        self._store = store
        self._projector = projector
        self._analytics = analytics
        self._signals = signals
        self._config = config
        self._lease = Lease(store, LEASE, LEASE_LENGTH)
        self._keeps: MetricsConfig | None = None
        self._keeps_since = 0.0
        self._deleted: set[UUID] = set()

    async def run(self) -> None:
        """Goes on until it is cancelled, or the process is about to end."""
        loop = asyncio.get_running_loop()
        swept, searched = loop.time(), -SEARCH_SECONDS
        try:
            async with self._signals.subscribe(BATCHES_CHANNEL) as news:
                while True:
                    busy = False
                    try:
                        if await self._hold():
                            await self.keep()
                            busy = await self._tell() | await self.apply_views() | await self.gather()
                            busy |= await self.drop_next()
                            if loop.time() - swept > SWEEP_SECONDS:
                                swept = loop.time()
                                await self.sweep(STALE)
                                await self.drop_views()
                                await self._projector.tell_lags()
                                thoroughly = swept - searched > SEARCH_SECONDS
                                await self.find_deleted(thoroughly=thoroughly)
                                searched = swept if thoroughly else searched
                    except Failure as failure:
                        log.warning("upkeep_waits", reason=failure.reason)
                    except Exception:
                        # A bug in one round must not end all others.
                        log.exception("upkeep_failed")
                    await asyncio.sleep(0 if busy else PAUSE_SECONDS)
                    await news(0 if busy else LOOK_SECONDS)
        except Unavailable:
            await self._lease.release()

    async def keep(self) -> None:
        """Has what is older than it may become removed, also of tables that have been made anew since the last time."""
        wanted, at = self._config.metrics, asyncio.get_running_loop().time()
        if wanted == self._keeps and at - self._keeps_since < KEEP_SECONDS:
            return
        await self._analytics.keep(wanted.events_kept, wanted.points_kept, wanted.tables)
        self._keeps, self._keeps_since = wanted, at

    async def _tell(self) -> bool:
        # What is not told of runs while it is not wanted is told when it is again: PostgreSQL still knows it.
        return self._config.metrics.enabled and await self._projector.project()

    async def gather(self) -> bool:
        """Brings a group of batches into the roll-ups; whether there was one."""
        async with self._store.begin(Scope.everything()) as tx:
            found = await tx.ingest.to_gather(MOST_BATCHES)
        if found is None:
            return False
        group, batches = found
        await (await self._analytics.metrics()).gather(group, batches)
        async with self._store.begin(Scope.everything()) as tx:
            await tx.ingest.gathered(group)
        return True

    async def apply_views(self) -> bool:
        """Brings views to where their sources are; whether there was one to bring."""
        async with self._store.begin(Scope.everything()) as tx:
            behind = await tx.views.behind(MOST_VIEWS)
        brought = [await self._tried(view) for view in behind]
        return any(brought)

    async def sweep(self, age: timedelta) -> None:
        """Ends what was begun and not finished: what is whole in the store counts, what is not there is removed."""
        async with self._store.begin(Scope.everything()) as tx:
            stale = await tx.ingest.stale(age, MOST_BATCHES)
        for batch in stale:
            await self._settle(batch)
        async with self._store.begin(Scope.everything()) as tx:
            await tx.ingest.prune(KEPT)

    async def _tried(self, view: RealtimeView) -> bool:
        try:
            if view.applied is None:
                await self._begin(view)
            else:
                await self._bring(view, view.applied)
        except Failure:
            raise
        except Exception:
            # A view that can't be kept must not keep all others from going on.
            log.exception("view_not_kept", view=str(view.id), organization=str(view.organization_id))
            return False
        return True

    async def _begin(self, view: RealtimeView) -> None:
        async with self._store.begin(Scope.everything()) as tx:
            generation = await tx.views.begin_again(view)
            head, last, reserved = await tx.ingest.snapshot(view.organization_id, view.shows.kind)
        if generation is not None:
            await (await self._analytics.views()).begin(view, generation, head, last, reserved)
            async with self._store.begin(Scope.everything()) as tx:
                await tx.views.advance(view.id, generation, head)

    async def _bring(self, view: RealtimeView, applied: int) -> None:
        kind = view.shows.kind
        async with self._store.begin(Scope.everything()) as tx:
            version = await tx.views.freeze(view, await tx.ingest.head(view.organization_id, kind))
            if version is None:
                return
            batches = await tx.ingest.between(view.organization_id, kind, applied, version)
        if batches:
            await (await self._analytics.views()).add(view, version, batches)
        async with self._store.begin(Scope.everything()) as tx:
            await tx.views.advance(view.id, view.generation, version)

    async def find_deleted(self, *, thoroughly: bool) -> None:
        """Finds deleted organizations that have left something; thoroughly: those without a database, too.

        The store is looked at first: whoever is new in it by then is known to PostgreSQL.
        """
        owners = await self._analytics.owners(of_rows=thoroughly) - {PLATFORM}
        async with self._store.begin(Scope.everything()) as tx:
            self._deleted |= owners - await tx.organizations.among(owners)

    async def drop_next(self) -> bool:
        """Removes what one deleted organization has left; whether there was one.

        One a round: it takes seconds, in which nothing else is kept, and the process may be about to end.
        """
        if not self._deleted:
            return False
        organization_id = next(iter(self._deleted))
        await self._analytics.drop_organization(organization_id)
        self._deleted.discard(organization_id)
        log.info("organization_dropped", organization=str(organization_id))
        return True

    async def drop_views(self) -> None:
        """Removes the states of views that were deleted, or with their organizations, and of earlier generations.

        The store is looked at first: a generation is known to PostgreSQL before it has states.
        """
        states = await self._analytics.views()
        there = await states.states()
        async with self._store.begin(Scope.everything()) as tx:
            generations = await tx.views.generations({view_id for view_id, _ in there})
        for view_id, generation in there:
            if generation != generations.get(view_id):
                await states.drop(view_id, generation)

    async def _settle(self, batch: Batch) -> None:
        table: Rows = await (self._analytics.events() if batch.kind is Kind.EVENTS else self._analytics.metrics())
        async with self._store.begin(Scope.everything()) as tx:
            if not await tx.ingest.lock_stale(batch):
                return
            # Nobody has heard that any of it is durable, and so it may go; whoever sends it again brings all of it.
            if await table.count(batch.organization_id, batch.id):
                await table.forget(batch.organization_id, batch.id)
            await tx.ingest.forget(batch)
        log.info("batch_forgotten", batch=batch.id, organization=str(batch.organization_id))

    async def _hold(self) -> bool:
        async with self._store.begin(Scope.everything()) as tx:
            if await tx.leases.held(MAINTENANCE):
                await self._lease.leave(tx)
                return False
            return await self._lease.hold(tx)
