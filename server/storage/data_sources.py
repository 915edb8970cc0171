"""Data sources and the organizations' data keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.data_sources.model import DataSource, Moved
from server.paging import Page, PageRequest
from server.storage.rows import Rows
from server.storage.tables import data_sources, organization_keys, pipelines, runs


class DataSourceRows(Rows[DataSource]):
    """Data sources."""

    table, model, resource = data_sources, DataSource, "data source"
    unique: ClassVar[Mapping[str, str]] = {"uq_data_sources_organization_id_name": "name"}

    async def page_of(self, organization_id: UUID, connector: str, request: PageRequest) -> Page[DataSource]:
        """An organization's data sources, newest first; of one connector unless that is empty."""
        where = [data_sources.c.organization_id == organization_id]
        if connector:
            where.append(data_sources.c.connector == connector)
        return await self.page(request, *where)

    async def note_check(self, key: UUID, *, healthy: bool) -> None:
        """Notes what a check found; no change of the version."""
        await self._connection.execute(
            update(data_sources)
            .where(data_sources.c.id == key, self.visible())
            .values(healthy=healthy, checked_at=func.now())
        )

    async def pipelines(self, key: UUID) -> int:
        """How many pipelines name a data source."""
        counted = select(func.count()).select_from(pipelines).where(_names(key))
        return int(await self._connection.scalar(counted) or 0)

    async def moved(self, key: UUID, start: datetime, end: datetime) -> Moved:
        """What runs that ended in a span moved from and into a data source."""
        reads, writes = pipelines.c.source_id == key, pipelines.c.destination_id == key
        ended = (runs.c.ended_at >= start, runs.c.ended_at < end)
        statement = (
            select(
                func.count(),
                func.count().filter(runs.c.state == "succeeded"),
                func.count().filter(runs.c.state == "failed"),
                func.coalesce(func.sum(runs.c.rows_read).filter(reads), 0),
                func.coalesce(func.sum(runs.c.bytes_read).filter(reads), 0),
                func.coalesce(func.sum(runs.c.rows_committed).filter(writes), 0),
                func.max(runs.c.ended_at).filter(runs.c.state == "succeeded"),
            )
            .join(pipelines, pipelines.c.id == runs.c.pipeline_id)
            .where(_names(key), *ended)
        )
        *numbers, last_success = (await self._connection.execute(statement)).one()
        total, succeeded, failed, rows_read, bytes_read, rows_committed = map(int, numbers)
        return Moved(total, succeeded, failed, rows_read, bytes_read, rows_committed, last_success)


def _names(key: UUID) -> ColumnElement[bool]:
    return or_(pipelines.c.source_id == key, pipelines.c.destination_id == key)


class OrganizationKeyRows:
    """The wrapped data keys of organizations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, organization_id: UUID) -> bytes | None:
        """The wrapped key, if there is one."""
        keys = organization_keys.c
        found: bytes | None = await self._connection.scalar(
            select(keys.wrapped_key).where(keys.organization_id == organization_id)
        )
        return found

    async def insert(self, organization_id: UUID, master_key_id: str, wrapped_key: bytes) -> bytes:
        """Adds a wrapped key, unless another transaction did; returns the one that counts."""
        values = {"organization_id": organization_id, "master_key_id": master_key_id, "wrapped_key": wrapped_key}
        await self._connection.execute(insert(organization_keys).values(**values).on_conflict_do_nothing())
        return await self.find(organization_id) or wrapped_key
