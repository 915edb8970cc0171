"""Questions about metrics: every aggregation by step and label, from the roll-up that the span asks for; the stream."""

from __future__ import annotations

import asyncio
import math
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Value
from thedata.v1 import analytics_pb2, queries_pb2

from server.app import App
from tests.analytics.conftest import Analyst
from tests.analytics.test_ingest import send_points
from tests.auth.people import failure_of, reason_of, violations

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
VALUES = {"a": [1.0, 2.0, 4.0, 8.0], "b": [-5.0, 0.5]}
WORKED_OUT: dict[str, Any] = {
    "AVG": statistics.fmean,
    "MIN": min,
    "MAX": max,
    "SUM": math.fsum,
    "COUNT": len,
    "RATE": lambda values: math.fsum(values) / 60,
}


async def measured(ann: Analyst, days: Sequence[int] = (0,)) -> None:
    points = []
    for day in days:
        for room, values in VALUES.items():
            for number, value in enumerate(values):
                point = analytics_pb2.MetricPoint(name="heat", value=value, labels={"room": room, "n": str(number)})
                point.time.FromDatetime(START + timedelta(days=day, seconds=number))
                points.append(point)
    await send_points(ann, *points)


def question(aggregation: str = "SUM", **fields: Any) -> analytics_pb2.GetMetricsRequest:
    request = analytics_pb2.GetMetricsRequest(
        name="heat", aggregation=queries_pb2.Aggregation.Value(f"AGGREGATION_{aggregation}"), **fields
    )
    request.start_time.FromDatetime(START)
    request.end_time.FromDatetime(START + timedelta(minutes=1))
    request.step.FromSeconds(60)
    return request


async def answer(ann: Analyst, request: analytics_pb2.GetMetricsRequest) -> dict[str, list[float]]:
    found = await ann.analytics.GetMetrics(request, metadata=ann.metadata)
    return {series.labels.get("room", ""): [point.value for point in series.points] for series in found.series}


@pytest.mark.parametrize("aggregation", WORKED_OUT)
async def test_an_aggregation_by_label(ann: Analyst, aggregation: str) -> None:
    await measured(ann)
    found = await answer(ann, question(aggregation, group_by=["room"]))
    for room, values in VALUES.items():
        assert found[room] == [pytest.approx(WORKED_OUT[aggregation](values))]


async def test_quantiles_are_estimated(ann: Analyst) -> None:
    await measured(ann)
    assert 0.5 <= (await answer(ann, question("P50")))[""][0] <= 2
    for aggregation in ("P95", "P99"):
        assert (await answer(ann, question(aggregation)))[""][0] == pytest.approx(8, abs=2)


async def test_conditions_choose_points(ann: Analyst) -> None:
    await measured(ann)
    assert await answer(ann, question(where=["room:eq:b"])) == {"": [-4.5]}
    assert await answer(ann, question(where=["room:in:a,b", "n:in:2,3"])) == {"": [12.0]}
    assert await answer(ann, question(where=["floor:is_null"])) == {"": [10.5]}
    assert await answer(ann, question(where=["floor:is_not_null"])) == {}


@pytest.mark.parametrize(
    ("span", "step", "resolution"),
    [
        (timedelta(minutes=1), 30, analytics_pb2.RESOLUTION_RAW),
        (timedelta(days=2), 60, analytics_pb2.RESOLUTION_MINUTE),
        (timedelta(days=40), 3600, analytics_pb2.RESOLUTION_HOUR),
    ],
    ids=["raw", "minute", "hour"],
)
async def test_the_span_chooses_the_roll_up_and_the_sums_are_the_same(
    ann: Analyst, span: timedelta, step: int, resolution: int
) -> None:
    await measured(ann, [0, 1] if span > timedelta(days=1) else [0])
    request = question(group_by=["room"])
    request.end_time.FromDatetime(START + span)
    request.step.FromSeconds(step)
    times = 2 if span > timedelta(days=1) else 1
    wanted = {room: math.fsum(values) * times for room, values in VALUES.items()}
    async with asyncio.timeout(10):
        while True:
            found = await ann.analytics.GetMetrics(request, metadata=ann.metadata)
            assert found.resolution == resolution
            sums = {one.labels["room"]: math.fsum(point.value for point in one.points) for one in found.series}
            if sums == wanted:
                return
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("step", [60, 3600], ids=["minute", "hour"])
async def test_a_span_that_begins_within_a_minute_or_hour_has_all_of_it(ann: Analyst, step: int) -> None:
    await measured(ann)
    request = question()
    request.start_time.FromDatetime(START + timedelta(seconds=2))
    request.end_time.FromDatetime(START + timedelta(days=3))
    request.step.FromSeconds(step)
    if step < 3600:
        request.end_time.FromDatetime(START + timedelta(days=1))
    wanted = {"": [math.fsum(map(math.fsum, VALUES.values()))]}
    async with asyncio.timeout(10):
        while await answer(ann, request) != wanted:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)


