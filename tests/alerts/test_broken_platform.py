"""Workers, gateway, PostgreSQL and disk are broken in turn: a webhook is told within 15 s, and again when it is over.

The engine's death is tried in test_engine_down.py, more about that of PostgreSQL in test_outage.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable

import pytest
from thedata.v1 import alerts_pb2

from tests.admin.breaking import NOTICED_SECONDS, Platform, broken_platform
from tests.alerts.conftest import webhook
from tests.alerts.people import Keeper
from tests.alerts.receivers import Hit, Receiver

pytestmark = pytest.mark.timeout(240)

RULES = [
    {"name": "Workers", "condition": "workers_missing", "channels": ["ops"]},
    {"name": "Components", "condition": "component_down", "group_by": ["component"], "channels": ["ops"]},
    {
        "name": "Disk", "condition": "disk_free", "comparison": "COMPARISON_BELOW", "threshold": 0.05,
        "group_by": ["host"], "channels": ["ops"],
    },
]  # fmt: skip


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with broken_platform() as made:
        yield made


async def told(hook: Receiver, kind: str, **data: str) -> Hit:
    def wanted(hit: Hit) -> bool:
        return bool(hit.json["type"] == f"alert.{kind}" and data.items() <= hit.json["data"].items())

    return await hook.wait(wanted, NOTICED_SECONDS)


async def breaks_and_recovers(hook: Receiver, rule: str, broken: Awaitable[object], mended: Awaitable[object]) -> str:
    """Breaks and mends something; the id of the alert that told it."""
    hook.hits.clear()
    await broken
    firing = await told(hook, "firing", rule=rule)
    await mended
    alert = str(firing.json["data"]["alert_id"])
    await told(hook, "resolved", rule=rule, alert_id=alert)
    return alert


async def test_each_component_s_loss_and_return_is_told(platform: Platform, hook: Receiver) -> None:
    keeper = Keeper(platform.operator.channel, platform.operator.session)
    worker = await platform.start_worker()
    await keeper.set(rules=RULES, channels=[webhook(hook.url)])
    await platform.operator.status()

    async def killed() -> None:
        worker.kill()

    await breaks_and_recovers(hook, "Workers", killed(), platform.start_worker())
    await breaks_and_recovers(hook, "Components", platform.stop_gateway(), platform.start_gateway())
    lost = await breaks_and_recovers(hook, "Components", platform.stop_postgres(), platform.start_postgres())
    [kept] = [alert for alert in await keeper.history(rule="Components") if alert.id == lost]
    assert dict(kept.labels) == {"component": "postgresql"}
    assert kept.start_time.ToDatetime() <= kept.fire_time.ToDatetime() < kept.resolve_time.ToDatetime()
    assert [one.kind for one in await keeper.deliveries(alert_id=lost)] == [
        alerts_pb2.ALERT_DELIVERY_KIND_RESOLVED,
        alerts_pb2.ALERT_DELIVERY_KIND_FIRING,
    ]
    if not platform.small_disk:
        pytest.skip("a full disk: this machine does not let the tests mount a small one (tmpfs)")
    await breaks_and_recovers(hook, "Disk", platform.fill_disk(), platform.free_disk())
