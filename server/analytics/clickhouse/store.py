"""The analytics store on ClickHouse: one room for its parts, and their common life."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from server.analytics.clickhouse.backups import Backups
from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.databases import Databases
from server.analytics.clickhouse.events import EventTable
from server.analytics.clickhouse.metrics import MetricTables
from server.analytics.clickhouse.schema import Flavour, Schema
from server.analytics.clickhouse.sources import moved
from server.analytics.clickhouse.tables import LandedTables
from server.analytics.clickhouse.views import ViewTables
from server.analytics.errors import BackupFailed
from server.data_sources.model import Moved


class ClickhouseStore:
    """Events and metrics. Its tables are made when it is first reached, where it may make them."""

    def __init__(self, url: str, *, cluster: str = "", migrate: bool = True, kept: timedelta | None = None) -> None:
        self._url = url
        self.kept = kept
        self.client = Clickhouse(url)
        flavour = Flavour(cluster)
        self._schema = Schema(self.client, flavour)
        self._databases = Databases(self.client, flavour)
        self._migrate = migrate
        self._ready = False
        self._preparing = asyncio.Lock()
        self._events = EventTable(self.client)
        self._metrics = MetricTables(self.client)
        self._views = ViewTables(self.client, self._schema.flavour)
        self._tables = LandedTables(self.client)

    async def events(self) -> EventTable:
        """The events; raises StoreUnavailable."""
        await self.prepare()
        return self._events

    async def metrics(self) -> MetricTables:
        """The metrics; raises StoreUnavailable."""
        await self.prepare()
        return self._metrics

    async def views(self) -> ViewTables:
        """The states of realtime views; raises StoreUnavailable."""
        await self.prepare()
        return self._views

    async def moved(self, organization_id: UUID, source_id: UUID, start: datetime, end: datetime) -> Moved:
        """What runs that ended in a span moved from and into a data source; raises StoreUnavailable."""
        await self.prepare()
        return await moved(self.client, organization_id, source_id, start, end)

    async def tables(self) -> LandedTables:
        """The tables that can be asked; raises StoreUnavailable."""
        await self.prepare()
        return self._tables

    async def prepare(self) -> None:
        """Makes the tables that are missing, once; raises StoreUnavailable."""
        async with self._preparing:
            if not self._ready and self._migrate:
                await self._schema.upgrade()
                await self._schema.keep(self.kept)
            self._ready = True

    async def ping(self) -> None:
        """Returns when the engine answers; raises StoreUnavailable."""
        await self.client.rows("SELECT 1")

    async def owners(self, *, of_rows: bool) -> set[UUID]:
        """The organizations that have a database here; with those that have events or metrics, which takes a while."""
        await self.prepare()
        found = await self._databases.organizations()
        if of_rows:
            found |= await self._events.owners() | await self._metrics.owners()
        return found

    async def backup(self, name: str) -> None:
        """Makes a backup; raises BackupFailed, StoreUnavailable."""
        await self._with_backups(lambda backups, organizations: backups.make(name, organizations))

    async def restore(self, name: str) -> None:
        """Puts a backup in the place of what there is; raises BackupFailed, StoreUnavailable."""
        await self._with_backups(lambda backups, organizations: backups.restore(name, organizations))
        self._ready = False  # the backup may have older tables
        await self.prepare()

    async def _with_backups(self, work: Callable[[Backups, set[UUID]], Awaitable[None]]) -> None:
        if self._schema.flavour.cluster:
            raise BackupFailed("Of a cluster make backups by BACKUP ... ON CLUSTER to storage that all servers reach.")
        organizations = await self.owners(of_rows=False)
        backups = Backups(self._url)
        try:
            await work(backups, organizations)
        finally:
            await backups.close()

    async def drop_organization(self, organization_id: UUID) -> None:
        """Removes all that an organization has."""
        await self.prepare()
        await self._events.drop(organization_id)
        await self._metrics.drop(organization_id)
        await self._databases.drop(organization_id)

    async def close(self) -> None:
        """Ends the connections."""
        await self.client.close()
