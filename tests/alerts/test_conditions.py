"""What each condition finds, on rows as runs and workers leave them and on metrics as they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import grpc
import pytest
from pydantic import SecretStr
from thedata.v1 import alerts_pb2, analytics_pb2, analytics_pb2_grpc

from server.alerts.conditions.registry import CONDITIONS
from server.alerts.looking import Looking, ready
from server.alerts.model import Rule, Value
from server.alerts.probes import StatusProbe
from server.analytics.ingest import IngestService
from server.analytics.model import Point, Sender
from server.analytics.prepare import points_of
from server.app import App, Foundation, analytics_of
from server.clock import now
from server.errors import Failure
from server.ids import new_id
from server.scope import PLATFORM, Scope
from server.settings import Settings
from server.status.model import Component, Health
from server.status.ports import Probe
from server.status.probes import EngineProbe
from server.storage.session import Database
from server.storage.store import Store
from tests.alerts.people import Keeper
from tests.analytics.conftest import analytics_url, engine_url

__all__ = ["analytics_url", "engine_url"]


@pytest.fixture
def settings(settings: Settings, analytics_url: str) -> Settings:
    return settings.model_copy(update={"analytics_url": SecretStr(analytics_url)})


class Looker:
    """Looks at rules as a server does."""

    def __init__(self, store: Store, looking: Looking) -> None:
        self.store = store
        self._looking = looking

    async def look(
        self, organization: UUID, condition: str, group_by: Sequence[str] = (), **parameters: Any
    ) -> list[Value]:
        item = ready(Rule(name="r", condition=condition, parameters=parameters, group_by=tuple(group_by)), organization)
        assert not isinstance(item, str), item
        found = await self._looking.look({organization: [item]}, now(), 10)
        assert found[organization].problems == {}
        return list(found[organization].looked[0].values)

    async def by_pipeline(self, organization: UUID, condition: str, **parameters: Any) -> dict[str, float]:
        return {v.labels["pipeline"]: v.value for v in await self.look(organization, condition, **parameters)}


async def components(probe: Probe) -> list[Component]:
    """What one probe finds, as a server's status tells it."""
    try:
        async with asyncio.timeout(probe.seconds):
            found = await probe.look()
    except (Failure, TimeoutError) as error:
        return [Component(probe.names[0], Health.DOWN, str(error) or "no answer")]
    return [Component(name, item.health, item.message) for name, item in found.items()]


@pytest.fixture
async def looker(settings: Settings, app: App) -> AsyncIterator[Looker]:
    assert settings.database_url
    database = Database(settings.database_url.get_secret_value())
    analytics = analytics_of(settings)
    store = Store(database)
    looking = Looking(store, analytics, StatusProbe(partial(components, EngineProbe(analytics))), settings.home)
    yield Looker(store, looking)
    await looking.stop()
    if analytics:
        await analytics.close()
    await database.close()


@pytest.fixture
async def mine(ann: Keeper) -> UUID:
    return UUID(await ann.organization())


class Yard:
    """Pipelines with runs."""

    def __init__(self, ann: Keeper, mine: UUID, database: asyncpg.Connection[Any]) -> None:
        self.ann, self.mine, self.database = ann, mine, database

    async def pipeline(self, name: str) -> UUID:
        source = await self.ann.new_files(f"source of {name}")
        return UUID(await self.ann.new_pipeline(name, source, await self.ann.new_postgres(f"target of {name}")))

    async def run(self, pipeline: UUID, state: str, ago: str = "0 s", trigger: str = "schedule", **values: Any) -> None:
        await self.database.execute(
            """INSERT INTO runs (id, organization_id, pipeline_id, state, trigger, plan, queued_at, available_at,
                                 ended_at, rows_read, rows_committed, rows_rejected)
               VALUES ($1, $2, $3, $4, $5, '{}', now() - $6::text::interval, now() - $6::text::interval,
                       CASE WHEN $4 <> 'queued' THEN now() - $6::text::interval END, $7, $8, $9)""",
            new_id(), self.mine, pipeline, state, trigger, ago,
            values.get("read", 0), values.get("committed", 0), values.get("rejected", 0),
        )  # fmt: skip


@pytest.fixture
def yard(ann: Keeper, mine: UUID, database: asyncpg.Connection[Any]) -> Yard:
    return Yard(ann, mine, database)


