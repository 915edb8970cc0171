"""What operators do with the analytics store: backups, and making anew what PostgreSQL knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from server.analytics.clickhouse.store import ClickhouseStore
from server.analytics.projector import Projector
from server.analytics.run_facts import EVENTS_OF_ATTEMPTS, EVENTS_OF_RUNS, POINTS_OF_RUNS
from server.analytics.upkeep import LEASE, LEASE_LENGTH, MAINTENANCE
from server.audit.telling import EVENTS_OF_AUDIT, READER
from server.leases import Lease
from server.scope import Scope
from server.storage.store import Store

log = structlog.get_logger("analytics")

WAIT_SECONDS = 0.5
SERVERS_SECONDS = 120.0


class Busy(Exception):  # noqa: N818 - told to who runs the command
    """Another command does something with the store."""


class Maintenance:
    """Meanwhile no server looks after the store; batches are taken in all the same."""

    def __init__(self, store: Store, analytics: ClickhouseStore, projector: Projector) -> None:
        self._store = store
        self._analytics = analytics
        self._projector = projector

    async def backup(self, name: str) -> None:
        """Makes a backup of all databases; raises BackupFailed."""
        async with self._alone():
            await self._analytics.backup(name)

    async def restore(self, name: str) -> None:
        """Puts a backup in the place of what there is, and makes anew what follows from it; raises BackupFailed."""
        async with self._alone():
            await self._analytics.restore(name)
            await self._rebuild()

    async def rebuild(self) -> None:
        """Tells anew what PostgreSQL knows; roll-ups and realtime views are made of what is there."""
        async with self._alone():
            await self._rebuild()

    async def _rebuild(self) -> None:
        metrics = await self._analytics.metrics()
        await (await self._analytics.events()).forget_kinds([EVENTS_OF_RUNS, EVENTS_OF_ATTEMPTS, EVENTS_OF_AUDIT])
        await metrics.forget_names(POINTS_OF_RUNS)
        async with self._store.begin(Scope.everything()) as tx:
            runs = await tx.projections.again()
            await tx.audit.read(READER, 0)
            ungathered = await tx.ingest.ungathered()
            await tx.views.all_again()
        await metrics.gather_anew(ungathered)
        log.info("telling_runs", runs=runs)
        while await self._projector.project():
            pass
        async with self._store.begin(Scope.everything()) as tx:
            await tx.ingest.tell()

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        lease = Lease(self._store, MAINTENANCE, LEASE_LENGTH)
        if not await lease.renew():
            raise Busy("Another maintenance command is under way.")
        keeping = asyncio.create_task(_keep(lease))
        try:
            await self._left_by_servers()
            yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
            await lease.release()

    async def _left_by_servers(self) -> None:
        """Waits until the server that looks after the store has seen that it is not to."""
        async with self._store.begin(Scope.everything()) as tx:
            await tx.ingest.tell()
        async with asyncio.timeout(SERVERS_SECONDS):
            while await self._is_looked_after():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(WAIT_SECONDS)

    async def _is_looked_after(self) -> bool:
        async with self._store.begin(Scope.everything()) as tx:
            return await tx.leases.held(LEASE)


async def _keep(lease: Lease) -> None:
    while True:
        await asyncio.sleep(WAIT_SECONDS)
        await lease.renew()
