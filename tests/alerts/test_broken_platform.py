"""Workers, gateway and disk are broken in turn: a webhook is told within 15 s, and again when it is over.

The engine's death is tried in test_engine_down.py; that of PostgreSQL, which keeps the alerts, is told by the status
and the health service alone: tests/admin/test_breaking.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable

import pytest

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


async def told(hook: Receiver, kind: str, rule: str) -> Hit:
    def wanted(hit: Hit) -> bool:
        return bool(hit.json["type"] == f"alert.{kind}" and hit.json["data"]["rule"] == rule)

    return await hook.wait(wanted, NOTICED_SECONDS)


async def breaks_and_recovers(hook: Receiver, rule: str, broken: Awaitable[object], mended: Awaitable[object]) -> None:
    hook.hits.clear()
    await broken
    firing = await told(hook, "firing", rule)
    await mended
    over = await told(hook, "resolved", rule)
    assert over.json["data"]["alert_id"] == firing.json["data"]["alert_id"]


async def test_each_component_s_loss_and_return_is_told(platform: Platform, hook: Receiver) -> None:
    keeper = Keeper(platform.operator.channel, platform.operator.session)
    worker = await platform.start_worker()
    await keeper.set(rules=RULES, channels=[webhook(hook.url)])
    await platform.operator.status()

    async def killed() -> None:
        worker.kill()

    await breaks_and_recovers(hook, "Workers", killed(), platform.start_worker())
    await breaks_and_recovers(hook, "Components", platform.stop_gateway(), platform.start_gateway())
    if not platform.small_disk:
        pytest.skip("a full disk: this machine does not let the tests mount a small one (tmpfs)")
    await breaks_and_recovers(hook, "Disk", platform.fill_disk(), platform.free_disk())
