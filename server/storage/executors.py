"""Worker processes and their heartbeats, by the database's clock."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.storage.tables import executors

_PENDING = text(
    "SELECT DISTINCT executor_id FROM dbos.workflow_status"
    " WHERE status = 'PENDING' AND executor_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM executors WHERE id = executor_id)"
)


class ExecutorRows:
    """Which worker processes live."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def beat(self, executor_id: str, host: str) -> None:
        """Says that a worker lives."""
        values = {"id": executor_id, "seen_at": func.now(), "host": host}
        statement = insert(executors).values(**values)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_={"seen_at": func.now()})
        )

    async def leave(self, executor_id: str) -> None:
        """Says that a worker has ended."""
        await self._connection.execute(delete(executors).where(executors.c.id == executor_id))

    async def lock_dead(self, silent: timedelta) -> list[str]:
        """The workers that have been silent for too long, locked until the transaction's end; nobody else gets them."""
        statement = (
            select(executors.c.id).where(executors.c.seen_at < func.now() - silent).with_for_update(skip_locked=True)
        )
        return list((await self._connection.scalars(statement)).all())

    async def unknown_with_work(self) -> list[str]:
        """Workers that have ended or were forgotten, with work still in their name."""
        return list((await self._connection.scalars(_PENDING)).all())
