"""Each setting has its effect within two seconds, in every server and worker, without a restart."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from thedata.v1 import admin_pb2, auth_pb2, auth_pb2_grpc, pipelines_pb2

from server import logs
from server.app import App, build_worker
from server.settings import Settings
from tests.admin.conftest import TAKEN_UP_SECONDS, Operator
from tests.auth.people import PASSWORD, Person, register
from tests.auth.serving import served
from tests.conftest import running_worker
from tests.rpc.cast import postgres_config
from tests.sync.conftest import until

LATE_SECONDS = TAKEN_UP_SECONDS + 1  # a worker tells what it carries once a second


async def logged_in(channel: grpc.aio.Channel, name: str) -> auth_pb2.Session:
    request = auth_pb2.LoginRequest(email=f"{name}@example.com", password=PASSWORD)
    return await auth_pb2_grpc.AuthServiceStub(channel).Login(request)


async def test_lifetimes_of_tokens_and_sessions_hold_on_every_server(
    operator: Operator, settings: Settings, database_url: str
) -> None:
    async with served(settings) as other, grpc.aio.insecure_channel(other.address) as channel:
        assert (await logged_in(channel, "root")).expires_in == settings.access_token_seconds
        await operator.set_system(access_token_lifetime="61s", session_lifetime="120s")

        async def taken_up() -> bool:
            sessions = [await logged_in(each, "root") for each in (operator.channel, channel)]
            return all(session.expires_in == 61 for session in sessions)

        await until(taken_up, TAKEN_UP_SECONDS)
        session = await logged_in(channel, "root")
        request = auth_pb2.RefreshTokenRequest(refresh_token=session.refresh_token)
        await auth_pb2_grpc.AuthServiceStub(operator.channel).RefreshToken(request)
    connection = await asyncpg.connect(database_url)
    ends = await connection.fetchval("SELECT max(expires_at) - now() FROM sessions WHERE generation = 1")
    await connection.close()
    assert timedelta(seconds=100) < ends <= timedelta(seconds=120)


async def test_the_level_of_the_log_of_a_server_follows(operator: Operator, settings: Settings) -> None:
    async with served(settings) as other, grpc.aio.insecure_channel(other.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)

        async def called(marked: str) -> None:
            await health.Check(health_pb2.HealthCheckRequest(), metadata=(("x-request-id", f"health-{marked}"),))
            await auth_pb2_grpc.AuthServiceStub(channel).Login(
                auth_pb2.LoginRequest(email="root@example.com", password=PASSWORD),
                metadata=(("x-request-id", f"login-{marked}"),),
            )

        await called("at-info")
        for level, lifetime in (("error", 62), ("debug", 63)):
            await operator.set_system(log_level=level, access_token_lifetime=f"{lifetime}s")
            # Both are taken up at once, and the lifetime can be seen from here.
            until_taken_up = lambda wanted=lifetime: _lives(channel, wanted)  # noqa: E731
            await until(until_taken_up, TAKEN_UP_SECONDS)
            await called(f"at-{level}")
    lines = {word for word in ("at-info", "at-error", "at-debug") if f"login-{word}" in other.log}
    assert lines == {"at-info", "at-debug"}
    assert [word for word in ("at-info", "at-error", "at-debug") if f"health-{word}" in other.log] == ["at-debug"]


async def _lives(channel: grpc.aio.Channel, seconds: int) -> bool:
    return (await logged_in(channel, "root")).expires_in == seconds


def test_libraries_log_from_that_level_on_too() -> None:
    root = logging.getLogger()
    before = root.level
    try:
        for level, wanted in (("error", logging.ERROR), ("warning", logging.WARNING), ("debug", logging.WARNING)):
            logs.set_level(level)
            assert root.level == wanted
    finally:
        logs.set_level("info")
        root.setLevel(before)


@asynccontextmanager
async def locked(url: str, *tables: str) -> AsyncIterator[None]:
    """Nobody reads the tables until the block ends: runs from them stay where they are."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


async def pipelines_of(person: Person, url: str, tables: list[str]) -> list[str]:
    """A pipeline for each table."""
    connection = await asyncpg.connect(url)
    for table in tables:
        await connection.execute(f"CREATE TABLE {table} (id int PRIMARY KEY)")
    await connection.close()
    source = await person.new_source("s", "postgres", postgres_config(url))
    destination = await person.new_source("d", "postgres", postgres_config(url))
    made = []
    for table in tables:
        request = pipelines_pb2.CreatePipelineRequest(
            name=table,
            source_id=source,
            destination_id=destination,
            destination_namespace="landed",
            streams=[pipelines_pb2.StreamConfig(namespace="public", name=table)],
        )
        made.append((await person.pipelines.CreatePipeline(request, metadata=person.metadata)).id)
    return made


