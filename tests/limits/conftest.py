"""Servers on one database, and limits as an administrator sets them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from thedata.v1 import admin_pb2, admin_pb2_grpc, auth_pb2

from server.app import App
from server.clock import now
from server.config.model import ConfigKind, ConfigVersion
from server.scope import PLATFORM, Scope
from server.settings import Settings
from server.storage.session import Database
from server.storage.store import Store
from tests.auth.people import Person, log_in

TAKEN_UP_SECONDS = 2.0
ROOT, ROOT_PASSWORD = "root@example.com", "root's own password"
ME = auth_pb2.GetCurrentUserRequest()


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    assert settings.database_url
    database = Database(settings.database_url.get_secret_value(), pool_size=4)
    yield Store(database)
    await database.close()


class Operator:
    """The platform's administrator, who sets limits and has none."""

    def __init__(self, store: Store, person: Person) -> None:
        self.store = store
        self.person = person
        self.admin = admin_pb2_grpc.AdminServiceStub(person.channel)

    async def set(self, organization: str, own: dict[str, int] | None = None, **general: int) -> None:
        """Sets limits, in general and of one organization, and waits until the server has taken them up."""
        content = {"limits": general, "organization_limits": {organization: own} if own else {}}
        await self.set_config(content)
        wanted = {**general, **(own or {})}
        async with asyncio.timeout(TAKEN_UP_SECONDS):
            while (await self.limits(organization)) != wanted:  # noqa: ASYNC110 - no event tells of it
                await asyncio.sleep(0.02)

    async def set_config(self, content: dict[str, Any]) -> None:
        """Adds a version of the platform's settings."""
        async with self.store.begin(Scope.everything()) as tx:
            newest = await tx.configurations.newest(PLATFORM, ConfigKind.SYSTEM, lock=True)
            number = newest.version + 1 if newest else 1
            await tx.configurations.add(ConfigVersion(PLATFORM, ConfigKind.SYSTEM, number, content, now()))

    async def usage(self, organization: str) -> admin_pb2.Usage:
        request = admin_pb2.GetUsageRequest(organization_id=organization)
        return await self.admin.GetUsage(request, metadata=self.person.metadata)

    async def limits(self, organization: str) -> dict[str, int]:
        limits = (await self.usage(organization)).limits
        return {field.name: value for field, value in limits.ListFields()}


async def operator_on(app: App, store: Store, channel: grpc.aio.Channel) -> Operator:
    await app.auth.ensure_platform_admin(ROOT, ROOT_PASSWORD)
    return Operator(store, await log_in(channel, "root", ROOT_PASSWORD))


@pytest.fixture
async def operator(app: App, store: Store, channel: grpc.aio.Channel) -> Operator:
    return await operator_on(app, store, channel)


async def early_in_a_minute(store: Store, seconds: float = 15.0) -> None:
    """Waits until so much is left of the database's minute that a test fits into it."""
    async with store.begin(Scope.everything()) as tx:
        left = 60 - (await tx.schedules.now()).timestamp() % 60
    if left < seconds:
        await asyncio.sleep(left + 0.05)


async def let_through(person: Person, count: int, metadata: Any = None) -> int:
    """Calls so many times at once; how many of the calls were let through."""
    calls = [person.auth.GetCurrentUser(ME, metadata=metadata or person.metadata) for _ in range(count)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
    assert {error.code() for error in refused} <= {grpc.StatusCode.RESOURCE_EXHAUSTED}
    return count - len(refused)
