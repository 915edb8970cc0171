from __future__ import annotations

import asyncio

import asyncpg
import pytest

from server.sync.connectors.postgres import PostgresConnector
from server.sync.destination import Target, TargetColumn
from server.sync.engine import run_pipeline
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.events import LogLine, StreamFailed
from server.sync.model import Column
from server.sync.postgres.config import PostgresConfig
from server.sync.spec import RunIdentity, StreamSpec, SyncJob
from server.sync.sql_destination import staging_name
from tests.sync.conftest import STATE, Lab, asleep, holds, until

SPEC = StreamSpec("a", "public")


@pytest.fixture(autouse=True)
async def source_rows(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE a (id bigint PRIMARY KEY, t text); INSERT INTO a VALUES (1, 'x'), (2, NULL)")


async def test_a_second_run_replaces_the_rows_and_the_record(lab: Lab) -> None:
    await lab.run(lab.postgres(), SPEC)
    await lab.source.execute("DELETE FROM a WHERE id = 1; ALTER TABLE a ADD n int DEFAULT 7")
    await lab.run(lab.postgres(), SPEC, epoch=2)
    assert await lab.rows("SELECT * FROM a") == [(2, None, 7)]
    assert await lab.rows(
        "SELECT table_name, pipeline_id, stream, run_id, epoch, table_oid = 'a'::regclass::oid,"
        " published_at >= claimed_at FROM _thedata_checkpoints"
    ) == [("a", "p1", "public.a", "run-2", 2, True, True)]


async def test_readers_see_the_old_rows_until_the_new_ones_are_complete(lab: Lab) -> None:
    await lab.run(lab.postgres(), SPEC)
    await lab.source.execute("INSERT INTO a VALUES (3, 'z')")
    seen: list[int] = []

    async def look() -> None:
        # Inside of the publishing transaction: another session still reads, or waits and reads later.
        reader = await lab.cluster.connect(lab.destination_name)
        await reader.execute("SET lock_timeout = '100ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await reader.fetchval("SELECT count(*) FROM a")
        seen.append(1)
        await reader.close()

    await lab.run(lab.postgres(), SPEC, epoch=2, fence=look)
    assert seen == [1]
    assert await lab.rows("SELECT count(*) FROM a") == [(3,)]


async def test_an_older_epoch_is_refused_and_changes_nothing(lab: Lab) -> None:
    await lab.run(lab.postgres(), SPEC, epoch=5)
    await lab.source.execute("DELETE FROM a")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), SPEC, epoch=4)
    assert (caught.value.code, caught.value.type) == ("STALE_EPOCH", ErrorType.CANCELLED)
    assert await lab.rows("SELECT count(*) FROM a") == [(2,)]


async def test_an_attempt_that_is_overtaken_while_it_loads_does_not_publish(lab: Lab) -> None:
    async def overtaken() -> None:
        raise AssertionError("publishing must not come this far")

    await lab.run(lab.postgres(), SPEC, epoch=1)
    await lab.source.execute(
        "CREATE VIEW slow AS SELECT id, t, pg_sleep(0.3)::text AS s FROM a; INSERT INTO a VALUES (3, 'new')"
    )
    slow = asyncio.create_task(
        lab.run(lab.postgres(), StreamSpec("slow", "public", table="a"), epoch=2, fence=overtaken)
    )
    await until(asleep(lab))
    await lab.run(lab.postgres(), SPEC, epoch=3)
    with pytest.raises(SyncError):
        await slow
    assert await lab.rows("SELECT id, t FROM a ORDER BY 1") == [(1, "x"), (2, None), (3, "new")]
    assert await lab.tables() == {"a", *STATE}


async def test_a_lost_lease_stops_the_commit(lab: Lab) -> None:
    class LeaseLostError(Exception):
        pass

    async def lost() -> None:
        raise LeaseLostError

    await lab.run(lab.postgres(), SPEC)
    await lab.source.execute("DELETE FROM a")
    with pytest.raises(LeaseLostError):
        await lab.run(lab.postgres(), SPEC, epoch=2, fence=lost)
    job = SyncJob(RunIdentity("p1", "r", 3), lab.postgres(), lab.target(), (SPEC,))
    with pytest.raises(LeaseLostError):
        await run_pipeline(job, lab.events.append, fence=lost, quarantine=lab.keep, context=lab.context)
    assert await lab.rows("SELECT count(*) FROM a") == [(2,)]
    # The staging table is the later attempt's now; a run that comes after drops it.
    await lab.run(lab.postgres(), SPEC, epoch=4)
    assert await lab.rows("SELECT count(*) FROM a") == [(0,)]
    assert await lab.tables() == {"a", *STATE}


