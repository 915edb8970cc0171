"""One server looks; when it is killed another one does, soon, and nothing is told twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import grpc
import pytest
from thedata.v1 import alerts_pb2

from server.alerts.evaluator import Evaluator, NotLeading
from server.alerts.looking import Found, Looking, Ready
from server.alerts.outage import Outage
from server.alerts.probes import StatusProbe
from server.alerts.sending import Sending
from server.data_sources.vault import Vault
from server.keys import MasterKey
from server.settings import Settings
from server.status.model import Component
from server.storage.session import Database
from server.storage.signals import Signals
from server.storage.store import Store
from tests.alerts.conftest import Source, unhealthy, until, webhook
from tests.alerts.people import Keeper
from tests.alerts.receivers import Receiver
from tests.auth.people import register
from tests.auth.serving import served

SURVIVES_SECONDS = 10.0


async def test_a_killed_leader_is_replaced_within_ten_seconds(
    settings: Settings, hook: Receiver, database: asyncpg.Connection[Any]
) -> None:
    async def leader() -> str | None:
        holder = await database.fetchval("SELECT holder FROM leases WHERE name = 'alerts'")
        return str(holder) if holder else None

    settings = settings.model_copy(update={"smtp_url": None})
    async with served(settings) as first:
        killed_one = await until(leader)
        async with served(settings) as second, grpc.aio.insecure_channel(second.address) as channel:
            ann = Keeper(channel, (await register(channel, "ann")).session)
            await ann.set(rules=[unhealthy(group_by=["data_source"])], channels=[webhook(hook.url)])
            one, two = [Source(await ann.new_files(name), database) for name in ("one", "two")]
            await one.set(healthy=False)
            await hook.told("firing")

            async def settled() -> bool:
                found = await ann.deliveries()
                return all(item.state == alerts_pb2.ALERT_DELIVERY_STATE_DELIVERED for item in found)

            await until(settled)
            assert await leader() == killed_one
            first.kill()
            killed = time.monotonic()
            await two.set(healthy=False)
            await one.set(healthy=True)
            await hook.wait(lambda hit: hit.json["data"]["labels"] == {"data_source": "two"}, SURVIVES_SECONDS)
            await hook.told("resolved", SURVIVES_SECONDS)
            assert time.monotonic() - killed < SURVIVES_SECONDS
            assert await leader() != killed_one
            await until(settled)
            await asyncio.sleep(2)  # a round more
            told = [(hit.json["type"], hit.json["data"]["labels"]["data_source"]) for hit in hook.hits]
            assert sorted(told) == [("alert.firing", "one"), ("alert.firing", "two"), ("alert.resolved", "one")]


class Robbed(Looking):
    """Looks for so long that somebody else takes the lease meanwhile, as happens to a server that is frozen."""

    database: asyncpg.Connection[Any]

    async def look(self, rules: Mapping[UUID, Sequence[Ready]], at: datetime, seconds: float) -> dict[UUID, Found]:
        found = await super().look(rules, at, seconds)
        await self.database.execute(
            "UPDATE leases SET holder = 'another', expires_at = now() + interval '1 minute' WHERE name = 'alerts'"
        )
        return found


async def nothing() -> list[Component]:
    """No component is known."""
    return []


async def test_a_leader_that_was_frozen_changes_nothing(
    database: asyncpg.Connection[Any], database_url: str, settings: Settings
) -> None:
    opened = Database(database_url)
    store = Store(opened)
    looking = Robbed(store, None, StatusProbe(nothing), settings.home)
    looking.database = database
    outage = Outage(store, Vault(MasterKey.load(settings)), Sending({}), StatusProbe(nothing))
    frozen = Evaluator(store, Signals(opened, []), looking, outage)
    with pytest.raises(NotLeading):
        await frozen.round()
    await looking.stop()
    await opened.close()
    assert await database.fetchval("SELECT count(*) FROM alerts") == 0


async def test_a_leader_that_stops_hands_over_at_once(
    settings: Settings, hook: Receiver, database: asyncpg.Connection[Any]
) -> None:
    settings = settings.model_copy(update={"smtp_url": None})
    async with served(settings) as second, grpc.aio.insecure_channel(second.address) as channel:
        ann = Keeper(channel, (await register(channel, "ann")).session)
        async with served(settings):
            await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
        source = Source(await ann.new_files("one"), database)
        await source.set(healthy=False)
        await hook.told("firing", 5)
