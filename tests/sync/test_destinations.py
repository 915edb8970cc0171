"""What every SQL destination promises, run on each of them: modes, evolution, ownership, resumption, exactness."""

from __future__ import annotations

import asyncio
import sqlite3
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
import pytest

from server.sync.clickhouse.destination import ClickhouseDestination
from server.sync.connectors import registry
from server.sync.connectors.base import ConnectorContext
from server.sync.engine import run_stream
from server.sync.errors import SyncError
from server.sync.events import Event, RowsRejected, SchemaChanged
from server.sync.receipt import StreamReceipt
from server.sync.spec import (
    Deletes,
    Endpoint,
    Fence,
    RunIdentity,
    SchemaChange,
    StreamSpec,
    SyncJob,
    SyncMode,
    Verification,
)  # fmt: skip
from server.sync.sql_destination import SqlDestination
from tests.servers.clickhouse import Databases, clickhouse
from tests.sync.conftest import PASSWORD, Cluster, Unanswered
from tests.sync.mariadb import Server, mariadb

__all__ = ["clickhouse", "mariadb"]  # fixtures

OVERWRITE = StreamSpec("a")
APPEND = StreamSpec("a", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at")
MERGE = StreamSpec("a", sync_mode=SyncMode.INCREMENTAL_MERGE, cursor="at")
HISTORY = StreamSpec("a", sync_mode=SyncMode.HISTORY)


@dataclass
class Bench:
    """A SQLite file as the source, and the destination that is tried."""

    source: sqlite3.Connection
    from_: Endpoint
    to: Endpoint
    context: ConnectorContext
    events: list[Event] = field(default_factory=list)
    rejected: list[RowsRejected] = field(default_factory=list)
    epoch: int = 0

    async def run(
        self, spec: StreamSpec, *, epoch: int = 0, pipeline: str = "p", run: str = "", fence: Fence | None = None
    ) -> StreamReceipt:
        self.epoch = epoch or self.epoch + 1
        identity = RunIdentity(pipeline, run or f"run-{self.epoch}", self.epoch)
        job = SyncJob(identity, self.from_, self.to, (spec,), Verification.CONTENT)
        return await run_stream(
            job, spec, self.events.append, fence=fence or held, quarantine=self.keep, context=self.context
        )

    async def keep(self, rejected: RowsRejected) -> None:
        self.rejected.append(rejected)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[SqlDestination | ClickhouseDestination]:
        async with registry.connector(self.to.kind).open_destination(self.to.config, self.context) as destination:
            assert isinstance(destination, SqlDestination | ClickhouseDestination)
            if self.to.kind == "postgres":
                await destination.execute("SET search_path = public")
            yield destination

    async def rows(self, query: str) -> list[tuple[str | None, ...]]:
        """What a query gives, every value as text: systems differ in how they show types, not in what they hold."""
        async with self.opened() as destination:
            found = await destination.fetch(query)
        return [tuple(None if value is None else str(value) for value in row) for row in found]

    def change(self, script: str) -> None:
        self.source.executescript(script)


async def held() -> None:
    """A lease that is always held."""


KINDS = (
    "postgres", "sqlite", "duckdb", "clickhouse", "mysql", "sqlalchemy to SQLite", "sqlalchemy to PostgreSQL",
)  # fmt: skip


@pytest.fixture(params=KINDS)
def to(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Endpoint]:
    """An empty destination of each kind."""
    kind = request.param.partition(" to ")[0]
    if kind == "mysql":
        server: Server = request.getfixturevalue("mariadb")
        with server.database() as name:
            yield Endpoint(kind, server.config(name))
    elif kind == "clickhouse":
        databases: Databases = request.getfixturevalue("clickhouse")
        yield Endpoint(kind, databases())
    elif "postgres" in request.param.lower():
        cluster: Cluster = request.getfixturevalue("cluster")
        with cluster_database(cluster) as name:
            url = {"url": f"postgresql+psycopg://owner@127.0.0.1:{cluster.port}/{name}", "password": PASSWORD}
            config = cluster.config(name) if kind == "postgres" else registry.connector(kind).parse(url)
            yield Endpoint(kind, config)
    else:
        path = str(tmp_path / f"out.{kind}")
        raw = {"url": f"sqlite:///{path}"} if kind == "sqlalchemy" else {"path": path}
        yield Endpoint(kind, registry.connector(kind).parse(raw))


@contextmanager
def cluster_database(cluster: Cluster) -> Iterator[str]:
    """An empty database of PostgreSQL."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    place = f"owner@127.0.0.1:{cluster.port}"
    with psycopg.connect(f"postgresql://{place}/postgres", password=PASSWORD, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} STRATEGY file_copy")
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def bench(to: Endpoint, tmp_path: Path) -> Iterator[Bench]:
    context = ConnectorContext(file_roots=(tmp_path,), column_secret=b"k" * 32)
    source = sqlite3.connect(tmp_path / "in.sqlite", isolation_level=None)
    source.executescript("""
        CREATE TABLE a (id INTEGER PRIMARY KEY NOT NULL, at INTEGER, t TEXT, r REAL, b BLOB);
        INSERT INTO a VALUES (1, 10, 'one', 1.5, x'00ff'), (2, 20, NULL, NULL, NULL);
    """)

    from_ = Endpoint("sqlite", registry.connector("sqlite").parse({"path": str(tmp_path / "in.sqlite")}))
    yield Bench(source, from_, to, context)
    source.close()


async def test_overwrite_replaces_what_was_there(bench: Bench) -> None:
    await bench.run(OVERWRITE)
    assert await bench.rows("SELECT id, a.at, t, r FROM a ORDER BY id") == [
        ("1", "10", "one", "1.5"), ("2", "20", None, None),
    ]  # fmt: skip
    bench.change("DELETE FROM a WHERE id = 1; ALTER TABLE a ADD COLUMN n TEXT DEFAULT 'x'")
    receipt = await bench.run(OVERWRITE)
    assert receipt.verified is Verification.CONTENT
    assert receipt.source_hash == receipt.destination_hash
    assert await bench.rows("SELECT id, n FROM a") == [("2", "x")]


async def test_append_adds_each_row_once(bench: Bench) -> None:
    await bench.run(APPEND)
    bench.change("INSERT INTO a VALUES (3, 20, 'tie', 0.5, NULL), (4, 30, 'new', 0.5, NULL)")
    receipt = await bench.run(APPEND)
    assert (receipt.rows_inserted, receipt.cursor) == (2, "30")
    assert (await bench.run(APPEND)).rows_inserted == 0
    assert await bench.rows("SELECT id FROM a ORDER BY id") == [("1",), ("2",), ("3",), ("4",)]


async def test_merge_updates_inserts_and_finds_deletes(bench: Bench) -> None:
    spec = replace(MERGE, deletes=Deletes.HARD)
    await bench.run(spec)
    bench.change("UPDATE a SET t = 'uno', at = 30 WHERE id = 1; INSERT INTO a VALUES (3, 31, 'drei', 3, NULL);")
    bench.change("DELETE FROM a WHERE id = 2")
    receipt = await bench.run(spec)
    assert (receipt.rows_inserted, receipt.rows_updated, receipt.rows_deleted) == (1, 1, 1)
    assert await bench.rows("SELECT id, t FROM a ORDER BY id") == [("1", "uno"), ("3", "drei")]


async def test_soft_deletes_mark_and_forget(bench: Bench) -> None:
    spec = StreamSpec("a", sync_mode=SyncMode.INCREMENTAL_MERGE, deletes=Deletes.SOFT)
    await bench.run(spec)
    bench.change("DELETE FROM a WHERE id = 2")
    await bench.run(spec)
    assert await bench.rows("SELECT id FROM a WHERE _deleted_at IS NOT NULL") == [("2",)]
    bench.change("INSERT INTO a VALUES (2, 50, 'again', 1, NULL)")
    await bench.run(spec)
    assert await bench.rows("SELECT id FROM a WHERE _deleted_at IS NOT NULL") == []


async def test_history_keeps_versions(bench: Bench) -> None:
    spec = replace(HISTORY, deletes=Deletes.SOFT)
    await bench.run(spec)
    bench.change("UPDATE a SET t = 'uno' WHERE id = 1; DELETE FROM a WHERE id = 2")
    await bench.run(spec)
    await bench.run(spec)
    assert await bench.rows("SELECT id, t FROM a WHERE _valid_to IS NULL ORDER BY id") == [("1", "uno")]
    assert await bench.rows("SELECT id, t FROM a WHERE _valid_to IS NOT NULL ORDER BY id") == [
        ("1", "one"),
        ("2", None),
    ]


async def test_new_columns_are_added_and_told(bench: Bench) -> None:
    await bench.run(MERGE)
    bench.change("ALTER TABLE a ADD COLUMN n TEXT; UPDATE a SET n = 'new', at = 40 WHERE id = 1")
    await bench.run(MERGE)
    assert await bench.rows("SELECT id, n FROM a ORDER BY id") == [("1", "new"), ("2", None)]
    changes = [event.changes for event in bench.events if isinstance(event, SchemaChanged)]
    assert changes == [("column n is new (text)",)]


async def test_a_wider_type_is_taken_over_or_refused_by_name_and_nothing_is_lost(bench: Bench) -> None:
    bench.change("ALTER TABLE a ADD COLUMN n INTEGER; UPDATE a SET n = 9223372036854775807 WHERE id = 1")
    await bench.run(MERGE)
    # What was a column of numbers is one of texts.
    bench.change(
        "ALTER TABLE a DROP COLUMN n; ALTER TABLE a ADD COLUMN n TEXT; UPDATE a SET n = '007', at = 50 WHERE id = 2"
    )
    if bench.to.kind == "sqlalchemy" and "sqlite" in str(bench.to.config):
        with pytest.raises(SyncError, match="WIDENING_UNSUPPORTED"):
            await bench.run(MERGE)
        assert await bench.rows("SELECT id, n FROM a ORDER BY id") == [("1", "9223372036854775807"), ("2", None)]
        return
    await bench.run(MERGE)
    assert await bench.rows("SELECT id, n FROM a ORDER BY id") == [("1", "9223372036854775807"), ("2", "007")]
    assert any("it was bigint" in line for e in bench.events if isinstance(e, SchemaChanged) for line in e.changes)


async def test_a_frozen_schema_fails_before_anything_is_written(bench: Bench) -> None:
    spec = replace(MERGE, schema_change=SchemaChange.FREEZE)
    await bench.run(spec)
    bench.change("ALTER TABLE a ADD COLUMN n TEXT; UPDATE a SET t = 'x', at = 40 WHERE id = 1")
    with pytest.raises(SyncError) as caught:
        await bench.run(spec)
    assert caught.value.code == "SCHEMA_CHANGED"
    assert await bench.rows("SELECT t FROM a WHERE id = 1") == [("one",)]


async def test_discarded_columns_do_not_land(bench: Bench) -> None:
    spec = replace(MERGE, schema_change=SchemaChange.DISCARD_COLUMNS)
    await bench.run(spec)
    bench.change("ALTER TABLE a ADD COLUMN n TEXT; UPDATE a SET t = 'x', at = 40 WHERE id = 1")
    await bench.run(spec)
    assert await bench.rows("SELECT t FROM a WHERE id = 1") == [("x",)]
    with pytest.raises(SyncError):
        await bench.rows("SELECT n FROM a")


async def test_a_foreign_table_and_another_pipeline_s_are_refused(bench: Bench) -> None:
    await bench.run(OVERWRITE)
    with pytest.raises(SyncError) as caught:
        await bench.run(OVERWRITE, pipeline="other", epoch=9)
    assert caught.value.code == "TABLE_OWNED"
    async with bench.opened() as destination:
        await destination.execute("CREATE TABLE mine (x INTEGER)")
    with pytest.raises(SyncError) as caught:
        await bench.run(replace(OVERWRITE, table="mine"), epoch=10)
    assert caught.value.code == "TABLE_NOT_OURS"


async def test_an_older_attempt_is_refused(bench: Bench) -> None:
    await bench.run(OVERWRITE, epoch=5)
    with pytest.raises(SyncError) as caught:
        await bench.run(OVERWRITE, epoch=4)
    assert caught.value.code == "STALE_EPOCH"


@pytest.mark.parametrize("spec", [OVERWRITE, MERGE, APPEND])
async def test_a_lost_lease_changes_nothing_and_a_later_attempt_of_the_run_goes_on(
    bench: Bench, spec: StreamSpec
) -> None:
    class LostError(Exception):
        pass

    async def lost() -> None:
        raise LostError

    await bench.run(spec)
    bench.change("UPDATE a SET t = 'new', at = 60 WHERE id = 1")
    with pytest.raises(LostError):
        await bench.run(spec, run="same", fence=lost)
    assert await bench.rows("SELECT t FROM a WHERE id = 1") == [("one",)]
    receipt = await bench.run(spec, run="same")
    assert "new" in {row[0] for row in await bench.rows("SELECT t FROM a WHERE id = 1")}
    again = await bench.run(spec, run="same")
    assert again.rows_committed == receipt.rows_committed
    async with bench.opened() as destination:
        assert await destination.staging_tables("_thedata_staging_") == []


@pytest.mark.parametrize("spec", [OVERWRITE, MERGE, APPEND])
async def test_a_run_that_is_cancelled_while_it_asks_for_its_lease_is_cancelled_and_no_failure(
    bench: Bench, spec: StreamSpec
) -> None:
    await bench.run(spec)
    bench.change("UPDATE a SET t = 'new', at = 60 WHERE id = 1")
    lease = Unanswered()
    run = asyncio.create_task(bench.run(spec, run="same", fence=lease))
    await asyncio.wait_for(lease.asked.wait(), 30)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(run, 10)
    assert await bench.rows("SELECT t FROM a WHERE id = 1") == [("one",)]
    await bench.run(spec, run="same")
    assert "new" in {row[0] for row in await bench.rows("SELECT t FROM a WHERE id = 1")}


async def test_keys_with_nulls_and_twins_are_refused(bench: Bench) -> None:
    bench.change("CREATE TABLE k (x INTEGER, y INTEGER); INSERT INTO k VALUES (1, 1), (1, NULL)")
    for key, code in (("x", "KEY_NOT_UNIQUE"), ("y", "KEY_HAS_NULLS")):
        with pytest.raises(SyncError) as caught:
            await bench.run(StreamSpec("k", sync_mode=SyncMode.INCREMENTAL_MERGE, key=(key,)))
        assert caught.value.code == code, caught.value


async def test_of_twins_in_a_log_the_newest_counts(bench: Bench) -> None:
    bench.change(
        "CREATE TABLE log (k INTEGER, at INTEGER, v TEXT); INSERT INTO log VALUES (1, 1, 'old'), (1, 2, 'new')"
    )
    await bench.run(StreamSpec("log", sync_mode=SyncMode.INCREMENTAL_MERGE, key=("k",), cursor="at"))
    assert await bench.rows("SELECT k, v FROM log") == [("1", "new")]


async def test_texts_keep_every_character(bench: Bench) -> None:
    texts = ["", " ", "NULL", "\\N", "a\tb\nc\r\n", "'\"`;--", "ä€𝄞", "x" * 100_000]
    bench.source.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY NOT NULL, t TEXT)")
    bench.source.executemany("INSERT INTO texts VALUES (?, ?)", enumerate(texts))
    await bench.run(StreamSpec("texts"))
    assert [row[0] for row in await bench.rows("SELECT t FROM texts ORDER BY id")] == texts
