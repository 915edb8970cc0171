"""The loss of PostgreSQL, which keeps all alerts: told from memory by the server that looked last, written later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import SecretStr
from thedata.v1 import admin_pb2, alerts_pb2

from server.alerts import sending
from server.alerts.model import group_key
from server.app import build
from server.ids import new_id
from server.settings import Settings
from tests.alerts.conftest import until, webhook
from tests.alerts.people import Keeper, root
from tests.alerts.receivers import Hit, Receiver
from tests.servers.fault_proxy import FaultProxy

TOLD_SECONDS = 15.0
LABELS = {"component": "postgresql"}
RULE = {
    "name": "Database", "condition": "component_down", "parameters": {"components": ["postgresql"]},
    "group_by": ["component"], "hold": "1s", "channels": ["ops"], "severity": "ALERT_SEVERITY_CRITICAL",
}  # fmt: skip
FIRING, RESOLVED = alerts_pb2.ALERT_DELIVERY_KIND_FIRING, alerts_pb2.ALERT_DELIVERY_KIND_RESOLVED
OVER, DELIVERED = alerts_pb2.ALERT_STATE_RESOLVED, alerts_pb2.ALERT_DELIVERY_STATE_DELIVERED


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.2)


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[FaultProxy]:
    """What stands between the server and its database."""
    where = urlsplit(database_url)
    async with FaultProxy(str(where.hostname), where.port or 5432) as proxy:
        yield proxy


@pytest.fixture
def settings(settings: Settings, wire: FaultProxy, database_url: str) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(wire.url(database_url))})


@pytest.fixture
def direct(settings: Settings, database_url: str) -> Settings:
    """Settings of a server that nothing stands before."""
    return settings.model_copy(update={"database_url": SecretStr(database_url)})


@asynccontextmanager
async def another(settings: Settings) -> AsyncIterator[Keeper]:
    """A second server, and the administrator there."""
    app = build(settings)
    await app.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{app.port}") as channel:
            yield await root(channel)
    finally:
        await app.stop()


async def leads(database: asyncpg.Connection[Any]) -> str | None:
    """Who looks."""
    holder = await database.fetchval("SELECT holder FROM leases WHERE name = 'alerts' AND expires_at > now()")
    return str(holder) if holder else None


async def in_memory(database: asyncpg.Connection[Any]) -> None:
    """Waits until the server that looks has had a round since now, and so knows the rules that were set before."""
    known = await database.fetchval("SELECT expires_at FROM leases WHERE name = 'alerts'")

    async def later() -> bool:
        query = "SELECT expires_at > $1::timestamptz + interval '1 second' FROM leases WHERE name = 'alerts'"
        return bool(known) and bool(await database.fetchval(query, known))

    await until(later)


async def history(keeper: Keeper, count: int = 1) -> list[alerts_pb2.Alert]:
    """The rule's alerts, once so many are over."""

    async def over() -> list[alerts_pb2.Alert]:
        found = await keeper.history(rule="Database")
        return found if len(found) == count and all(item.state == OVER for item in found) else []

    return await until(over)


async def sent(keeper: Keeper, alert: str) -> list[alerts_pb2.AlertDelivery]:
    """The delivery log of an alert, once all of it was taken."""

    async def taken() -> list[alerts_pb2.AlertDelivery]:
        found = await keeper.deliveries(alert_id=alert)
        return found if len(found) > 1 and all(item.state == DELIVERED for item in found) else []

    return await until(taken)


async def is_told_away(keeper: Keeper) -> bool:
    """Whether the platform's state tells of it."""
    request = admin_pb2.GetSystemStatusRequest()
    status = await keeper.admin.GetSystemStatus(request, metadata=keeper.metadata, timeout=20)
    return status.components[0].name == "postgresql"


def time_of(hit: Hit, name: str) -> Timestamp:
    moment = Timestamp()
    moment.FromJsonString(hit.json["data"][name])
    return moment


Break = Callable[[FaultProxy], AbstractContextManager[None]]


@pytest.mark.parametrize("broken", [FaultProxy.outage, FaultProxy.silence], ids=["refuses", "never answers"])
async def test_it_is_told_from_memory_and_written_down_later(
    broken: Break, admin: Keeper, hook: Receiver, wire: FaultProxy, database: asyncpg.Connection[Any]
) -> None:
    made = await admin.set(rules=[RULE], channels=[webhook(hook.url)])
    secret = made.channels[0].webhook.new_secret
    await in_memory(database)
    hook.codes = [503]
    with broken(wire):
        first = await hook.told("firing", TOLD_SECONDS)
        again = await hook.wait(lambda hit: hit is not first)
        assert (again.id, again.body) == (first.id, first.body), "a receiver knows it again"
        assert first.is_signed_with(secret)
        assert again.is_signed_with(secret)
        assert await database.fetchval("SELECT count(*) FROM alerts WHERE rule = 'Database'") == 0
    resolved = await hook.told("resolved", TOLD_SECONDS)
    assert resolved.is_signed_with(secret)
    assert hook.kinds() == ["firing", "firing", "resolved"]
    data = first.json["data"]
    assert (data["rule"], data["condition"], data["severity"], data["state"], data["labels"]) == (
        "Database", "component_down", "critical", "firing", LABELS,
    )  # fmt: skip
    assert data["message"].startswith("postgresql (")
    assert data["message"].endswith("): 1 down, above 0")
    [alert] = await history(admin)
    assert alert.id == data["alert_id"] == resolved.json["data"]["alert_id"]
    assert alert.start_time == time_of(first, "start_time") == time_of(resolved, "start_time")
    assert alert.fire_time == time_of(first, "fire_time") == time_of(resolved, "fire_time")
    assert alert.resolve_time == time_of(resolved, "resolve_time")
    assert alert.start_time.ToDatetime() < alert.fire_time.ToDatetime() < alert.resolve_time.ToDatetime()
    log = await sent(admin, alert.id)
    assert [(item.kind, item.id, item.attempts, item.error) for item in log] == [
        (RESOLVED, resolved.id, 1, ""),
        (FIRING, first.id, 2, ""),
    ]


