"""Rules and channels as they are set: in parts, in versions, checked, with secrets that stay where they are."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from google.protobuf import json_format
from thedata.v1 import alerts_pb2, common_pb2, organizations_pb2

from tests.alerts.conftest import unhealthy, until, webhook
from tests.alerts.people import Keeper
from tests.auth.people import failure_of, reason_of, register, violations

SECRET = "whsec_" + "A" * 40
URL = "https://told.example/hook"


async def test_what_is_not_given_stays(ann: Keeper) -> None:
    assert (await ann.config()).etag == '"0"'
    first = await ann.set(rules=[unhealthy()], channels=[webhook(URL, secret=SECRET)])
    second = await ann.set(rules=[unhealthy(), unhealthy(name="More")], etag=first.etag)
    assert [rule.name for rule in second.rules] == ["Ill", "More"]
    assert second.channels == first.channels
    assert (second.etag, second.update_user_id, second.organization_id) == ('"2"', ann.id, await ann.organization())
    third = await ann.set(channels=[webhook(URL), {"name": "post", "email": {"recipients": ["a@x.example"]}}])
    assert third.rules == second.rules
    assert await ann.config() == third
    cleared = await ann.set(clear_rules=True, clear_channels=True)
    assert (list(cleared.rules), list(cleared.channels)) == ([], [])


async def test_every_word_of_a_rule_comes_back(ann: Keeper) -> None:
    rule = {
        "name": "All of it",
        "condition": "row_count_anomaly",
        "threshold": 4.5,
        "hold": "90s",
        "severity": "ALERT_SEVERITY_CRITICAL",
        "comparison": "COMPARISON_AT_LEAST",
        "parameters": {"history": 12, "pipelines": ["01900000-0000-7000-8000-000000000000"]},
        "group_by": ["pipeline"],
        "channels": ["ops"],
        "silence_windows": [{"days": [1, 7], "start": "22:00", "end": "06:00", "time_zone": "Europe/Amsterdam"}],
        "repeat_interval": "3600s",
        "disabled": True,
        "description": "Look.",
    }
    await ann.set(rules=[rule], channels=[webhook(URL)])
    [kept] = (await ann.config()).rules
    told = json_format.MessageToDict(kept, preserving_proto_field_name=True)
    told["parameters"]["history"] = int(told["parameters"]["history"])
    assert told == rule


async def test_an_etag_that_is_not_current_is_refused(ann: Keeper) -> None:
    first = await ann.set(rules=[unhealthy(channels=[])])
    await ann.set(rules=[unhealthy(name="B", channels=[])], etag=first.etag)
    assert await reason_of(ann.set(clear_rules=True, etag=first.etag)) == ("ABORTED", "ETAG_MISMATCH")
    assert [rule.name for rule in (await ann.config()).rules] == ["B"]


async def test_secrets_are_sealed_kept_and_never_shown(ann: Keeper, database: asyncpg.Connection[Any]) -> None:
    chat = {"name": "chat", "slack": {"url": "https://hooks.example/T0/HIDDEN"}}
    made = await ann.set(channels=[webhook(URL, secret=SECRET), chat, {"name": "new", "webhook": {"url": URL}}])
    assert made.channels[0].webhook == alerts_pb2.WebhookChannel(url=URL)
    new = made.channels[2].webhook.new_secret
    assert new.startswith("whsec_")
    again = await ann.set(
        channels=[webhook(URL + "/moved"), {"name": "chat", "slack": {}}, {"name": "new", "webhook": {"url": URL}}]
    )
    assert "whsec" not in str(again)
    assert (again.channels[1].slack.url, again.channels[1].slack.host) == ("", "hooks.example")
    kept = str([dict(row) for row in await database.fetch("SELECT content, sealed_secrets FROM configurations")])
    for secret in (SECRET, new, "HIDDEN"):
        assert secret not in kept


async def test_a_secret_that_is_kept_is_kept_for_its_host_alone(ann: Keeper) -> None:
    await ann.set(channels=[webhook(URL, secret=SECRET)])
    for elsewhere in ("https://evil.example/hook", "https://told.example:444/hook", "http://told.example/hook"):
        error = await failure_of(ann.set(channels=[webhook(elsewhere)]))
        assert violations(error) == ["config.channels[0].webhook.secret"]
    await ann.set(channels=[webhook("https://evil.example/hook", secret=SECRET)])


async def test_the_platform_s_channels_have_secrets_too(admin: Keeper) -> None:
    made = await admin.set(channels=[webhook(URL)])
    assert made.channels[0].webhook.new_secret
    assert [rule.name for rule in made.rules][:1] == ["Component down"], "the rules that were there stay"
    assert (await admin.set(channels=[webhook(URL)])).channels[0].webhook.new_secret == ""


def window(**changes: Any) -> dict[str, Any]:
    return {"start": "01:00", "end": "02:00", **changes}


RULE_BREAKS: dict[str, tuple[dict[str, Any], str]] = {
    "condition": ({"condition": "nothing"}, "condition"),
    "platform's condition": ({"condition": "disk_free"}, "condition"),
    "parameter": ({"parameters": {"nothing": 1}}, "parameters.nothing"),
    "parameter's type": ({"parameters": {"data_sources": ["x"]}}, "parameters.data_sources.0"),
    "label": ({"group_by": ["pipeline"]}, "group_by[0]"),
    "channel": ({"channels": ["ops", "nobody"]}, "channels[1]"),
    "zone": ({"silence_windows": [window(time_zone="Mars")]}, "silence_windows[0].time_zone"),
    "clock": ({"silence_windows": [window(start="25:00")]}, "silence_windows[0].start"),
    "day": ({"silence_windows": [window(days=[8])]}, "silence_windows[0].days[0]"),
    "hold": ({"hold": "-1s"}, "hold"),
    "repeat": ({"repeat_interval": "1s"}, "repeat_interval"),
    "name": ({"name": "a\nb"}, "name"),
    "threshold": ({"threshold": "NaN"}, "threshold"),
}


@pytest.mark.parametrize("what", RULE_BREAKS)
async def test_a_rule_that_can_t_be_is_refused_with_its_field(ann: Keeper, what: str) -> None:
    changes, field = RULE_BREAKS[what]
    error = await failure_of(ann.set(rules=[unhealthy(**changes)], channels=[webhook(URL)]))
    assert error.code().name == "INVALID_ARGUMENT"
    assert violations(error) == [f"config.rules[0].{field}"]


CHANNEL_BREAKS: dict[str, tuple[dict[str, Any], str]] = {
    "no kind": ({"name": "ops"}, "kind"),
    "scheme": (webhook("ftp://told.example/"), "webhook.url"),
    "host": (webhook("https:///x"), "webhook.url"),
    "password": (webhook("https://me:HIDDEN@told.example/"), "webhook.url"),
    "key": (webhook(URL, secret="whsec_" + "A" * 33), "webhook.secret"),
    "chat without URL": ({"name": "ops", "slack": {}}, "slack.url"),
    "chat's scheme": ({"name": "ops", "slack": {"url": "file:///etc/passwd"}}, "slack.url"),
    "mail to nobody": ({"name": "ops", "email": {}}, "email.recipients"),
    "mail to no address": ({"name": "ops", "email": {"recipients": ["x"]}}, "email.recipients[0]"),
}


@pytest.mark.parametrize("what", CHANNEL_BREAKS)
async def test_a_channel_that_can_t_be_is_refused_with_its_field(ann: Keeper, what: str) -> None:
    channel, field = CHANNEL_BREAKS[what]
    error = await failure_of(ann.set(channels=[channel]))
    assert error.code().name == "INVALID_ARGUMENT"
    assert f"config.channels[0].{field}" in violations(error)
    assert "HIDDEN" not in str(error.details())


async def test_names_are_used_once_and_lists_are_given_or_cleared(ann: Keeper) -> None:
    twice = [unhealthy(channels=[]), unhealthy(channels=[])]
    assert violations(await failure_of(ann.set(rules=twice))) == ["config.rules[1].name"]
    both = [webhook(URL), webhook(URL)]
    assert violations(await failure_of(ann.set(channels=both))) == ["config.channels[1].name"]
    at_once = ann.set(rules=twice[:1], clear_rules=True, channels=both[:1], clear_channels=True)
    assert violations(await failure_of(at_once)) == ["config.rules", "config.channels"]


async def test_a_channel_that_a_rule_tells_stays(ann: Keeper) -> None:
    await ann.set(rules=[unhealthy()], channels=[webhook(URL)])
    error = await failure_of(ann.set(clear_channels=True))
    assert violations(error) == ["config.channels"]
    assert "'Ill' tells it" in str(error.details())


async def test_who_may_do_what(ann: Keeper, admin: Keeper) -> None:
    bob = Keeper(ann.channel, (await register(ann.channel, "bob")).session)
    organization = await ann.add(bob, common_pb2.ROLE_MEMBER)
    assert await reason_of(bob.config(organization)) == ("OK", "")
    assert await reason_of(bob.active(organization)) == ("OK", "")
    for change in (bob.set(organization, clear_rules=True), bob.silence(60, organization_id=organization)):
        assert await reason_of(change) == ("PERMISSION_DENIED", "PERMISSION_DENIED")
    assert await reason_of(admin.set(organization, clear_rules=True)) == ("OK", "")
    nobody_s = "00000000-0000-7000-8000-000000000000"
    assert await reason_of(admin.config(nobody_s)) == ("NOT_FOUND", "NOT_FOUND")
    zeros = "00000000-0000-0000-0000-000000000000"
    assert await reason_of(bob.config(zeros)) == ("NOT_FOUND", "NOT_FOUND")


async def test_a_silence_needs_an_end_that_comes(ann: Keeper) -> None:
    assert violations(await failure_of(ann.silence(-60))) == ["end_time"]
    assert violations(await failure_of(ann.silence(400 * 86400))) == ["end_time"]
    request_id = "01900000-0000-7000-8000-000000000000"
    request = alerts_pb2.CreateAlertSilenceRequest(rule="r", request_id=request_id)
    request.end_time.GetCurrentTime()
    request.end_time.seconds += 60
    first, second = [await ann.admin.CreateAlertSilence(request, metadata=ann.metadata) for _ in range(2)]
    assert first == second
    request.rule = "another"
    again = ann.admin.CreateAlertSilence(request, metadata=ann.metadata)
    assert await reason_of(again) == ("INVALID_ARGUMENT", "REQUEST_ID_REUSED")


async def test_what_an_organization_had_goes_with_it(ann: Keeper, database: asyncpg.Connection[Any]) -> None:
    await ann.set(rules=[unhealthy(channels=[])])
    await ann.silence(60)
    request = organizations_pb2.DeleteOrganizationRequest(organization_id=await ann.organization())
    await ann.organizations.DeleteOrganization(request, metadata=ann.metadata)
    for table in ("configurations", "alert_silences"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_version_that_can_t_be_read_keeps_nobody_else_from_being_looked_at(
    ann: Keeper, database: asyncpg.Connection[Any]
) -> None:
    bob = Keeper(ann.channel, (await register(ann.channel, "bob")).session)
    await ann.set(rules=[unhealthy(channels=[])])
    await database.execute(
        """UPDATE configurations SET content = jsonb_set(content, '{rules,0,comparison}', '"tomorrow"')"""
    )
    await bob.set(rules=[{"name": "Always", "condition": "queue_age", "comparison": "COMPARISON_AT_LEAST"}])
    [alert] = await until(bob.active)
    assert alert.rule == "Always"
    assert await reason_of(ann.config()) == ("FAILED_PRECONDITION", "CONFIG_UNREADABLE")
