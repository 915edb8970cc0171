"""Each component is broken in turn: status, stream, health service and Envoy tell it within 15 s, and clear later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from thedata.v1 import admin_pb2, auth_pb2, users_pb2, users_pb2_grpc

from tests.admin.breaking import NOTICED_SECONDS, Platform, broken_platform
from tests.auth.people import bearer, reason_of, register
from tests.sync.conftest import until

pytestmark = pytest.mark.timeout(240)

OK, DEGRADED, DOWN = (
    admin_pb2.COMPONENT_HEALTH_OK,
    admin_pb2.COMPONENT_HEALTH_DEGRADED,
    admin_pb2.COMPONENT_HEALTH_DOWN,
)
SERVER, ANALYTICS, PIPELINES = "", "thedata.v1.AnalyticsService", "thedata.v1.PipelinesService"
Healths = dict[str, "admin_pb2.ComponentHealth.ValueType"]


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with broken_platform() as made:
        yield made


class Watcher:
    """Follows the state on one stream."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.newest: admin_pb2.SystemStatus | None = None
        self.cursor = ""

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[Watcher]:
        task = asyncio.create_task(self._watch())
        yield self
        assert not task.done(), "the stream goes on"
        task.cancel()

    async def _watch(self) -> None:
        operator = self._platform.operator
        request = admin_pb2.WatchSystemStatusRequest()
        async for message in operator.admin.WatchSystemStatus(request, metadata=operator.metadata):
            self.cursor = message.cursor
            if message.HasField("status"):
                self.newest = message.status


def healths(status: admin_pb2.SystemStatus | None) -> Healths:
    return {one.name: one.health for one in status.components} if status else {}


async def serving(platform: Platform) -> dict[str, bool]:
    stub = health_pb2_grpc.HealthStub(platform.operator.channel)
    answers = {
        name: await stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=5)
        for name in (SERVER, ANALYTICS, PIPELINES)
    }
    return {name: one.status == health_pb2.HealthCheckResponse.SERVING for name, one in answers.items()}


async def gateway_says(platform: Platform) -> int:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        return (await client.get(f"http://127.0.0.1:{platform.envoy.port}/healthz")).status_code


async def noticed(look: Callable[[], Awaitable[bool]]) -> None:
    await until(look, NOTICED_SECONDS)


async def all_tell(platform: Platform, watcher: Watcher, wanted: Healths, ready: dict[str, bool]) -> None:
    """Status, stream and health service say the same."""

    async def so() -> bool:
        told = healths(await platform.operator.status())
        return (
            all(told[name] == health for name, health in wanted.items())
            and all(healths(watcher.newest).get(name) == health for name, health in wanted.items())
            and await serving(platform) == ready
        )

    await noticed(so)


async def whole(platform: Platform, watcher: Watcher) -> None:
    """Nothing is wrong any more."""
    names = ("postgresql", "migrations", "analytics", "queue", "workers", "gateway")
    await all_tell(platform, watcher, dict.fromkeys(names, OK), {SERVER: True, ANALYTICS: True, PIPELINES: True})


async def test_each_component_is_told_and_cleared(platform: Platform) -> None:
    up = {SERVER: True, ANALYTICS: True, PIPELINES: True}
    async with Watcher(platform).watching() as watcher:
        await all_tell(platform, watcher, {"workers": DOWN}, up)
        assert (await platform.operator.status()).components[0].name == "workers", "problems come first"
        worker = await platform.start_worker()
        await whole(platform, watcher)

        await platform.kill_engine()
        await all_tell(platform, watcher, {"analytics": DOWN, "postgresql": OK}, {**up, ANALYTICS: False})
        await platform.start_engine()
        await whole(platform, watcher)
        errors = {one.name: one.last_error for one in (await platform.operator.status()).components}
        assert errors["analytics"], "what was wrong can still be read"

        worker.kill()
        await all_tell(platform, watcher, {"workers": DOWN}, up)
        await platform.start_worker()
        await whole(platform, watcher)

        await platform.stop_gateway()
        await all_tell(platform, watcher, {"gateway": DOWN}, up)
        await platform.start_gateway()
        await whole(platform, watcher)


async def test_the_loss_of_the_database_is_told_to_who_was_known(platform: Platform) -> None:
    ann = await register(platform.operator.channel, "ann")
    await platform.start_worker()
    async with Watcher(platform).watching() as watcher:
        await whole(platform, watcher)
        assert await gateway_says(platform) == 200
        await platform.stop_postgres()
        down = {SERVER: False, ANALYTICS: False, PIPELINES: False}
        await all_tell(platform, watcher, {"postgresql": DOWN, "analytics": OK}, down)
        status = await platform.operator.status()
        assert status.components[0].name == "postgresql"
        assert "password" not in status.components[0].message
        unknown = {one.name for one in status.components if not one.health}
        assert unknown >= {"queue", "workers"}

        async def envoy_knows() -> bool:
            return await gateway_says(platform) == 503

        await noticed(envoy_knows)
        # Envoy lets calls through all the same: the server's own error says when to try again.
        async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{platform.envoy.port}") as rest:
            answer = await rest.get("/api/v1/auth/me", headers=dict(ann.metadata), timeout=30)
            assert answer.status_code == 503
            details = answer.json()["details"]
            assert [one.get("reason") for one in details if "reason" in one] == ["UNAVAILABLE"]
            assert any("RetryInfo" in one["@type"] for one in details)
            told = await rest.get("/api/v1/admin/system/status", headers=dict(platform.operator.metadata))
            assert told.json()["components"][0]["name"] == "postgresql"
            # Nobody else learns anything, and the administrator nothing else.
            for metadata in (ann.metadata, bearer("no token")):
                refused = await rest.get("/api/v1/admin/system/status", headers=dict(metadata), timeout=30)
                assert refused.status_code in {401, 503}
        users = users_pb2_grpc.UsersServiceStub(platform.operator.channel)
        listed = users.ListUsers(users_pb2.ListUsersRequest(), metadata=platform.operator.metadata)
        assert (await reason_of(listed))[0] == "UNAVAILABLE"
        await platform.start_postgres()
        await whole(platform, watcher)

        async def envoy_serves() -> bool:
            return await gateway_says(platform) == 200

        await noticed(envoy_serves)


async def test_a_full_disk_is_told(platform: Platform) -> None:
    if not platform.small_disk:
        pytest.skip("a full disk: this machine does not let the tests mount a small one (tmpfs)")
    up = {SERVER: True, ANALYTICS: True, PIPELINES: True}
    async with Watcher(platform).watching() as watcher:
        await all_tell(platform, watcher, {"disk": OK}, up)
        await platform.fill_disk()
        await all_tell(platform, watcher, {"disk": DOWN}, up)
        status = await platform.operator.status()
        assert status.host.disk_free_bytes < status.host.disk_bytes / 100
        await platform.free_disk()
        await all_tell(platform, watcher, {"disk": OK}, up)


async def test_a_session_that_has_ended_is_not_remembered(platform: Platform) -> None:
    operator = platform.operator
    await operator.status()
    await operator.auth.Logout(auth_pb2.LogoutRequest(), metadata=operator.metadata)
    await platform.stop_postgres()
    assert (await reason_of(operator.status()))[0] == "UNAVAILABLE"
