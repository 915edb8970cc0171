"""Whatever order batches come in, how often, and whoever looks after the store: the sums are those of the points."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from thedata.v1 import analytics_pb2, queries_pb2

from server.analytics.upkeep import Upkeep
from server.app import App
from tests.analytics.conftest import Analyst
from tests.analytics.test_landing import upkeep_of
from tests.analytics.test_views import content, define

START = datetime(2026, 11, 1, tzinfo=UTC)
ROOMS = ("a", "b", "c")
Batch = analytics_pb2.IngestMetricsRequest


def batches(chance: random.Random) -> list[Batch]:
    """The batches of three producers, in their orders; their points are of three days, in none."""
    made = []
    for producer in ("x", "y", "z"):
        for sequence in range(1, chance.randint(4, 9)):
            batch = Batch(producer=producer, sequence=sequence)
            for _ in range(chance.randint(1, 40)):
                point = batch.points.add(name="m", value=chance.randint(-50, 50), labels={"room": chance.choice(ROOMS)})
                point.time.FromDatetime(START + timedelta(seconds=chance.uniform(0, 3 * 86_400)))
            made.append(batch)
    return made


async def in_any_order(ann: Analyst, waiting: list[Batch], chance: random.Random) -> None:
    """Sends each batch at least once: several at once, some twice, some too early."""
    todo = list(waiting)
    while todo:
        chosen = chance.sample(todo, min(len(todo), 3)) + chance.sample(waiting, 1)
        calls = [ann.analytics.IngestMetrics(batch, metadata=ann.metadata) for batch in chosen]
        for batch, call in zip(chosen, calls, strict=True):
            try:
                await call
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:  # its predecessor is still to come
                    raise
            else:
                with suppress(ValueError):
                    todo.remove(batch)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_roll_ups_and_views_are_what_is_worked_out_from_all_points(ann: Analyst, app: App, seed: int) -> None:
    chance = random.Random(seed)
    sent = batches(chance)
    measures = [
        {"aggregation": f"AGGREGATION_{name}", **({} if name == "COUNT" else {"column": "value"})}
        for name in ("COUNT", "SUM", "MIN", "MAX")
    ]
    whose = [{"field": "name", "operator": "OPERATOR_EQ", "values": ["m"]}]
    shows: dict[str, Any] = {
        "source": "metrics",
        "filters": whose,
        "group_by": ["room"],
        "measures": measures,
        "interval": "3600s",
    }
    half = len(sent) // 2
    await in_any_order(ann, sent[:half], chance)
    # It begins in the middle: with what is there, and goes on with what comes.
    await define(ann, "m", **shows)
    restarting = asyncio.create_task(restarted_again_and_again(app, chance))
    try:
        await in_any_order(ann, sent, chance)
    finally:
        restarting.cancel()
        with suppress(asyncio.CancelledError):
            await restarting

    wanted: defaultdict[tuple[datetime, str], list[float]] = defaultdict(list)
    for batch in sent:
        for point in batch.points:
            time = point.time.ToDatetime(UTC).replace(minute=0, second=0, microsecond=0)
            wanted[time, point.labels["room"]].append(point.value)
    points = sum(map(len, wanted.values()))
    async with asyncio.timeout(20):
        while True:
            rows = {(moment(row[0]), row[1]): row[2:] for row in await content(ann, "m")}
            # First, for it says when all is there.
            counted = await hours(ann, queries_pb2.AGGREGATION_COUNT)
            summed = await hours(ann, queries_pb2.AGGREGATION_SUM)
            if min(sum(counted.values()), sum(row[0] for row in rows.values())) >= points:
                break
            await asyncio.sleep(0.1)
    summed = await hours(ann, queries_pb2.AGGREGATION_SUM)
    assert counted == {key: len(values) for key, values in wanted.items()}
    assert summed == {key: sum(values) for key, values in wanted.items()}
    assert rows == {key: [len(v), sum(v), min(v), max(v)] for key, v in wanted.items()}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def hours(ann: Analyst, aggregation: queries_pb2.Aggregation.ValueType) -> dict[tuple[datetime, str], float]:
    """A metric by hour and room, from the roll-up."""
    request = analytics_pb2.GetMetricsRequest(name="m", aggregation=aggregation, group_by=["room"])
    request.start_time.FromDatetime(START)
    request.end_time.FromDatetime(START + timedelta(days=3))
    request.step.FromSeconds(3600)
    found = await ann.analytics.GetMetrics(request, metadata=ann.metadata)
    assert found.resolution == analytics_pb2.RESOLUTION_HOUR
    return {
        (point.time.ToDatetime(UTC), series.labels["room"]): point.value
        for series in found.series
        for point in series.points
    }


async def restarted_again_and_again(app: App, chance: random.Random) -> None:
    """Looks after the store as further servers do, each cut off in the middle of what it does."""
    analytics = app._analytics
    assert analytics
    while True:
        other = upkeep_of(app, analytics)
        with suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(0.01, 0.2)):
                await work(other)


async def work(upkeep: Upkeep) -> None:
    """Without the lease, so that several do the same at once, which they must bear too."""
    while True:
        await upkeep.gather()
        await upkeep.apply_views()
        await asyncio.sleep(0.01)
