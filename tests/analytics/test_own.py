"""The platform is its own first customer: what becomes of runs lands as events and metrics of who owns them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import grpc
import pytest
from google.protobuf import json_format
from thedata.v1 import analytics_pb2, data_sources_pb2, pipelines_pb2, queries_pb2

from server.analytics.run_facts import Facts
from server.app import App
from server.ids import new_id
from server.pipelines.model import Attempt, AttemptOutcome, Run, RunFailure, RunState, RunTrigger
from server.scope import PLATFORM, Scope
from tests.analytics.conftest import Analyst
from tests.analytics.test_history import Line, postgres
from tests.auth.people import PASSWORD, log_in, reason_of
from tests.sync.conftest import until

AT = datetime(2026, 1, 1, tzinfo=UTC)
COUNTED = ("rows_read", "rows_committed", "rows_rejected", "bytes_read")


async def own_events(ann: Analyst) -> list[Any]:
    request = analytics_pb2.GetEventsRequest(page_size=1000)
    found = await ann.analytics.GetEvents(request, metadata=ann.metadata)
    return [event for event in found.events if event.kind.startswith(("thedata.run.", "thedata.attempt."))]


async def total(ann: Analyst, name: str) -> float:
    request = analytics_pb2.GetMetricsRequest(
        name=f"thedata.{name}", aggregation=queries_pb2.AGGREGATION_SUM, group_by=["pipeline_id"]
    )
    found = await ann.analytics.GetMetrics(request, metadata=ann.metadata)
    return sum(point.value for series in found.series for point in series.points)


@pytest.mark.usefixtures("worker")
async def test_runs_are_told_once_as_events_and_metrics(ann: Analyst, empty_database_url: str) -> None:
    await postgres(
        empty_database_url, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 500)"
    )
    line = await Line.laid(ann, empty_database_url, name="t")
    runs = [await line.run(), await line.run()]

    async def told() -> bool:
        # The points of runs follow their events.
        return len(await own_events(ann)) >= 4 and await total(ann, "rows_read") >= 1000

    await until(told, 15)
    events = await own_events(ann)
    assert sorted(event.kind for event in events) == ["thedata.run.started"] * 2 + ["thedata.run.succeeded"] * 2
    ended = {event.attributes["run_id"]: event for event in events if event.kind == "thedata.run.succeeded"}
    assert ended.keys() == {run.id for run in runs}
    for run in runs:
        attributes = json_format.MessageToDict(ended[run.id].attributes)
        assert (attributes["rows_read"], attributes["rows_committed"]) == (500, 500)
        assert ended[run.id].time == run.end_time
    wanted = {"rows_read": 1000, "rows_committed": 1000, "runs_in_flight": 0, "run_failed": 0}
    assert {name: await total(ann, name) for name in wanted} == wanted


@pytest.mark.usefixtures("worker")
async def test_what_a_source_gave_and_took_is_told_by_the_store_as_by_the_runs(
    ann: Analyst, app: App, empty_database_url: str
) -> None:
    await postgres(
        empty_database_url, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 70)"
    )
    line = await Line.laid(ann, empty_database_url, name="t")
    run = await line.run()
    failed = await Line.laid(ann, empty_database_url, name="missing")
    await failed.start()
    listed = await ann.sources.ListDataSources(data_sources_pb2.ListDataSourcesRequest(), metadata=ann.metadata)
    store = app._analytics
    assert store

    async def told() -> bool:
        return len([event for event in await own_events(ann) if event.kind.endswith(("succeeded", "failed"))]) == 2

    await until(told, 30)
    start, end = AT, datetime.now(UTC) + timedelta(hours=1)
    for source in listed.data_sources:
        request = data_sources_pb2.GetDataSourceMetricsRequest(source_id=source.id)
        answer = await ann.sources.GetDataSourceMetrics(request, metadata=ann.metadata)
        async with app._foundation.store.begin(Scope.everything()) as tx:
            counted = await tx.data_sources.moved(UUID(source.id), start, end)
        assert (answer.pipelines, answer.runs, answer.runs_succeeded, answer.runs_failed) == (
            1, 1, counted.runs_succeeded, counted.runs_failed,
        )  # fmt: skip
        assert (answer.rows_read, answer.rows_committed, answer.bytes_read) == (
            counted.rows_read, counted.rows_committed, counted.bytes_read,
        )  # fmt: skip
        if source.connector == "postgres" and answer.runs_succeeded:
            assert (answer.rows_read, answer.last_success_time) == (70, run.end_time)


@pytest.mark.usefixtures("worker")
async def test_the_platform_s_own_views_show_what_becomes_of_runs(ann: Analyst, empty_database_url: str) -> None:
    await postgres(empty_database_url, "CREATE TABLE t AS SELECT generate_series(1, 70) AS id")
    line = await Line.laid(ann, empty_database_url, name="t")
    failing = await Line.laid(ann, empty_database_url, name="missing")
    await line.run()
    await failing.start()

    async def shown(view: str) -> list[dict[str, Any]]:
        request = analytics_pb2.GetRealtimeViewRequest(view_name=view)
        answer = await ann.analytics.GetRealtimeView(request, metadata=ann.metadata)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    async def failed() -> bool:
        return bool(await shown("errors_by_pipeline"))

    await until(failed, 60)
    (error,) = await shown("errors_by_pipeline")
    assert error["count"] == 1
    assert "missing" in error["pipeline"]
    assert error["failure.code"]

    async def all_told() -> bool:
        health, flying = await shown("source_health"), await shown("runs_in_flight")
        return len(health) == 2 and [row["runs"] for row in flying] == [0, 0]

    await until(all_told, 15)
    assert sorted(row["failed_share"] for row in await shown("source_health")) == [0, 1]
    (rate,) = await shown("rows_per_second")
    assert rate["rows_per_second"] == 70 / 10
    by_kind: Counter[str] = Counter()
    for row in await shown("events_per_minute"):
        by_kind[row["kind"]] += row["count"]
    assert by_kind == {"thedata.run.started": 2, "thedata.run.succeeded": 1, "thedata.run.failed": 1}


@pytest.mark.usefixtures("worker")
async def test_how_far_pipelines_are_behind_is_told_of_those_with_a_schedule(
    ann: Analyst, app: App, empty_database_url: str
) -> None:
    await postgres(empty_database_url, "CREATE TABLE t AS SELECT 1 AS id", "CREATE TABLE u AS SELECT 1 AS id")
    scheduled, by_hand = [await Line.laid(ann, empty_database_url, name=name) for name in "tu"]
    run = await scheduled.run()
    await by_hand.run()
    request = pipelines_pb2.UpdatePipelineRequest(pipeline_id=run.pipeline_id)
    request.schedule.interval.FromSeconds(86_400)
    await ann.pipelines.UpdatePipeline(request, metadata=ann.metadata)
    assert app._upkeep
    await app._upkeep._projector.tell_lags()
    asked = analytics_pb2.GetMetricsRequest(
        name="thedata.lag_seconds", aggregation=queries_pb2.AGGREGATION_MAX, group_by=["pipeline_id", "pipeline"]
    )
    (series,) = (await ann.analytics.GetMetrics(asked, metadata=ann.metadata)).series
    assert series.labels["pipeline_id"] == run.pipeline_id
    since = (datetime.now(UTC) - run.start_time.ToDatetime(UTC)).total_seconds()
    assert 0 < series.points[0].value <= since


async def test_nobody_else_uses_the_names_of_the_platform(ann: Analyst) -> None:
    event = analytics_pb2.IngestEventsRequest(events=[analytics_pb2.Event(kind="thedata.run.failed")])
    points = analytics_pb2.IngestMetricsRequest(points=[analytics_pb2.MetricPoint(name="thedata.rows_read", value=1)])
    for answer in (
        await ann.analytics.IngestEvents(event, metadata=ann.metadata),
        await ann.analytics.IngestMetrics(points, metadata=ann.metadata),
    ):
        assert (answer.accepted, answer.rejected) == (0, 1)
        assert "thedata." in answer.rejections[0].reason


def a_run(**values: Any) -> Run:
    plan = {"name": "p", "source_id": "s", "destination_id": "d"}
    return Run(
        new_id(), new_id(), new_id(), RunState.QUEUED, RunTrigger.MANUAL, 0, 0, 1, AT, None, None, 0, 0, 0, 0, None, [],
        None, plan, None, AT, **values,
    )  # fmt: skip


def sums(facts: Facts) -> dict[str, float]:
    found: dict[str, float] = {}
    for point in facts.points:
        found[point.name.removeprefix("thedata.")] = found.get(point.name.removeprefix("thedata."), 0) + point.value
    return found


def test_what_is_told_in_parts_is_what_is_told_at_once() -> None:
    queued = a_run()
    running = replace(queued, state=RunState.RUNNING, attempt=1, started_at=AT + timedelta(seconds=2), rows_read=10)
    failure = RunFailure("source", "transient", "LOST", "gone", "wait")
    first = Attempt(1, "w", AT.isoformat(), AT.isoformat(), AttemptOutcome.FAILED, failure)
    # An attempt that begins anew has read less than the one before.
    again = replace(running, attempt=2, rows_read=4, attempts=[first, Attempt(2, "w", AT.isoformat())])
    second = Attempt(2, "w", AT.isoformat(), AT.isoformat(), AttemptOutcome.SUCCEEDED)
    ended = replace(
        again, state=RunState.SUCCEEDED, rows_read=25, rows_committed=25, ended_at=AT + timedelta(seconds=9),
        attempts=[first, second],
    )  # fmt: skip
    parts, told = Facts(), dict[str, Any]()
    for run in (queued, running, running, again, ended, ended):
        told = parts.tell(run, told)
    whole = Facts()
    whole.tell(ended, {})
    assert sums(parts) == sums(whole)
    counts = {"rows_read": 25, "rows_committed": 25, "runs_in_flight": 0, "run_failed": 0}
    assert sums(whole) == counts | {"wait_seconds": 2, "run_seconds": 7}
    kinds = ["thedata.run.started", "thedata.attempt.failed", "thedata.run.succeeded"]
    assert [event.kind for event in parts.events] == kinds == [event.kind for event in whole.events]
    assert json.loads(parts.events[1].attributes)["failure"]["code"] == "LOST"
    assert Facts.of(json.loads(json.dumps(parts.stored()))).stored() == parts.stored()


async def test_what_a_process_tells_of_itself_is_for_administrators_of_the_platform_only(
    ann: Analyst, app: App, channel: grpc.aio.Channel
) -> None:
    await app._own.tell()
    request = analytics_pb2.GetMetricsRequest(
        organization_id=str(PLATFORM),
        name="thedata.calls",
        aggregation=queries_pb2.AGGREGATION_SUM,
        group_by=["method"],
    )
    asked = partial(ann.analytics.GetMetrics, request, metadata=ann.metadata)
    assert (await reason_of(asked()))[0] == "NOT_FOUND"
    await app.auth.ensure_platform_admin("root@example.com", PASSWORD)
    asked = partial(ann.analytics.GetMetrics, request, metadata=(await log_in(channel, "root")).metadata)
    series = (await asked()).series
    counted = {found.labels["method"]: sum(point.value for point in found.points) for found in series}
    assert counted["AuthService/Register"] == 1
    for name in ("process_memory_bytes", "host_disk_free_bytes", "call_seconds_p95"):
        request.name = f"thedata.{name}"
        assert all(point.value > 0 for found in (await asked()).series for point in found.points)
        assert (await asked()).series
