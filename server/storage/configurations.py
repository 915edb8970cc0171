"""The versions of configurations; a version is added and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.config.live import CONFIG_CHANNEL
from server.config.model import ConfigKind, ConfigVersion
from server.errors import InvalidPageToken, NotFound
from server.paging import Page, PageRequest
from server.storage.tables import configurations

_NOTIFY = text("SELECT pg_notify(:channel, '')").bindparams(channel=CONFIG_CHANNEL)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_COLUMNS = [configurations.c[field.name] for field in fields(ConfigVersion)]


class ConfigurationRows:
    """The configurations of the platform and of organizations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest(self, organization_id: UUID, kind: ConfigKind, *, lock: bool = False) -> ConfigVersion | None:
        """The version that holds; with `lock` nobody else adds one until the transaction has ended."""
        if lock:
            await self._connection.execute(_LOCK, {"name": f"configuration {organization_id} {kind}"})
        statement = (
            select(*_COLUMNS)
            .where(configurations.c.organization_id == organization_id, configurations.c.kind == kind)
            .order_by(configurations.c.version.desc())
            .limit(1)
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return ConfigVersion(**row) if row else None

    async def newest_versions(self, kind: ConfigKind) -> Mapping[UUID, int]:
        """The number of the version that holds, by organization."""
        statement = select(configurations.c.organization_id, func.max(configurations.c.version)).where(
            configurations.c.kind == kind
        )
        rows = (await self._connection.execute(statement.group_by(configurations.c.organization_id))).all()
        return {row[0]: int(row[1]) for row in rows}

    async def get(self, organization_id: UUID, kind: ConfigKind, version: int) -> ConfigVersion:
        """A version; raises NotFound."""
        statement = select(*_COLUMNS).where(
            configurations.c.organization_id == organization_id,
            configurations.c.kind == kind,
            configurations.c.version == version,
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFound("version", version)
        return ConfigVersion(**row)

    async def add(self, version: ConfigVersion) -> ConfigVersion:
        """Adds the newest version, and tells every process."""
        values = asdict(version) | {"created_at": func.now()}
        statement = insert(configurations).values(**values).returning(*_COLUMNS)
        row = (await self._connection.execute(statement)).mappings().one()
        await self._connection.execute(_NOTIFY)
        return ConfigVersion(**row)

    async def page(self, organization_id: UUID, kind: ConfigKind, request: PageRequest) -> Page[ConfigVersion]:
        """Versions, newest first; raises InvalidPageToken."""
        statement = (
            select(*_COLUMNS)
            .where(configurations.c.organization_id == organization_id, configurations.c.kind == kind)
            .order_by(configurations.c.version.desc())
            .limit(request.size + 1)
        )
        if request.after:
            if not request.after.isdecimal():
                raise InvalidPageToken
            statement = statement.where(configurations.c.version < int(request.after))
        rows = (await self._connection.execute(statement)).mappings().all()
        items = [ConfigVersion(**row) for row in rows[: request.size]]
        return Page(items, str(items[-1].version) if len(rows) > request.size else None)
