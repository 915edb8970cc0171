"""Leases: of several processes one does something, and another one when that has died. By the database's clock."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.storage.tables import leases


class LeaseRows:
    """Who holds what."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self, name: str, holder: str, length: timedelta) -> bool:
        """Takes a lease that is free, or makes one's own longer; whether it is one's own."""
        until = func.now() + length
        statement = insert(leases).values(name=name, holder=holder, expires_at=until)
        mine_or_free = or_(leases.c.holder == holder, leases.c.expires_at < func.now())
        taken = statement.on_conflict_do_update(
            index_elements=["name"], set_={"holder": holder, "expires_at": until}, where=mine_or_free
        )
        return bool((await self._connection.execute(taken)).rowcount)

    async def held(self, name: str) -> bool:
        """Whether somebody holds a lease."""
        statement = select(leases.c.name).where(leases.c.name == name, leases.c.expires_at >= func.now())
        return await self._connection.scalar(statement) is not None

    async def release(self, name: str, holder: str) -> None:
        """Gives a lease back."""
        await self._connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
