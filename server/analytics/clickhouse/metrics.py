"""Metrics in ClickHouse: points as they came, and what is gathered of them by minute and by hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.conditions import Bound, all_of, on_label
from server.analytics.clickhouse.events import TIME, count, drop, forget, moment, owners
from server.analytics.errors import QueryTooLarge
from server.analytics.model import Aggregation, MetricAnswer, MetricQuery, Point, Resolution, Series

POINTS, MINUTES, HOURS = "metric_points", "metric_minutes", "metric_hours"
MOST_POINTS = 200_000

_TABLES = {Resolution.RAW: POINTS, Resolution.MINUTE: MINUTES, Resolution.HOUR: HOURS}
_RAW = {
    Aggregation.AVG: "avg(value)",
    Aggregation.MIN: "min(value)",
    Aggregation.MAX: "max(value)",
    Aggregation.SUM: "sum(value)",
    Aggregation.COUNT: "toFloat64(count())",
    Aggregation.RATE: "sum(value) / {step}",
    Aggregation.P50: "quantileTDigest(0.5)(value)",
    Aggregation.P95: "quantileTDigest(0.95)(value)",
    Aggregation.P99: "quantileTDigest(0.99)(value)",
}
_GATHERED = {
    Aggregation.AVG: "sum(total) / sum(number)",
    Aggregation.MIN: "min(least)",
    Aggregation.MAX: "max(greatest)",
    Aggregation.SUM: "sum(total)",
    Aggregation.COUNT: "toFloat64(sum(number))",
    Aggregation.RATE: "sum(total) / {step}",
    Aggregation.P50: "quantilesTDigestMerge(0.5, 0.95, 0.99)(digest)[1]",
    Aggregation.P95: "quantilesTDigestMerge(0.5, 0.95, 0.99)(digest)[2]",
    Aggregation.P99: "quantilesTDigestMerge(0.5, 0.95, 0.99)(digest)[3]",
}


_GATHER = {
    table: f"""
