"""Realtime views over landed tables: exact after every kind of run, told soon, and clear about what they lack."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf import json_format
from thedata.v1 import analytics_pb2, organizations_pb2, pipelines_pb2, streams_pb2

from server.analytics import view_feeds
from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.databases import database_of
from server.analytics.clickhouse.tables import LandedTables
from server.analytics.landed_views import LandedViews
from server.analytics.model import Aggregation, Filter, Operator
from server.analytics.view_feeds import Delta, Mark, Snapshot, ViewEvent, ViewFeed, ViewWatcher
from server.analytics.view_model import Measure, RealtimeView, ViewDefinition
from server.analytics.views import ViewsService
from server.app import App, build
from server.auth.permissions import Caller, Permission
from server.live import Alive
from server.scope import Scope
from server.settings import Settings
from tests.analytics.conftest import Analyst
from tests.analytics.test_history import Line, postgres
from tests.analytics.test_ingest import event, send_events
from tests.analytics.test_views import content, define, next_of, until, watching
from tests.auth.people import failure_of, reason_of, violations

COUNT_AND_SUM = [{"aggregation": "AGGREGATION_COUNT"}, {"aggregation": "AGGREGATION_SUM", "column": "amount"}]
START = datetime(2026, 11, 20, tzinfo=UTC)
COLUMNS = "id Int64, country Nullable(String), amount Int64, at DateTime64(6, 'UTC')"


class Landed:
    """A table that is written as the destination writes one: each commit is another table in its place."""

    def __init__(self, clickhouse: Clickhouse, organization: str, name: str = "orders") -> None:
        self._clickhouse = clickhouse
        self.database = database_of(UUID(organization))
        self._name = name

    async def commit(self, *rows: tuple[int, str | None, int, datetime], columns: str = COLUMNS) -> None:
        """Lands these rows in the place of those that were there."""
        prepared, there = f"{self.database}._thedata_next", f"{self.database}.{self._name}"
        await self._clickhouse.execute(f"CREATE DATABASE IF NOT EXISTS {self.database}")
        await self._clickhouse.execute(f"CREATE TABLE {prepared} ({columns}) ENGINE = MergeTree ORDER BY tuple()")
        if rows:
            await self._clickhouse.execute(f"INSERT INTO {prepared} VALUES {', '.join(map(_written, rows))}")
        known = await self._clickhouse.rows(f"EXISTS TABLE {there}")
        if known == [[1]]:
            await self._clickhouse.execute(f"EXCHANGE TABLES {prepared} AND {there}")
            await self._clickhouse.execute(f"DROP TABLE {prepared} SYNC")
        else:
            await self._clickhouse.execute(f"RENAME TABLE {prepared} TO {there}")

    async def drop(self) -> None:
        await self._clickhouse.execute(f"DROP TABLE {self.database}.{self._name} SYNC")


def _written(row: tuple[int, str | None, int, datetime]) -> str:
    number, country, amount, at = row
    return f"({number}, {'NULL' if country is None else repr(country)}, {amount}, '{at:%Y-%m-%d %H:%M:%S.%f}')"


@pytest.fixture
async def orders(ann: Analyst, clickhouse: Clickhouse) -> AsyncIterator[Landed]:
    """A landed table with three rows."""
    landed = Landed(clickhouse, await ann.organization())
    await landed.commit((1, "NL", 10, START), (2, "DE", 20, START), (3, "NL", 30, START + timedelta(hours=1)))
    yield landed
    await clickhouse.execute(f"DROP DATABASE {landed.database}")


async def caller_of(ann: Analyst, app: App) -> Caller:
    caller = await app.auth.authenticate(dict(ann.metadata)["authorization"].removeprefix("Bearer "))
    return replace(caller, permission=Permission.ANALYTICS_READ)


def watcher_of(app: App) -> ViewWatcher:
    """What another server of the platform has."""
    base, store = app._foundation, app._analytics
    landed = LandedViews(base.store, store)
    return ViewWatcher(ViewsService(base.store, store, landed), landed, base.store, store, base.signals, app.auth)


async def news_of(watching: AsyncIterator[tuple[Mark, ViewEvent]]) -> tuple[Mark, ViewEvent]:
    """What comes next besides signs of life."""
    async with asyncio.timeout(10):
        while isinstance((found := await anext(watching))[1], Alive):
            pass
        return found


@asynccontextmanager
async def counted(app: App, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """The tables of which something is asked meanwhile, one for each question."""
    asked: list[str] = []
    original = LandedTables.page

    async def page(self: LandedTables, table: Any, *arguments: Any) -> Any:
        asked.append(table.name)
        return await original(self, table, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(LandedTables, "page", page)
        yield asked


def shown(message: analytics_pb2.StreamRealtimeViewResponse) -> tuple[list[Any], list[Any]]:
    """Rows of a message, and the groups that are gone."""
    part = message.snapshot if message.WhichOneof("event") == "snapshot" else message.changes
    rows = sorted(map(json_format.MessageToDict, part.rows), key=str)
    return rows, list(map(json_format.MessageToDict, message.gone))


MODES: dict[str, dict[str, Any]] = {
    "replaced": {"sync_mode": pipelines_pb2.SYNC_MODE_FULL_REFRESH_OVERWRITE},
    "appended": {"sync_mode": pipelines_pb2.SYNC_MODE_INCREMENTAL_APPEND, "cursor_column": "seen"},
    "merged": {
        "sync_mode": pipelines_pb2.SYNC_MODE_INCREMENTAL_MERGE,
        "cursor_column": "seen",
        "key_columns": ["id"],
        "deletes": streams_pb2.DELETES_HARD,
    },
}


@pytest.mark.usefixtures("worker")
async def test_each_kind_of_run_is_told_exactly_and_within_a_second(
    ann: Analyst, clickhouse: Clickhouse, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A view is told by the run that lands, not found by looking at its table every so often.
    monkeypatch.setattr(view_feeds, "LOOK_SECONDS", 60.0)
    await postgres(
        empty_database_url,
        "CREATE TABLE t (id int PRIMARY KEY, seen int NOT NULL, word text, amount int)",
        "INSERT INTO t VALUES (1, 1, 'a', 10), (2, 2, 'b', 20), (3, 3, 'b', 30)",
        "CREATE TABLE kept AS SELECT * FROM t",
    )
    database = database_of(UUID(await ann.organization()))
    lags = []
    lines = {
        table: await Line.laid(ann, empty_database_url, name="t", destination_table=table, **mode)
        for table, mode in MODES.items()
    }
    for table, line in lines.items():
        await line.run()
        await define(ann, f"v_{table}", source=table, group_by=["word"], measures=COUNT_AND_SUM)
    steps: list[tuple[list[str], dict[str, tuple[list[Any], list[Any]]]]] = [
        (
            ["UPDATE t SET word = 'B', seen = 4, amount = 25 WHERE id = 2", "INSERT INTO t VALUES (4, 5, 'b', 1)"],
            {
                "replaced": ([["B", 1, 25], ["b", 2, 31]], []),
                "appended": ([["B", 1, 25], ["b", 3, 51]], []),
                "merged": ([["B", 1, 25], ["b", 2, 31]], []),
            },
        ),
        (
            ["DELETE FROM t WHERE id = 1", "INSERT INTO t VALUES (5, 6, NULL, NULL)"],
            {
                "replaced": ([[None, 1, None]], [["a"]]),
                "appended": ([[None, 1, None]], []),
                "merged": ([[None, 1, None]], [["a"]]),
            },
        ),
    ]
    for table in MODES:
        async with watching(ann, f"v_{table}") as call:
            assert shown(await next_of(call)) == ([["a", 1, 10], ["b", 2, 50]], [])
            for statements, expected in steps:
                await postgres(empty_database_url, *statements)
                running = asyncio.create_task(lines[table].run())
                message = await next_of(call)
                told_at = datetime.now(UTC)
                assert shown(message) == expected[table], table
                written = await clickhouse.rows(
                    f"SELECT max(written_at) FROM {database}._thedata_checkpoints"
                    f" WHERE table_name = '{table}' AND state != ''"
                )
                lags.append((told_at - datetime.fromisoformat(written[0][0])).total_seconds())
                await running
            await postgres(empty_database_url, "DELETE FROM t", "INSERT INTO t SELECT * FROM kept")
    assert statistics.median(lags) < 1, lags


async def test_a_view_is_there_at_once_and_again_after_a_restart(
    ann: Analyst, orders: Landed, settings: Settings
) -> None:
    view = await define(ann, "sales", source="orders", interval="3600s", measures=COUNT_AND_SUM)
    assert view.definition.time_column == "at"
    rows = [["2026-11-20T00:00:00.000000Z", 2, 30], ["2026-11-20T01:00:00.000000Z", 1, 30]]
    assert await content(ann, "sales") == rows
    async with watching(ann, "sales") as call:
        first = await next_of(call)
        assert shown(first) == (rows, [])
        assert [column.type for column in first.snapshot.result_columns] == ["timestamptz", "integer", "integer"]
    other = build(settings)
    await other.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{other.port}") as channel:
        later = Analyst(channel, ann.session)
        async with watching(later, "sales", first.cursor) as call:
            # What was seen is not told again.
            async with asyncio.timeout(10):
                message = await call.read()
            assert (message.WhichOneof("event"), message.cursor) == ("heartbeat", first.cursor)
            reading = asyncio.create_task(next_of(call))
            await orders.commit((1, "NL", 11, START))
            assert shown(await reading) == ([["2026-11-20T00:00:00.000000Z", 1, 11]], [["2026-11-20T01:00:00.000000Z"]])
    await other.stop()
    async with watching(ann, "sales", first.cursor) as call:
        # Here nobody has seen what became of it.
        message = await next_of(call)
        assert message.WhichOneof("event") == "snapshot"
        assert shown(message) == ([["2026-11-20T00:00:00.000000Z", 1, 11]], [])


async def test_after_a_short_break_one_message_tells_what_was_missed(ann: Analyst, app: App, orders: Landed) -> None:
    await define(ann, "sales", source="orders", group_by=["country"], measures=COUNT_AND_SUM)
    watcher, caller = watcher_of(app), await caller_of(ann, app)
    async with aclosing(watcher.watch(caller, None, "sales", None)) as stays:
        start, _ = await news_of(stays)
        for rows in ([(1, "NL", 1, START)], [(1, "NL", 1, START), (2, "FR", 2, START)], [(2, "FR", 3, START)]):
            await orders.commit(*rows)
            last, _ = await news_of(stays)
        async with aclosing(watcher.watch(caller, None, "sales", start)) as back:
            mark, missed = await news_of(back)
            assert isinstance(missed, Delta)
            assert [row.values for row in missed.changed] == [("FR", 1, 3)]
            assert sorted(missed.gone) == [("DE",), ("NL",)]
            assert mark == last


async def test_a_thousand_watchers_cost_one_question_for_a_commit(
    ann: Analyst, app: App, orders: Landed, monkeypatch: pytest.MonkeyPatch
) -> None:
    await define(ann, "sales", source="orders", group_by=["country"], measures=COUNT_AND_SUM)
    watcher, caller = watcher_of(app), await caller_of(ann, app)
    async with counted(app, monkeypatch) as asked:
        all_of_them = [watcher.watch(caller, None, "sales", None) for _ in range(1000)]
        for start in range(0, len(all_of_them), 50):
            firsts = await asyncio.gather(*map(news_of, all_of_them[start : start + 50]))
            assert all(isinstance(first, Snapshot) for _, first in firsts)
        assert asked == ["orders"]
        await orders.commit((1, "NL", 11, START), (2, "DE", 20, START))
        for _, delta in await asyncio.gather(*map(news_of, all_of_them)):
            assert isinstance(delta, Delta)
            assert [row.values for row in delta.changed] == [("NL", 1, 11)]
        assert asked == ["orders", "orders"]
    for one in all_of_them:
        await one.aclose()


async def test_a_window_moves_on_without_a_question(
    ann: Analyst, app: App, orders: Landed, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    await orders.commit(
        (1, "old", 1, now - timedelta(minutes=5)), (2, "new", 2, now), (3, "next", 3, now + timedelta(days=1))
    )
    await define(ann, "recent", source="orders", group_by=["country"], interval="1s", window="3s")
    async with counted(app, monkeypatch) as asked, watching(ann, "recent") as call:
        rows, _ = shown(await next_of(call))
        assert [row[1] for row in rows] == ["new", "next"]
        changed = await next_of(call)
        assert shown(changed) == ([], [rows[0][:2]])
        assert asked == ["orders"]
    assert [row[1] for row in await content(ann, "recent")] == ["next"]


async def test_a_table_that_lacks_what_a_view_needs_is_told_until_it_is_there_again(
    ann: Analyst, orders: Landed
) -> None:
    await define(ann, "sales", source="orders", group_by=["country"], measures=COUNT_AND_SUM)
    broken = ("FAILED_PRECONDITION", "VIEW_BROKEN")
    async with watching(ann, "sales") as call:
        await next_of(call)
        await orders.commit(columns="id Int64, amount Int64")
        error = await failure_of(next_of(call))
        assert "group_by[0]: must be a column of orders" in str(error.details())
    assert await reason_of(content(ann, "sales")) == broken
    async with watching(ann, "sales") as call:
        assert await reason_of(next_of(call)) == broken
    # A wider column is none that is missing: the view goes on, from the beginning as its types are others.
    await orders.commit((1, "NL", 10, START))
    async with watching(ann, "sales") as call:
        assert shown(await next_of(call)) == ([["NL", 1, 10]], [])
        await orders.commit((1, "NL", 10, START), columns=COLUMNS.replace("amount Int64", "amount Float64"))
        message = await next_of(call)
        assert message.WhichOneof("event") == "snapshot"
        await orders.drop()
        assert "there is no table orders any more" in str((await failure_of(next_of(call))).details())
    assert await reason_of(content(ann, "sales")) == broken
    listed = await ann.analytics.ListRealtimeViews(analytics_pb2.ListRealtimeViewsRequest(), metadata=ann.metadata)
    assert "sales" in [view.name for view in listed.views]
    await orders.commit((1, "DE", 3, START))
    assert await content(ann, "sales") == [["DE", 1, 3]]


async def test_rows_that_a_retention_removes_leave_the_view(
    ann: Analyst, orders: Landed, clickhouse: Clickhouse
) -> None:
    await define(ann, "sales", source="orders", group_by=["country"], measures=COUNT_AND_SUM)
    async with watching(ann, "sales") as call:
        await next_of(call)
        await clickhouse.execute(
            f"ALTER TABLE {orders.database}.orders MODIFY TTL toDateTime(at) + INTERVAL 1 HOUR"
            " DELETE WHERE country = 'DE'"
        )
        await clickhouse.execute(f"OPTIMIZE TABLE {orders.database}.orders FINAL")
        assert shown(await next_of(call)) == ([], [["DE"]])


async def test_a_view_that_is_defined_anew_changes_what_it_is_over(ann: Analyst, app: App, orders: Landed) -> None:
    await define(ann, "v", source="events", group_by=["kind"])
    await send_events(ann, event("a"))
    await until(ann, "v", [["a", 1]])

    async def defined(**definition: Any) -> None:
        request = analytics_pb2.UpdateRealtimeViewRequest(view_name="v")
        json_format.ParseDict(definition, request.definition)
        await ann.analytics.UpdateRealtimeView(request, metadata=ann.metadata)

    async with watching(ann, "v") as call:
        assert shown(await next_of(call)) == ([["a", 1]], [])
        await defined(source="orders", group_by=["country"])
        assert shown(await next_of(call)) == ([["DE", 1], ["NL", 2]], [])
        await defined(source="orders", filters=[{"field": "amount", "operator": "OPERATOR_GT", "values": [10]}])
        assert shown(await next_of(call)) == ([[2]], [])
        # Nobody needs what there was of events.
        assert app._upkeep
        assert app._analytics
        await app._upkeep.drop_views()
        assert await (await app._analytics.views()).states() == set()
        await defined(source="events", group_by=["kind"])
        assert shown(await next_of(call)) == ([["a", 1]], [])


async def test_what_is_made_anew_leaves_views_of_tables_as_they_are(ann: Analyst, app: App, orders: Landed) -> None:
    await define(ann, "sales", source="orders", group_by=["country"])
    async with watching(ann, "sales") as call:
        await next_of(call)
        async with app._foundation.store.begin(Scope.everything()) as tx:
            await tx.views.all_again()
            assert await tx.views.behind(10) == []
        await orders.commit((1, "NL", 1, START))
        assert shown(await next_of(call)) == ([["NL", 1]], [["DE"]])


async def test_nobody_sees_another_organization_s_rows(ann: Analyst, orders: Landed, clickhouse: Clickhouse) -> None:
    request = organizations_pb2.CreateOrganizationRequest(name="Another")
    other = (await ann.organizations.CreateOrganization(request, metadata=ann.metadata)).id
    error = await failure_of(define(ann, "sales", other, source="orders"))
    assert violations(error) == ["definition.source"]
    theirs = Landed(clickhouse, other)
    await theirs.commit((7, "FR", 7, START))
    for organization in (other, orders.database.removeprefix("t_")):
        await define(ann, "sales", str(UUID(organization)), source="orders", group_by=["country"])
    assert await content(ann, "sales", other) == [["FR", 1]]
    call = ann.analytics.StreamRealtimeView(
        analytics_pb2.StreamRealtimeViewRequest(view_name="sales", organization_id=other), metadata=ann.metadata
    )
    assert shown(await next_of(call)) == ([["FR", 1]], [])
    await ann.organizations.DeleteOrganization(
        organizations_pb2.DeleteOrganizationRequest(organization_id=other), metadata=ann.metadata
    )
    assert (await reason_of(next_of(call)))[0] == "NOT_FOUND"
    await clickhouse.execute(f"DROP DATABASE {theirs.database}")


async def test_a_landed_table_of_a_name_of_the_platform_s_has_views_too(
    ann: Analyst, orders: Landed, clickhouse: Clickhouse
) -> None:
    await Landed(clickhouse, await ann.organization(), "events").commit((1, "NL", 1, START))
    await define(ann, "v", source="landed.events", group_by=["country"])
    assert await content(ann, "v") == [["NL", 1]]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("definition", "field"),
    [
        ({"source": "nowhere"}, "source"),
        ({"source": "_thedata_checkpoints"}, "source"),
        ({"source": "landed.orders"}, "source"),
        ({"source": "orders", "group_by": ["country", "nothing"]}, "group_by[1]"),
        ({"source": "orders", "group_by": ["count"]}, "group_by[0]"),
        ({"source": "orders", "group_by": ["country", "country"]}, "group_by[1]"),
        ({"source": "orders", "window": "60s"}, "window"),
        ({"source": "orders", "interval": "1.5s"}, "interval"),
        ({"source": "orders", "interval": "60s", "time_column": "id"}, "time_column"),
        ({"source": "orders", "time_column": "at"}, "time_column"),
        ({"source": "events", "interval": "60s", "time_column": "at"}, "time_column"),
        ({"source": "orders", "measures": [{"aggregation": "AGGREGATION_SUM", "column": "country"}]}, "measures[0]"),
        ({"source": "orders", "measures": [{"aggregation": "AGGREGATION_RATE", "column": "amount"}]}, "measures[0]"),
        ({"source": "orders", "measures": [{"aggregation": "AGGREGATION_MAX"}]}, "measures[0]"),
        ({"source": "orders", "filters": [{"field": "nothing", "values": ["x"]}]}, "filters[0].field"),
        ({"source": "orders", "filters": [{"field": "amount", "values": ["x"]}]}, "filters[0].values"),
        (
            {
                "source": "orders",
                "filters": [
                    {"field": "id", "values": [1]},
                    {"field": "amount", "operator": "OPERATOR_CONTAINS", "values": ["x"]},
                ],
            },
            "filters[1].operator",
        ),
    ],
)
async def test_what_does_not_go_with_the_table_is_refused_by_its_path(
    ann: Analyst, definition: dict[str, Any], field: str
) -> None:
    error = await failure_of(define(ann, "v", **definition))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert violations(error) == [f"definition.{field}"]


async def test_with_several_columns_of_times_one_must_be_named(ann: Analyst, orders: Landed) -> None:
    await orders.commit(columns=f"{COLUMNS}, day Date")
    error = await failure_of(define(ann, "v", source="orders", interval="60s"))
    assert violations(error) == ["definition.time_column"]
    view = await define(ann, "v", source="orders", interval="86400s", time_column="day")
    assert view.definition.time_column == "day"


class Reader:
    """Somebody who follows a feed, and goes away now and then."""

    def __init__(self) -> None:
        self.mark: Mark | None = None
        self.rows: dict[Any, Any] = {}

    def read(self, feed: ViewFeed) -> None:
        missed = feed.since(self.mark) if self.mark else None
        self.mark = feed.mark
        if missed is None:
            self.rows = {key: row.values for key, row in feed.content.rows.items()}
            return
        self.rows |= {row.values[: feed.content.keys]: row.values for row in missed.changed}
        for key in missed.gone:
            self.rows.pop(key, None)  # it may have come and gone meanwhile


MEASURES = [Measure(Aggregation.COUNT), Measure(Aggregation.SUM, "amount")]
HOUR = timedelta(hours=1)
DEFINITIONS = {
    "groups": ViewDefinition("orders", group_by=["country"], measures=MEASURES),
    "window": ViewDefinition("orders", measures=MEASURES, interval=HOUR, window=5 * HOUR, time_column="at"),
    "filters": ViewDefinition("orders", [Filter("amount", Operator.GT, (5,))], measures=MEASURES),
}
Row = tuple[int, str | None, int, datetime]


def recomputed(shows: ViewDefinition, rows: list[Row], now: datetime) -> dict[Any, Any]:
    """A view by another way: row by row."""
    found: dict[Any, list[int]] = {} if shows.group_by or shows.interval else {(): []}
    for _, country, amount, at in rows:
        hour = at.replace(minute=0, second=0, microsecond=0)
        key: tuple[Any, ...] = (country,) if shows.group_by else ()
        if shows.window:
            if hour <= now - shows.window:
                continue
            key = (f"{hour:%Y-%m-%dT%H:%M:%S.%fZ}",)
        if not shows.filters or amount > 5:
            found.setdefault(key, []).append(amount)
    return {key: (*key, len(amounts), sum(amounts)) for key, amounts in found.items()}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("shows", DEFINITIONS.values(), ids=DEFINITIONS)
async def test_whatever_is_landed_everybody_has_what_a_recomputation_gives(
    app: App, ann: Analyst, orders: Landed, shows: ViewDefinition, seed: int
) -> None:
    chance = random.Random(seed)
    view = RealtimeView(uuid4(), UUID(await ann.organization()), "v", shows.stored())
    landed = LandedViews(app._foundation.store, app._analytics)
    now = START
    rows: list[Row] = []
    await orders.commit()
    feed = ViewFeed(view, await landed.content(view, now))
    readers = [Reader() for _ in range(3)]
    for step in range(20):
        match chance.randrange(5):
            case 0:
                rows = [row for row in rows if chance.random() < 0.6]
            case 1:
                rows = [(n, country, chance.randrange(10), at) for n, country, _, at in rows]
            case 2:
                now += timedelta(minutes=chance.randrange(200))
            case _:
                at = now - timedelta(minutes=chance.randrange(-100, 600))
                rows = [*rows, *((step, chance.choice(["NL", "DE", None]), chance.randrange(10), at) for _ in range(3))]
        await orders.commit(*rows)
        if chance.random() < 0.5:  # no commit comes with it
            feed.take(view, await landed.content(view, now, feed.content))
            now += timedelta(minutes=chance.randrange(200))
        known = chance.choice([feed.content, None])  # None: as a server has it that has just started
        expected = recomputed(shows, rows, now)
        feed.take(view, await landed.content(view, now, known))
        assert {key: row.values for key, row in feed.content.rows.items()} == expected
        for reader in readers:
            if chance.random() < 0.5:
                reader.read(feed)
                assert reader.rows == expected
