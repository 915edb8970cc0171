"""A server with an analytics store of its own, and somebody who uses it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import uuid4

import grpc
import pytest
from pydantic import SecretStr
from thedata.v1 import analytics_pb2_grpc

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.upkeep import Upkeep
from server.audit.telling import AuditTelling
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from tests.auth.people import Person, register


@pytest.fixture(autouse=True)
def only_what_is_sent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that count events count their own: the audit's are tried in test_audit_events.py."""

    async def tell(_telling: AuditTelling) -> bool:
        return False

    if request.module.__name__.rpartition(".")[2] != "test_audit_events":
        monkeypatch.setattr(AuditTelling, "tell", tell)


@pytest.fixture
def engine_url(request: pytest.FixtureRequest) -> str:
    """The server that THEDATA_TEST_CLICKHOUSE_URL names; without one, the embedded engine."""
    given = os.environ.get("THEDATA_TEST_CLICKHOUSE_URL")
    if given:
        return given
    embedded: EmbeddedClickhouse = request.getfixturevalue("clickhouse_server")
    return embedded.url


@pytest.fixture
async def analytics_url(engine_url: str) -> AsyncIterator[str]:
    """A database of the engine's for this test."""
    url = urlsplit(engine_url)._replace(path=f"/a_{uuid4().hex[:12]}").geturl()
    yield url
    client = Clickhouse(engine_url)
    await client.execute(f"DROP DATABASE IF EXISTS {urlsplit(url).path.strip('/')}")
    await client.close()


@pytest.fixture
def settings(settings: Settings, analytics_url: str) -> Settings:
    """A server's settings, with the analytics store."""
    return settings.model_copy(update={"analytics_url": SecretStr(analytics_url)})


@pytest.fixture
async def clickhouse(analytics_url: str) -> AsyncIterator[Clickhouse]:
    """A look into the store."""
    client = Clickhouse(analytics_url)
    yield client
    await client.close()


class Analyst(Person):
    """Somebody who sends and asks."""

    @property
    def analytics(self) -> analytics_pb2_grpc.AnalyticsServiceAsyncStub:
        return analytics_pb2_grpc.AnalyticsServiceStub(self.channel)


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Analyst:
    """Somebody with an organization of their own."""
    return Analyst(channel, (await register(channel, "ann")).session)


async def dropped(upkeep: Upkeep, *, thoroughly: bool) -> None:
    """Has the upkeep remove what all deleted organizations have left."""
    await upkeep.find_deleted(thoroughly=thoroughly)
    while await upkeep.drop_next():
        pass
