"""What REST clients are told: status 429 and the standard headers, through Envoy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import httpx
import pytest

from server.app import App
from server.stack.envoy import Envoy
from server.storage.store import Store
from tests.auth.people import Person, register
from tests.limits.conftest import Operator, early_in_a_minute


@pytest.fixture
async def rest(app: App, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    envoy = Envoy(tmp_path / "envoy", host="127.0.0.1", port=0, upstream=("127.0.0.1", app.port), concurrency=1)
    await envoy.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{envoy.port}", trust_env=False, timeout=20) as client:
        yield client
    await envoy.stop()


def as_person(person: Person) -> dict[str, str]:
    return {"authorization": f"Bearer {person.session.access_token}"}


async def test_requests(rest: httpx.AsyncClient, channel: grpc.aio.Channel, operator: Operator, store: Store) -> None:
    ann = await register(channel, "ann")
    await operator.set(await ann.organization(), requests_per_minute_per_user=2)
    await early_in_a_minute(store)
    for remaining in ("1", "0"):
        answer = await rest.get("/api/v1/auth/me", headers=as_person(ann))
        assert answer.status_code == 200, answer.text
        assert answer.headers["ratelimit-limit"] == "2"
        assert answer.headers["ratelimit-remaining"] == remaining
        assert 0 < int(answer.headers["ratelimit-reset"]) <= 60
        assert "retry-after" not in answer.headers
    refused = await rest.get("/api/v1/auth/me", headers=as_person(ann))
    assert refused.status_code == 429
    assert refused.headers["ratelimit-remaining"] == "0"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-request-id"]
    kinds = {detail["@type"].rpartition(".")[2]: detail for detail in refused.json()["details"]}
    assert kinds["ErrorInfo"]["reason"] == "LIMIT_REACHED"
    assert kinds["ErrorInfo"]["metadata"]["limit"] == "requests_per_minute_per_user"
    assert kinds["QuotaFailure"]["violations"][0]["subject"] == f"user:{ann.id}"
    assert "RetryInfo" in kinds


async def test_streams(rest: httpx.AsyncClient, channel: grpc.aio.Channel, operator: Operator) -> None:
    ann = await register(channel, "ann")
    await operator.set(await ann.organization(), streams_per_user=1)
    headers = {**as_person(ann), "accept": "text/event-stream"}
    async with rest.stream("GET", "/api/v1/pipelines/stream", headers=headers) as first:
        assert first.status_code == 200
        lines = first.aiter_lines()  # who lets go of it ends the stream
        assert await anext(lines)
        refused = await rest.get("/api/v1/pipelines/stream", headers=headers)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["x-request-id"]
