"""The analytics engine is killed: an alert tells so, a webhook is told, and both are over after it is back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from thedata.v1 import alerts_pb2

from server.app import App
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.envoy import Envoy
from tests.alerts.conftest import until, webhook
from tests.alerts.people import Keeper
from tests.alerts.receivers import Receiver

TOLD_SECONDS = 15.0
RULE = {
    "name": "Down",
    "condition": "component_down",
    "hold": "2s",
    "severity": "ALERT_SEVERITY_CRITICAL",
    "group_by": ["component"],
    "channels": ["ops"],
}


@pytest.fixture
def settings(settings: Settings, engine: EmbeddedClickhouse) -> Settings:
    return settings.model_copy(update={"analytics_url": SecretStr(engine.url)})


@pytest.fixture
async def envoy(app: App, tmp_path: Path) -> AsyncIterator[Envoy]:
    gateway = Envoy(tmp_path / "envoy", host="127.0.0.1", port=0, upstream=("127.0.0.1", app.port), concurrency=1)
    await gateway.start()
    yield gateway
    await gateway.stop()


@pytest.fixture
async def rest(envoy: Envoy, admin: Keeper) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": admin.metadata[0][1]}
    base = f"http://127.0.0.1:{envoy.port}/api/v1/admin/alerts"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=20, trust_env=False) as client:
        yield client


async def test_a_killed_engine_is_told_and_so_is_its_recovery(
    rest: httpx.AsyncClient, admin: Keeper, engine: EmbeddedClickhouse, hook: Receiver
) -> None:
    assert (await rest.get("/config")).json()["etag"] == '"0"'
    config = await rest.put("/config", json={"rules": [RULE], "channels": [webhook(hook.url)], "etag": '"0"'})
    assert config.status_code == 200, config.text
    secret = config.json()["channels"][0]["webhook"]["new_secret"]
    [kept] = (await rest.get("/config")).json()["channels"]
    assert kept == {"name": "ops", "webhook": {"url": hook.url, "secret": "", "new_secret": ""}}
    assert [item for item in (await rest.get("/active")).json()["alerts"] if item["rule"] == "Down"] == []

    assert engine.pid
    os.kill(engine.pid, signal.SIGKILL)
    killed = time.monotonic()
    firing = await hook.told("firing", TOLD_SECONDS)
    assert time.monotonic() - killed < TOLD_SECONDS
    assert firing.is_signed_with(secret)
    [active] = [item for item in (await rest.get("/active")).json()["alerts"] if item["rule"] == "Down"]
    assert (active["rule"], active["state"], active["severity"]) == (
        "Down", "ALERT_STATE_FIRING", "ALERT_SEVERITY_CRITICAL",
    )  # fmt: skip
    assert active["labels"] == {"component": "analytics"}
    assert active["message"].startswith("analytics (The analytics store can't be reached")
    assert ": 1 down" in active["message"]
    taken = await rest.post(f"/{active['id']}/acknowledge", json={})
    assert taken.json()["acknowledge_user_id"] == admin.id

    await engine.wait()
    await engine.stop()
    await engine.start()
    back = time.monotonic()
    resolved = await hook.told("resolved", TOLD_SECONDS)
    assert time.monotonic() - back < TOLD_SECONDS
    assert resolved.json["data"]["alert_id"] == active["id"]

    async def over() -> bool:
        return not (await rest.get("/active")).json()["alerts"]

    await until(over)
    [kept] = (await rest.get("", params={"rule": "Down"})).json()["alerts"]
    assert (kept["id"], kept["state"]) == (active["id"], "ALERT_STATE_RESOLVED")
    sent = (await rest.get("/deliveries", params={"alert_id": active["id"]})).json()["deliveries"]
    assert [item["kind"] for item in sent] == ["ALERT_DELIVERY_KIND_RESOLVED", "ALERT_DELIVERY_KIND_FIRING"]


async def test_while_the_engine_is_away_rules_on_metrics_say_so_and_others_go_on(
    admin: Keeper, engine: EmbeddedClickhouse
) -> None:
    await admin.set(
        rules=[
            {"name": "Calls", "condition": "error_rate"},
            {"name": "Workers", "condition": "workers_missing"},
            {"name": "Disk", "condition": "disk_free", "comparison": "COMPARISON_AT_LEAST", "group_by": ["host"]},
        ]
    )
    assert engine.pid
    os.kill(engine.pid, signal.SIGKILL)

    async def told() -> dict[str, str]:
        problems = {rule.name: rule.problem for rule in (await admin.config()).rules}
        return problems if problems["Calls"] and problems["Disk"] else {}

    problems = await until(told)
    assert "can't be reached" in problems["Calls"]
    assert problems["Workers"] == ""
    assert problems["Disk"].startswith("only this server's disk is seen")

    async def both() -> list[alerts_pb2.Alert]:
        found = [item for item in await admin.active() if item.state == alerts_pb2.ALERT_STATE_FIRING]
        return found if {item.rule for item in found} == {"Workers", "Disk"} else []

    await until(both)
    await engine.wait()
    await engine.stop()
    await engine.start()

    async def fine() -> bool:
        return not any(rule.problem for rule in (await admin.config()).rules)

    await until(fine)
