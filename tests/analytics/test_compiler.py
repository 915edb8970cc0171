"""Questions as SQL: the text of each shape is in `golden/`, and whatever is asked, nobody else's rows are read.

After a change that is meant: `GOLDEN=write python -m pytest tests/analytics/test_compiler.py`, and read the difference.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.message import Message
from thedata.v1 import analytics_pb2, queries_pb2

from server.analytics.clickhouse.client import Clickhouse, quote
from server.analytics.clickhouse.compiler import compile_all, compile_page
from server.analytics.clickhouse.databases import database_of
from server.analytics.clickhouse.tables import LandedTables
from server.analytics.clickhouse.values import column_of
from server.analytics.convert_history import table_query
from server.analytics.questions import Table
from tests.analytics.conftest import Analyst
from tests.analytics.test_ingest import event, point, send_events, send_points
from tests.auth.people import register

GOLDEN = Path(__file__).with_name("golden")
ORGANIZATION = UUID("01900000-0000-7000-8000-000000000001")
COLUMNS = [
    ("id", "Int64", ""), ("country", "Nullable(String)", ""), ("amount", "Nullable(Decimal(12, 2))", ""),
    ("at", "DateTime64(6, 'UTC')", ""), ("paid", "Nullable(Bool)", ""), ("big", "UInt64", ""), ("day", "Date32", ""),
    ("extra", "Nullable(String)", "json"), ("raw", "Nullable(String)", "bytes"), ("we`ird\\", "String", ""),
]  # fmt: skip
ORDERS = Table(
    "orders", database_of(ORGANIZATION), "orders", tuple(column_of(*column) for column in COLUMNS), ("id",), final=True
)
EVENTS = LandedTables(Clickhouse("http://nowhere/own"))._shared(ORGANIZATION, "events")
SPAN = {"time_column": "at", "start_time": "2026-01-01T00:00:00Z", "end_time": "2026-02-01T00:00:00Z"}
SHAPES: dict[str, tuple[Table, dict[str, Any]]] = {
    "rows": (ORDERS, {}),
    "columns_in_an_order": (ORDERS, {"columns": ["country", "amount"], "order_by": ["amount desc", "country"]}),
    "a_span_of_time": (ORDERS, {"columns": ["id"], **SPAN}),
    "groups": (ORDERS, {"group_by": ["country", "paid"], "measure": ["count", "sum:amount", "p95:amount"]}),
    "groups_by_time": (
        ORDERS,
        {**SPAN, "interval": "3600s", "group_by": ["country"], "measure": ["rate:amount", "count_distinct:id"],
         "order_by": ["rate_amount desc"]},
    ),
    "one_group": (ORDERS, {"measure": ["min:at", "max:day", "avg:amount"]}),
    "filters": (
        ORDERS,
        {"columns": ["id"], "where": ["country:in:NL,DE", "amount:ge:1.5", "country:starts_with:N", "extra:contains:x",
                                      "paid:is_not_null"]},
    ),
    "filters_with_null": (
        ORDERS,
        {"columns": ["id"], "filters": [
            {"field": "country", "operator": "OPERATOR_NOT_IN", "values": ["NL", None]},
            {"field": "country", "operator": "OPERATOR_NE", "values": ["NL"]},
            {"field": "paid", "operator": "OPERATOR_EQ", "values": [None]},
        ]},
    ),
    "quoted_names": (ORDERS, {"columns": ["we`ird\\"], "where": ["we`ird\\:eq:`'\\{p0:String}"]}),
    "events_of_one_organization": (
        EVENTS, {"columns": ["kind", "time"], "where": ["kind:eq:x"], "order_by": ["time desc"]},
    ),
}  # fmt: skip


def asked(query: dict[str, Any]) -> Any:
    return table_query(json_format.ParseDict({"table_name": "t", **query}, analytics_pb2.GetHistoricalDataRequest()))


@pytest.mark.parametrize("name", SHAPES)
def test_the_sql_of_a_shape(name: str) -> None:
    table, query = SHAPES[name]
    texts = []
    for how, compiled in (
        ("a page", compile_page(table, asked(query), 101, 200)),
        ("as Arrow", compile_all(table, asked(query), arrow=True)),
    ):
        lines = re.sub(r" (FROM|WHERE|GROUP BY|ORDER BY|LIMIT) ", r"\n\1 ", compiled.sql)
        texts.append(f"-- {how}\n{lines}\n-- {json.dumps(compiled.values, default=str)}\n")
    text, path = "\n".join(texts), GOLDEN / f"{name}.sql"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text()


def test_each_golden_file_has_its_shape() -> None:
    assert {path.stem for path in GOLDEN.glob("*.sql")} == SHAPES.keys()


# What a fuzzer asks. A stranger's rows have the marker, and so has a file that the engine could read.
MARKER = "a-stranger-s-secret"
NASTY = [
    "", "id", "we`ird\\", "`", "\\", "'", "\"", "{p0:String}", "{organization:UUID}", "*", "count()", "a.b", "_t.id",
    "1; DROP TABLE x", "') OR 1 = 1 --", "` FROM `events`", "id`, (SELECT 1) AS `x", "/*", "é😀", "\t", "%", "_part",
    "organization_id", "batch", "file('/etc/passwd')", "url('http://127.0.0.1')", "system.tables", "events", "x" * 200,
    "id desc", "interval", "sum_id", "-1", "1e400", "nan", "null", "true", "2026-01-01T00:00:00Z", "0" * 90,
]  # fmt: skip
TABLES = ["orders", "events", "metrics", "landed.events", "_thedata_checkpoints", "system.tables", "`orders`", *NASTY]
OPERATORS = ["eq", "ne", "lt", "ge", "in", "not_in", "contains", "starts_with", "is_null", "is_not_null", "like"]
AGGREGATIONS = ["count", "sum", "avg", "min", "max", "rate", "p95", "count_distinct", "groupArray", ""]


ALLOWED = (grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND)


def arbitrary(chance: random.Random) -> dict[str, Any]:
    """A question that somebody asks who means no good."""
    table = chance.choice(["orders", "events"] if chance.random() < 0.8 else TABLES)
    names = ["kind", "time", "message", "attributes"] if table == "events" else [column[0] for column in COLUMNS]

    def name() -> str:
        return chance.choice(names) if chance.random() < 0.9 else chance.choice(NASTY)

    def value() -> Any:
        return chance.choice([None, True, 1, -1, 0.5, 2**40, [1], {"a": 1}, *NASTY, *names])

    query: dict[str, Any] = {"table_name": table}
    grouped = chance.random() < 0.4
    if not grouped and chance.random() < 0.5:
        query["columns"] = [name() for _ in range(chance.randint(0, 3))]
    if chance.random() < 0.4:
        query["where"] = [f"{name()}:{chance.choice(OPERATORS)}:{value()}" for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.4:
        operators = ["OPERATOR_EQ", "OPERATOR_IN", "OPERATOR_CONTAINS", "OPERATOR_GE", "OPERATOR_IS_NULL"]
        query["filters"] = [{"field": name() or "x", "operator": chance.choice(operators), "values": [value()]}]
    if grouped:
        query["group_by"] = [name() for _ in range(chance.randint(1, 2))]
        query["measure"] = [f"{chance.choice(AGGREGATIONS)}:{name()}" for _ in range(chance.randint(0, 2))]
    if grouped and chance.random() < 0.3:
        query |= {"time_column": name(), "interval": f"{chance.choice([1, 60, 86_400, 0])}s"}
    if chance.random() < 0.4:
        query["order_by"] = [f"{name()}{chance.choice(['', ' desc', ' asc', ' sideways'])}"]
    return query


def hostile(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """What somebody who means no good asks of events, metrics or realtime views, by its method."""
    names = ["room", "address.city", "a..b", "kind", "name", "value", *NASTY]
    operators = [item.name for item in queries_pb2.Operator.DESCRIPTOR.values[1:]]
    plain = ["OPERATOR_EQ", "OPERATOR_IN", "OPERATOR_IS_NULL", "OPERATOR_CONTAINS"]

    aggregations = [item.name for item in queries_pb2.Aggregation.DESCRIPTOR.values]

    def condition() -> dict[str, Any]:
        operator = chance.choice(plain if chance.random() < 0.8 else operators)
        values = [] if operator.endswith("NULL") else [chance.choice(["x", "1", *NASTY, 1, True, None, {"a": [1]}])]
        return {"field": chance.choice(names) or "x", "operator": operator, "values": values}

    filters = [condition() for _ in range(chance.randint(0, 2))]
    where = [f"{chance.choice(names)}:{chance.choice(OPERATORS)}:{chance.choice(NASTY)}"] * (chance.random() < 0.3)
    groups = [chance.choice(names) or "x" for _ in range(chance.randint(0, 2))]
    match chance.choice(["GetEvents"] * 4 + ["GetMetrics"] * 4 + ["CreateRealtimeView"]):
        case "GetEvents":
            kinds = [chance.choice(NASTY)] * (chance.random() < 0.2)
            text = chance.choice([*NASTY, MARKER]) if chance.random() < 0.3 else ""
            return "GetEvents", {"filters": filters, "where": where, "kinds": kinds, "text": text, "facets": True}
        case "GetMetrics":
            name = chance.choice(["mine", MARKER, *NASTY]) or "x"
            return "GetMetrics", {"name": name, "filters": filters, "where": where, "group_by": groups}
    measures = [{"aggregation": chance.choice(aggregations), "column": chance.choice(names)}]
    shows = {"source": chance.choice(["events", "metrics"]), "filters": filters, "group_by": groups}
    return "CreateRealtimeView", {"name": "v", "definition": {**shows, "measures": measures * (chance.random() < 0.5)}}


@pytest.fixture
async def orders(ann: Analyst, clickhouse: Clickhouse, channel: grpc.aio.Channel) -> AsyncIterator[None]:
    """A landed table of two organizations, and events of both."""
    bob = Analyst(channel, (await register(channel, "bob")).session)
    databases = []
    for person, text in ((ann, "mine"), (bob, MARKER)):
        database = database_of(UUID(await person.organization()))
        databases.append(database)
        await clickhouse.execute(f"CREATE DATABASE {database}")
        columns = ", ".join(f"{quote(column)} {type_}" for column, type_, _ in COLUMNS)
        await clickhouse.execute(f"CREATE TABLE {database}.orders ({columns}) ENGINE = MergeTree ORDER BY id")
        await clickhouse.execute(f"INSERT INTO {database}.orders (id, country) VALUES (1, '{text}')")
        await send_events(person, event(kind=text, message=text))
        await send_points(person, point(text, room=text))
    yield
    for database in databases:
        await clickhouse.execute(f"DROP DATABASE {database}")


async def answered_by(ann: Analyst, method: str, request: Message) -> tuple[grpc.StatusCode, str]:
    try:
        return grpc.StatusCode.OK, str(await getattr(ann.analytics, method)(request, metadata=ann.metadata))
    except grpc.aio.AioRpcError as error:
        return error.code(), str(error.details())


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_asked_nobody_else_s_rows_are_told(ann: Analyst, seed: int) -> None:
    chance = random.Random(seed)
    answered = 0
    for _ in range(150):
        query = arbitrary(chance)
        request = json_format.ParseDict(query, analytics_pb2.GetHistoricalDataRequest())
        code, told = await answered_by(ann, "GetHistoricalData", request)
        assert code in ALLOWED, (query, told)
        answered += code is grpc.StatusCode.OK
        assert MARKER not in told, query
        assert "root:" not in told, query
    assert answered > 10, "most questions must not be refused before they come to the engine"


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("seed", range(2))
async def test_whatever_is_asked_of_events_metrics_and_views_nobody_else_s_are_told(ann: Analyst, seed: int) -> None:
    chance = random.Random(seed)
    answered: Counter[str] = Counter()
    for _ in range(100):
        method, query = hostile(chance)
        request = json_format.ParseDict(query, getattr(analytics_pb2, f"{method}Request")())
        code, told = await answered_by(ann, method, request)
        assert code in ALLOWED, (method, query, told)
        if code is grpc.StatusCode.OK and method == "CreateRealtimeView":
            shown = analytics_pb2.GetRealtimeViewRequest(view_name="v")
            code, told = await answered_by(ann, "GetRealtimeView", shown)
            assert code is grpc.StatusCode.OK, (query, told)
            gone = analytics_pb2.DeleteRealtimeViewRequest(view_name="v")
            await ann.analytics.DeleteRealtimeView(gone, metadata=ann.metadata)
        answered[method] += code is grpc.StatusCode.OK
        assert MARKER not in told, (method, query)
        assert "root:" not in told, (method, query)
    assert min(answered.values()) >= 5, "most questions must not be refused before they come to the engine"
