"""What operators do with the analytics store, while a server is at work: backups, and making anew what follows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from thedata.v1 import analytics_pb2, queries_pb2

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.databases import database_of
from server.analytics.errors import BackupFailed
from server.analytics.maintenance import Busy, Maintenance
from server.app import App, build_maintenance
from server.scope import Scope
from server.settings import Settings
from tests.analytics.conftest import Analyst
from tests.analytics.test_history import Line, postgres
from tests.analytics.test_own import own_events, total
from tests.analytics.test_views import content, define
from tests.sync.conftest import until

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
async def maintenance(settings: Settings) -> AsyncIterator[Maintenance]:
    async with build_maintenance(settings) as found:
        yield found


async def send(ann: Analyst, *values: float) -> None:
    points = [analytics_pb2.MetricPoint(name="m", value=value) for value in values]
    await ann.analytics.IngestMetrics(analytics_pb2.IngestMetricsRequest(points=points), metadata=ann.metadata)


async def gathered(ann: Analyst) -> float:
    """The sum of a metric by the roll-up of hours."""
    request = analytics_pb2.GetMetricsRequest(name="m", aggregation=queries_pb2.AGGREGATION_SUM)
    request.step.FromTimedelta(timedelta(hours=1))
    request.start_time.FromJsonString("2026-01-01T00:00:00Z")
    found = await ann.analytics.GetMetrics(request, metadata=ann.metadata)
    assert found.resolution == analytics_pb2.RESOLUTION_HOUR
    return sum(point.value for series in found.series for point in series.points)


async def until_gathered(ann: Analyst, wanted: float) -> None:
    async def is_so() -> bool:
        return await gathered(ann) == wanted

    await until(is_so, 15)


@pytest.mark.usefixtures("worker")
async def test_what_the_platform_has_told_is_made_anew(
    ann: Analyst, app: App, clickhouse: Clickhouse, maintenance: Maintenance, empty_database_url: str
) -> None:
    await postgres(empty_database_url, "CREATE TABLE t AS SELECT id FROM generate_series(1, 30) AS id")
    await (await Line.laid(ann, empty_database_url, name="t")).run()
    await define(ann, "sums", source="metrics", measures=[{"aggregation": "AGGREGATION_SUM", "column": "value"}])
    await send(ann, 1, 2, 4)
    await until_gathered(ann, 7)

    async def told() -> bool:
        return [event.kind for event in await own_events(ann)] == ["thedata.run.succeeded", "thedata.run.started"]

    await until(told, 15)
    before = {name: await total(ann, name) for name in ("rows_read", "rows_committed", "runs_in_flight")}
    # As a lost and an alien thing would leave it.
    await clickhouse.execute("TRUNCATE TABLE metric_hours")
    await clickhouse.execute("ALTER TABLE events DELETE WHERE kind = 'thedata.run.started'")
    await maintenance.rebuild()
    assert await told()
    assert {name: await total(ann, name) for name in before} == before == {
        "rows_read": 30, "rows_committed": 30, "runs_in_flight": 0,
    }  # fmt: skip
    await until_gathered(ann, 7)
    await send(ann, 8)
    await until_gathered(ann, 15)
    assert [row[0] for row in await content(ann, "sums")] == [15 + 60 + sum(await seconds(clickhouse))]


async def seconds(clickhouse: Clickhouse) -> list[float]:
    """What the run itself has told of its times."""
    rows = await clickhouse.rows(
        "SELECT value FROM metric_points WHERE name IN ('thedata.run_seconds', 'thedata.wait_seconds')"
        " OR name = 'thedata.bytes_read'"
    )
    return [float(value) for (value,) in rows]


async def test_a_backup_takes_the_place_of_what_there_is(
    ann: Analyst, clickhouse: Clickhouse, maintenance: Maintenance
) -> None:
    organization = UUID(await ann.organization())
    landed = f"`{database_of(organization)}`.t"
    await clickhouse.execute(f"CREATE DATABASE {landed.partition('.')[0]} COMMENT 'thedata of {clickhouse.database}'")
    await clickhouse.execute(f"CREATE TABLE {landed} (a Int64) ENGINE = MergeTree ORDER BY a")
    await clickhouse.execute(f"INSERT INTO {landed} VALUES (1), (2)")
    await send(ann, 1, 2)
    await until_gathered(ann, 3)
    name = f"before-{uuid4().hex[:8]}"
    await maintenance.backup(name)
    await send(ann, 100)
    await clickhouse.execute(f"INSERT INTO {landed} VALUES (3)")
    await until_gathered(ann, 103)
    with pytest.raises(BackupFailed):
        await maintenance.backup(name)
    await maintenance.restore(name)
    await until_gathered(ann, 3)
    assert await clickhouse.rows(f"SELECT a FROM {landed} ORDER BY a") == [[1], [2]]
    await send(ann, 4)
    await until_gathered(ann, 7)


async def test_a_backup_that_is_not_there_changes_nothing(ann: Analyst, maintenance: Maintenance) -> None:
    await send(ann, 5)
    await until_gathered(ann, 5)
    for name in ("missing", "../../etc", ""):
        with pytest.raises(BackupFailed):
            await maintenance.restore(name)
    assert await gathered(ann) == 5
    await send(ann, 5)
    await until_gathered(ann, 10)


async def test_one_command_at_a_time(app: App, maintenance: Maintenance) -> None:
    async with app._foundation.store.begin(Scope.everything()) as tx:
        await tx.leases.hold("analytics maintenance", "another", timedelta(minutes=1))
    with pytest.raises(Busy):
        await maintenance.rebuild()
