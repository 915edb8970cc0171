"""How long events and metrics are kept: what is older is removed, and what is sent too late is not taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.store import ClickhouseStore
from server.settings import Settings
from tests.analytics.conftest import Analyst
from tests.analytics.test_ingest import event, point, send_events, send_points
from tests.sync.conftest import until

DAYS = 30


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"analytics_retention_days": DAYS})


def ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


async def left(clickhouse: Clickhouse, table: str) -> int:
    await clickhouse.execute(f"OPTIMIZE TABLE {table} FINAL")
    return int((await clickhouse.rows(f"SELECT count() FROM {table} WHERE kind = 'seen'"))[0][0])


async def test_what_is_too_old_is_put_into_quarantine(ann: Analyst) -> None:
    answer = await send_events(ann, event(time=ago(DAYS - 1)), event(time=ago(DAYS + 1)))
    assert (answer.accepted, answer.rejected) == (1, 1)
    assert "30 days" in answer.rejections[0].reason
    answer = await send_points(ann, point(time=ago(DAYS - 1)), point(time=ago(DAYS + 1)))
    assert (answer.accepted, answer.rejected) == (1, 1)


async def test_what_has_become_too_old_is_removed(ann: Analyst, analytics_url: str, clickhouse: Clickhouse) -> None:
    await send_events(ann, event(time=ago(0)), event(time=ago(DAYS - 2)))
    assert await left(clickhouse, "events") == 2
    store = ClickhouseStore(analytics_url)
    await store.keep(timedelta(days=DAYS - 5), None, ())

    async def gone() -> bool:
        return await left(clickhouse, "events") == 1

    await until(gone, 10)
    # Without an end, as it was made.
    await store.keep(None, None, ())
    await store.close()
    made = await clickhouse.rows("SELECT create_table_query FROM system.tables WHERE name = 'events'")
    assert all(" TTL " not in text for (text,) in made if clickhouse.database in text)
