"""What the state of the platform tells of workers, the queue and the last 24 hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.status.model import Facts, Queue, Totals, Worker
from server.storage.tables import executors, pipelines, runs

_QUEUE = text("""
    SELECT count(*) FILTER (WHERE state = 'queued' AND available_at <= now()) AS queued,
           coalesce(now() - min(available_at) FILTER (WHERE state = 'queued' AND available_at <= now()),
                    interval '0') AS oldest_age,
           count(*) FILTER (WHERE state <> 'queued') AS running
      FROM runs WHERE state IN ('queued', 'running', 'stopping')""")
DAY = timedelta(hours=24)


class StatusRows:
    """Counts over all organizations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def facts(self, totals: Totals) -> Facts:
        """Workers and queue as they are now, beside totals that are known already."""
        queue = (await self._connection.execute(_QUEUE)).mappings().one()
        silent = (func.now() - executors.c.seen_at).label("silent")
        columns = [executors.c[name] for name in ("id", "host", "version", "seen_at", "started_at")]
        load = [executors.c.carried, executors.c.concurrency]
        rows = (await self._connection.execute(select(*columns, silent, *load).order_by(executors.c.id))).mappings()
        workers = [Worker(**row) for row in rows]
        return Facts(tuple(sorted(workers, key=lambda worker: -worker.health)), Queue(**queue), totals)

    async def totals(self) -> Totals:
        """What was synchronized in the last 24 hours."""
        sums = ("rows_committed", "bytes_read", "rows_rejected")
        statement = select(
            func.count().filter(runs.c.state == "succeeded").label("runs_succeeded"),
            func.count().filter(runs.c.state == "failed").label("runs_failed"),
            *(func.coalesce(func.sum(runs.c[name]), 0).label(name) for name in sums),
        ).where(runs.c.ended_at > func.now() - DAY)
        row = (await self._connection.execute(statement)).mappings().one()
        count = await self._connection.scalar(select(func.count()).select_from(pipelines))
        return replace(Totals(**{name: int(value) for name, value in row.items()}), pipelines=int(count or 0))