async def test_failures_count_since_the_last_success(looker: Looker, yard: Yard, mine: UUID) -> None:
    for name, states in {
        "fine": ["failed", "failed", "succeeded"],
        "twice": ["failed", "succeeded", "failed", "cancelled", "failed"],
        "always": ["failed"] * 3,
        "new": [],
    }.items():
        pipeline = await yard.pipeline(name)
        for state in states:
            await yard.run(pipeline, state)
    found = await looker.by_pipeline(mine, "pipeline_failed")
    assert found == {"fine": 0, "twice": 2, "always": 3, "new": 0}
    assert await looker.by_pipeline(mine, "pipeline_failed", pipelines=[str(pipeline)]) == {"new": 0}
    assert await looker.look(new_id(), "pipeline_failed") == []


async def test_a_run_that_should_have_started_is_late(looker: Looker, yard: Yard, mine: UUID) -> None:
    due, paused, waiting, idle = [await yard.pipeline(name) for name in ("due", "paused", "waiting", "idle")]
    for pipeline in (due, paused):
        await yard.database.execute(
            "UPDATE pipelines SET next_run_at = now() - interval '90 s', schedule = '{}', paused = $2 WHERE id = $1",
            pipeline, pipeline == paused,
        )  # fmt: skip
    await yard.database.execute("UPDATE pipelines SET schedule = NULL, next_run_at = NULL WHERE id = $1", idle)
    await yard.run(waiting, "queued", "40 s")
    found = await looker.by_pipeline(mine, "pipeline_late")
    assert (found["paused"], found["idle"]) == (0, 0)
    assert found["due"] == pytest.approx(90, abs=5)
    assert found["waiting"] == pytest.approx(40, abs=5)
    [queue] = await looker.look(mine, "queue_age")
    assert queue.value == pytest.approx(40, abs=5)
    [everybody_s] = await looker.look(PLATFORM, "queue_age")
    assert everybody_s.value == pytest.approx(40, abs=5)
    [nobody_s] = await looker.look(new_id(), "queue_age")
    assert nobody_s.value == 0


async def test_data_is_as_old_as_the_last_success(looker: Looker, yard: Yard, mine: UUID) -> None:
    landed, never = await yard.pipeline("landed"), await yard.pipeline("never")
    await yard.run(landed, "succeeded", "2 hours")
    await yard.run(landed, "failed", "1 hour")
    await yard.database.execute("UPDATE pipelines SET created_at = now() - interval '1 day' WHERE id = $1", never)
    found = await looker.by_pipeline(mine, "freshness_lag")
    assert found == {"landed": pytest.approx(7200, abs=5), "never": pytest.approx(86400, abs=5)}


async def test_row_counts_are_compared_with_their_own_history(looker: Looker, yard: Yard, mine: UUID) -> None:
    usual, odd, young = [await yard.pipeline(name) for name in ("usual", "odd", "young")]
    for rows in (100, 110, 90, 105, 95, 100, 102, 98):
        for pipeline in (usual, odd):
            await yard.run(pipeline, "succeeded", committed=rows)
    await yard.run(odd, "succeeded", trigger="backfill", committed=10_000)
    await yard.run(odd, "failed", committed=3)
    await yard.run(usual, "succeeded", committed=101)
    await yard.run(odd, "succeeded", committed=3)
    await yard.run(young, "succeeded", committed=3)
    found = await looker.by_pipeline(mine, "row_count_anomaly")
    assert sorted(found) == ["odd", "usual"]
    assert found["usual"] < 1
    assert found["odd"] > 10


async def test_the_share_of_rejected_rows_is_the_newest_run_s(looker: Looker, yard: Yard, mine: UUID) -> None:
    some, empty = await yard.pipeline("some"), await yard.pipeline("empty")
    await yard.run(some, "succeeded", read=10, rejected=10)
    await yard.run(some, "succeeded", read=200, rejected=3)
    await yard.run(empty, "succeeded")
    assert await looker.by_pipeline(mine, "rejected_share") == {"some": 0.015, "empty": 0}


async def test_changes_of_schemas_count_within_the_window(looker: Looker, yard: Yard, mine: UUID) -> None:
    pipeline = await yard.pipeline("p")
    for ago in ("1 minute", "2 hours"):
        await yard.database.execute(
            """INSERT INTO schema_changes (id, organization_id, pipeline_id, namespace, stream, run_id, changes,
                                           created_at)
               VALUES ($1, $2, $3, '', 's', $1, '["a", "b"]', now() - $4::text::interval)""",
            new_id(), mine, pipeline, ago,
        )  # fmt: skip
    assert await looker.by_pipeline(mine, "schema_changed", window_seconds=3600) == {"p": 2}
    assert await looker.by_pipeline(mine, "schema_changed") == {"p": 4}


