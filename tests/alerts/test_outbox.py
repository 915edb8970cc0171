"""What stands in the outbox is sent: again until it is taken, in order, and by another where a sender has died."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from thedata.v1 import alerts_pb2

from server.alerts import outbox, sending
from tests.alerts.conftest import Source, unhealthy, until, webhook
from tests.alerts.people import Keeper
from tests.alerts.receivers import Receiver, receiver
from tests.auth.people import reason_of

DELIVERED, FAILED = alerts_pb2.ALERT_DELIVERY_STATE_DELIVERED, alerts_pb2.ALERT_DELIVERY_STATE_FAILED


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.2)


async def test_what_is_not_taken_is_sent_again_as_the_same_message(ann: Keeper, hook: Receiver, source: Source) -> None:
    made = await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
    secret = made.channels[0].webhook.new_secret
    hook.codes = [500, 429, 302]
    hook.headers = {"location": f"{hook.url}/elsewhere"}
    await source.set(healthy=False)

    async def delivered() -> list[alerts_pb2.AlertDelivery]:
        return [item for item in await ann.deliveries() if item.state == DELIVERED]

    [sent] = await until(delivered)
    assert (sent.attempts, sent.error, sent.HasField("deliver_time")) == (4, "", True)
    assert [hit.id for hit in hook.hits] == [sent.id] * 4
    assert {hit.path for hit in hook.hits} == {"/"}, "no redirect is followed"
    assert len({hit.body for hit in hook.hits}) == 1
    assert all(hit.is_signed_with(secret) for hit in hook.hits)


async def test_the_end_of_an_alert_is_not_told_before_its_beginning(
    ann: Keeper, hook: Receiver, source: Source
) -> None:
    await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
    hook.codes = [503] * 6
    await source.set(healthy=False)
    await until(ann.active)
    await source.set(healthy=True)
    await hook.told("resolved", 30)
    assert hook.kinds() == ["firing"] * 7 + ["resolved"]


async def test_who_wants_no_more_messages_gets_no_more_tries(ann: Keeper, hook: Receiver, source: Source) -> None:
    await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
    hook.codes = [410]
    await source.set(healthy=False)

    async def failed() -> list[alerts_pb2.AlertDelivery]:
        return [item for item in await ann.deliveries() if item.state == FAILED]

    [given_up] = await until(failed)
    assert (given_up.attempts, given_up.error) == (1, "the receiver wants no more messages (HTTP 410)")
    assert not given_up.HasField("next_attempt_time")


async def test_what_is_too_old_is_given_up(
    ann: Keeper, source: Source, database: asyncpg.Connection[Any], hook: Receiver
) -> None:
    await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
    hook.codes = [500] * 1000
    await source.set(healthy=False)
    await hook.told("firing")
    await database.execute("UPDATE alert_deliveries SET created_at = created_at - interval '24 hours'")

    async def failed() -> list[alerts_pb2.AlertDelivery]:
        return [item for item in await ann.deliveries() if item.state == FAILED]

    [given_up] = await until(failed)
    assert given_up.error == "the receiver did not take it (HTTP 500)"


async def test_a_message_whose_sender_has_died_is_sent_by_another(
    ann: Keeper, source: Source, database: asyncpg.Connection[Any], hook: Receiver
) -> None:
    await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
    hook.codes = [500]
    await source.set(healthy=False)
    await hook.told("firing")
    # As a server leaves it that is killed in the middle of a try.
    await database.execute(
        "UPDATE alert_deliveries SET state = 'pending', delivered_at = NULL, next_attempt_at = now() - interval '1 s'"
    )
    before = len(hook.hits)
    await hook.wait(lambda _hit: len(hook.hits) > before)
    assert len({hit.id for hit in hook.hits}) == 1


async def test_a_slow_receiver_holds_up_nobody_else(ann: Keeper, hook: Receiver, source: Source) -> None:
    async with receiver() as slow:
        slow.holds = True
        await ann.set(
            rules=[unhealthy(channels=["slow", "ops"])],
            channels=[{"name": "slow", "webhook": {"url": slow.url}}, webhook(hook.url)],
        )
        await source.set(healthy=False)
        await hook.told("firing", 5)
        assert len(slow.hits) <= 1


async def test_the_test_of_a_channel_tells_how_it_went(ann: Keeper, hook: Receiver) -> None:
    made = await ann.set(channels=[webhook(hook.url), {"name": "dead", "webhook": {"url": "http://127.0.0.1:1/x"}}])
    fine = await ann.test("ops")
    assert (fine.state, fine.attempts, fine.alert_id) == (DELIVERED, 1, "")
    [hit] = hook.hits
    assert hit.json["type"] == "alert.test"
    assert hit.is_signed_with(made.channels[0].webhook.new_secret)
    broken = await ann.test("dead")
    assert (broken.state, broken.error) == (FAILED, "no connection to 127.0.0.1 (ConnectError)")
    hook.codes = [403]
    denied = await ann.test("ops")
    assert (denied.state, denied.error) == (FAILED, "the receiver did not take it (HTTP 403)")
    assert await reason_of(ann.test("nobody")) == ("NOT_FOUND", "NOT_FOUND")
    assert [item.id for item in await ann.deliveries(channel="ops")] == [denied.id, fine.id]


async def test_a_channel_with_many_messages_holds_up_no_other(
    ann: Keeper, hook: Receiver, source: Source, database: asyncpg.Connection[Any]
) -> None:
    async with receiver() as slow:
        slow.holds = True
        rules = [unhealthy(name=f"R{number}", channels=["slow"]) for number in range(100)]
        rules.append(unhealthy(name="Z"))
        await ann.set(rules=rules, channels=[webhook(hook.url), webhook(slow.url) | {"name": "slow"}])
        await source.set(healthy=False)
        await hook.told("firing")
        waiting = "SELECT count(*) FROM alert_deliveries WHERE state = 'pending' AND channel = 'slow'"
        assert await database.fetchval(waiting) > outbox.AT_ONCE_PER_CHANNEL
        assert len(slow.hits) <= outbox.AT_ONCE_PER_CHANNEL
