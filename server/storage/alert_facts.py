"""What the conditions of alerts look at in PostgreSQL: a value for each pipeline, by index probes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.alerts.model import Value
from server.alerts.ports import RunRows

MOST_PIPELINES = 10_000
WORKER_SILENT = timedelta(seconds=8)

_PIPELINES = f"""
    FROM (SELECT id, name, created_at, paused, next_run_at FROM pipelines
           WHERE organization_id = :organization_id AND (:all OR id = ANY (CAST(:wanted AS uuid[])))
           ORDER BY id LIMIT {MOST_PIPELINES}) p
"""  # noqa: S608 - a number of our own
_FAILED = text(f"""
    SELECT p.id, p.name, f.number {_PIPELINES}
     CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM (
            SELECT state, count(*) FILTER (WHERE state = 'succeeded') OVER (ORDER BY id DESC) AS successes
              FROM (SELECT id, state FROM runs WHERE pipeline_id = p.id AND state IN ('succeeded', 'failed')
                     ORDER BY id DESC LIMIT 100) newest) counted
         WHERE state = 'failed' AND successes = 0) f""")  # noqa: S608
_LATE = text(f"""
    SELECT p.id, p.name, extract(epoch FROM greatest(
               interval '0',
               CASE WHEN NOT p.paused THEN now() - p.next_run_at END,
               (SELECT now() - r.available_at FROM runs r WHERE r.pipeline_id = p.id AND r.state = 'queued'
                 ORDER BY r.id DESC LIMIT 1))) {_PIPELINES}""")  # noqa: S608
_LAG = text(f"""
    SELECT p.id, p.name, extract(epoch FROM now() - coalesce(
               (SELECT ended_at FROM runs r WHERE r.pipeline_id = p.id AND r.state = 'succeeded'
                 ORDER BY r.id DESC LIMIT 1), p.created_at)) {_PIPELINES}
     WHERE NOT p.paused""")  # noqa: S608
_ROWS = text(f"""
    SELECT p.id, p.name, h.rows {_PIPELINES}
     CROSS JOIN LATERAL (
        SELECT array_agg(rows_committed ORDER BY id DESC) AS rows FROM (
            SELECT id, rows_committed FROM runs
             WHERE pipeline_id = p.id AND state = 'succeeded' AND trigger NOT IN ('backfill', 'replay')
             ORDER BY id DESC LIMIT :history + 1) newest) h
     WHERE h.rows IS NOT NULL""")  # noqa: S608
_REJECTED = text(f"""
    SELECT p.id, p.name, r.share {_PIPELINES}
     CROSS JOIN LATERAL (
        SELECT CASE WHEN rows_read > 0 THEN rows_rejected::float / rows_read ELSE 0 END AS share FROM runs
         WHERE pipeline_id = p.id AND state IN ('succeeded', 'failed') ORDER BY id DESC LIMIT 1) r""")  # noqa: S608
_SCHEMA = text(f"""
    SELECT p.id, p.name, c.number {_PIPELINES}
     CROSS JOIN LATERAL (
        SELECT coalesce(sum(jsonb_array_length(changes)), 0) AS number FROM schema_changes
         WHERE pipeline_id = p.id AND created_at > now() - CAST(:window AS interval)) c""")  # noqa: S608
_SOURCES = text(f"""
    SELECT id, name, (NOT healthy)::int FROM data_sources
     WHERE organization_id = :organization_id AND (:all OR id = ANY (CAST(:wanted AS uuid[]))) AND healthy IS NOT NULL
     ORDER BY id LIMIT {MOST_PIPELINES}""")  # noqa: S608
_QUEUE = text("""
    SELECT coalesce(extract(epoch FROM now() - min(available_at)), 0) FROM runs
     WHERE state = 'queued' AND available_at <= now()
       AND (:all OR organization_id = CAST(:organization_id AS uuid))""")
_WORKERS = text("SELECT count(*) FROM executors WHERE seen_at > now() - CAST(:silent AS interval)")


class AlertFacts:
    """What is looked at; the scope of the transaction keeps an organization to its own."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def failed_in_a_row(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """How many runs have failed since the last one that succeeded; at most a hundred."""
        return await self._values(_FAILED, organization_id, wanted)

    async def late(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """For how many seconds a run should have started that has not."""
        return await self._values(_LATE, organization_id, wanted)

    async def lag(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """Seconds since the last run that succeeded has ended; without one, since the pipeline was made."""
        return await self._values(_LAG, organization_id, wanted)

    async def rows_of_runs(self, organization_id: UUID, wanted: Sequence[UUID], history: int) -> list[RunRows]:
        """The rows of the newest successful runs, at most `history` besides the newest."""
        rows = await self._rows(_ROWS, organization_id, wanted, history=history)
        return [RunRows(key, name, numbers) for key, name, numbers in rows]

    async def rejected_share(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """Which share of the rows that the newest ended run has read was rejected."""
        return await self._values(_REJECTED, organization_id, wanted)

    async def schema_changes(self, organization_id: UUID, wanted: Sequence[UUID], window: timedelta) -> list[Value]:
        """How many changes of schemas runs have met."""
        return await self._values(_SCHEMA, organization_id, wanted, window=window)

    async def unhealthy_sources(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """1 for a source whose last check has failed, else 0."""
        rows = await self._rows(_SOURCES, organization_id, wanted)
        return [
            Value(float(number), {"data_source_id": str(key), "data_source": name}, name) for key, name, number in rows
        ]

    async def queue_age(self, organization_id: UUID | None) -> float:
        """For how many seconds the run that waits longest could have been taken; None: of all organizations."""
        whose = {"all": organization_id is None, "organization_id": organization_id}
        return float(await self._connection.scalar(_QUEUE, whose) or 0)

    async def live_workers(self) -> int:
        """How many workers have said lately that they live."""
        return int(await self._connection.scalar(_WORKERS, {"silent": WORKER_SILENT}) or 0)

    async def _values(self, statement: Any, organization_id: UUID, wanted: Sequence[UUID], **more: Any) -> list[Value]:
        rows = await self._rows(statement, organization_id, wanted, **more)
        return [Value(float(number), {"pipeline_id": str(key), "pipeline": name}, name) for key, name, number in rows]

    async def _rows(self, statement: Any, organization_id: UUID, wanted: Sequence[UUID], **more: Any) -> Any:
        given = {"organization_id": organization_id, "all": not wanted, "wanted": list(wanted), **more}
        return (await self._connection.execute(statement, given)).all()
