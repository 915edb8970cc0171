"""Asking what pipelines have landed in the analytics store, over gRPC and over REST."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import grpc
import httpx
import pyarrow as pa
import pytest
from google.api import httpbody_pb2
from google.protobuf import json_format
from thedata.v1 import analytics_pb2, pipelines_pb2, queries_pb2

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.databases import database_of
from server.analytics.history import HistoryLimits, HistoryService
from server.app import App
from server.stack.envoy import Envoy
from tests.analytics.conftest import Analyst
from tests.auth.people import failure_of, reason, reason_of, violations
from tests.e2e.story import postgres_config
from tests.sync.conftest import until

ORDERS = """
CREATE TABLE orders (
    id bigint PRIMARY KEY, country text, paid boolean, amount numeric(12, 2), weight double precision, units integer,
    day date, at timestamptz, local timestamp, key uuid, extra jsonb, raw bytea, tags text[]
)"""
ROWS = """
INSERT INTO orders VALUES
 (1, 'NL', true, 10.50, 1.5, 1, '2026-01-01', '2026-01-01 10:00:00.000001+00', '2026-01-01 10:00:00',
  '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '{"a": 1}', '\\x00ff', '{x,y}'),
 (2, 'DE', false, 20.25, 2.5, 2, '2026-01-01', '2026-01-01 10:30:00+00', NULL, NULL, NULL, NULL, NULL),
 (3, 'NL', NULL, 99.99, 'NaN', 3, '2026-01-02', '2026-01-02 11:00:00+00', NULL, NULL, NULL, NULL, NULL),
 (9007199254740993, NULL, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"""
RUN_SECONDS = 60


async def postgres(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


class Line:
    """A pipeline from a PostgreSQL into the analytics store."""

    def __init__(self, ann: Analyst, pipeline: str) -> None:
        self._ann = ann
        self._pipeline = pipeline

    @classmethod
    async def laid(cls, ann: Analyst, url: str, **stream: Any) -> Line:
        source = await ann.new_source(f"source {stream}", "postgres", postgres_config(url))
        destination = await ann.new_source(f"analytics {stream}", "analytics", {})
        request = pipelines_pb2.CreatePipelineRequest(
            name=f"into analytics {stream}",
            source_id=source,
            destination_id=destination,
            streams=[pipelines_pb2.StreamConfig(namespace="public", **stream)],
            verification=pipelines_pb2.VERIFICATION_CONTENT,
        )
        return cls(ann, (await ann.pipelines.CreatePipeline(request, metadata=ann.metadata)).id)

    async def start(self) -> str:
        return await self._ann.start(self._pipeline)

    async def run(self) -> pipelines_pb2.Run:
        run_id = await self.start()
        request = pipelines_pb2.GetRunRequest(pipeline_id=self._pipeline, run_id=run_id)

        async def ended() -> bool:
            return (await self._ann.pipelines.GetRun(request, metadata=self._ann.metadata)).HasField("end_time")

        await until(ended, RUN_SECONDS)
        run = await self._ann.pipelines.GetRun(request, metadata=self._ann.metadata)
        assert run.state == pipelines_pb2.RUN_STATE_SUCCEEDED, run
        return run


async def asked(ann: Analyst, table: str, **query: Any) -> analytics_pb2.GetHistoricalDataResponse:
    request = analytics_pb2.GetHistoricalDataRequest(table_name=table, **query)
    return await ann.analytics.GetHistoricalData(request, metadata=ann.metadata)


def told(answer: analytics_pb2.GetHistoricalDataResponse) -> list[Any]:
    return [json_format.MessageToDict(row) for row in answer.rows]


@pytest.fixture
async def rest(app: App, ann: Analyst, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    envoy = Envoy(tmp_path / "envoy", host="127.0.0.1", port=0, upstream=("127.0.0.1", app.port), concurrency=1)
    await envoy.start()
    base = f"http://127.0.0.1:{envoy.port}/api/v1"
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False, headers=dict(ann.metadata)) as client:
        yield client
    await envoy.stop()


@pytest.fixture
async def orders(ann: Analyst, clickhouse: Clickhouse) -> AsyncIterator[str]:
    """A landed table, as the destination writes one, without a run."""
    database = database_of(UUID(await ann.organization()))
    await clickhouse.execute(f"CREATE DATABASE {database}")
    await clickhouse.execute(
        f"CREATE TABLE {database}._thedata_checkpoints (table_name String, run_id String, uuid UUID, state String,"
        " written_at DateTime64(9, 'UTC')) ENGINE = MergeTree ORDER BY tuple()"
    )
    await clickhouse.execute(
        f"CREATE TABLE {database}.orders (id Int64, country Nullable(String), amount Nullable(Decimal(12, 2)),"
        " at DateTime64(6, 'UTC'), big UInt64) ENGINE = MergeTree ORDER BY id"
    )
    await clickhouse.execute(
        f"INSERT INTO {database}.orders SELECT number, if(number % 4 = 3, NULL, ['NL', 'DE', 'FR'][number % 3 + 1]),"
        " number / 4, toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalSecond(number), 18446744073709551615"
        " FROM numbers(5000)"
    )
    yield database
    await clickhouse.execute(f"DROP DATABASE {database}")


@pytest.mark.usefixtures("worker")
async def test_what_a_pipeline_lands_can_be_asked(
    ann: Analyst, rest: httpx.AsyncClient, empty_database_url: str
) -> None:
    await postgres(empty_database_url, ORDERS, ROWS)
    run = await (await Line.laid(ann, empty_database_url, name="orders")).run()
    answer = await asked(ann, "orders")
    assert told(answer) == [
        [1, "NL", True, "10.5", 1.5, 1, "2026-01-01", "2026-01-01T10:00:00.000001Z", "2026-01-01T10:00:00.000000Z",
         "61f0c404-5cb3-11e7-907b-a6006ad3dba0", '{"a": 1}', "AP8=", '["x","y"]'],
        [2, "DE", False, "20.25", 2.5, 2, "2026-01-01", "2026-01-01T10:30:00.000000Z", *[None] * 5],
        [3, "NL", None, "99.99", "nan", 3, "2026-01-02", "2026-01-02T11:00:00.000000Z", *[None] * 5],
        ["9007199254740993", None, True, *[None] * 10],
    ]  # fmt: skip
    assert [column.type for column in answer.result_columns] == [
        "integer", "text", "boolean", "decimal", "float", "integer", "date", "timestamptz", "timestamp", "uuid",
        "json", "bytes", "array",
    ]  # fmt: skip
    assert (answer.run_id, answer.watermark) == (run.id, run.start_time)
    assert not answer.next_page_token

    grouped = await rest.get(
        "/analytics/historical/orders",
        params={"time_column": "at", "interval": "86400s", "group_by": "country", "measure": ["sum:amount", "count"],
                "where": "country:is_not_null", "order_by": ["interval", "country desc"]},
    )  # fmt: skip
    assert grouped.status_code == 200, grouped.text
    assert grouped.json()["rows"] == [
        ["2026-01-01T00:00:00.000000Z", "NL", "10.5", 1],
        ["2026-01-01T00:00:00.000000Z", "DE", "20.25", 1],
        ["2026-01-02T00:00:00.000000Z", "NL", "99.99", 1],
    ]
    listed = (await rest.get("/analytics/historical")).json()["tables"]
    # The first two have what the platform tells of the run.
    assert [table["name"] for table in listed] == ["events", "metrics", "orders"]
    assert (listed[2]["rows"], listed[2]["run_id"]) == ("4", run.id)


@pytest.mark.usefixtures("worker")
async def test_every_mode_lands(ann: Analyst, empty_database_url: str) -> None:
    await postgres(
        empty_database_url,
        "CREATE TABLE t (id int PRIMARY KEY, seen int NOT NULL, word text)",
        "INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b')",
    )
    modes: dict[str, dict[str, Any]] = {
        "replaced": {"sync_mode": pipelines_pb2.SYNC_MODE_FULL_REFRESH_OVERWRITE},
        "appended": {"sync_mode": pipelines_pb2.SYNC_MODE_FULL_REFRESH_APPEND},
        "merged": {
            "sync_mode": pipelines_pb2.SYNC_MODE_INCREMENTAL_MERGE,
            "cursor_column": "seen",
            "key_columns": ["id"],
        },
    }
    lines = {
        table: await Line.laid(ann, empty_database_url, name="t", destination_table=table, **mode)
        for table, mode in modes.items()
    }
    first = {table: await line.run() for table, line in lines.items()}
    await postgres(empty_database_url, "UPDATE t SET word = 'B', seen = 3 WHERE id = 2", "DELETE FROM t WHERE id = 1")
    second = {table: await line.run() for table, line in lines.items()}
    expected = {
        "replaced": [[2, "B"]],
        "appended": [[1, "a"], [2, "B"], [2, "b"]],
        "merged": [[1, "a"], [2, "B"]],
    }
    for table, rows in expected.items():
        answer = await asked(ann, table, columns=["id", "word"], order_by=["id", "word"])
        assert told(answer) == rows, table
        assert answer.run_id == second[table].id != first[table].id
    assert (await reason_of(asked(ann, "_thedata_checkpoints")))[0] == "NOT_FOUND"


async def test_events_and_metrics_are_tables(ann: Analyst) -> None:
    point = analytics_pb2.MetricPoint(name="heat", value=2.5, labels={"room": "a"})
    event = analytics_pb2.Event(kind="seen", message="hello")
    await ann.analytics.IngestMetrics(analytics_pb2.IngestMetricsRequest(points=[point]), metadata=ann.metadata)
    await ann.analytics.IngestEvents(analytics_pb2.IngestEventsRequest(events=[event]), metadata=ann.metadata)
    events = await asked(ann, "events", columns=["kind", "message", "attributes"])
    assert told(events) == [["seen", "hello", "{}"]]
    assert events.watermark.ToDatetime(UTC) <= datetime.now(UTC)
    metrics = await asked(ann, "metrics", columns=["name", "value", "labels"])
    assert told(metrics) == [["heat", 2.5, '{"room":"a"}']]
    for hidden in ("organization_id", "batch", "series"):
        assert (await reason_of(asked(ann, "events", columns=[hidden])))[0] == "INVALID_ARGUMENT"


@pytest.mark.usefixtures("orders")
async def test_pages_have_each_row_once(ann: Analyst) -> None:
    found: list[Any] = []
    query: dict[str, Any] = {"columns": ["country", "id"], "order_by": ["country desc"], "page_size": 999}
    token = ""
    for _ in range(10):
        answer = await asked(ann, "orders", page_token=token, **query)
        found += told(answer)
        token = answer.next_page_token
        if not token:
            break
    assert len(found) == 5000 == len({row[1] for row in found})
    assert [row[0] for row in found[:3]] == ["NL", "NL", "NL"]
    assert found[-1][0] is None


@pytest.mark.usefixtures("orders")
async def test_integers_and_sums_are_exact(ann: Analyst) -> None:
    measures = [
        queries_pb2.Measure(aggregation=queries_pb2.AGGREGATION_SUM, column="big"),
        queries_pb2.Measure(aggregation=queries_pb2.AGGREGATION_MAX, column="big", name="most"),
        queries_pb2.Measure(aggregation=queries_pb2.AGGREGATION_SUM, column="amount"),
        queries_pb2.Measure(aggregation=queries_pb2.AGGREGATION_COUNT_DISTINCT, column="country"),
    ]
    answer = await asked(ann, "orders", measures=measures)
    assert list(answer.columns) == ["sum_big", "most", "sum_amount", "count_distinct_country"]
    assert told(answer) == [[str(5000 * (2**64 - 1)), str(2**64 - 1), "3124375", 3]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"columns": ["id", "nowhere"]}, "columns[1]"),
        ({"group_by": ["nowhere"]}, "group_by[0]"),
        ({"where": ["id:eq:1", "nowhere:eq:1"]}, "where[1]"),
        ({"where": ["id:eq:x"]}, "where[0]"),
        ({"where": ["id:is:1"]}, "where[0]"),
        ({"where": ["id:eq:9223372036854775808"]}, "where[0]"),
        ({"where": ["amount:eq:1.234"]}, "where[0]"),
        ({"where": ["at:gt:2026-01-01"]}, "where[0]"),
        ({"where": ["id:contains:1"]}, "where[0]"),
        ({"filters": [{"field": "id", "values": [1.5]}]}, "filters[0].values"),
        ({"filters": [{"field": "id", "values": [1, 2]}]}, "filters[0].values"),
        ({"filters": [{"field": "id", "values": [{"a": 1}]}]}, "filters[0].values"),
        ({"filters": [{"field": "nope", "values": [1]}]}, "filters[0].field"),
        ({"filters": [{"field": "country", "operator": "OPERATOR_LT", "values": [None]}]}, "filters[0].values"),
        ({"start_time": "2026-01-02T00:00:00Z", "end_time": "2026-01-01T00:00:00Z"}, "end_time"),
        ({"start_time": "2026-01-02T00:00:00Z", "time_column": "id"}, "time_column"),
        ({"start_time": "2026-01-02T00:00:00Z", "time_column": "nowhere"}, "time_column"),
        ({"measure": ["rate:amount"]}, "measure[0]"),
        ({"measure": ["sum:country"]}, "measure[0]"),
        ({"measure": ["sum"]}, "measure[0]"),
        ({"measure": ["median:id"]}, "measure[0]"),
        ({"measure": ["count", "count"]}, "measure[1]"),
        ({"measures": [{"aggregation": "AGGREGATION_SUM", "column": "at"}]}, "measures[0]"),
        ({"columns": ["id"], "group_by": ["id"]}, "columns"),
        ({"order_by": ["amount", "id sideways"]}, "order_by[1]"),
        ({"columns": ["id"], "order_by": ["amount"]}, "order_by[0]"),
        ({"interval": "0.5s"}, "interval"),
        ({"interval": "99999999s"}, "interval"),
        ({"where": ["id:eq:1"] * 60, "filters": [{"field": "id", "values": [1]}] * 60}, "where"),
        ({"filters": [{"field": "id", "operator": "OPERATOR_IN", "values": [1] * 1000}] * 100}, "filters"),
        ({"filters": [{"field": "country", "operator": "OPERATOR_IN", "values": ["x" * 1000] * 300}]}, "filters"),
    ],
)
@pytest.mark.usefixtures("orders")
async def test_what_cannot_be_asked_is_refused_by_its_path(ann: Analyst, query: dict[str, Any], field: str) -> None:
    request = json_format.ParseDict({"table_name": "orders", **query}, analytics_pb2.GetHistoricalDataRequest())
    error = await failure_of(ann.analytics.GetHistoricalData(request, metadata=ann.metadata))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT, error
    assert violations(error) == [field]
    export = json_format.ParseDict({"table_name": "orders", **query}, analytics_pb2.ExportHistoricalDataRequest())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in ann.analytics.ExportHistoricalData(export, metadata=ann.metadata):
            pass
    assert violations(caught.value) == [field]


async def test_a_table_that_is_not_there(ann: Analyst) -> None:
    assert await reason_of(asked(ann, "nowhere")) == ("NOT_FOUND", "NOT_FOUND")


@pytest.mark.usefixtures("orders")
async def test_a_damaged_or_deep_page_token_is_refused(ann: Analyst) -> None:
    first = await asked(ann, "orders", page_size=1)
    changed = asked(ann, "orders", page_token=first.next_page_token, columns=["id"])
    assert await reason_of(changed) == ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN")


async def arrow(ann: Analyst, **query: Any) -> pa.Table:
    request = analytics_pb2.ExportHistoricalDataRequest(
        table_name="orders", format=analytics_pb2.EXPORT_FORMAT_ARROW, **query
    )
    pieces = [body.data async for body in ann.analytics.ExportHistoricalData(request, metadata=ann.metadata)]
    return pa.ipc.open_stream(b"".join(pieces)).read_all()


@pytest.mark.usefixtures("orders")
async def test_a_whole_answer_as_arrow(ann: Analyst) -> None:
    table = await arrow(ann)
    assert table.column_names == ["id", "country", "amount", "at", "big"]
    assert table["id"].to_pylist() == list(range(5000))
    rows = (await arrow(ann, measure=["sum:big", "count"], group_by=["country"])).to_pylist()
    assert {row["country"]: row["count"] for row in rows} == {"DE": 1250, "FR": 1250, "NL": 1250, None: 1250}
    assert int(rows[0]["sum_big"]) == 1250 * (2**64 - 1)


@pytest.mark.usefixtures("orders")
async def test_an_empty_answer_has_its_columns(ann: Analyst, rest: httpx.AsyncClient) -> None:
    assert (await arrow(ann, where=["id:eq:-1"])).num_columns == 5
    path, params = "/analytics/historical/orders/export", {"where": "id:eq:-1"}
    found = await rest.get(path, params=params)
    assert (found.status_code, found.text) == (200, "")
    found = await rest.get(path, params={**params, "format": "EXPORT_FORMAT_CSV"})
    assert found.text == "id,country,amount,at,big\n"


@pytest.mark.usefixtures("orders")
async def test_a_download_over_rest(rest: httpx.AsyncClient) -> None:
    path = "/analytics/historical/orders/export"
    found = await rest.get(path, params={"columns": ["id", "country", "big"], "where": "id:lt:4"})
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == "application/x-ndjson"
    rows = [json.loads(line) for line in found.text.splitlines()]
    assert rows[3] == {"id": 3, "country": None, "big": 2**64 - 1}
    body = {"columns": ["id", "country"], "where": ["id:lt:4"], "format": "EXPORT_FORMAT_CSV"}
    posted = await rest.post(path, json=body)
    assert posted.headers["content-type"].startswith("text/csv")
    assert posted.text == 'id,country\n0,"NL"\n1,"DE"\n2,"FR"\n3,\n'
    assert len((await rest.get(path)).text.splitlines()) == 5000
    missing = await rest.get("/analytics/historical/nowhere/export")
    assert (missing.status_code, missing.json()["code"]) == (404, 5)


async def running(clickhouse: Clickhouse, word: str) -> int:
    sql = (
        "SELECT count() FROM system.processes WHERE position(query, {word:String}) > 0 AND query NOT LIKE '%processes%'"
    )
    return int((await clickhouse.rows(sql, {"word": word}))[0][0])


@pytest.mark.parametrize("way", ["grpc", "rest"])
async def test_whoever_leaves_ends_the_query(
    ann: Analyst, rest: httpx.AsyncClient, clickhouse: Clickhouse, orders: str, way: str
) -> None:
    await clickhouse.execute(
        f"INSERT INTO {orders}.orders SELECT number, 'XX', 1, toDateTime64('2026-01-01 00:00:00', 6, 'UTC'), number"
        " FROM numbers(5000000)"
    )
    word = f"`{orders}`.`orders`"
    if way == "grpc":
        request = analytics_pb2.ExportHistoricalDataRequest(table_name="orders", order_by=["big", "at", "id"])
        call = ann.analytics.ExportHistoricalData(request, metadata=ann.metadata)
        first = await call.read()
        assert isinstance(first, httpbody_pb2.HttpBody)
        assert first.data
        assert await running(clickhouse, word) == 1
        call.cancel()
    else:
        async with rest.stream("GET", "/analytics/historical/orders/export", params={"order_by": "big"}) as answer:
            pieces = answer.aiter_bytes()  # kept: the answer ends with it
            assert await anext(pieces)
            assert await running(clickhouse, word) == 1

    async def ended() -> bool:
        return not await running(clickhouse, word)

    await until(ended, 5)


SLOW = "slow UInt8 ALIAS sleepEachRow(0.00004)"  # a block of rows takes 2.6 s, and there are some
MANY = "INSERT INTO {}.orders (id, at, big) SELECT number, now(), 0 FROM numbers(1000000)"


async def test_a_page_whose_caller_leaves_ends_the_query(ann: Analyst, clickhouse: Clickhouse, orders: str) -> None:
    await clickhouse.execute(f"ALTER TABLE {orders}.orders ADD COLUMN {SLOW}")
    await clickhouse.execute(MANY.format(orders))
    call = asyncio.ensure_future(asked(ann, "orders", measure=["count_distinct:slow"]))

    async def begun() -> bool:
        return bool(await running(clickhouse, orders))

    await until(begun, 10)
    call.cancel()

    async def ended() -> bool:
        return not await running(clickhouse, orders)

    await until(ended, 5)


@pytest.fixture
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> HistoryLimits:
    """What questions may take, of a server that starts after it."""
    given: HistoryLimits = request.param
    monkeypatch.setattr("server.app.HistoryService", partial(HistoryService, limits=given))
    return given


@pytest.mark.parametrize(
    ("limits", "column", "answer"),
    [
        (HistoryLimits(page_seconds=0.3, whole_seconds=0.3), SLOW, ("DEADLINE_EXCEEDED", "QUERY_TOO_SLOW")),
        (HistoryLimits(), "slow String ALIAS repeat(toString(id), 1000000)", ("RESOURCE_EXHAUSTED", "QUERY_TOO_LARGE")),
    ],
    ids=["time", "memory"],
    indirect=["limits"],
)
@pytest.mark.usefixtures("limits")
async def test_a_question_beyond_its_limits_is_told_to_ask_for_less_and_ended(
    ann: Analyst, clickhouse: Clickhouse, orders: str, column: str, answer: tuple[str, str]
) -> None:
    await clickhouse.execute(f"ALTER TABLE {orders}.orders ADD COLUMN {column}")
    await clickhouse.execute(MANY.format(orders))
    for call in (partial(asked, ann, "orders"), partial(arrow, ann)):
        error = await failure_of(call(measure=["count_distinct:slow"]))
        assert (error.code().name, reason(error)) == answer
        assert "ask for" in str(error.details())

    async def ended() -> bool:
        return not await running(clickhouse, orders)

    await until(ended, 5)
