"""Realtime views: what comes is added once, whoever watches is told what changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from thedata.v1 import analytics_pb2, organizations_pb2

from server.analytics.clickhouse import views as view_tables
from server.analytics.clickhouse.client import Clickhouse
from server.analytics.landed_views import LandedViews
from server.analytics.view_feeds import Delta, Mark, Snapshot, ViewEvent, ViewWatcher
from server.analytics.views import ViewsService
from server.app import App
from server.auth.permissions import Permission
from server.live import Alive
from tests.analytics.conftest import Analyst
from tests.analytics.test_ingest import event, point, send_events, send_points
from tests.auth.people import failure_of, reason_of, violations

HOUR = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def define(ann: Analyst, name: str, organization_id: str = "", **definition: Any) -> analytics_pb2.RealtimeView:
    request = analytics_pb2.CreateRealtimeViewRequest(name=name, organization_id=organization_id)
    json_format.ParseDict(definition, request.definition)
    return await ann.analytics.CreateRealtimeView(request, metadata=ann.metadata)


async def content(ann: Analyst, name: str, organization_id: str = "") -> list[list[Any]]:
    request = analytics_pb2.GetRealtimeViewRequest(view_name=name, organization_id=organization_id)
    answer = await ann.analytics.GetRealtimeView(request, metadata=ann.metadata)
    return [list(row) for row in answer.rows]


async def until(ann: Analyst, name: str, wanted: list[list[Any]], organization_id: str = "") -> None:
    """Waits until a view shows something; it does so soon after it came."""
    for _ in range(100):
        if (found := await content(ann, name, organization_id)) == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(found)


@asynccontextmanager
async def watching(ann: Analyst, name: str, after: str = "") -> AsyncIterator[Any]:
    request = analytics_pb2.StreamRealtimeViewRequest(view_name=name, after=after)
    call = ann.analytics.StreamRealtimeView(request, metadata=ann.metadata)
    yield call
    call.cancel()


async def next_of(call: Any) -> analytics_pb2.StreamRealtimeViewResponse:
    """The next message that is news."""
    async with asyncio.timeout(10):
        while (message := await call.read()).WhichOneof("event") == "heartbeat":
            pass
        assert isinstance(message, analytics_pb2.StreamRealtimeViewResponse)
        return message


async def test_a_view_begins_with_what_is_there_and_goes_on_with_what_comes(ann: Analyst) -> None:
    await send_events(ann, event("paid", country="NL", amount=10), event("paid", country="DE", amount=2.5))
    await define(
        ann,
        "sales",
        source="events",
        filters=[{"field": "kind", "values": ["paid"]}],
        group_by=["country"],
        measures=[{"aggregation": "AGGREGATION_SUM", "column": "amount"}, {"aggregation": "AGGREGATION_COUNT"}],
    )
    await until(ann, "sales", [["DE", 2.5, 1], ["NL", 10, 1]])
    await send_events(ann, event("paid", country="NL", amount=5), event("seen", country="NL", amount=99))
    await send_events(ann, event("paid", amount=1))
    await until(ann, "sales", [[None, 1, 1], ["DE", 2.5, 1], ["NL", 15, 2]])


async def test_the_same_batch_again_is_not_counted_again(ann: Analyst) -> None:
    await define(ann, "beats", source="metrics", group_by=["host"], measures=[{"aggregation": "AGGREGATION_COUNT"}])
    for sequence in (1, 1, 2, 2, 1):
        await send_points(ann, point(host="a"), producer="edge", sequence=sequence)
    await until(ann, "beats", [["a", 2]])


async def test_every_aggregation_by_an_interval(ann: Analyst) -> None:
    measures = [
        {"aggregation": f"AGGREGATION_{name}", "column": "value"}
        for name in ("AVG", "MIN", "MAX", "SUM", "RATE", "P50", "P95", "P99")
    ]
    await define(ann, "heats", source="metrics", group_by=["name"], measures=measures, interval="3600s")
    await send_points(ann, *(point(value=value, time=HOUR + timedelta(minutes=value)) for value in (10, 20, 30)))
    await send_points(ann, point(value=40, time=HOUR - timedelta(minutes=5)))
    late = [["2026-11-20T11:00:00Z", "heat", 40, 40, 40, 40, 40 / 3600, 40, 40, 40]]
    await until(ann, "heats", [*late, ["2026-11-20T12:00:00Z", "heat", 20, 10, 30, 60, 60 / 3600, 20, 30, 30]])


async def test_who_watches_is_told_the_content_and_then_what_changes(ann: Analyst) -> None:
    await define(ann, "kinds", source="events", group_by=["kind"])
    await send_events(ann, event("a"), event("b"))
    await until(ann, "kinds", [["a", 1], ["b", 1]])
    async with watching(ann, "kinds") as call:
        first = await next_of(call)
        assert [list(row) for row in first.snapshot.rows] == [["a", 1], ["b", 1]]
        assert first.snapshot.key_columns == 1
        await send_events(ann, event("b"), event("c"))
        second = await next_of(call)
        assert [list(row) for row in second.changes.rows] == [["b", 2], ["c", 1]]
        await send_events(ann, event("a"))
        assert [list(row) for row in (await next_of(call)).changes.rows] == [["a", 2]]
    async with watching(ann, "kinds", second.cursor) as call:
        assert [list(row) for row in (await next_of(call)).changes.rows] == [["a", 2]]


async def test_a_view_that_is_defined_anew_is_told_anew(ann: Analyst) -> None:
    await define(ann, "kinds", source="events", group_by=["kind"])
    await send_events(ann, event("a", n=1))
    await until(ann, "kinds", [["a", 1]])
    async with watching(ann, "kinds") as call:
        assert (await next_of(call)).WhichOneof("event") == "snapshot"
        request = analytics_pb2.UpdateRealtimeViewRequest(view_name="kinds")
        request.definition.CopyFrom(analytics_pb2.ViewDefinition(source="events", group_by=["n"]))
        await ann.analytics.UpdateRealtimeView(request, metadata=ann.metadata)
        message = await next_of(call)
        assert [list(row) for row in message.snapshot.rows] == [["1", 1]]
        await ann.analytics.DeleteRealtimeView(
            analytics_pb2.DeleteRealtimeViewRequest(view_name="kinds"), metadata=ann.metadata
        )
        assert (await reason_of(next_of(call)))[0] == "NOT_FOUND"


async def test_a_view_that_grows_too_large_ends_with_that(ann: Analyst, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_tables, "MOST_ROWS", 3)
    await define(ann, "kinds", source="events", group_by=["kind"])
    await until(ann, "kinds", [])
    async with watching(ann, "kinds") as call:
        assert (await next_of(call)).WhichOneof("event") == "snapshot"
        await send_events(ann, *map(event, "abcd"))
        assert await reason_of(next_of(call)) == ("RESOURCE_EXHAUSTED", "QUERY_TOO_LARGE")
    assert await reason_of(content(ann, "kinds")) == ("RESOURCE_EXHAUSTED", "QUERY_TOO_LARGE")


async def test_states_that_nobody_needs_are_removed(ann: Analyst, app: App, clickhouse: Clickhouse) -> None:
    ours = await ann.organization()
    request = organizations_pb2.CreateOrganizationRequest(name="Short-lived")
    other = (await ann.organizations.CreateOrganization(request, metadata=ann.metadata)).id
    for organization in (ours, other):
        for name in ("kept", "deleted"):
            await define(ann, name, organization, source="events", group_by=["kind"])
    await ann.analytics.DeleteRealtimeView(
        analytics_pb2.DeleteRealtimeViewRequest(view_name="deleted", organization_id=ours), metadata=ann.metadata
    )
    await ann.organizations.DeleteOrganization(
        organizations_pb2.DeleteOrganizationRequest(organization_id=other), metadata=ann.metadata
    )
    # As a server leaves one that dies before it has removed the generation before.
    await clickhouse.execute("CREATE TABLE view_00000000000000000000000000000001_7 (a Int64) ENGINE = Log")
    await send_events(ann, event("a"), organization_id=ours)
    await until(ann, "kept", [["a", 1]], ours)
    assert app._upkeep
    await app._upkeep.drop_views()
    sql = "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'view_')"
    assert len(await clickhouse.rows(sql)) == 1
    await send_events(ann, event("a"), organization_id=ours)
    await until(ann, "kept", [["a", 2]], ours)


async def test_a_window_moves_on(ann: Analyst) -> None:
    await define(ann, "recent", source="events", group_by=["kind"], interval="1s", window="3s")
    await send_events(ann, event("old", time=datetime.now(UTC) - timedelta(minutes=5)))
    async with watching(ann, "recent") as call:
        assert not (await next_of(call)).snapshot.rows
        await send_events(ann, analytics_pb2.Event(kind="now"))
        changed = await next_of(call)
        assert [row[1] for row in changed.changes.rows] == ["now"]
        gone = await next_of(call)
        assert [list(key) for key in gone.gone] == [[changed.changes.rows[0][0], "now"]]


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        ({"source": "nowhere"}, "source"),
        ({"source": "events", "window": "60s"}, "window"),
        ({"source": "events", "interval": "1.5s"}, "interval"),
        ({"source": "events", "interval": "60s", "window": "90.5s"}, "window"),
        ({"source": "events", "group_by": [""]}, "group_by[0]"),
        ({"source": "events", "measures": [{"aggregation": "AGGREGATION_SUM"}]}, "measures[0].column"),
        (
            {"source": "events", "measures": [{"aggregation": "AGGREGATION_RATE", "column": "x"}]},
            "measures[0].aggregation",
        ),
        (
            {"source": "metrics", "measures": [{"aggregation": "AGGREGATION_SUM", "column": "x"}]},
            "measures[0].column",
        ),
        ({"source": "events", "group_by": ["count"]}, "measures"),
        ({"source": "events", "filters": [{"field": "a", "operator": "OPERATOR_IN"}]}, "filters[0].values"),
        (
            {"source": "events", "filters": [{"field": "a", "operator": "OPERATOR_IN", "values": ["x"] * 1000}] * 100},
            "filters",
        ),
        (
            {"source": "metrics", "filters": [{"field": "a", "operator": "OPERATOR_LT", "values": ["x"]}]},
            "filters[0].operator",
        ),
    ],
)
async def test_what_can_t_be_kept_is_refused_by_its_path(ann: Analyst, definition: dict[str, Any], field: str) -> None:
    error = await failure_of(define(ann, "v", **definition))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert violations(error) == [f"definition.{field}"]


async def test_a_name_of_the_platform_s_own_views_is_taken(ann: Analyst) -> None:
    assert await reason_of(define(ann, "events_per_minute", source="events")) == ("ALREADY_EXISTS", "ALREADY_EXISTS")


async def test_the_platform_has_views_of_its_own(ann: Analyst) -> None:
    await send_events(ann, analytics_pb2.Event(kind="a"), analytics_pb2.Event(kind="a"))
    rows = await content(ann, "events_per_minute")
    assert sum(row[2] for row in rows) == 2
    request = analytics_pb2.DeleteRealtimeViewRequest(view_name="events_per_minute")
    assert (await reason_of(ann.analytics.DeleteRealtimeView(request, metadata=ann.metadata)))[0] == "PERMISSION_DENIED"
    listed = await ann.analytics.ListRealtimeViews(analytics_pb2.ListRealtimeViewsRequest(), metadata=ann.metadata)
    assert [view.name for view in listed.views if view.built_in] == sorted(
        ["errors_by_pipeline", "events_per_minute", "rows_per_second", "runs_in_flight", "source_health"]
    )


async def news_of(watching: AsyncIterator[tuple[Mark, ViewEvent]]) -> ViewEvent:
    """What comes next besides signs of life."""
    while isinstance(found := (await anext(watching))[1], Alive):
        pass
    return found


async def test_a_thousand_watchers_cost_what_one_costs(ann: Analyst, app: App) -> None:
    await define(ann, "kinds", source="events", group_by=["kind"])
    await until(ann, "kinds", [])
    read = 0
    store = app._analytics
    assert store
    views = await store.views()
    original = views.content

    async def counted(*arguments: Any) -> Any:
        nonlocal read
        read += 1
        return await original(*arguments)

    views.content = counted  # type: ignore[method-assign, assignment]  # it looks at how often it is asked
    base = app._foundation
    landed = LandedViews(base.store, store)
    shown = ViewsService(base.store, store, landed)
    watcher = ViewWatcher(shown, landed, base.store, store, base.signals, app.auth)
    caller = await app.auth.authenticate(dict(ann.metadata)["authorization"].removeprefix("Bearer "))
    caller = replace(caller, permission=Permission.ANALYTICS_READ)
    watching = [watcher.watch(caller, None, "kinds", None) for _ in range(1000)]
    for start in range(0, len(watching), 50):
        firsts = await asyncio.gather(*map(news_of, watching[start : start + 50]))
        assert all(isinstance(first, Snapshot) for first in firsts)
    read = 0
    await send_events(ann, event("a"))
    for told in await asyncio.gather(*map(news_of, watching)):
        assert isinstance(told, Delta)
        assert [row.values for row in told.changed] == [("a", 1)]
    assert read <= 3
    for one in watching:
        await one.aclose()
