"""Questions about events, metrics and realtime views as SQL: the text of each shape is in `golden/questions/`.

After a change that is meant: `GOLDEN=write python -m pytest tests/analytics/test_questions.py`; read the difference.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from server.analytics.builtin_views import BUILT_IN
from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.events import EventTable
from server.analytics.clickhouse.metrics import MetricTables
from server.analytics.clickhouse.schema import Flavour
from server.analytics.clickhouse.views import ViewTables
from server.analytics.model import Aggregation, EventQuery, Filter, MetricQuery, Operator, Resolution
from server.analytics.view_model import RealtimeView

GOLDEN = Path(__file__).with_name("golden") / "questions"
ORGANIZATION = UUID("01900000-0000-7000-8000-000000000001")
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
HOSTILE = "x') OR 1 = 1 --`{p0:UUID}"


class Written(Clickhouse):
    """Keeps what it is asked instead of asking it."""

    def __init__(self) -> None:
        super().__init__("http://nowhere/own")
        self.asked: list[tuple[str, Any]] = []

    async def rows(self, sql: str, parameters: Any = None, *_: object, **__: object) -> list[list[Any]]:
        self.asked.append((sql, parameters))
        # What the counts of events go on from.
        return [["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"]] if "min(time)" in sql or "BY kind" in sql else []

    async def execute(self, sql: str, parameters: Any = None, *_: object, **__: object) -> None:
        self.asked.append((sql, parameters))


def events(client: Clickhouse, **query: Any) -> Awaitable[Any]:
    before = (END, ORGANIZATION)
    return EventTable(client).page(ORGANIZATION, EventQuery(**query), 51, before)


def facets(client: Clickhouse) -> Awaitable[Any]:
    return EventTable(client).facets(ORGANIZATION, EventQuery(kinds=["a"], facets=True))


def metric(client: Clickhouse, resolution: Resolution, aggregation: Aggregation) -> Awaitable[Any]:
    where = [Filter("room", Operator.IN, ("a", HOSTILE)), Filter("floor", Operator.IS_NULL)]
    query = MetricQuery("heat", START, END, timedelta(hours=1), aggregation, ["room", HOSTILE], where)
    return MetricTables(client).points(ORGANIZATION, query, resolution)


def view(name: str) -> RealtimeView:
    return RealtimeView(ORGANIZATION, ORGANIZATION, name, BUILT_IN[name].stored(), applied=1)


def begun(client: Clickhouse, name: str) -> Awaitable[Any]:
    return ViewTables(client, Flavour()).begin(view(name), 2, 7, 12, [10, 11])


def added(client: Clickhouse, name: str) -> Awaitable[Any]:
    return ViewTables(client, Flavour()).add(view(name), 8, [13])


def shown(client: Clickhouse, name: str) -> Awaitable[Any]:
    return ViewTables(client, Flavour()).content(view(name), END)


CONDITIONS = [
    Filter("user.name", Operator.NE, (HOSTILE, )), Filter("n", Operator.IN, ("1", "true", "x"), loose=True),
    Filter(HOSTILE, Operator.CONTAINS, (HOSTILE,)), Filter("gone", Operator.IS_NULL),
]  # fmt: skip
SHAPES: dict[str, Callable[[Clickhouse], Awaitable[Any]]] = {
    "a_page_of_events": lambda client: events(client, kinds=["a", HOSTILE], start=START, end=END, text=HOSTILE),
    "events_by_attributes": lambda client: events(client, filters=CONDITIONS),
    "counts_of_events": facets,
    "points": lambda client: metric(client, Resolution.RAW, Aggregation.AVG),
    "points_by_minute": lambda client: metric(client, Resolution.MINUTE, Aggregation.P95),
    "points_by_hour": lambda client: metric(client, Resolution.HOUR, Aggregation.RATE),
    "newest_points": lambda client: MetricTables(client).newest(ORGANIZATION, ["heat", HOSTILE], [1, 2], 100),
    "roll_ups": lambda client: MetricTables(client).gather(3, [1, 2]),
    "a_view_of_events_begins": lambda client: begun(client, "errors_by_pipeline"),
    "a_view_of_metrics_goes_on": lambda client: added(client, "rows_per_second"),
    "a_view_of_metrics": lambda client: shown(client, "source_health"),
}


@pytest.mark.parametrize("name", SHAPES)
async def test_the_sql_of_a_shape(name: str) -> None:
    client = Written()
    await SHAPES[name](client)
    texts = []
    for sql, parameters in client.asked:
        lines = re.sub(r" (FROM|WHERE|AND|GROUP BY|ORDER BY|LIMIT|SETTINGS|ENGINE) ", r"\n\1 ", sql.strip())
        texts.append(f"{lines}\n-- {json.dumps(parameters, default=str)}\n")
    text, path = "\n".join(texts), GOLDEN / f"{name}.sql"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text()
    assert HOSTILE not in "".join(sql for sql, _ in client.asked)


def test_each_golden_file_has_its_shape() -> None:
    assert {path.stem for path in GOLDEN.glob("*.sql")} == SHAPES.keys()
