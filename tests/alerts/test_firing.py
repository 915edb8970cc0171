"""From a condition that holds to a channel that is told, and back."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from thedata.v1 import alerts_pb2

from tests.alerts.conftest import Source, unhealthy, until, webhook
from tests.alerts.people import Keeper
from tests.alerts.receivers import Mailbox, Receiver
from tests.auth.people import reason_of, register

FIRING, PENDING, RESOLVED = (
    alerts_pb2.ALERT_STATE_FIRING,
    alerts_pb2.ALERT_STATE_PENDING,
    alerts_pb2.ALERT_STATE_RESOLVED,
)


async def test_a_channel_is_told_once_that_it_fires_and_once_that_it_is_over(
    ann: Keeper, hook: Receiver, source: Source
) -> None:
    made = await ann.set(rules=[unhealthy(group_by=["data_source"])], channels=[webhook(hook.url + "/told")])
    secret = made.channels[0].webhook.new_secret
    await source.set(healthy=False)
    firing = await hook.told("firing")
    assert firing.is_signed_with(secret)
    assert firing.path == "/told"
    [alert] = await ann.active()
    assert (alert.state, alert.rule, dict(alert.labels)) == (FIRING, "Ill", {"data_source": "orders"})
    assert firing.json["data"] == {
        "alert_id": alert.id,
        "organization_id": await ann.organization(),
        "rule": "Ill",
        "condition": "source_unhealthy",
        "description": "",
        "severity": "warning",
        "state": "firing",
        "message": "orders: 1 unhealthy, above 0",
        "value": 1.0,
        "threshold": 0.0,
        "labels": {"data_source": "orders"},
        "start_time": firing.json["data"]["start_time"],
        "fire_time": firing.json["data"]["fire_time"],
        "resolve_time": None,
    }
    await asyncio.sleep(1)  # rounds in which nothing has changed
    assert hook.kinds() == ["firing"]
    await source.set(healthy=True)
    resolved = await hook.told("resolved")
    assert resolved.is_signed_with(secret)
    assert resolved.id != firing.id
    assert await ann.active() == []
    [over] = await ann.history()
    assert (over.id, over.state, over.HasField("resolve_time")) == (alert.id, RESOLVED, True)
    sent = await until(lambda: _delivered(ann, 2))
    assert [item.id for item in sent] == [resolved.id, firing.id]
    assert {item.alert_id for item in sent} == {alert.id}
    assert hook.kinds() == ["firing", "resolved"]


async def _delivered(ann: Keeper, count: int) -> list[alerts_pb2.AlertDelivery]:
    found = await ann.deliveries()
    return found if [item.state for item in found].count(alerts_pb2.ALERT_DELIVERY_STATE_DELIVERED) == count else []


async def test_an_alert_waits_until_its_condition_has_held(ann: Keeper, hook: Receiver, source: Source) -> None:
    await ann.set(rules=[unhealthy(hold="2s")], channels=[webhook(hook.url)])
    await source.set(healthy=False)
    [pending] = await until(ann.active)
    assert (pending.state, pending.HasField("fire_time")) == (PENDING, False)
    await hook.told("firing")
    [firing] = await ann.active()
    assert firing.id == pending.id
    assert firing.fire_time.ToDatetime() - firing.start_time.ToDatetime() >= timedelta(seconds=2)


async def test_what_is_over_before_it_has_held_is_told_to_nobody(ann: Keeper, hook: Receiver, source: Source) -> None:
    await ann.set(rules=[unhealthy(hold="600s")], channels=[webhook(hook.url)])
    await source.set(healthy=False)
    await until(ann.active)
    await source.set(healthy=True)
    [over] = await until(lambda: ann.history(state=RESOLVED))
    assert not over.HasField("fire_time")
    assert await ann.deliveries() == []


async def test_mail_and_slack_are_told_too(ann: Keeper, hook: Receiver, mails: Mailbox, source: Source) -> None:
    await ann.set(
        rules=[unhealthy(name="Ill <&>", channels=["post", "chat"], description="Call the vendor.")],
        channels=[
            {"name": "post", "email": {"recipients": ["ann@example.com", "bob@example.com"]}},
            {"name": "chat", "slack": {"url": f"{hook.url}/services/T0/SECRET"}},
        ],
    )
    await source.set(healthy=False)
    said = await hook.wait(lambda hit: hit.path == "/services/T0/SECRET")
    assert said.json["text"].startswith("*[FIRING] Ill &lt;&amp;&gt;*\norders: 1")
    await until(mails.all)
    [(recipients, mail)] = mails.mails
    assert recipients == ["ann@example.com", "bob@example.com"]
    assert mail["Subject"] == "[FIRING] Ill <&>"
    assert mail["From"] == "alerts@thedata.example"
    assert "Call the vendor." in mail.get_content()
    config = await ann.config()
    assert "SECRET" not in str(config)
    assert config.channels[1].slack.host == "127.0.0.1"


async def test_an_acknowledged_alert_is_not_told_again_and_its_end_is(
    ann: Keeper, hook: Receiver, source: Source
) -> None:
    await ann.set(rules=[unhealthy(repeat_interval="60s")], channels=[webhook(hook.url)])
    await source.set(healthy=False)
    await hook.told("firing")
    back = "UPDATE alerts SET told_at = told_at - interval '61 seconds'"
    await source.database.execute(back)
    await hook.wait(lambda _hit: len(hook.hits) == 2)
    assert hook.kinds() == ["firing", "firing"]
    assert hook.hits[0].id != hook.hits[1].id
    [alert] = await ann.active()
    taken = await ann.acknowledge(alert.id)
    assert (taken.acknowledge_user_id, taken.HasField("acknowledge_time")) == (ann.id, True)
    assert await ann.acknowledge(alert.id) == taken
    await source.database.execute(back)
    await asyncio.sleep(1)  # rounds
    assert hook.kinds() == ["firing", "firing"]
    await source.set(healthy=True)
    await hook.told("resolved")
    assert await reason_of(ann.acknowledge(alert.id)) == ("OK", "")  # it was, and that is what it says


async def test_what_is_over_can_t_be_acknowledged(ann: Keeper, hook: Receiver, source: Source) -> None:
    await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
    await source.set(healthy=False)
    [alert] = await until(ann.active)
    await source.set(healthy=True)
    await hook.told("resolved")
    assert await reason_of(ann.acknowledge(alert.id)) == ("FAILED_PRECONDITION", "ALERT_OVER")


async def test_a_silenced_alert_is_shown_and_told_when_the_silence_ends(
    ann: Keeper, hook: Receiver, source: Source
) -> None:
    await ann.set(rules=[unhealthy(group_by=["data_source"])], channels=[webhook(hook.url)])
    other = await ann.silence(600, rule="Ill", labels={"data_source": "another"})
    silence = await ann.silence(600, labels={"data_source": "orders"}, comment="being repaired")
    await source.set(healthy=False)
    [alert] = await until(ann.active)
    assert (alert.state, alert.silenced) == (FIRING, True)
    await asyncio.sleep(1)  # rounds
    assert await ann.deliveries() == []
    await ann.end_silence(silence.id)
    await hook.told("firing")
    [alert] = await ann.active()
    assert not alert.silenced
    listed = await ann.admin.ListAlertSilences(alerts_pb2.ListAlertSilencesRequest(), metadata=ann.metadata)
    assert [item.id for item in listed.silences] == [other.id]
    listed = await ann.admin.ListAlertSilences(
        alerts_pb2.ListAlertSilencesRequest(include_ended=True), metadata=ann.metadata
    )
    assert [item.id for item in listed.silences] == [silence.id, other.id]


@pytest.mark.parametrize("change", ["disabled", "removed"])
async def test_without_its_rule_an_alert_is_over(ann: Keeper, hook: Receiver, source: Source, change: str) -> None:
    await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
    await source.set(healthy=False)
    await hook.told("firing")
    if change == "disabled":
        await ann.set(rules=[unhealthy(disabled=True)])
    else:
        await ann.set(clear_rules=True)
    await hook.told("resolved")
    assert await ann.active() == []


async def test_values_become_alerts_by_the_labels_that_the_rule_groups_by(
    ann: Keeper, source: Source, hook: Receiver
) -> None:
    other = Source(await ann.new_files("people"), source.database)
    by_source = unhealthy(name="Each", group_by=["data_source"], channels=[])
    await ann.set(rules=[by_source, unhealthy(name="Any", channels=[])])
    await source.set(healthy=False)
    await other.set(healthy=False)
    found = await until(lambda: _many(ann, 3))
    assert sorted((item.rule, item.labels.get("data_source", "")) for item in found) == [
        ("Any", ""), ("Each", "orders"), ("Each", "people"),
    ]  # fmt: skip
    assert next(item for item in found if item.rule == "Any").message.endswith("; 1 more")


async def _many(ann: Keeper, count: int) -> list[alerts_pb2.Alert]:
    found = await ann.active()
    return found if len(found) == count else []


async def test_a_rule_that_can_t_be_looked_at_is_told_as_such_and_the_others_go_on(
    ann: Keeper, hook: Receiver, source: Source
) -> None:
    broken = {"name": "Broken", "condition": "metric", "parameters": {"name": "m"}}
    await ann.set(rules=[broken, unhealthy()], channels=[webhook(hook.url)])
    await source.set(healthy=False)
    await hook.told("firing")
    rules = {rule.name: rule.problem for rule in (await ann.config()).rules}
    assert "no analytics store" in rules["Broken"]
    assert rules["Ill"] == ""
    # A content that this release can't read in full, as an older one finds it after a roll back.
    await source.database.execute(
        """INSERT INTO configurations (organization_id, kind, version, content)
           SELECT organization_id, kind, version + 1, jsonb_set(content, '{rules,0,condition}', '"tomorrow"')
             FROM configurations WHERE kind = 'alerts' ORDER BY version DESC LIMIT 1"""
    )

    async def told() -> bool:
        return any("must be one of" in rule.problem for rule in (await ann.config()).rules)

    await until(told)
    await ann.set(rules=[unhealthy(channels=[])])

    async def fine() -> bool:
        return not await source.database.fetchval("SELECT count(*) FROM alert_problems")

    await until(fine)


async def test_an_organization_sees_only_its_own(ann: Keeper, admin: Keeper, hook: Receiver, source: Source) -> None:
    bob = Keeper(ann.channel, (await register(ann.channel, "bob")).session)
    await bob.set(rules=[unhealthy(channels=[])])
    await ann.set(rules=[unhealthy()], channels=[webhook(hook.url)])
    await source.set(healthy=False)
    await hook.told("firing")
    [alert] = await ann.active()
    assert await bob.active() == []
    assert await bob.history() == []
    assert await reason_of(bob.active(await ann.organization())) == ("NOT_FOUND", "NOT_FOUND")
    assert await reason_of(bob.acknowledge(alert.id)) == ("NOT_FOUND", "NOT_FOUND")
    assert [item.id for item in await admin.active(await ann.organization())] == [alert.id]


async def test_the_platform_s_rules_hold_without_any_being_set(admin: Keeper) -> None:
    config = await admin.config()
    assert (config.etag, config.organization_id) == ('"0"', "")
    assert [rule.condition for rule in config.rules] == ["component_down", "workers_missing", "queue_age", "disk_free"]
    began = time.monotonic()

    async def missing() -> list[alerts_pb2.Alert]:
        return [item for item in await admin.active() if item.rule == "Workers missing" and item.state == FIRING]

    [alert] = await until(missing, 20)
    assert alert.severity == alerts_pb2.ALERT_SEVERITY_CRITICAL
    assert alert.message == "0 of 1 live: 1 workers missing, above 0"
    assert time.monotonic() - began < 15
