"""What a platform administrator says about metrics holds within two seconds: whether, how often, how long kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import grpc
import pytest
from google.protobuf import json_format
from thedata.v1 import admin_pb2, data_sources_pb2, pipelines_pb2

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.databases import database_of
from server.analytics.clickhouse.retention import Ttl
from server.app import App
from server.settings import Settings
from tests.admin.conftest import TAKEN_UP_SECONDS, Operator, operator_of
from tests.analytics.conftest import Analyst
from tests.analytics.test_history import Line, postgres
from tests.analytics.test_ingest import event, point, send_events, send_points
from tests.auth.people import failure_of, violations
from tests.auth.serving import served
from tests.sync.conftest import until

REMOVED_SECONDS = 20.0  # a landed table is looked at every ten seconds; what is old goes with a merge after that


@pytest.fixture
async def operator(app: App, channel: grpc.aio.Channel) -> Operator:
    return await operator_of(app, channel)


def ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


def is_so(look: Callable[[], Awaitable[object]], wanted: object) -> Callable[[], Awaitable[bool]]:
    async def so() -> bool:
        return await look() == wanted

    return so


async def test_whether_and_how_often_a_process_tells_of_itself(
    operator: Operator, settings: Settings, clickhouse: Clickhouse
) -> None:
    async def told() -> list[int]:
        rows = await clickhouse.rows(
            "SELECT toInt64(count()) FROM metric_points WHERE name = 'thedata.process_memory_bytes'"
            " GROUP BY labels['process'] ORDER BY 1"
        )
        return [int(count) for (count,) in rows]

    async with served(settings):
        await operator.set_metrics(interval="1s")

        async def both() -> bool:
            counts = await told()
            return len(counts) == 2 and counts[0] >= 2

        await until(both, TAKEN_UP_SECONDS + 3)
        await operator.set_metrics(enabled=False)
        await asyncio.sleep(TAKEN_UP_SECONDS)
        before = await told()
        await asyncio.sleep(2.5)  # two intervals and a half: nothing is told in them
        assert await told() == before
        await operator.set_metrics(enabled=True, interval="3600s")
        await asyncio.sleep(TAKEN_UP_SECONDS)
        assert await told() == before
        await operator.set_metrics(interval="1s")

        async def goes_on() -> bool:
            return sum(await told()) > sum(before)

        await until(goes_on, TAKEN_UP_SECONDS + 1)


@pytest.mark.usefixtures("worker")
async def test_runs_are_told_when_that_is_wanted_again(
    operator: Operator, ann: Analyst, empty_database_url: str, clickhouse: Clickhouse
) -> None:
    await postgres(empty_database_url, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)")
    line = await Line.laid(ann, empty_database_url, name="t")
    await operator.set_metrics(enabled=False)
    await asyncio.sleep(TAKEN_UP_SECONDS)
    await line.run()

    async def told() -> int:
        rows = await clickhouse.rows("SELECT toInt64(count()) FROM events WHERE kind = 'thedata.run.succeeded'")
        return int(rows[0][0])

    async def rows_read() -> int:
        listed = await ann.sources.ListDataSources(data_sources_pb2.ListDataSourcesRequest(), metadata=ann.metadata)
        (source,) = [one.id for one in listed.data_sources if one.connector == "postgres"]
        request = data_sources_pb2.GetDataSourceMetricsRequest(source_id=source)
        return (await ann.sources.GetDataSourceMetrics(request, metadata=ann.metadata)).rows_read

    await asyncio.sleep(TAKEN_UP_SECONDS)  # a round of what would tell
    assert await told() == 0
    assert await rows_read() == 3, "PostgreSQL answers meanwhile"
    await operator.set_metrics(enabled=True)
    await until(is_so(told, 1), TAKEN_UP_SECONDS + 3)
    await until(is_so(rows_read, 3), TAKEN_UP_SECONDS)


async def test_events_and_points_that_have_become_too_old_are_removed_and_not_taken(
    operator: Operator, ann: Analyst, clickhouse: Clickhouse
) -> None:
    await send_events(ann, event(time=ago(1)), event(time=ago(5)), event(time=ago(50)))
    await send_points(ann, point(time=ago(1)), point(time=ago(5)), point(time=ago(50)))

    async def left() -> list[int]:
        found = []
        for table, own in (("events", "kind = 'seen'"), ("metric_points", "NOT startsWith(name, 'thedata.')")):
            await clickhouse.execute(f"OPTIMIZE TABLE {table} FINAL")
            found += await clickhouse.rows(f"SELECT toInt64(count()) FROM {table} WHERE {own}")
        return [int(count) for (count,) in found]

    assert await left() == [3, 3]
    await operator.set_metrics(events_retention="7200s", retention="36000s")
    await until(is_so(left, [1, 2]), TAKEN_UP_SECONDS + 5)
    answer = await send_events(ann, event(time=ago(5)))
    assert (answer.accepted, answer.rejected) == (0, 1)
    assert "2 hours" in answer.rejections[0].reason
    assert (await send_points(ann, point(time=ago(5)), point(time=ago(11)))).accepted == 1
    # For ever again: nothing more is removed.
    await operator.set_metrics(events_retention="0s", retention="0s")

    async def taken() -> bool:
        return (await send_events(ann, event(time=ago(50)))).accepted == 1

    await until(taken, TAKEN_UP_SECONDS)


async def test_a_very_long_retention_removes_nothing(operator: Operator, ann: Analyst, clickhouse: Clickhouse) -> None:
    """A time in 2126 is beyond what ClickHouse's times can hold; its own arithmetic would say 1990."""
    await send_events(ann, event(time=ago(1)))
    await operator.set_metrics(events_retention="3153600000s", retention="3153600000s")

    async def set_there() -> bool:
        rows = await clickhouse.rows("SELECT engine_full FROM system.tables WHERE name = 'metric_hours'"
                                     " AND database = currentDatabase()")  # fmt: skip
        return Ttl.found(rows[0][0]) == Ttl("time", 31536000000)

    await until(set_there, TAKEN_UP_SECONDS + 3)
    await clickhouse.execute("OPTIMIZE TABLE events FINAL")
    assert await clickhouse.rows("SELECT toInt64(count()) FROM events WHERE kind = 'seen'") == [[1]]


