"""Questions about events: newest first, in pages that stay what they are while events come, with counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from thedata.v1 import analytics_pb2

from server.analytics.clickhouse.client import Clickhouse, Limits
from server.analytics.errors import QueryTooLarge, QueryTooSlow
from tests.analytics.conftest import Analyst
from tests.analytics.test_ingest import send_events
from tests.auth.people import failure_of, violations
from tests.sync.conftest import until

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


def happened(number: int, kind: str = "door.opened", **attributes: Any) -> analytics_pb2.Event:
    event = analytics_pb2.Event(kind=kind, message=f"Number {number}")
    event.time.FromDatetime(START + timedelta(minutes=number))
    event.attributes.update({"number": number, "place": {"room": "A" if number % 2 else "b"}, **attributes})
    return event


async def asked(ann: Analyst, **fields: Any) -> analytics_pb2.GetEventsResponse:
    request = analytics_pb2.GetEventsRequest(**fields)
    request.start_time.FromDatetime(START)
    request.end_time.FromDatetime(START + timedelta(days=1))
    return await ann.analytics.GetEvents(request, metadata=ann.metadata)


def numbers(answer: analytics_pb2.GetEventsResponse) -> list[int]:
    return [round(event.attributes.fields["number"].number_value) for event in answer.events]


async def test_pages_go_on_from_where_they_were_while_events_come(ann: Analyst) -> None:
    await send_events(ann, *(happened(number) for number in range(25)))
    first = await asked(ann, page_size=10)
    await send_events(ann, *(happened(number) for number in range(100, 110)))
    second = await asked(ann, page_size=10, page_token=first.next_page_token)
    third = await asked(ann, page_size=10, page_token=second.next_page_token)
    assert numbers(first) + numbers(second) + numbers(third) == list(range(24, -1, -1))
    assert not third.next_page_token


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"kinds": ["door.closed"]}, [3]),
        ({"where": ["number:lt:2"]}, [1, 0]),
        ({"where": ["place.room:eq:A"]}, [3, 1]),
        ({"where": ["place.room:in:A,b", "number:ge:3"]}, [3]),
        ({"where": ["extra:is_not_null"]}, [3]),
        ({"where": ["extra:starts_with:y"]}, [3]),
        ({"text": "number 2"}, [2]),
        ({"text": "YES"}, [3]),
        ({"text": "%"}, []),
    ],
)
async def test_conditions_choose_events(ann: Analyst, fields: dict[str, Any], wanted: list[int]) -> None:
    await send_events(ann, *map(happened, range(3)), happened(3, "door.closed", extra="yes"))
    assert numbers(await asked(ann, **fields)) == wanted


async def test_counts_by_kind_and_by_time(ann: Analyst) -> None:
    await send_events(ann, *map(happened, range(6)), happened(7, "door.closed"))
    answer = await asked(ann, facets=True, page_size=1)
    assert [(count.value, count.count) for count in answer.kinds] == [("door.opened", 6), ("door.closed", 1)]
    assert sum(count.count for count in answer.times) == 7
    assert [count.time.ToDatetime(UTC) for count in answer.times] == sorted(
        count.time.ToDatetime(UTC) for count in answer.times
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"where": [f"number:in:{','.join(map(str, range(100_000)))}"]}, "where"),
        ({"where": ["number:eq:1"] * 60, "filters": [{"field": "number", "values": [1]}] * 60}, "where"),
        ({"filters": [{"field": "number", "operator": "OPERATOR_IN", "values": [1] * 1000}] * 100}, "filters"),
        ({"filters": [{"field": "number", "operator": "OPERATOR_IN", "values": ["x" * 1000] * 300}]}, "filters"),
        ({"filters": [{"field": "number", "values": [None]}]}, "filters[0].values"),
        ({"filters": [{"field": "number", "operator": "OPERATOR_CONTAINS", "values": [1]}]}, "filters[0].values"),
        ({"end_time": "2026-10-31T12:00:00Z"}, "end_time"),
    ],
)
async def test_what_can_t_be_asked_is_refused_by_its_path(ann: Analyst, fields: dict[str, Any], field: str) -> None:
    request = json_format.ParseDict({"start_time": "2026-11-01T00:00:00Z", **fields}, analytics_pb2.GetEventsRequest())
    error = await failure_of(ann.analytics.GetEvents(request, metadata=ann.metadata))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert violations(error) == [field]


async def test_a_number_that_none_is_near_to_is_a_text_like_any_other(ann: Analyst) -> None:
    texts = ["9" * 400, "-" + "9" * 400, "9" * 5000, "1e999", "NaN", "[" * 5000]
    await send_events(ann, *(happened(number, code=text) for number, text in enumerate(texts)))
    for number, text in enumerate(texts):
        assert numbers(await asked(ann, where=[f"code:eq:{text}"])) == [number]
    assert numbers(await asked(ann, where=[f"number:lt:{10**30}"])) == [5, 4, 3, 2, 1, 0]


async def test_a_span_beyond_all_that_is_kept_finds_what_is_there(ann: Analyst) -> None:
    await send_events(ann, *map(happened, range(3)))
    request = analytics_pb2.GetEventsRequest(facets=True)
    request.start_time.FromJsonString("0001-01-01T00:00:00Z")
    request.end_time.FromJsonString("9999-12-31T23:59:59Z")
    found = await ann.analytics.GetEvents(request, metadata=ann.metadata)
    assert numbers(found) == [2, 1, 0]
    assert [count.count for count in found.times] == [3]


SLOW = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"


async def test_a_query_that_runs_into_its_limits_is_ended(clickhouse: Clickhouse) -> None:
    with pytest.raises(QueryTooSlow):
        await clickhouse.rows(SLOW, limits=Limits(seconds=0.3))
    with pytest.raises(QueryTooLarge):
        await clickhouse.rows(
            "SELECT length(groupArray(number)) FROM numbers(100000000)", limits=Limits(memory_bytes=50 << 20)
        )

    async def ended() -> bool:
        running = "SELECT count() FROM system.processes WHERE query LIKE '%numbers(1%' AND query NOT LIKE '%processes%'"
        return (await clickhouse.rows(running)) == [[0]]

    await until(ended, 5)