INSERT INTO {table}
SELECT organization_id, name, series, toStartOfInterval(time, INTERVAL {seconds} SECOND) AS at, anyLast(labels),
       count(), sum(value), min(value), max(value), quantilesTDigestState(0.5, 0.95, 0.99)(value)
  FROM {POINTS} WHERE batch {{operator}} {{{{batches:Array(UInt64)}}}}
 GROUP BY organization_id, name, series, at ORDER BY organization_id, name, series, at"""  # noqa: S608 - our own words
    for table, seconds in ((MINUTES, 60), (HOURS, 3600))
}


class MetricTables:
    """The metrics of all organizations; every statement names one, but for the gathering."""

    def __init__(self, client: Clickhouse) -> None:
        self._client = client

    async def insert(self, rows: pa.Table, batch: int) -> None:
        """Stores a batch's rows: name, time, value, labels, organization_id; the same batch again is none."""
        numbered = rows.append_column("batch", pa.array([batch] * len(rows), pa.uint64()))
        await self._client.insert(POINTS, numbered, f"metrics:{batch}")

    async def gather(self, group: int, batches: Sequence[int]) -> None:
        """Adds some batches to what is gathered by minute and by hour; the same group again adds nothing."""
        for table in (MINUTES, HOURS):
            token = {"insert_deduplication_token": f"{table}:{group}"}
            await self._client.execute(_GATHER[table].format(operator="IN"), {"batches": list(batches)}, token)

    async def gather_anew(self, besides: Sequence[int]) -> None:
        """Makes the roll-ups of all points that are there but those of some batches."""
        for table in (MINUTES, HOURS):
            await self._client.execute(f"TRUNCATE TABLE {table}")
            token = {"insert_deduplication_token": f"{table}:anew:{uuid4()}"}
            await self._client.execute(_GATHER[table].format(operator="NOT IN"), {"batches": list(besides)}, token)

    async def forget_names(self, names: Sequence[str]) -> None:
        """Removes all points of some metrics, of all organizations; the roll-ups keep them until they are made anew."""
        await self._client.execute(
            f"ALTER TABLE {POINTS} DELETE WHERE name IN {{names:Array(String)}}", {"names": list(names)}
        )

    async def count(self, organization_id: UUID, batch: int) -> int:
        """How many rows of a batch are there."""
        return await count(self._client, POINTS, organization_id, batch)

    async def forget(self, organization_id: UUID, batch: int) -> None:
        """Removes what is there of a batch."""
        await forget(self._client, POINTS, organization_id, batch)

    async def drop(self, organization_id: UUID) -> None:
        """Removes all metrics of an organization."""
        for table in (POINTS, MINUTES, HOURS):
            await drop(self._client, table, organization_id)

    async def owners(self) -> set[UUID]:
        """Whose metrics there are, or what is gathered of them."""
        return await owners(self._client, POINTS, MINUTES, HOURS)

    async def points(self, organization_id: UUID, query: MetricQuery, resolution: Resolution) -> MetricAnswer:
        """A metric's points by step, from one resolution; of what is gathered from the minute or hour of the start on.

        Raises:
            QueryTooLarge: there are more points than an answer may have.
        """
        assert query.step is not None
        start = query.start
        if resolution is not Resolution.RAW:
            start -= (start - datetime.min.replace(tzinfo=UTC)) % resolution.value
        bound = Bound()
        step = bound.add(int(query.step.total_seconds()), "UInt32")
        words = _RAW if resolution is Resolution.RAW else _GATHERED
        group = ", ".join(f"labels[{bound.add(label, 'String')}]" for label in query.group_by)
        where = [
            f"organization_id = {bound.add(str(organization_id), 'UUID')}",
            f"name = {bound.add(query.name, 'String')}",
            f"time >= {bound.add(moment(start), TIME)}",
            f"time < {bound.add(moment(query.end), TIME)}",
            *(on_label(condition, bound) for condition in query.filters),
        ]
        sql = (
            f"SELECT array({group}) AS named, intDiv(toUnixTimestamp(time), {step}) * {step} AS at,"  # noqa: S608 - all is bound
            f" {words[query.aggregation].format(step=step)} AS result"
            f" FROM {_TABLES[resolution]} WHERE {all_of(where)}"
            f" GROUP BY named, at ORDER BY named, at LIMIT {MOST_POINTS + 1}"
        )
        rows = await self._client.rows(sql, bound.values)
        if len(rows) > MOST_POINTS:
            raise QueryTooLarge
        found: dict[tuple[str, ...], list[tuple[datetime, float]]] = {}
        for names, at, value in rows:
            found.setdefault(tuple(names), []).append((datetime.fromtimestamp(at, UTC), _number(value)))
        series = [
            Series({label: name for label, name in zip(query.group_by, names, strict=True) if name}, points)
            for names, points in found.items()
        ]
        return MetricAnswer(series, resolution, query.step)

    async def newest(
        self, organization_id: UUID, names: Sequence[str], batches: Sequence[int], limit: int
    ) -> list[Point]:
        """The newest point of each series among some batches; without names, of all metrics."""
        bound = Bound()
        where = [
            f"organization_id = {bound.add(str(organization_id), 'UUID')}",
            f"batch IN {bound.add(list(batches), 'Array(UInt64)')}",
        ]
        if names:
            where.append(f"name IN {bound.add(list(names), 'Array(String)')}")
        sql = (
            f"SELECT name, argMax(labels, time), max(time), argMax(value, time) FROM {POINTS} WHERE {all_of(where)}"  # noqa: S608
            f" GROUP BY name, series ORDER BY name, series LIMIT {bound.add(limit, 'UInt32')}"
        )
        return [
            Point(name, datetime.fromisoformat(time), _number(value), labels)
            for name, labels, time, value in await self._client.rows(sql, bound.values)
        ]


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def resolution_of(span: timedelta, step: timedelta) -> Resolution:
    """From what a question is answered: coarser where the span is long and the step allows it."""
    if span > timedelta(days=2) and step % Resolution.HOUR.value == timedelta(0):
        return Resolution.HOUR
    if span > timedelta(hours=6) and step % Resolution.MINUTE.value == timedelta(0):
        return Resolution.MINUTE
    return Resolution.RAW
