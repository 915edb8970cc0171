"""Streams over REST: newline-delimited JSON, and Server-Sent Events with ids."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.envoy.conftest import Gateway
from tests.envoy.scripted import LIVE, LOG_LENGTH, MISSING, PIPELINE, Pipelines, line

pytestmark = pytest.mark.asyncio(loop_scope="session")

SSE = {"accept": "text/event-stream"}
FIRST_BYTE_SECONDS = 0.25


def tail_of(pipeline: str) -> str:
    return f"/api/v1/pipelines/{pipeline}/logs/stream"


def ids(text: str) -> list[str]:
    return [row.removeprefix("id: ") for row in text.split("\n") if row.startswith("id: ")]


@asynccontextmanager
async def opened(rest: httpx.AsyncClient, headers: dict[str, str]) -> AsyncIterator[AsyncIterator[str]]:
    async with rest.stream("GET", tail_of(LIVE), headers=headers) as response:
        assert response.status_code == 200
        yield response.aiter_lines()


async def next_line(lines: AsyncIterator[str]) -> str:
    return await asyncio.wait_for(anext(lines), 5)


async def test_a_stream_is_newline_delimited_json(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    response = await rest.get(tail_of(PIPELINE))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/x-ndjson"
    messages = [json.loads(row) for row in response.text.splitlines()]
    assert [message["cursor"] for message in messages] == [f"c-{number}" for number in range(1, LOG_LENGTH + 1)]
    assert messages[0]["entry"]["level"] == "LOG_LEVEL_INFO"


@pytest.mark.parametrize("headers", [{}, SSE], ids=["ndjson", "sse"])
async def test_each_message_comes_at_once(
    pipelines: Pipelines, rest: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    pipelines.live.put_nowait(line(1))  # the head of a stream may wait for its first message
    async with opened(rest, headers) as lines:
        for number in range(1, 5):
            started = time.perf_counter()
            while f"line {number}" not in await next_line(lines):
                pass
            assert time.perf_counter() - started < FIRST_BYTE_SECONDS
            pipelines.live.put_nowait(line(number + 1))


async def test_server_sent_events_have_ids(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    response = await rest.get(tail_of(PIPELINE), headers=SSE)
    assert response.headers["content-type"] == "text/event-stream"
    events = response.text.removesuffix("\n\n").split("\n\n")
    assert len(events) == LOG_LENGTH
    for number, event in enumerate(events, 1):
        first, second = event.split("\n")
        assert first == f"id: c-{number}"
        assert json.loads(second.removeprefix("data: "))["cursor"] == f"c-{number}"


async def test_an_event_source_that_has_seen_the_end_is_told_not_to_come_back(
    gateway: Gateway, rest: httpx.AsyncClient
) -> None:
    response = await rest.get(tail_of(PIPELINE), headers={**SSE, "last-event-id": "c-complete"})
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert (await rest.get(tail_of(PIPELINE), headers=SSE)).status_code == 200


@pytest.mark.parametrize("path", ["logs", "logs/", "logs/stream", "logs/stream/"])
async def test_accepting_events_makes_a_path_its_stream(gateway: Gateway, rest: httpx.AsyncClient, path: str) -> None:
    response = await rest.get(
        f"/api/v1/pipelines/{PIPELINE}/{path}", headers={"accept": "text/event-stream, */*;q=0.1"}
    )
    assert response.headers["content-type"] == "text/event-stream"
    assert len(ids(response.text)) == LOG_LENGTH


async def test_without_accepting_events_it_is_a_list(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    response = await rest.get(f"/api/v1/pipelines/{PIPELINE}/logs")
    assert response.json() == {"entries": [], "next_page_token": "", "cursor": "c-0"}


async def test_a_path_without_a_stream_stays_itself(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    response = await rest.get("/api/v1/data-sources", headers=SSE)
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize("query", ["", "?after=c-1", "?after=c-1&min_level=LOG_LEVEL_INFO", "?min_level=1&after="])
async def test_an_event_source_goes_on_where_it_was(pipelines: Pipelines, rest: httpx.AsyncClient, query: str) -> None:
    response = await rest.get(tail_of(PIPELINE) + query, headers={**SSE, "last-event-id": "c-3"})
    assert ids(response.text) == ["c-4", "c-5"]
    assert pipelines.requests[-1].min_level == (2 if "LEVEL" in query else 1 if query.startswith("?min") else 0)


async def test_a_cursor_of_any_characters_arrives_whole(pipelines: Pipelines, rest: httpx.AsyncClient) -> None:
    cursor = "c-3 &after=+%41/=?#"
    await rest.get(tail_of(MISSING), headers={**SSE, "last-event-id": cursor})
    assert pipelines.requests[-1].after == cursor


async def test_only_events_look_at_the_last_id(pipelines: Pipelines, rest: httpx.AsyncClient) -> None:
    await rest.get(tail_of(PIPELINE), headers={"last-event-id": "c-3"})
    assert pipelines.requests[-1].after == ""


@pytest.mark.parametrize("headers", [{}, SSE], ids=["ndjson", "sse"])
async def test_a_failure_before_the_first_message_is_an_error(
    gateway: Gateway, rest: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    response = await rest.get(tail_of(MISSING), headers=headers)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/json"
    assert response.json()["code"] == 5
    assert response.json()["details"][0]["reason"] == "NOT_FOUND"


@pytest.mark.parametrize("headers", [{}, SSE], ids=["ndjson", "sse"])
async def test_a_client_that_leaves_ends_the_handler(
    pipelines: Pipelines, rest: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    async with opened_after_first(pipelines, rest, headers):
        assert not pipelines.cancelled.is_set()
    await asyncio.wait_for(pipelines.cancelled.wait(), 3)


@asynccontextmanager
async def opened_after_first(
    pipelines: Pipelines, rest: httpx.AsyncClient, headers: dict[str, str]
) -> AsyncIterator[None]:
    pipelines.live.put_nowait(line(1))
    async with opened(rest, headers) as lines:
        await next_line(lines)
        yield


async def test_large_messages_keep_their_ids(pipelines: Pipelines, rest: httpx.AsyncClient) -> None:
    text = 'data: {"cursor":"no"}\n\n' * 20_000
    for number in (1, 2):
        pipelines.live.put_nowait(line(number, text))
    async with opened(rest, SSE) as lines:
        for number in (1, 2):
            assert await next_line(lines) == f"id: c-{number}"
            assert json.loads((await next_line(lines)).removeprefix("data: "))["entry"]["message"] == text
            assert await next_line(lines) == ""
