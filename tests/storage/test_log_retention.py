"""Days of the log: dropped when they are over, archived whole before, and never while the archive is not complete."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import asyncpg
import pyarrow.parquet as pq
import pytest

from server.pipelines.model import LogLevel
from server.runs import log_retention
from server.runs.log_retention import IncompleteArchive, LogRetention
from server.runs.log_writer import LogWriter
from server.storage.session import Database
from server.storage.signals import Signals
from server.storage.store import Store
from tests.storage.test_run_logs import carried_out
from tests.sync.conftest import until

TODAY = datetime.now(UTC).date()
OLD = TODAY - timedelta(days=9)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A database with a log of today and one of nine days ago."""
    database = Database(database_url, pool_size=2)
    found = Store(database)
    writer = LogWriter(found, await carried_out(found))
    for line in range(100):
        writer.write(LogLevel.INFO, f"line {line}", "public.orders", lane="raw")
        if line % 9 == 0:
            await writer.flush()
    await writer.flush()
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        f"CREATE TABLE run_logs_{OLD:%Y%m%d} PARTITION OF run_logs"
        f" FOR VALUES FROM ('{OLD}') TO ('{OLD + timedelta(days=1)}')"
    )
    columns = "run_id, writer, first_n, last_n, organization_id, written_at, max_level, body, attempt, worker"
    await owner.execute(f"INSERT INTO run_logs (day, {columns}) SELECT $1, {columns} FROM run_logs", OLD)
    await owner.close()
    yield found
    await database.close()


async def days(url: str) -> list[date]:
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch("SELECT DISTINCT day FROM run_logs ORDER BY day")]
    finally:
        await connection.close()


async def test_what_is_over_is_dropped_and_what_is_not_stays(store: Store, database_url: str) -> None:
    assert await LogRetention(store, lambda: 10, None).look() == []
    assert await days(database_url) == [OLD, TODAY]
    assert await LogRetention(store, lambda: 7, None).look() == [OLD]
    assert await days(database_url) == [TODAY]
    assert await LogRetention(store, lambda: 7, None).look() == []


async def test_other_days_that_are_asked_for_during_a_look_are_not_missed(store: Store, database_url: str) -> None:
    wanted = [10]

    class Overtaken(LogRetention):
        async def look(self) -> list[date]:
            found = await super().look()
            wanted[:] = [7]
            return found

    keeping = asyncio.create_task(Overtaken(store, lambda: wanted[0], None).keep(Signals(cast(Database, None), [])))

    async def dropped() -> bool:
        return await days(database_url) == [TODAY]

    await until(dropped)
    keeping.cancel()


async def test_an_archive_has_every_entry_before_the_day_is_gone(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    assert await LogRetention(store, lambda: 7, str(tmp_path / "logs")).look() == [OLD]
    (path,) = (tmp_path / "logs").iterdir()
    assert path.name == f"run-logs-{OLD}.parquet"
    entries = pq.read_table(path).to_pylist()
    assert [(entry["number"], entry["message"]) for entry in entries] == [(n + 1, f"line {n}") for n in range(100)]
    assert {(entry["stream"], entry["level"], entry["fields"]) for entry in entries} == {
        ("public.orders", "INFO", '{"lane": "raw"}')
    }


async def test_an_archive_by_url(store: Store, tmp_path: Path) -> None:
    assert await LogRetention(store, lambda: 7, f"file://{tmp_path}/by-url").look() == [OLD]
    assert [path.name for path in (tmp_path / "by-url").iterdir()] == [f"run-logs-{OLD}.parquet"]


async def test_without_a_complete_archive_the_day_stays(
    store: Store, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_retention, "_records", lambda _entries: iter([]))
    with pytest.raises(IncompleteArchive, match="0 of 100"):
        await LogRetention(store, lambda: 7, str(tmp_path / "logs")).look()
    assert await days(database_url) == [OLD, TODAY]
    assert list((tmp_path / "logs").iterdir()) == [], "what is incomplete does not pile up"


async def test_several_workers_at_once_leave_one_archive(store: Store, database_url: str, tmp_path: Path) -> None:
    workers = [LogRetention(store, lambda: 7, str(tmp_path / "logs")) for _ in range(2)]
    looked = await asyncio.gather(*(worker.look() for worker in workers))
    assert sorted(looked) == [[], [OLD]]
    assert [path.name for path in (tmp_path / "logs").iterdir()] == [f"run-logs-{OLD}.parquet"]


async def test_an_archive_that_can_t_be_written_keeps_the_day(store: Store, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OSError, match="file"):
        await LogRetention(store, lambda: 7, str(tmp_path / "file")).look()
    assert await days(database_url) == [OLD, TODAY]