async def test_what_was_not_taken_meanwhile_is_sent_by_the_outbox(
    admin: Keeper, hook: Receiver, wire: FaultProxy, database: asyncpg.Connection[Any]
) -> None:
    await admin.set(rules=[RULE], channels=[webhook(hook.url)])
    await in_memory(database)
    hook.codes = [500] * 1000
    with wire.outage():
        await hook.wait(lambda _: len(hook.hits) > 2)
    hook.codes = []
    await hook.told("resolved", TOLD_SECONDS)
    firing = [hit for hit in hook.hits if hit.json["type"] == "alert.firing"]
    assert len({hit.id for hit in firing}) == 1
    assert hook.kinds()[-2:] == ["firing", "resolved"], "its end is not told before its beginning"
    [alert] = await history(admin)
    [_, first] = await sent(admin, alert.id)
    assert (first.id, first.attempts) == (firing[0].id, len(firing))


async def test_one_that_is_over_before_the_hold_tells_nobody(
    admin: Keeper, hook: Receiver, wire: FaultProxy, database: asyncpg.Connection[Any]
) -> None:
    await admin.set(rules=[{**RULE, "hold": "600s"}], channels=[webhook(hook.url)])
    await in_memory(database)
    with wire.outage():
        await until(lambda: is_told_away(admin))
        await asyncio.sleep(1)  # for rounds that see it
    [alert] = await history(admin)
    assert not alert.HasField("fire_time")
    assert await admin.deliveries(alert_id=alert.id) == []
    assert hook.hits == []


async def test_a_second_server_is_silent(
    admin: Keeper, hook: Receiver, wire: FaultProxy, settings: Settings, database: asyncpg.Connection[Any]
) -> None:
    await admin.set(rules=[RULE], channels=[webhook(hook.url)])
    async with another(settings):
        await in_memory(database)
        with wire.outage():
            await hook.told("firing", TOLD_SECONDS)
            await asyncio.sleep(2)  # for the second server to tell, if it did
        await hook.told("resolved", TOLD_SECONDS)
        await history(admin)
        assert hook.kinds() == ["firing", "resolved"]


async def test_a_server_that_alone_was_cut_off_writes_down_what_it_told(
    admin: Keeper, hook: Receiver, wire: FaultProxy, direct: Settings, database: asyncpg.Connection[Any]
) -> None:
    await admin.set(rules=[RULE], channels=[webhook(hook.url)])
    await in_memory(database)
    looked = await leads(database)
    async with another(direct) as there:
        with wire.outage():
            firing = await hook.told("firing", TOLD_SECONDS)

            async def taken_over() -> bool:
                return await leads(database) not in {looked, None}

            await until(taken_over)
            assert await there.active() == []
        resolved = await hook.told("resolved", TOLD_SECONDS)
        [alert] = await history(there)
        assert alert.id == firing.json["data"]["alert_id"] == resolved.json["data"]["alert_id"]
        assert [item.kind for item in await sent(there, alert.id)] == [RESOLVED, FIRING]
        assert hook.kinds() == ["firing", "resolved"]


async def test_where_another_alert_of_the_same_has_begun_its_own_is_over(
    admin: Keeper, hook: Receiver, wire: FaultProxy, database: asyncpg.Connection[Any]
) -> None:
    await admin.set(rules=[RULE], channels=[webhook(hook.url)])
    await in_memory(database)
    with wire.outage():
        firing = await hook.told("firing", TOLD_SECONDS)
        await database.execute(
            "INSERT INTO alerts (id, organization_id, rule, group_key, labels, severity, state, message, value,"
            " threshold, started_at, updated_at, number) VALUES ($1, '00000000-0000-0000-0000-000000000000',"
            " 'Database', $2, '{\"component\": \"postgresql\"}', 3, 'pending', 'x', 1, 0, now(), now(), 0)",
            new_id(),
            group_key(LABELS),
        )
    resolved = await hook.told("resolved", TOLD_SECONDS)
    assert resolved.json["data"]["alert_id"] == firing.json["data"]["alert_id"]
    fired = [alert for alert in await history(admin, 2) if alert.HasField("fire_time")]
    assert [alert.id for alert in fired] == [firing.json["data"]["alert_id"]]
    assert hook.kinds() == ["firing", "resolved"]
