"""The destination `analytics`: the organization's own database, granted by the platform, gone with the organization."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from thedata.v1 import analytics_pb2, organizations_pb2

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.databases import database_of, owner_of
from server.analytics.clickhouse.store import ClickhouseStore
from server.analytics.ingest import IngestService
from server.analytics.projector import Projector
from server.analytics.upkeep import Upkeep
from server.app import App
from server.sync.connectors.base import AnalyticsGrant, ConfigInvalidError, ConnectorContext
from server.sync.connectors.registry import connector
from server.sync.errors import ErrorType, Origin, SyncError
from tests.analytics.conftest import Analyst, dropped

ANALYTICS = connector("analytics")


def granted(url: str, organization: UUID) -> ConnectorContext:
    return ConnectorContext(analytics=AnalyticsGrant(SecretStr(url), database_of(organization), owner_of(url)))


async def test_the_organization_s_database_is_made_when_it_is_first_used(
    analytics_url: str, clickhouse: Clickhouse
) -> None:
    organization = uuid4()
    context = granted(analytics_url, organization)
    checked = await ANALYTICS.check(ANALYTICS.parse({}), context, origin=Origin.DESTINATION)
    assert checked.ok
    assert (await ANALYTICS.discover(ANALYTICS.parse({}), context)).streams == ()
    sql = "SELECT engine, comment FROM system.databases WHERE name = {name:String}"
    found = await clickhouse.rows(sql, {"name": database_of(organization)})
    assert found == [["Atomic", f"thedata of {urlsplit(analytics_url).path[1:]}"]]
    await clickhouse.execute(f"DROP DATABASE {database_of(organization)}")


@pytest.mark.parametrize("config", [{"database": "system"}, {"destination_schema": "x"}, {"host": "elsewhere"}])
def test_nobody_chooses_where(config: dict[str, str]) -> None:
    with pytest.raises(ConfigInvalidError):
        ANALYTICS.parse(config)


async def test_without_an_analytics_store_the_failure_says_what_to_do() -> None:
    with pytest.raises(SyncError) as caught:
        await ANALYTICS.check(ANALYTICS.parse({}), ConnectorContext(), origin=Origin.DESTINATION)
    assert (caught.value.type, caught.value.code) == (ErrorType.CONFIG, "ANALYTICS_MISSING")
    assert "THEDATA_ANALYTICS_URL" in caught.value.advice


@pytest.mark.parametrize("change", [{"password": "canary-1"}, {"port": "1", "password": "canary-1"}])
async def test_the_password_is_in_no_error(analytics_url: str, change: dict[str, str]) -> None:
    parts = urlsplit(analytics_url)
    port = change.get("port", parts.port)
    url = parts._replace(netloc=f"{parts.username}:{change['password']}@{parts.hostname}:{port}").geturl()
    context = granted(url, uuid4())
    with pytest.raises(SyncError) as caught:
        await ANALYTICS.check(ANALYTICS.parse({}), context, origin=Origin.DESTINATION)
    assert caught.value.code in ("AUTHENTICATION_FAILED", "CONNECTION_REFUSED")
    assert "canary" not in f"{caught.value} {caught.value.advice} {context!r}"


def upkeep_of(app: App, analytics: ClickhouseStore) -> Upkeep:
    base = app._foundation
    projector = Projector(base.store, IngestService(base.store, analytics, base.config))
    return Upkeep(base.store, analytics, base.signals, projector, base.config)


async def test_what_a_deleted_organization_has_left_is_removed_later(
    app: App, ann: Analyst, analytics_url: str, clickhouse: Clickhouse
) -> None:
    kept = await ann.organization()
    request = organizations_pb2.CreateOrganizationRequest(name="Short-lived")
    gone = (await ann.organizations.CreateOrganization(request, metadata=ann.metadata)).id
    foreign, config = uuid4(), ANALYTICS.parse({})
    for organization in (gone, kept):
        await ANALYTICS.discover(config, granted(analytics_url, UUID(organization)))
        event = analytics_pb2.Event(kind="mine")
        await ann.analytics.IngestEvents(
            analytics_pb2.IngestEventsRequest(organization_id=organization, events=[event]), metadata=ann.metadata
        )
    # Another platform's, on the same server: not ours to judge.
    elsewhere = urlsplit(analytics_url)._replace(path="/another_platform").geturl()
    await ANALYTICS.discover(config, granted(elsewhere, foreign))
    await ann.organizations.DeleteOrganization(
        organizations_pb2.DeleteOrganizationRequest(organization_id=gone), metadata=ann.metadata
    )
    store = ClickhouseStore(analytics_url)
    upkeep = upkeep_of(app, store)
    await dropped(upkeep, thoroughly=False)
    await upkeep.sweep(timedelta(minutes=5))
    await store.close()
    names = {name for (name,) in await clickhouse.rows("SELECT name FROM system.databases")}
    assert database_of(UUID(gone)) not in names
    assert {database_of(UUID(kept)), database_of(foreign)} <= names
    owners = await clickhouse.rows("SELECT DISTINCT organization_id FROM events")
    assert owners == [[kept]]
    for key in (UUID(kept), foreign):
        await clickhouse.execute(f"DROP DATABASE {database_of(key)}")


async def test_rows_without_a_database_are_removed_by_a_thorough_search(
    app: App, ann: Analyst, analytics_url: str, clickhouse: Clickhouse
) -> None:
    request = organizations_pb2.CreateOrganizationRequest(name="Short-lived")
    gone = (await ann.organizations.CreateOrganization(request, metadata=ann.metadata)).id
    point = analytics_pb2.MetricPoint(name="mine", value=1)
    await ann.analytics.IngestMetrics(
        analytics_pb2.IngestMetricsRequest(organization_id=gone, points=[point]), metadata=ann.metadata
    )
    await ann.organizations.DeleteOrganization(
        organizations_pb2.DeleteOrganizationRequest(organization_id=gone), metadata=ann.metadata
    )
    store = ClickhouseStore(analytics_url)
    upkeep = upkeep_of(app, store)
    await dropped(upkeep, thoroughly=False)
    assert await clickhouse.rows("SELECT count() FROM metric_points WHERE name = 'mine'") == [[1]]
    await dropped(upkeep, thoroughly=True)
    await store.close()
    assert await clickhouse.rows("SELECT count() FROM metric_points WHERE name = 'mine'") == [[0]]
