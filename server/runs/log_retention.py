"""The life of run logs: partitions are made ahead, archived where that is asked for, and dropped by the day."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import structlog
from pyarrow import fs

from server.config.live import TAKEN_UP
from server.errors import Failure, Unavailable
from server.ids import new_id
from server.live import Wait
from server.pipelines.ports import Signals
from server.scope import Scope
from server.storage.logs import CHUNKS_AT_ONCE
from server.storage.store import Store

log = structlog.get_logger("logs")

LOOK_SECONDS = 3600.0
SCHEMA = pa.schema(
    {
        "organization_id": pa.string(),
        "run_id": pa.string(),
        "writer": pa.int32(),
        "number": pa.int64(),
        "attempt": pa.int32(),
        "worker": pa.string(),
        "time": pa.timestamp("us", "UTC"),
        "level": pa.string(),
        "kind": pa.string(),
        "stream": pa.string(),
        "message": pa.string(),
        "fields": pa.string(),
    }
)


class IncompleteArchive(Exception):  # noqa: N818 - a state, which keeps the day
    """What was written is not what is in the database."""


@dataclass(frozen=True)
class LogRetention:
    """Keeps the days that are wanted. ``archive`` is a folder or a URL such as ``s3://bucket/logs``; None: none."""

    store: Store
    days: Callable[[], int]
    archive: str | None

    async def keep(self, signals: Signals) -> None:
        """Looks every hour, and when other days are wanted, until it is cancelled or the process is about to end."""
        with suppress(Unavailable):
            async with signals.subscribe(TAKEN_UP) as news:
                while True:
                    kept = self.days()
                    try:
                        await self.look()
                    except (Failure, OSError, IncompleteArchive) as error:
                        log.warning("logs_not_cared_for", error=str(error) or type(error).__name__)
                    await self._other_than(kept, news)

    async def _other_than(self, kept: int, news: Wait) -> None:
        """Waits until it is time to look again: settings that say nothing else of logs are none of its business."""
        deadline = time.monotonic() + LOOK_SECONDS
        while self.days() == kept and (left := deadline - time.monotonic()) > 0:
            await news(left)

    async def look(self) -> list[date]:
        """Makes the partitions of the next days, and drops those that have passed; gives the days dropped."""
        async with self.store.begin(Scope.everything()) as tx:
            await tx.logs.ensure_partitions()
            expired = await tx.logs.expired_days(self.days())
        return [day for day in expired if await self._drop(day)]

    async def _drop(self, day: date) -> bool:
        """Drops a day, once its archive is complete; False when another worker is at it."""
        if not self.archive:
            return await self._dropped(day, None)
        filesystem, folder = _place(self.archive)
        part = f"{folder}/run-logs-{day:%Y-%m-%d}.parquet.part-{new_id()}"
        try:
            return await self._dropped(day, await self._archived(day, filesystem, part))
        finally:
            # What has not become the day's archive would fill the place, a little more with every try.
            await asyncio.to_thread(_remove, filesystem, part)

    async def _dropped(self, day: date, archive: _Archive | None) -> bool:
        async with self.store.begin(Scope.everything()) as tx:
            if not await tx.logs.lock_day(day):
                return False
            if archive is not None:
                there = await tx.logs.count_day(day)
                if archive.entries != there:
                    raise IncompleteArchive(f"{archive.path} has {archive.entries} of {there} entries")
                # It appears when it is complete, and before the day is gone.
                await asyncio.to_thread(archive.filesystem.move, archive.path, archive.path.rpartition(".part")[0])
            await tx.logs.drop_day(day)
        log.info("log_day_dropped", day=str(day), archived_entries=archive.entries if archive else None)
        return True

    async def _archived(self, day: date, filesystem: fs.FileSystem, path: str) -> _Archive:
        """Writes a day's entries to one Parquet file, not yet under its name."""
        await asyncio.to_thread(filesystem.create_dir, path.rpartition("/")[0], recursive=True)
        with pq.ParquetWriter(path, SCHEMA, filesystem=filesystem, compression="zstd") as writer:
            after: tuple[Any, ...] | None = None
            while True:
                async with self.store.begin(Scope.everything()) as tx:
                    entries, after = await tx.logs.of_day(day, after, CHUNKS_AT_ONCE)
                if after is None:
                    break
                batch = pa.RecordBatch.from_pylist(list(_records(entries)), SCHEMA)
                await asyncio.to_thread(writer.write_batch, batch)
        written = await asyncio.to_thread(pq.read_metadata, path, filesystem=filesystem)
        return _Archive(filesystem, path, written.num_rows)


@dataclass(frozen=True)
class _Archive:
    """A file that is written, and what it holds."""

    filesystem: fs.FileSystem
    path: str
    entries: int


def _remove(filesystem: fs.FileSystem, path: str) -> None:
    if filesystem.get_file_info(path).type is fs.FileType.File:
        filesystem.delete_file(path)


def _place(archive: str) -> tuple[fs.FileSystem, str]:
    if "://" in archive:
        filesystem, path = fs.FileSystem.from_uri(archive)
        return filesystem, path.rstrip("/")
    return fs.LocalFileSystem(), archive.rstrip("/")


def _records(entries: Any) -> Iterator[dict[str, Any]]:
    for organization_id, entry in entries:
        yield {
            "organization_id": str(organization_id),
            "run_id": str(entry.run_id),
            "writer": entry.writer,
            "number": entry.number,
            "attempt": entry.attempt,
            "worker": entry.worker,
            "time": entry.time,
            "level": entry.level.name,
            "kind": entry.kind.value,
            "stream": entry.stream,
            "message": entry.message,
            "fields": json.dumps(entry.fields),
        }
