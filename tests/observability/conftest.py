"""A platform that is watched: its gateway, server and worker tell a collector and Prometheus."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import structlog

from server import logs
from server.app import App
from server.settings import Settings
from server.stack.envoy import Envoy
from server.stack.envoy_tracing import Collector as Destination
from tests.observability.collector import Collector, collecting


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with collecting() as running:
        yield running


@pytest.fixture
def traced(settings: Settings, collector: Collector) -> Settings:
    """A server's settings that have every call traced."""
    return settings.model_copy(update={"otlp_endpoint": collector.endpoint, "trace_sample_ratio": 1.0})


@asynccontextmanager
async def gateway(app: App, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A registered caller in front of an Envoy that goes by the settings."""
    envoy = Envoy(
        settings.home / "gateway",
        port=0,
        upstream=("127.0.0.1", app.port),
        concurrency=1,
        collector=Destination.of(settings),
    )
    await envoy.start()
    base = f"http://127.0.0.1:{envoy.port}/api/v1"
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as client:
        session = await client.post("/auth/register", json={"email": "ann@example.com", "password": "correct horse"})
        client.headers["authorization"] = f"Bearer {session.json()['access_token']}"
        yield client
    await envoy.stop()


class Said:
    """What the process's own log says, as JSON lines."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, event: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in found if line["event"] == event]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Said]:
    """The log of this process, set up as that of a server in production, and put back afterwards."""
    before, hook = structlog.get_config(), sys.excepthook
    caught = Said()
    monkeypatch.setattr(sys, "stderr", caught.stream)
    logs.configure(settings.model_copy(update={"log_json": True}))
    structlog.configure(cache_logger_on_first_use=False)
    yield caught
    structlog.configure(**before)
    sys.excepthook = hook
