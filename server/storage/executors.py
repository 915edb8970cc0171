"""Worker processes and their heartbeats, by the database's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.storage.tables import executors

# A database that has just come back has heard from nobody: then everyone gets the time to beat again.
_GONE = text("""
    WITH silent AS (
        SELECT id FROM executors
         WHERE seen_at < now() - CAST(:silent AS interval)
           AND pg_postmaster_start_time() < now() - CAST(:silent AS interval)
           FOR UPDATE SKIP LOCKED)
    SELECT id FROM silent
     UNION
    SELECT executor_id FROM runs
     WHERE state IN ('running', 'stopping') AND NOT EXISTS (SELECT FROM executors WHERE id = executor_id)
     UNION
    SELECT executor_id FROM run_partitions
     WHERE state = 'running' AND NOT EXISTS (SELECT FROM executors WHERE id = executor_id)""")


class ExecutorRows:
    """Which worker processes live."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def beat(self, executor_id: str, host: str, version: str, carried: int, concurrency: int) -> None:
        """Says that a worker lives, what it carries and how much it may."""
        now = {"seen_at": func.now(), "carried": carried, "concurrency": concurrency}
        statement = insert(executors).values(id=executor_id, host=host, version=version, **now)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=now))

    async def not_wait(self) -> None:
        """Lets this transaction give up rather than wait long for a lock: who waits can't beat."""
        await self._connection.execute(text("SET LOCAL lock_timeout = '1s'"))

    async def leave(self, executor_ids: Sequence[str]) -> None:
        """Says that workers have ended."""
        await self._connection.execute(delete(executors).where(executors.c.id.in_(executor_ids)))

    async def gone(self, silent: timedelta) -> list[str]:
        """The workers that were silent for too long, locked against others, and unknown ones that have work."""
        return sorted((await self._connection.scalars(_GONE, {"silent": silent})).all())