@pytest.mark.usefixtures("worker")
async def test_a_landed_table_loses_old_rows_also_after_it_was_replaced(
    operator: Operator, ann: Analyst, empty_database_url: str, clickhouse: Clickhouse
) -> None:
    await postgres(
        empty_database_url,
        "CREATE TABLE visits (id int PRIMARY KEY, at timestamptz, day date)",
        "INSERT INTO visits VALUES (1, now(), now()), (2, now() - interval '2 days', now()), (3, NULL, NULL),"
        " (4, '1950-01-01', now()), (5, '2200-01-01', now())",
    )
    line = await Line.laid(
        ann, empty_database_url, name="visits", sync_mode=pipelines_pb2.SYNC_MODE_FULL_REFRESH_OVERWRITE
    )
    await line.run()
    table = f"{database_of(UUID(await ann.organization()))}.visits"

    async def left() -> list[int]:
        await clickhouse.execute(f"OPTIMIZE TABLE {table} FINAL")
        return [int(number) for (number,) in await clickhouse.rows(f"SELECT id FROM {table} ORDER BY id")]

    async def uuid() -> object:
        return await clickhouse.rows(
            "SELECT uuid FROM system.tables WHERE concat(database, '.', name) = {table:String}", {"table": table}
        )

    assert await left() == [1, 2, 3, 4, 5]
    kept = {"organization_id": await ann.organization(), "table_name": "visits", "time_column": "at"}
    await operator.set_metrics(tables=[{**kept, "retention": "86400s"}])
    await until(is_so(left, [1, 3, 5]), REMOVED_SECONDS)
    first = await uuid()
    await line.run()
    assert await uuid() != first, "a full refresh puts another table in its place"
    await until(is_so(left, [1, 3, 5]), REMOVED_SECONDS)
    # What is not named any more keeps its rows.
    request = json_format.ParseDict({"config": {}, "reset": ["tables"]}, admin_pb2.UpdateMetricsConfigRequest())
    await operator.admin.UpdateMetricsConfig(request, metadata=operator.metadata)

    async def free() -> bool:
        rows = await clickhouse.rows(
            "SELECT engine_full FROM system.tables WHERE concat(database, '.', name) = {table:String}", {"table": table}
        )
        return Ttl.found(rows[0][0]) is None

    await until(free, TAKEN_UP_SECONDS + 3)
    await line.run()
    assert await left() == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("worker")
async def test_rows_are_old_by_a_column_of_dates_or_times_only(
    operator: Operator, ann: Analyst, empty_database_url: str
) -> None:
    await postgres(empty_database_url, "CREATE TABLE t (id int PRIMARY KEY, note text)")
    await (await Line.laid(ann, empty_database_url, name="t")).run()
    kept = {"organization_id": await ann.organization(), "table_name": "t", "retention": "86400s"}
    for column in ("note", "none"):
        error = await failure_of(operator.set_metrics(tables=[{**kept, "time_column": column}]))
        assert violations(error) == ["config.tables[0].time_column"]
    # A table that is not there yet may be named: nobody can tell what it will have.
    await operator.set_metrics(tables=[{**kept, "table_name": "later", "time_column": "at"}])


@pytest.mark.parametrize("column", ["at", "an `odd` na\\me", "TTL"])
def test_a_ttl_is_found_again_as_it_was_set(column: str) -> None:
    ttl = Ttl(column, 3600)
    assert Ttl.found(f"MergeTree ORDER BY id TTL {ttl.expression} SETTINGS index_granularity = 8192") == ttl
    assert Ttl.found("MergeTree ORDER BY id SETTINGS index_granularity = 8192") is None
