"""What a plan tells of how much would be read: from the systems' own planners, with nothing read for it."""

from __future__ import annotations

import asyncio

import pytest

from server.sync.connectors import registry
from server.sync.engine import plan_streams, run_pipeline
from server.sync.plan import StreamPlan
from server.sync.source import Estimate
from server.sync.spec import Endpoint, RunIdentity, StreamSpec, SyncJob, SyncMode
from tests.sync.conftest import Lab, holds
from tests.sync.mariadb import Server, mariadb

__all__ = ["mariadb"]  # a fixture

AT = StreamSpec("t", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at")
ROWS, NEW = 20_000, 3000


async def planned(source: Endpoint, lab: Lab, spec: StreamSpec, to: Endpoint | None = None) -> Estimate:
    run = RunIdentity("p1", "", 0)
    async with asyncio.timeout(5):
        (plan,) = await plan_streams(source, to or lab.target(), [spec], run=run, context=lab.context)
    assert isinstance(plan, StreamPlan), plan
    return plan.estimate


async def landed(source: Endpoint, lab: Lab, spec: StreamSpec) -> None:
    job = SyncJob(RunIdentity("p1", "r1", 1), source, lab.target(), (spec,))
    await run_pipeline(job, lab.events.append, fence=holds, quarantine=lab.keep, context=lab.context)


def told(estimate: Estimate) -> tuple[int, int]:
    assert estimate.rows is not None
    assert estimate.bytes is not None
    assert estimate.reason == ""
    return estimate.rows, estimate.bytes


async def test_postgresql_plans_the_rows_beyond_the_checkpoint(lab: Lab) -> None:
    spec = StreamSpec("t", "public", sync_mode=AT.sync_mode, cursor="at")
    await lab.source.execute(f"CREATE TABLE t AS SELECT g AS at, repeat('x', 50) s FROM generate_series(1, {ROWS}) g")
    await lab.source.execute("ANALYZE t")
    everything, size = told(await planned(lab.postgres(), lab, spec))
    assert everything == ROWS
    await landed(lab.postgres(), lab, spec)
    assert told(await planned(lab.postgres(), lab, spec))[0] < ROWS / 100
    await lab.source.execute(f"INSERT INTO t SELECT {ROWS} + g, 'x' FROM generate_series(1, {NEW}) g; ANALYZE t")
    rows, part = told(await planned(lab.postgres(), lab, spec))
    assert rows == pytest.approx(NEW, rel=0.2)
    assert 0 < part < size / 3


async def test_a_view_is_planned_without_being_read(lab: Lab) -> None:
    await lab.source.execute(f"CREATE TABLE t AS SELECT g AS at FROM generate_series(1, {ROWS}) g; ANALYZE t")
    await lab.source.execute("CREATE VIEW v AS SELECT at FROM t")
    spec = StreamSpec("v", "public", sync_mode=AT.sync_mode, cursor="at")
    await landed(lab.postgres(), lab, spec)
    await lab.source.execute(
        f"CREATE OR REPLACE VIEW v AS SELECT at FROM t WHERE pg_sleep(60) IS NOT NULL;"
        f"INSERT INTO t SELECT {ROWS} + g FROM generate_series(1, {NEW}) g; ANALYZE t"
    )
    found = await planned(lab.postgres(), lab, spec)
    assert found.rows == pytest.approx(NEW, rel=0.2)
    assert found.bytes is None


async def test_mysql_plans_the_rows_beyond_the_checkpoint(lab: Lab, mariadb: Server) -> None:
    with mariadb.database() as name, mariadb.admin() as admin, admin.cursor() as cursor:
        source = Endpoint("mysql", mariadb.config(name))
        cursor.execute(f"USE {name}")
        cursor.execute("CREATE TABLE t (at int PRIMARY KEY, s text)")
        cursor.execute(f"INSERT INTO t SELECT seq, repeat('x', 50) FROM seq_1_to_{ROWS}")
        cursor.execute("ANALYZE TABLE t")
        assert told(await planned(source, lab, AT))[0] == pytest.approx(ROWS, rel=0.2)
        await landed(source, lab, AT)
        assert told(await planned(source, lab, AT))[0] <= 1
        cursor.execute(f"INSERT INTO t SELECT {ROWS} + seq, 'x' FROM seq_1_to_{NEW}")
        cursor.execute("ANALYZE TABLE t")
        rows, size = told(await planned(source, lab, AT))
        assert rows == pytest.approx(NEW, rel=0.5)
        assert size > 0
        cursor.execute("CREATE VIEW v AS SELECT at FROM t UNION ALL SELECT at FROM t")
        view = StreamSpec("v", table="t", sync_mode=AT.sync_mode, cursor="at")
        assert "not the view" in (await planned(source, lab, view)).reason


async def test_what_only_reading_would_tell_is_said(lab: Lab) -> None:
    raw = {"path": str(lab.folder / "s.sqlite")}
    source = Endpoint("sqlite", registry.connector("sqlite").parse(raw))
    spec = StreamSpec("t", "public")
    await lab.source.execute("CREATE TABLE t AS SELECT g AS at FROM generate_series(1, 10) g")
    await lab.run(lab.postgres(), spec, to=source)
    await landed(source, lab, AT)
    assert await planned(source, lab, AT) == Estimate(
        reason="This system does not tell how many rows are beyond a cursor before they are read."
    )
