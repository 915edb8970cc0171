"""Run logs: compressed chunks in daily partitions, numbered without gaps by each writer."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import RowMapping, and_, func, insert, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import now
from server.pipelines.model import LogEntry, LogLevel, Position, Run
from server.storage.pipelines import RUNS_CHANNEL
from server.storage.tables import run_logs

CHUNKS_AT_ONCE = 64


class LogRows:
    """The logs of runs."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, organization_id: UUID, entries: Sequence[LogEntry]) -> None:
        """Stores consecutive entries of one writer of one run as one chunk, and tells watchers."""
        lines = [json.dumps([e.time.isoformat(), e.level, e.stream, e.message]) for e in entries]
        first, last = entries[0], entries[-1]
        written = now()
        await self._connection.execute(
            insert(run_logs).values(
                day=written.date(),
                run_id=first.run_id,
                writer=first.writer,
                first_n=first.number,
                last_n=last.number,
                organization_id=organization_id,
                written_at=written,
                max_level=max(entry.level for entry in entries),
                body=zlib.compress("\n".join(lines).encode()),
            )
        )
        notify = text("SELECT pg_notify(:channel, :payload)")
        await self._connection.execute(notify, {"channel": RUNS_CHANNEL, "payload": str(first.run_id)})

    async def read(self, run: Run, position: Position, min_level: LogLevel, limit: int) -> Sequence[LogEntry]:
        """The next entries after a position, by writer and number."""
        known = [
            or_(
                and_(run_logs.c.writer == writer, run_logs.c.last_n > number),
                run_logs.c.writer > writer,
            )
            for writer, number in position.seen.items()
        ]
        last_day = (run.ended_at or now()).astimezone(UTC).date() + timedelta(days=1)
        statement = (
            select(run_logs)
            .where(
                run_logs.c.run_id == run.id,
                run_logs.c.organization_id == run.organization_id,
                run_logs.c.day.between(run.queued_at.astimezone(UTC).date(), last_day),
                run_logs.c.max_level >= min_level,
                *known,
            )
            .order_by(run_logs.c.writer, run_logs.c.first_n)
            .limit(CHUNKS_AT_ONCE)
        )
        found: list[LogEntry] = []
        for chunk in (await self._connection.execute(statement)).mappings():
            found += [entry for entry in _entries(chunk) if _is_news(entry, position) and entry.level >= min_level]
            if len(found) >= limit:
                break
        return found[:limit]

    async def ensure_partitions(self) -> None:
        """Makes the partitions of the next days."""
        await self._connection.execute(select(func.ensure_run_log_partitions()))


def _is_news(entry: LogEntry, position: Position) -> bool:
    newest_writer = max(position.seen, default=-1)
    return entry.writer > newest_writer or entry.number > position.seen.get(entry.writer, -1)


def _entries(chunk: RowMapping) -> Iterator[LogEntry]:
    lines = zlib.decompress(chunk["body"]).decode().split("\n")
    for number, line in enumerate(lines, chunk["first_n"]):
        time, level, stream, message = json.loads(line)
        yield LogEntry(
            chunk["run_id"],
            chunk["writer"],
            number,
            datetime.fromisoformat(time),
            LogLevel(level),
            stream,
            message,
        )
