"""The state of the platform: what it tells, how a stream follows it, and what one look costs all who ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import psutil
import pytest
from thedata.v1 import admin_pb2

from server.app import App
from server.auth.permissions import Caller
from server.auth.remembered import SECONDS, Remembered
from server.clock import now
from server.errors import Unavailable
from server.scope import Scope
from server.settings import Settings
from server.status.model import Component, Facts, Finding, Health, Host, Queue, Status, Totals
from server.status.prober import Prober
from server.status.probes import MigrationsProbe, of_disk, of_queue
from server.status.readiness import readiness
from tests.admin.conftest import Operator
from tests.admin.test_settings_taken_up import pipelines_of
from tests.auth.people import failure_of, reason, register
from tests.conftest import EXECUTORS, running_worker
from tests.sync.conftest import until

COMPONENTS = {"postgresql", "migrations", "analytics", "queue", "workers", "gateway", "disk"}
GIB = 1 << 30


async def test_it_tells_the_machine_the_queue_the_workers_and_the_last_day(
    operator: Operator, channel: grpc.aio.Channel, settings: Settings, empty_database_url: str
) -> None:
    first = await operator.status()
    assert {one.name for one in first.components} == COMPONENTS
    assert first.components[0].name == "workers", "nobody carries out runs"
    assert first.health == admin_pb2.COMPONENT_HEALTH_DOWN
    assert first.host.memory_bytes == psutil.virtual_memory().total
    assert first.host.cpu_count == psutil.cpu_count()
    assert 0 < first.host.disk_free_bytes < first.host.disk_bytes
    assert first.totals.runs_succeeded == 0

    ann = await register(channel, "ann")
    (pipeline,) = await pipelines_of(ann, empty_database_url, ["t"])
    await ann.start(pipeline)

    async def queued() -> bool:
        queue = (await operator.status()).queue
        return queue.queued == 1 and queue.oldest_age.ToTimedelta() > timedelta(0)

    await until(queued, 5)
    async with running_worker(settings) as process:

        async def carried_out() -> bool:
            status = await operator.status()
            return status.queue.queued == 0 and status.queue.running == 0

        await until(carried_out, 20)
        status = await operator.status()
        (worker,) = status.workers
        assert worker.id == EXECUTORS[process.pid]
        assert (worker.health, worker.concurrency) == (admin_pb2.COMPONENT_HEALTH_OK, settings.worker_concurrency)
        assert abs(time.time() - worker.heartbeat_time.ToSeconds()) < 5
        assert worker.start_time.ToSeconds() <= worker.heartbeat_time.ToSeconds()
        postgresql = next(one for one in status.components if one.name == "postgresql")
        assert timedelta(0) < postgresql.latency.ToTimedelta() < timedelta(seconds=3)
    assert status.uptime.ToTimedelta() > first.uptime.ToTimedelta()


async def test_the_totals_are_those_of_the_runs_of_a_day(
    app: App, operator: Operator, channel: grpc.aio.Channel, empty_database_url: str
) -> None:
    ann = await register(channel, "ann")
    pipelines = await pipelines_of(ann, empty_database_url, ["a", "b", "c"])
    for pipeline in pipelines:
        await ann.start(pipeline)
    async with app._foundation.database.engine.begin() as connection:
        await connection.exec_driver_sql("SELECT set_config('app.platform', 'on', true)")
        for number, (state, age, rows) in enumerate((("succeeded", 1, 10), ("failed", 23, 5), ("succeeded", 25, 100))):
            await connection.exec_driver_sql(
                f"UPDATE runs SET state = '{state}', ended_at = now() - interval '{age} hours',"
                f" rows_committed = {rows}, bytes_read = {rows * 2}, rows_rejected = 1"
                f" WHERE pipeline_id = '{pipelines[number]}'"
            )
    async with app._foundation.store.begin(Scope.everything()) as tx:
        assert await tx.status.totals() == Totals(3, 1, 1, 15, 30, 2)


async def test_a_stream_tells_changes_and_goes_on_where_it_was(operator: Operator, settings: Settings) -> None:
    request = admin_pb2.WatchSystemStatusRequest()
    stream: Any = operator.admin.WatchSystemStatus(request, metadata=operator.metadata, timeout=60)
    first = await stream.read()
    assert first.status.components[0].name == "workers"
    async with running_worker(settings):
        async with asyncio.timeout(10):
            while not (message := await stream.read()).status.workers:
                pass
        assert message.status.workers[0].health == admin_pb2.COMPONENT_HEALTH_OK
    async with asyncio.timeout(10):
        while not (message := await stream.read()).HasField("status"):
            pass
    stream.cancel()
    # What was seen is not told again; there is a sign of life instead.
    status = await operator.status()
    assert not status.workers
    request = admin_pb2.WatchSystemStatusRequest(after=message.cursor)
    again: Any = operator.admin.WatchSystemStatus(request, metadata=operator.metadata, timeout=60)
    async with asyncio.timeout(15):
        assert (await again.read()).WhichOneof("event") == "heartbeat"
    again.cancel()


async def test_a_stream_ends_with_the_session(operator: Operator, app: App) -> None:
    stream = operator.admin.WatchSystemStatus(
        admin_pb2.WatchSystemStatusRequest(), metadata=operator.metadata, timeout=60
    )
    await stream.read()
    async with app._foundation.database.engine.begin() as connection:
        await connection.exec_driver_sql("SELECT set_config('app.platform', 'on', true)")
        await connection.exec_driver_sql("UPDATE users SET platform_admin = false")

    async def to_its_end() -> None:
        while await stream.read():
            pass

    async with asyncio.timeout(30):
        error = await failure_of(to_its_end())
    assert (error.code(), reason(error)) == (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED")


@dataclass
class Counting:
    """A probe that counts its looks, and does in one what it is given to."""

    names: tuple[str, ...] = ("postgresql", "queue")
    seconds: float = 0.2
    sleeps: float = 0.0
    fails: Exception | None = None
    looks: int = 0
    found: Mapping[str, Finding] = field(
        default_factory=lambda: {"postgresql": Finding(Health.OK), "queue": Finding(Health.OK)}
    )

    async def look(self) -> Mapping[str, Finding]:
        self.looks += 1
        await asyncio.sleep(self.sleeps)
        if self.fails:
            raise self.fails
        return self.found


class Told:
    """Who hears of every look."""

    def __init__(self) -> None:
        self.statuses: list[Status] = []
        self.topics: list[str] = []

    async def hear(self, status: Status) -> None:
        self.statuses.append(status)


def prober_of(app: App, home: Path, told: Told, *probes: Counting) -> Prober:
    return Prober(probes, Facts, home, app._foundation.signals, told.topics.append, told.hear)


async def test_all_who_ask_share_one_look(app: App, tmp_path: Path) -> None:
    probe, told = Counting(sleeps=0.05), Told()
    prober = prober_of(app, tmp_path, told, probe)
    found = await asyncio.gather(*(prober.status() for _ in range(200)))
    assert probe.looks == 1
    assert len({id(status) for status in found}) == 1
    assert told.topics == ["status"]


async def test_a_probe_that_hangs_or_fails_keeps_no_other_from_its_answer(app: App, tmp_path: Path) -> None:
    hanging = Counting(names=("postgresql", "queue", "workers"), sleeps=30)
    failing = Counting(names=("analytics",), fails=Unavailable("It is away."))
    fine = Counting(names=("disk",), found={"disk": Finding(Health.OK)})
    prober = prober_of(app, tmp_path, told := Told(), hanging, failing, fine)
    began = time.monotonic()
    status = await prober.status()
    assert time.monotonic() - began < 1
    assert [(one.name, one.health) for one in status.components] == [
        ("postgresql", Health.DOWN),
        ("analytics", Health.DOWN),
        ("disk", Health.OK),
        ("queue", Health.UNSPECIFIED),
        ("workers", Health.UNSPECIFIED),
    ]
    by_name = {one.name: one for one in status.components}
    assert "0.2 s" in by_name["postgresql"].message
    assert "It is away." in by_name["analytics"].last_error
    assert told.statuses == [status]


def a_status(**healths: Health) -> Status:
    components = tuple(Component(name, health) for name, health in healths.items())
    return Status(now(), timedelta(0), components, Host("h", 1, 0, 0, 1, 1, 1, 1, 0, 0), Facts())


@pytest.mark.parametrize(
    ("down", "not_ready"),
    [
        ("postgresql", {"", "thedata.v1.AnalyticsService", "thedata.v1.UsersService"}),
        ("migrations", {"", "thedata.v1.AnalyticsService", "thedata.v1.UsersService"}),
        ("analytics", {"thedata.v1.AnalyticsService"}),
        ("workers", set()),
        ("gateway", set()),
    ],
)
def test_a_service_is_ready_while_what_it_needs_is_not_down(down: str, not_ready: set[str]) -> None:
    names = ("", "thedata.v1.AnalyticsService", "thedata.v1.UsersService")
    ready = readiness(a_status(**{down: Health.DOWN}), names)
    assert {name for name, serves in ready.items() if not serves} == not_ready


@pytest.mark.parametrize(
    ("total", "free", "health"),
    [
        (1000 * GIB, 21 * GIB, Health.OK),
        (1000 * GIB, 19 * GIB, Health.DEGRADED),
        (1000 * GIB, GIB - 1, Health.DOWN),
        (10 * GIB, GIB // 2, Health.DEGRADED),
        (10 * GIB, 2 * GIB, Health.OK),
        (10 * GIB, 0, Health.DOWN),
    ],
)
def test_a_disk_is_low_by_its_share_or_by_what_is_plenty(total: int, free: int, health: Health) -> None:
    assert of_disk(total, free).health is health


def test_what_moves_all_the_time_is_no_change() -> None:
    def waiting(seconds: int, health: Health) -> Status:
        component = Component("queue", health, f"2 runs wait for a worker, one for {seconds} s.")
        return replace(a_status(), components=(component,), uptime=timedelta(seconds=seconds))

    assert waiting(90, Health.DEGRADED).mark == waiting(92, Health.DEGRADED).mark
    assert waiting(90, Health.DEGRADED).mark != waiting(90, Health.DOWN).mark


def test_a_queue_is_unwell_when_something_waits_for_long() -> None:
    assert of_queue(Queue(50, timedelta(seconds=5))).health is Health.OK
    found = of_queue(Queue(2, timedelta(seconds=90)))
    assert (found.health, found.message) == (Health.DEGRADED, "2 runs wait for a worker, one for 90 s.")


async def test_a_schema_of_another_version_is_told() -> None:
    async def current() -> str | None:
        return "0004"

    found = (await MigrationsProbe(current, "0005").look())["migrations"]
    assert found.health is Health.DOWN
    assert "0004" in found.message


def test_who_was_known_is_forgotten_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, remembered = [1000.0], Remembered()
    monkeypatch.setattr("server.auth.remembered.time.monotonic", lambda: clock[0])
    admin = Caller(uuid4(), {}, platform_admin=True, session_id=uuid4())
    user = Caller(uuid4(), {}, session_id=uuid4())
    assert admin.session_id
    assert user.session_id
    remembered.note(admin)
    remembered.note(user)
    assert remembered.recall(admin.session_id) is admin
    assert remembered.recall(user.session_id) is None
    clock[0] += SECONDS
    assert remembered.recall(admin.session_id) is None
