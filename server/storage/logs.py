"""Run logs: compressed chunks in daily partitions, numbered without gaps by each writer."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, exists, func, literal, or_, select, text, true, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import now
from server.pipelines.model import EntryKind, LogEntry, LogFilter, LogLevel, Position, Run
from server.storage.runs import RUNS_CHANNEL
from server.storage.tables import CARRIED_OUT, run_logs, runs

CHUNKS_AT_ONCE = 64
RETENTION = 0x7DA7C

_EXPIRED = text("""
    SELECT to_date(right(relname, 8), 'YYYYMMDD') AS day FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = 'run_logs'::regclass
       AND to_date(right(relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - CAST(:keep AS integer)
     ORDER BY day""")


class LogRows:
    """The logs of runs."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, run: Run, worker: str, entries: Sequence[LogEntry]) -> int:
        """Stores consecutive entries of one writer of one run as one chunk, and tells watchers.

        Gives the number of the last entry that is stored: less than the last one's where an earlier try, whose answer
        was lost, had fewer; 0, and nothing is stored, when the attempt no longer carries the run out.
        """
        lines = [json.dumps([e.time.isoformat(), e.level, e.stream, e.message, e.kind, e.fields]) for e in entries]
        first, last = entries[0], entries[-1]
        chunk = {
            # Of the first entry: a try that is repeated after midnight must find what it has written.
            "day": first.time.date(),
            "run_id": run.id,
            "writer": first.writer,
            "first_n": first.number,
            "last_n": last.number,
            "organization_id": run.organization_id,
            "max_level": max(entry.level for entry in entries),
            "body": zlib.compress("\n".join(lines).encode()),
            "attempt": run.attempt,
            "worker": worker,
        }
        current = exists().where(runs.c.id == run.id, runs.c.epoch == run.epoch, text(CARRIED_OUT))
        values = select(
            *(literal(value, run_logs.c[name].type) for name, value in chunk.items()), func.clock_timestamp()
        ).where(current)
        statement = insert(run_logs).from_select([*chunk, "written_at"], values).on_conflict_do_nothing()
        if not (await self._connection.execute(statement)).rowcount:
            return await self._stored(chunk)
        notify = text("SELECT pg_notify(:channel, :payload)")
        await self._connection.execute(notify, {"channel": RUNS_CHANNEL, "payload": str(run.id)})
        return last.number

    async def _stored(self, chunk: Mapping[str, Any]) -> int:
        key = [run_logs.c[name] == chunk[name] for name in ("day", "run_id", "writer", "first_n")]
        return (await self._connection.execute(select(run_logs.c.last_n).where(*key))).scalar_one_or_none() or 0

    async def read(self, run: Run, position: Position, wanted: LogFilter, limit: int) -> Sequence[LogEntry]:
        """The next entries after a position, fewer than the limit only where there are no more for now.

        Chunks without any entry that is wanted are left out.
        """
        found: list[LogEntry] = []
        while len(found) < limit:
            chunks = await self._chunks(run, position, wanted)
            for chunk in chunks:
                fresh = [entry for entry in _entries(chunk) if entry.number > position.seen.get(entry.writer, 0)]
                position = position.after(*fresh)
                found += fresh
                if len(found) >= limit:
                    break
            if len(chunks) < CHUNKS_AT_ONCE:
                break
        return found[:limit]

    async def _chunks(self, run: Run, position: Position, wanted: LogFilter) -> Sequence[RowMapping]:
        behind = [
            and_(run_logs.c.writer == writer, run_logs.c.last_n > number) for writer, number in position.seen.items()
        ]
        unseen = or_(*behind, run_logs.c.writer.not_in(list(position.seen))) if behind else true()
        statement = (
            select(run_logs)
            .where(
                run_logs.c.run_id == run.id,
                run_logs.c.organization_id == run.organization_id,
                run_logs.c.day.between(*_days(run)),
                run_logs.c.max_level >= wanted.min_level,
                # Written after all of its entries were.
                run_logs.c.written_at >= wanted.since if wanted.since else true(),
                unseen,
            )
            .order_by(run_logs.c.position)
            .limit(CHUNKS_AT_ONCE)
        )
        return (await self._connection.execute(statement)).mappings().all()

    async def ends(self, run: Run) -> dict[int, int]:
        """The number of the newest entry of each writer."""
        statement = (
            select(run_logs.c.writer, func.max(run_logs.c.last_n))
            .where(run_logs.c.run_id == run.id, run_logs.c.day.between(*_days(run)))
            .group_by(run_logs.c.writer)
        )
        return {row[0]: row[1] for row in await self._connection.execute(statement)}

    async def lock_day(self, day: date) -> bool:
        """Whether this transaction is the one that may drop a day, which is still there."""
        alone = await self._connection.scalar(select(func.pg_try_advisory_xact_lock(RETENTION)))
        return bool(alone) and day in await self.expired_days(0)

    async def count_day(self, day: date) -> int:
        """How many entries a day has."""
        count = func.coalesce(func.sum(run_logs.c.last_n - run_logs.c.first_n + 1), 0)
        return int(await self._connection.scalar(select(count).where(run_logs.c.day == day)) or 0)

    async def expired_days(self, keep: int) -> list[date]:
        """The days with a partition that are over for longer than so many days, oldest first."""
        return list((await self._connection.scalars(_EXPIRED, {"keep": keep})).all())

    async def of_day(
        self, day: date, after: tuple[Any, ...] | None, limit: int
    ) -> tuple[list[tuple[UUID, LogEntry]], tuple[Any, ...] | None]:
        """The entries of a day's next chunks with their organization, and the key after them; None: there are none."""
        key = (run_logs.c.run_id, run_logs.c.writer, run_logs.c.first_n)
        statement = select(run_logs).where(run_logs.c.day == day).order_by(*key).limit(limit)
        if after is not None:
            statement = statement.where(tuple_(*key) > after)
        chunks = (await self._connection.execute(statement)).mappings().all()
        entries = [(chunk["organization_id"], entry) for chunk in chunks for entry in _entries(chunk)]
        return entries, tuple(chunks[-1][column.name] for column in key) if chunks else None

    async def drop_day(self, day: date) -> None:
        """Drops a day's partition; raises Conflict when readers hold it for too long."""
        await self._connection.execute(select(func.drop_run_log_partition(day)))

    async def ensure_partitions(self) -> None:
        """Makes the partitions of the next days."""
        await self._connection.execute(select(func.ensure_run_log_partitions()))


def _days(run: Run) -> tuple[date, date]:
    """The days that a run's log may be of; workers' clocks may be off."""
    first = run.queued_at.astimezone(UTC).date() - timedelta(days=1)
    return first, (run.ended_at or now()).astimezone(UTC).date() + timedelta(days=1)


def _entries(chunk: RowMapping) -> Iterator[LogEntry]:
    lines = zlib.decompress(chunk["body"]).decode().split("\n")
    for number, line in enumerate(lines, chunk["first_n"]):
        # Lines of before the kinds and fields have four parts.
        time, level, stream, message, *more = json.loads(line)
        kind, fields = more or (EntryKind.LINE, {})
        yield LogEntry(
            chunk["run_id"],
            chunk["writer"],
            number,
            datetime.fromisoformat(time),
            LogLevel(level),
            stream,
            message,
            EntryKind(kind),
            fields,
            chunk["attempt"],
            chunk["worker"],
        )
