"""The audit: denials are written here, changes by the triggers of migration 0007; nothing is changed or removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.audit.model import AuditEntry, AuditFilter, Denial
from server.scope import Scope
from server.storage.tables import audit_entries as entries
from server.storage.tables import audit_readers as readers

MOST_UNNUMBERED = 2**62

_COLUMNS = [entries.c[field.name] for field in fields(AuditEntry)]


class AuditRows:
    """Audit entries in a scope."""

    def __init__(self, connection: AsyncConnection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope

    async def deny(self, denials: Sequence[Denial]) -> None:
        """Adds entries of denials, which get their numbers at the commit."""
        values = [{**asdict(denial), "number": -1 - denial.id.int % MOST_UNNUMBERED} for denial in denials]
        await self._connection.execute(insert(entries), values)

    async def head(self) -> int:
        """The newest number: no entry up to it is still to come. 0 where there is none."""
        return int((await self._connection.execute(select(func.audit_head()))).scalar_one())

    async def before(self, wanted: AuditFilter, number: int | None, limit: int) -> list[AuditEntry]:
        """The newest entries, or those before a number, newest first."""
        statement = select(*_COLUMNS).where(*self._where(wanted)).order_by(entries.c.number.desc()).limit(limit)
        if number is not None:
            statement = statement.where(entries.c.number < number)
        return [AuditEntry(**row) for row in (await self._connection.execute(statement)).mappings()]

    async def between(self, wanted: AuditFilter, after: int, last: int, limit: int) -> list[AuditEntry]:
        """The oldest entries with numbers above one, up to another."""
        place = (entries.c.number > after, entries.c.number <= last)
        statement = select(*_COLUMNS).where(*self._where(wanted), *place).order_by(entries.c.number).limit(limit)
        return [AuditEntry(**row) for row in (await self._connection.execute(statement)).mappings()]

    async def read_by(self, reader: str) -> int:
        """The number up to which a part of the platform has read."""
        statement = select(readers.c.number).where(readers.c.name == reader)
        return (await self._connection.execute(statement)).scalar_one_or_none() or 0

    async def read(self, reader: str, number: int) -> None:
        """Says up to which number a part of the platform has read."""
        statement = upsert(readers).values(name=reader, number=number)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"number": number})
        )

    def _where(self, wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
        if not self._scope.platform:
            yield entries.c.organization_id.in_(self._scope.organizations)
        for name in ("organization_id", "user_id", "method", "resource_kind", "resource_id", "result"):
            value: UUID | str | None = getattr(wanted, name)
            if value:
                yield entries.c[name] == value
        if wanted.start:
            yield entries.c.created_at >= wanted.start
        if wanted.end:
            yield entries.c.created_at < wanted.end