async def test_sources_are_as_their_last_check_found_them(looker: Looker, yard: Yard, mine: UUID) -> None:
    ids = {name: UUID(await yard.ann.new_files(name)) for name in ("ill", "well", "unknown")}
    await yard.database.execute("UPDATE data_sources SET healthy = (name = 'well') WHERE name <> 'unknown'")
    found = await looker.look(mine, "source_unhealthy")
    assert {value.labels["data_source"]: value.value for value in found} == {"ill": 1, "well": 0}
    assert await looker.look(mine, "source_unhealthy", data_sources=[str(ids["unknown"])]) == []


async def test_workers_that_beat_are_there(looker: Looker, database: asyncpg.Connection[Any]) -> None:
    await database.execute(
        "INSERT INTO executors (id, seen_at, host) VALUES ('a', now(), 'h'), ('b', now() - interval '1 minute', 'h')"
    )
    [value] = await looker.look(PLATFORM, "workers_missing", expected=3)
    assert (value.value, value.about) == (2, "1 of 3 live")


async def test_a_metric_is_looked_at_by_the_labels_of_the_rule(
    looker: Looker, ann: Keeper, mine: UUID, channel: grpc.aio.Channel
) -> None:
    points = [
        analytics_pb2.MetricPoint(name="m", value=value, labels={"host": host, "zone": zone})
        for value, host, zone in ((1, "a", "x"), (3, "a", "x"), (10, "b", "x"), (100, "c", "y"))
    ]
    stub = analytics_pb2_grpc.AnalyticsServiceStub(channel)
    await stub.IngestMetrics(analytics_pb2.IngestMetricsRequest(points=points), metadata=ann.metadata)

    async def values(group_by: Sequence[str] = (), **parameters: Any) -> dict[str, float]:
        found = await looker.look(mine, "metric", group_by, name="m", **parameters)
        return {",".join(value.labels.values()): value.value for value in found}

    assert await values() == {"": 28.5}
    assert await values(["host"]) == {"a": 2, "b": 10, "c": 100}
    assert await values(["zone"], aggregation="sum", labels={"host": "a"}) == {"x": 4}
    assert await values(aggregation="rate", window_seconds=57) == {"": 2}
    assert await values(aggregation="count", window_seconds=57) == {"": 4}
    assert await values(labels={"host": "nobody"}) == {}
    assert await looker.look(new_id(), "metric", name="m") == []


async def test_errors_are_a_share_of_the_calls(looker: Looker, settings: Settings) -> None:
    analytics = analytics_of(settings)
    assert analytics
    counts = {("A/One", "OK"): 70, ("A/One", "INTERNAL"): 20, ("A/Two", "OK"): 9, ("A/Two", "NOT_FOUND"): 1}
    points = [Point("thedata.calls", None, n, {"method": method, "code": code}) for (method, code), n in counts.items()]
    points.append(Point("thedata.host_disk_free_share", None, 0.01, {"process": "elsewhere:17", "role": "worker"}))
    foundation = Foundation.lay(settings, "maintenance")
    ingest = IngestService(looker.store, analytics, foundation.config)
    await ingest.take(PLATFORM, points_of(points, now(), own=True), Sender())
    await foundation.close()
    await analytics.close()
    [all_calls] = await looker.look(PLATFORM, "error_rate", methods=["A/One", "A/Two"])
    assert all_calls.value == 0.2
    by_method = await looker.look(PLATFORM, "error_rate", ["method"], min_calls=5, codes=["INTERNAL", "NOT_FOUND"])
    found = {value.labels["method"]: value.value for value in by_method}
    assert found["A/One"] == pytest.approx(2 / 9)
    assert found["A/Two"] == 0.1
    assert await looker.look(PLATFORM, "error_rate", methods=["A/Two"]) == [], "too few calls"
    shares = {value.labels["host"]: value.value for value in await looker.look(PLATFORM, "disk_free")}
    assert shares.pop("elsewhere") == 0.01
    [own] = shares.values()
    assert 0 < own <= 1


async def test_each_condition_is_told_with_the_schema_of_its_parameters(ann: Keeper) -> None:
    listed = await ann.admin.ListAlertConditions(alerts_pb2.ListAlertConditionsRequest(), metadata=ann.metadata)
    assert [item.name for item in listed.conditions] == sorted(CONDITIONS)
    assert len(listed.conditions) == 13
    for item in listed.conditions:
        assert item.description
        assert item.organization or item.platform
        schema = dict(item.parameters_schema)
        assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    metric = next(item for item in listed.conditions if item.name == "metric")
    assert metric.parameters_schema["required"] == ["name"]


async def test_one_look_sees_only_its_organization(looker: Looker, yard: Yard, mine: UUID) -> None:
    await yard.run(await yard.pipeline("p"), "failed")
    async with looker.store.begin(Scope.of(new_id())) as tx:
        assert await tx.alert_facts.failed_in_a_row(mine, []) == []