def without_a_span(request: analytics_pb2.GetMetricsRequest) -> None:
    request.end_time.CopyFrom(request.start_time)


def with_many_steps(request: analytics_pb2.GetMetricsRequest) -> None:
    request.start_time.FromJsonString("2000-01-01T00:00:00Z")
    request.step.FromSeconds(1)


def with_half_a_second(request: analytics_pb2.GetMetricsRequest) -> None:
    request.step.FromMilliseconds(500)


def with_an_endless_step(request: analytics_pb2.GetMetricsRequest) -> None:
    request.step.seconds = 2**62


def with_a_step_of_no_length(request: analytics_pb2.GetMetricsRequest) -> None:
    request.step.FromSeconds(0)


def with_a_step_of_centuries(request: analytics_pb2.GetMetricsRequest) -> None:
    request.step.FromSeconds(2**33)


def with_a_label_without_a_name(request: analytics_pb2.GetMetricsRequest) -> None:
    request.group_by.append("")


def with_too_many_values(request: analytics_pb2.GetMetricsRequest) -> None:
    request.where.append(f"room:in:{','.join(['a'] * 100_000)}")


def with_too_many_values_in_many_filters(request: analytics_pb2.GetMetricsRequest) -> None:
    for _ in range(100):
        condition = request.filters.add(field="room", operator=queries_pb2.OPERATOR_IN)
        condition.values.extend([Value(string_value="a")] * 1000)


def with_a_value_that_is_no_number(request: analytics_pb2.GetMetricsRequest) -> None:
    request.filters.add(field="room").values.add(number_value=math.nan)


def with_distinct_values(request: analytics_pb2.GetMetricsRequest) -> None:
    request.aggregation = queries_pb2.AGGREGATION_COUNT_DISTINCT


def with_too_many_conditions(request: analytics_pb2.GetMetricsRequest) -> None:
    request.where.extend(["room:eq:a"] * 100_000)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (without_a_span, "end_time"),
        (with_many_steps, "step"),
        (with_half_a_second, "step"),
        (with_an_endless_step, "step"),
        (with_distinct_values, "aggregation"),
        (with_too_many_conditions, "where"),
        (with_a_step_of_no_length, "step"),
        (with_a_step_of_centuries, "step"),
        (with_a_label_without_a_name, "group_by[0]"),
        (with_too_many_values, "where"),
        (with_too_many_values_in_many_filters, "filters"),
        (with_a_value_that_is_no_number, "filters[0].values"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_what_can_t_be_asked_is_refused_by_its_path(ann: Analyst, change: Any, field: str) -> None:
    request = question()
    change(request)
    error = await failure_of(ann.analytics.GetMetrics(request, metadata=ann.metadata))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert violations(error) == [field]


@pytest.mark.parametrize(("start", "end"), [("0001-01-01T00:00:00Z", None), (None, "9999-12-31T23:59:59Z")])
async def test_a_span_beyond_all_that_is_kept_finds_what_is_there(
    ann: Analyst, start: str | None, end: str | None
) -> None:
    await measured(ann)
    request = question(where=["room:eq:b"])
    if start:
        request.start_time.FromJsonString(start)
    if end:
        request.end_time.FromJsonString(end)
    request.step.FromTimedelta(timedelta(days=366, hours=-1, seconds=1))  # what no roll-up has
    assert await answer(ann, request) == {"": [-4.5]}


async def next_points(call: Any) -> list[analytics_pb2.MetricPoint]:
    async with asyncio.timeout(10):
        while not (message := await call.read()).points:
            pass
        return list(message.points)


async def test_the_stream_tells_the_newest_value_of_each_series(ann: Analyst) -> None:
    request = analytics_pb2.StreamMetricsRequest(names=["heat"])
    request.interval.FromSeconds(1)
    call = ann.analytics.StreamMetrics(request, metadata=ann.metadata)
    begun = await call.read()
    assert isinstance(begun, analytics_pb2.StreamMetricsResponse)
    await measured(ann)
    points = await next_points(call)
    newest = {(point.labels["room"], point.labels["n"]): point.value for point in points}
    assert newest == {(room, str(n)): value for room, values in VALUES.items() for n, value in enumerate(values)}
    call.cancel()
    # From the cursor before them, they come again.
    request.after = begun.cursor
    again = ann.analytics.StreamMetrics(request, metadata=ann.metadata)
    assert len(await next_points(again)) == len(points)
    again.cancel()


async def test_the_stream_ends_when_the_server_does(ann: Analyst, app: App) -> None:
    call = ann.analytics.StreamMetrics(analytics_pb2.StreamMetricsRequest(), metadata=ann.metadata)
    await call.read()
    await app._foundation.signals.close()

    async def rest() -> None:
        async with asyncio.timeout(5):
            while await call.read() is not grpc.aio.EOF:
                pass

    assert (await reason_of(rest()))[0] == "UNAVAILABLE"
