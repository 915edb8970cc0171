"""Taking in: each batch counts once, what breaks a rule is put into quarantine, what is acknowledged is there."""

from __future__ import annotations

import asyncio
import math
import struct
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from thedata.v1 import analytics_pb2

from server.analytics.clickhouse.client import Clickhouse
from tests.analytics.conftest import Analyst
from tests.auth.people import reason_of

AT = datetime(2026, 11, 20, 12, 30, 15, 123456, tzinfo=UTC)


def stamp(time: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(time)
    return message


def point(name: str = "heat", value: float = 1.5, time: datetime = AT, **labels: str) -> analytics_pb2.MetricPoint:
    return analytics_pb2.MetricPoint(name=name, value=value, time=stamp(time), labels=labels)


def event(kind: str = "seen", key: str = "", time: datetime = AT, **attributes: Any) -> analytics_pb2.Event:
    return analytics_pb2.Event(
        id=key, kind=kind, time=stamp(time), attributes=json_format.ParseDict(attributes, Struct()), message="as told"
    )


async def send_points(ann: Analyst, *points: analytics_pb2.MetricPoint, **sender: Any) -> analytics_pb2.IngestResponse:
    request = analytics_pb2.IngestMetricsRequest(points=points, **sender)
    return await ann.analytics.IngestMetrics(request, metadata=ann.metadata)


async def send_events(ann: Analyst, *events: analytics_pb2.Event, **sender: Any) -> analytics_pb2.IngestResponse:
    request = analytics_pb2.IngestEventsRequest(events=events, **sender)
    return await ann.analytics.IngestEvents(request, metadata=ann.metadata)


OTHERS = {"events": "NOT startsWith(kind, 'thedata.')", "metric_points": "NOT startsWith(name, 'thedata.')"}


async def count(clickhouse: Clickhouse, table: str) -> int:
    return int((await clickhouse.rows(f"SELECT count() FROM {table} WHERE {OTHERS[table]}"))[0][0])


async def test_events_come_back_as_they_were_sent(ann: Analyst) -> None:
    key = str(uuid4())
    sent = event("order.paid", key, amount=12.5, items=3, gift=True, note=None, address={"city": "Żywiec"}, tags=["a"])
    answer = await send_events(ann, sent, event("order.sent", time=AT + timedelta(seconds=1)))
    assert (answer.accepted, answer.rejected, answer.duplicates) == (2, 0, 0)
    found = await ann.analytics.GetEvents(analytics_pb2.GetEventsRequest(), metadata=ann.metadata)
    assert [item.kind for item in found.events] == ["order.sent", "order.paid"]
    assert found.events[1] == sent
    assert found.events[0].id


async def test_an_event_without_a_time_is_of_now(ann: Analyst) -> None:
    await send_events(ann, analytics_pb2.Event(kind="now"))
    found = (await ann.analytics.GetEvents(analytics_pb2.GetEventsRequest(), metadata=ann.metadata)).events[0]
    assert abs(found.time.ToDatetime(UTC) - datetime.now(UTC)) < timedelta(seconds=30)


async def test_the_same_ids_again_are_stored_once(ann: Analyst, clickhouse: Clickhouse) -> None:
    first, second, third = (str(uuid4()) for _ in range(3))
    assert (await send_events(ann, event(key=first), event(key=second))).accepted == 2
    again = await send_events(ann, event(key=first), event(key=second))
    assert (again.accepted, again.duplicates) == (0, 2)
    mixed = await send_events(ann, event(key=second), event(key=third))
    assert (mixed.accepted, mixed.duplicates) == (1, 1)
    assert await count(clickhouse, "events") == 3


async def test_the_same_ids_at_once_are_stored_once(ann: Analyst, clickhouse: Clickhouse) -> None:
    ids = [str(uuid4()) for _ in range(50)]
    batches = [[event(key=key) for key in ids[start : start + 30]] for start in (0, 10, 20, 0)]
    answers = await asyncio.gather(*(send_events(ann, *batch) for batch in batches))
    assert sum(answer.accepted for answer in answers) == 50
    assert await count(clickhouse, "events") == 50


async def test_a_named_batch_counts_once(ann: Analyst, clickhouse: Clickhouse) -> None:
    name = str(uuid4())
    assert (await send_points(ann, point(), point(value=2), request_id=name)).accepted == 2
    again = await send_points(ann, point(), point(value=2), request_id=name)
    assert (again.accepted, again.duplicates) == (0, 2)
    assert await reason_of(send_points(ann, point(), request_id=name)) == ("INVALID_ARGUMENT", "BATCH_REUSED")
    assert await count(clickhouse, "metric_points") == 2


async def test_equal_batches_without_a_name_are_different_ones(ann: Analyst, clickhouse: Clickhouse) -> None:
    await send_points(ann, point())
    await send_points(ann, point())
    assert await count(clickhouse, "metric_points") == 2


async def test_a_producer_s_batches_follow_each_other(ann: Analyst, clickhouse: Clickhouse) -> None:
    for sequence in (1, 2, 2, 1, 3):
        answer = await send_points(ann, point(value=sequence), producer="edge", sequence=sequence)
    assert answer.durable_sequence == 3
    assert await reason_of(send_points(ann, point(), producer="edge", sequence=5)) == (
        "FAILED_PRECONDITION", "SEQUENCE_GAP",
    )  # fmt: skip
    request = analytics_pb2.GetProducerRequest(producer="edge")
    assert (await ann.analytics.GetProducer(request, metadata=ann.metadata)).durable_sequence == 3
    assert await count(clickhouse, "metric_points") == 3


async def test_what_breaks_a_rule_is_put_into_quarantine_and_the_rest_is_taken(ann: Analyst) -> None:
    points = [
        point(),
        point(name=""),
        point(value=math.nan),
        point(time=AT.replace(year=1960)),
        point(time=datetime.now(UTC) + timedelta(days=3)),
        point(long="x" * 1001),
        analytics_pb2.MetricPoint(name="n", value=1, time=Timestamp(seconds=2**60, nanos=5)),
    ]
    answer = await send_points(ann, *points)
    assert (answer.accepted, answer.rejected) == (1, 6)
    told = [(item.index, item.field) for item in answer.rejections]
    assert told == [(1, "name"), (2, "value"), (3, "time"), (4, "time"), (5, "labels"), (6, "time")]
    listed = await ann.analytics.ListRejectedItems(analytics_pb2.ListRejectedItemsRequest(), metadata=ann.metadata)
    assert {item.rejection.index for item in listed.items} == {1, 2, 3, 4, 5, 6}
    assert {item.kind for item in listed.items} == {"metrics"}


async def test_events_that_break_a_rule_are_told(ann: Analyst) -> None:
    same = str(uuid4())
    endless = analytics_pb2.Event(kind="x")
    endless.attributes["a"] = math.inf
    events = [event(key="nonsense"), event(kind=""), event(key=same), event(key=same), endless]
    answer = await send_events(ann, *events)
    assert (answer.accepted, answer.rejected) == (1, 4)
    assert [(r.index, r.field) for r in answer.rejections] == [(0, "id"), (1, "kind"), (3, "id"), (4, "attributes")]


def ipc(table: pa.Table, options: pa.ipc.IpcWriteOptions | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


async def stream(ann: Analyst, *requests: analytics_pb2.IngestStreamRequest) -> analytics_pb2.IngestResponse:
    async def all_of() -> Any:
        for request in requests:
            yield request

    return await ann.analytics.IngestStream(all_of(), metadata=ann.metadata)


async def test_a_stream_acknowledges_the_highest_durable_sequence(ann: Analyst, clickhouse: Clickhouse) -> None:
    arrow = pa.table(
        {
            "kind": ["a", "b", ""],
            "time": pa.array([AT, None, AT], pa.timestamp("ns", "UTC")),
            "attributes": ['{"n": 1}', "{}", "[]"],
        }
    )
    batches: list[dict[str, Any]] = [
        {"events": [event(), event()]},
        {"points": [point(), point()]},
        {"arrow_points": ipc(pa.table({"name": ["x"] * 1000, "value": pa.array(range(1000), pa.int32())}))},
        {"arrow_events": ipc(arrow)},
    ]
    requests = [
        analytics_pb2.IngestStreamRequest(producer="edge", sequence=number, **batch)
        for number, batch in enumerate(batches, 1)
    ]
    answer = await stream(ann, *requests)
    assert (answer.accepted, answer.rejected, answer.durable_sequence) == (2 + 2 + 1000 + 2, 1, 4)
    assert (await stream(ann, *requests)).accepted == 0
    assert await count(clickhouse, "metric_points") == 1002
    assert await count(clickhouse, "events") == 4


def compressed(table: pa.Table) -> bytes:
    return ipc(table, pa.ipc.IpcWriteOptions(compression="zstd"))


def points(names: pa.Array) -> pa.Table:
    return pa.table({"name": names, "value": pa.array(range(len(names)), pa.float64())})


SAME = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int8()), ["x" * 150])
TEXT = b"x" * 1_000_000
VIEW = struct.pack("<i4sii", len(TEXT), TEXT[:4], 0, 0)
VIEWS = pa.Array.from_buffers(pa.string_view(), 1000, [None, pa.py_buffer(VIEW * 1000), pa.py_buffer(TEXT)])
LARGE = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int8()), ["x" * 1_000_000])


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        (ipc(points(SAME)), True),
        (compressed(points(SAME)), True),
        (ipc(points(pc.cast(SAME, pa.string()).cast(pa.string_view()))), True),
        (compressed(points(pa.array(["x" * 100] * 100_000))), True),
        (ipc(points(LARGE)), False),
        (ipc(points(VIEWS)), False),
        (compressed(points(pa.array(["x" * 1_000_000] * 150))), False),
        (ipc(pa.table({"name": ["x"], "value": [1.0], "labels": pa.array(
            [[("a", "b")]], pa.map_(pa.string(), pa.dictionary(pa.int8(), pa.string()))
        )})), False),
    ],
    ids=["dictionary", "compressed", "views", "compressed well", "of one text", "views of it", "too well", "nested"],
)  # fmt: skip
async def test_arrow_is_taken_where_there_is_room_for_what_it_unfolds_to(
    ann: Analyst, content: bytes, taken: bool
) -> None:
    assert len(content) < 4 << 20
    sending = stream(ann, analytics_pb2.IngestStreamRequest(producer="edge", sequence=1, arrow_points=content))
    if taken:
        assert (await sending).accepted >= 1000
    else:
        assert await reason_of(sending) == ("INVALID_ARGUMENT", "INVALID_FIELDS")


async def test_arrow_of_other_columns_is_refused(ann: Analyst) -> None:
    for content in (b"nonsense", ipc(pa.table({"name": ["x"]})), ipc(pa.table({"name": ["x"], "value": ["text"]}))):
        request = analytics_pb2.IngestStreamRequest(producer="edge", sequence=1, arrow_points=content)
        assert await reason_of(stream(ann, request)) == ("INVALID_ARGUMENT", "INVALID_FIELDS")
    request = analytics_pb2.IngestStreamRequest(producer="edge", sequence=1)
    assert await reason_of(stream(ann, request)) == ("INVALID_ARGUMENT", "INVALID_FIELDS")