async def test_workers_carry_as_many_runs_as_they_may_now(
    operator: Operator, channel: grpc.aio.Channel, settings: Settings, empty_database_url: str
) -> None:
    ann, tables = await register(channel, "ann"), [f"t{number}" for number in range(5)]
    pipelines = await pipelines_of(ann, empty_database_url, tables)
    await operator.set_system(worker_concurrency=1)

    async def carried(count: int, concurrency: int) -> None:
        async def so() -> bool:
            workers = (await operator.status()).workers
            return [(one.carried, one.concurrency) for one in workers] == [(count, concurrency)]

        await until(so, LATE_SECONDS)

    async with running_worker(settings), locked(empty_database_url, *tables):
        for pipeline in pipelines:
            await ann.start(pipeline)
        await carried(1, 1)
        await operator.set_system(worker_concurrency=3)
        await carried(3, 3)
        await operator.set_system(worker_concurrency=8, runs_per_organization=4)
        await carried(4, 8)
        await operator.set_system(runs_per_organization=5)
        await carried(5, 8)
        # What is begun goes on when less may be carried.
        await operator.set_system(worker_concurrency=2)
        await carried(5, 2)
        status = await operator.status()
        assert status.workers[0].version == status.version
        assert status.queue.running == 5


async def test_helpers_carry_as_many_parts_as_they_may_now(operator: Operator, settings: Settings) -> None:
    async with build_worker(settings) as (base, worker):
        await base.config.read()
        assert worker._limits().partitions_per_organization == 20
        base.signals.start()
        taking_up = asyncio.create_task(base.config.run())
        await operator.set_system(partitions_per_organization=3)

        async def taken_up() -> bool:
            return worker._limits().partitions_per_organization == 3

        await until(taken_up, TAKEN_UP_SECONDS)
        taking_up.cancel()


async def test_days_of_the_log_that_are_not_wanted_any_more_are_dropped(
    operator: Operator, settings: Settings, database_url: str
) -> None:
    today = datetime.now(UTC).date()
    owner = await asyncpg.connect(database_url)
    for age in (3, 5):
        day = today - timedelta(days=age)
        await owner.execute(
            f"CREATE TABLE run_logs_{day:%Y%m%d} PARTITION OF run_logs"
            f" FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
        )

    async def old() -> list[int]:
        names = await owner.fetch("SELECT relname FROM pg_class WHERE relname ~ '^run_logs_[0-9]{8}$'")
        days = [datetime.strptime(row[0][-8:], "%Y%m%d").replace(tzinfo=UTC).date() for row in names]
        return sorted((today - day).days for day in days if day < today - timedelta(days=1))

    async with running_worker(settings):
        assert await old() == [3, 5]
        await operator.set_system(log_retention=f"{4 * 86400}s")

        async def dropped() -> bool:
            return await old() == [3]

        await until(dropped, LATE_SECONDS)
    await owner.close()


async def test_what_nobody_told_a_process_is_found_by_itself(app: App, operator: Operator, database_url: str) -> None:
    """A notification is only a hint: where the listening connection is lost, the settings are read all the same."""
    owner = await asyncpg.connect(database_url)
    await owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    await owner.close()
    await operator.set_system(slow_call="7s")
    began = time.monotonic()

    async def taken_up() -> bool:
        return app._foundation.config.system.slow_call_seconds == 7

    await until(taken_up, TAKEN_UP_SECONDS)
    assert time.monotonic() - began < TAKEN_UP_SECONDS


async def test_what_only_the_environment_sets_is_shown_without_secrets(operator: Operator) -> None:
    config = await operator.admin.GetSystemConfig(admin_pb2.GetSystemConfigRequest(), metadata=operator.metadata)
    shown = {setting.name: setting for setting in config.environment}
    assert shown["THEDATA_DATABASE_URL"].value == "********"
    assert shown["THEDATA_DATABASE_URL"].secret
    assert shown["THEDATA_ADMIN_PASSWORD"].secret
    assert shown["THEDATA_HTTP_PORT"].value == "8080"
    assert shown["THEDATA_HTTP_PORT"].description
    assert not shown.keys() & {"THEDATA_WORKER_CONCURRENCY", "THEDATA_LOG_LEVEL", "THEDATA_ACCESS_TOKEN_SECONDS"}
    assert PASSWORD not in str(config)