async def test_a_table_that_nobody_gave_us_is_not_touched(lab: Lab) -> None:
    await lab.destination.execute("CREATE TABLE a (mine text); INSERT INTO a VALUES ('precious')")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), SPEC)
    assert (caught.value.code, caught.value.origin) == ("TABLE_NOT_OURS", Origin.DESTINATION)
    assert await lab.rows("SELECT * FROM a") == [("precious",)]
    await lab.run(lab.postgres(), StreamSpec("a", "public", adopt=True))
    assert await lab.rows("SELECT id FROM a ORDER BY 1") == [(1,), (2,)]


async def test_the_table_of_another_pipeline_is_refused_until_adopted_or_dropped(lab: Lab) -> None:
    await lab.run(lab.postgres(), SPEC, pipeline="p1", epoch=9)
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), SPEC, pipeline="p2")
    assert caught.value.code == "TABLE_OWNED"
    await lab.run(lab.postgres(), StreamSpec("a", "public", adopt=True), pipeline="p2")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), SPEC, pipeline="p1", epoch=10)
    assert caught.value.code == "TABLE_OWNED"
    await lab.destination.execute("DROP TABLE a")
    await lab.run(lab.postgres(), SPEC, pipeline="p3")


async def test_a_view_under_the_tables_name_is_refused(lab: Lab) -> None:
    await lab.destination.execute("CREATE VIEW a AS SELECT 1 AS one")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), StreamSpec("a", "public", adopt=True))
    assert caught.value.code == "NAME_TAKEN"


@pytest.mark.parametrize(
    "attach",
    [
        "CREATE VIEW report AS SELECT count(*) FROM a",
        "CREATE INDEX by_text ON a (t)",
        "GRANT SELECT ON a TO PUBLIC",
        "COMMENT ON COLUMN a.t IS 'told by a human'",
        "ALTER TABLE a ADD CHECK (id > 0)",
    ],
)
async def test_what_users_attached_to_a_table_stays_and_the_rows_are_new(lab: Lab, attach: str) -> None:
    await lab.run(lab.postgres(), SPEC)
    await lab.destination.execute(attach)
    before = await lab.rows("SELECT 'a'::regclass::oid")
    await lab.source.execute("INSERT INTO a VALUES (3, 'new')")
    await lab.run(lab.postgres(), SPEC, epoch=2)
    assert await lab.rows("SELECT count(*) FROM a") == [(3,)]
    assert await lab.rows("SELECT 'a'::regclass::oid") == before
    assert any("refilled in place" in event.message for event in lab.events if isinstance(event, LogLine))
    await lab.source.execute("ALTER TABLE a ADD n int")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), SPEC, epoch=3)
    assert caught.value.code == "TABLE_IN_USE"
    assert await lab.rows("SELECT count(*) FROM a") == [(3,)]


async def test_what_a_killed_run_left_is_dropped_by_the_next(lab: Lab) -> None:
    run = RunIdentity("p1", "dead", 1)
    config = lab.target().config
    assert isinstance(config, PostgresConfig)
    async with PostgresConnector().open_destination(config, lab.context) as destination:
        await destination.claim("a", "public.a", run, adopt=False)
        target = Target("a", "public.a", (TargetColumn(Column("id", "bigint", False, "bigint"), "bigint"),), (), run)
        await destination.stage(target)
    assert staging_name(target) in await lab.tables()
    await lab.run(lab.postgres(), SPEC, epoch=2)
    assert await lab.tables() == {"a", *STATE}


async def test_a_missing_schema_is_made(lab: Lab) -> None:
    await lab.run(lab.postgres(), SPEC, to=lab.target(destination_schema="new one"))
    assert await lab.rows('SELECT count(*) FROM "new one".a') == [(2,)]


async def test_a_failed_stream_fails_the_run_and_the_others_still_land(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE b AS SELECT 1 AS v; CREATE TABLE c AS SELECT 2 AS v")
    specs = tuple(StreamSpec(name, "public") for name in ("b", "missing", "c"))
    job = SyncJob(RunIdentity("p1", "r", 1), lab.postgres(), lab.target(), specs, parallel=2)
    receipt = await run_pipeline(job, lab.events.append, fence=holds, quarantine=lab.keep, context=lab.context)
    assert not receipt.succeeded
    assert [outcome.error is None for outcome in receipt.outcomes] == [True, False, True]
    assert receipt.error is not None
    assert receipt.error.code == "TABLE_NOT_FOUND"
    assert (receipt.rows_read, receipt.rows_committed) == (2, 2)
    assert [event.stream for event in lab.events if isinstance(event, StreamFailed)] == ["public.missing"]


async def test_two_streams_for_one_table_are_refused_before_a_row_moves(lab: Lab) -> None:
    specs = (StreamSpec("a", "public"), StreamSpec("b", "public", table="a"))
    job = SyncJob(RunIdentity("p1", "r", 1), lab.postgres(), lab.target(), specs)
    with pytest.raises(SyncError) as caught:
        await run_pipeline(job, lab.events.append, fence=holds, quarantine=lab.keep, context=lab.context)
    assert caught.value.code == "NAME_COLLISION"
    assert await lab.tables() == set()
