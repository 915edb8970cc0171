"""A server whose organizations are told of alerts, and something to be told of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import grpc
import pytest
from pydantic import SecretStr

from server.alerts import evaluator
from server.settings import Settings
from tests.alerts.people import ADMIN_EMAIL, ADMIN_PASSWORD, Keeper, root
from tests.alerts.receivers import Mailbox, Receiver, mailbox, receiver
from tests.auth.people import register

T = TypeVar("T")
SMTP_FROM = "alerts@thedata.example"


@pytest.fixture(autouse=True)
def short_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers in this process look more often; those in processes of their own as they do everywhere."""
    monkeypatch.setattr(evaluator, "ROUND_SECONDS", 0.3)


@pytest.fixture
async def mails() -> AsyncIterator[Mailbox]:
    async with mailbox() as found:
        yield found


@pytest.fixture
def settings(settings: Settings, mails: Mailbox) -> Settings:
    """A server's settings, with a platform administrator and a mail server."""
    return settings.model_copy(
        update={
            "admin_email": ADMIN_EMAIL,
            "admin_password": SecretStr(ADMIN_PASSWORD),
            "migrate": True,
            "smtp_url": SecretStr(f"smtp://127.0.0.1:{mails.port}"),
            "smtp_from": SMTP_FROM,
        }
    )


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as found:
        yield found


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """The platform's database, with its owner's rights."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Keeper:
    """Somebody with an organization of their own."""
    return Keeper(channel, (await register(channel, "ann")).session)


@pytest.fixture
async def admin(channel: grpc.aio.Channel) -> Keeper:
    return await root(channel)


@dataclass
class Source:
    """A data source that can fall ill: what rules of the tests look at."""

    id: str
    database: asyncpg.Connection[Any]

    async def set(self, *, healthy: bool) -> None:
        await self.database.execute("UPDATE data_sources SET healthy = $2 WHERE id = $1", UUID(self.id), healthy)


@pytest.fixture
async def source(ann: Keeper, database: asyncpg.Connection[Any]) -> Source:
    return Source(await ann.new_files("orders"), database)


def unhealthy(**changes: Any) -> dict[str, Any]:
    """A rule that looks at data sources."""
    return {"name": "Ill", "condition": "source_unhealthy", "channels": ["ops"], **changes}


def webhook(url: str, **changes: Any) -> dict[str, Any]:
    """A channel to a web server."""
    return {"name": "ops", "webhook": {"url": url, **changes}}


async def until(look: Callable[[], Awaitable[T]], seconds: float = 15) -> T:
    """What a look gives once it gives something, which it does within some seconds."""
    async with asyncio.timeout(seconds):
        while not (found := await look()):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
    return found
