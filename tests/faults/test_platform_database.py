"""43: the platform's own PostgreSQL dies, or has no connections to give. Runs go on, callers hear UNAVAILABLE only."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import grpc
import pytest
from pydantic import SecretStr
from thedata.v1 import auth_pb2, auth_pb2_grpc

from server.app import build
from server.settings import Settings
from server.stack.postgres import EmbeddedPostgres
from server.storage import schema
from tests.conftest import fast_folder, running_worker
from tests.faults.lines import SUCCEEDED, Line, Lines, opened_lines
from tests.faults.points import MODES
from tests.servers.fault_proxy import Rule

pytestmark = pytest.mark.timeout(300)

REACHED_SECONDS = 60
CONNECTIONS = 60  # few, so that they are used up soon
HEALS_SECONDS = 5.0
BATCH_OF_ROWS = b"row 2000."


@dataclass
class Platform:
    """A server and its own database, which keeps what it has promised when it is killed."""

    postgres: EmbeddedPostgres
    settings: Settings
    lines: Lines

    async def die(self, how: signal.Signals, seconds: float) -> None:
        """Kills the database, and starts it again on its port after some time."""
        assert self.postgres.pid
        os.kill(self.postgres.pid, how)
        await self.postgres.wait()
        await self.postgres.stop()
        await asyncio.sleep(seconds)
        await self.postgres.start()


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[EmbeddedPostgres]:
    """A cluster for nobody but the platform of these tests."""
    home = fast_folder()
    postgres = EmbeddedPostgres(home)

    async def begin() -> None:
        await postgres.start()
        connection = await asyncpg.connect(postgres.dsn())
        await connection.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
        await connection.close()
        await schema.upgrade(postgres.dsn())
        await postgres.stop()

    asyncio.run(begin())
    yield postgres
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def platform(
    own_cluster: EmbeddedPostgres, cluster: EmbeddedPostgres, settings: Settings
) -> AsyncIterator[Platform]:
    await own_cluster.start()
    url = own_cluster.dsn()
    own = settings.model_copy(update={"database_url": SecretStr(url)})
    server = build(own)
    port = await server.start()
    try:
        async with (
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
            opened_lines(channel, cluster, url, own) as lines,
        ):
            yield Platform(own_cluster, own, lines)
    finally:
        await server.stop()
        await own_cluster.stop()


@dataclass
class Callers:
    """What callers hear all the while, and when they last heard something else than an answer."""

    lines: list[Line]
    channel: grpc.aio.Channel
    heard: Counter[grpc.StatusCode] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    failed_at: float = 0.0

    async def call(self, line: Line) -> None:
        auth = auth_pb2_grpc.AuthServiceStub(self.channel)
        login = auth_pb2.LoginRequest(email=f"{line.ledger.name}@example.com", password="correct horse")
        while True:
            for one in (line.run, line.log, lambda: auth.Login(login)):
                try:
                    await one()
                    self.heard[grpc.StatusCode.OK] += 1
                except grpc.aio.AioRpcError as error:
                    self.heard[error.code()] += 1
                    self.told.append(f"{error.code()} {error.details()}")
                    self.failed_at = time.monotonic()
                await asyncio.sleep(0.02)


async def in_flight(platform: Platform, prefix: str) -> list[tuple[Line, Rule]]:
    """A run of each mode, in the middle of its rows."""
    made = [await platform.lines.line(f"{prefix}_{name}", mode, 5000) for name, mode in MODES.items()]
    return [(line, line.destination.hold(BATCH_OF_ROWS)) for line in made]


@asynccontextmanager
async def in_the_middle(platform: Platform, held: list[tuple[Line, Rule]]) -> AsyncIterator[Callers]:
    """Starts the runs, and calls the server from when all of them wait in the middle of their rows."""
    for line, _ in held:
        await line.start()
    for _, rule in held:
        async with asyncio.timeout(REACHED_SECONDS):
            await rule.reached.wait()
    callers = Callers(platform.lines.made, platform.lines.channel)
    tasks = [asyncio.create_task(callers.call(line)) for line in callers.lines]
    try:
        yield callers
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended


async def ended_well(platform: Platform, held: list[tuple[Line, Rule]], callers: Callers, back: float) -> None:
    """Checks that callers get answers again soon, and heard nothing but that there were none; and the runs."""
    async with asyncio.timeout(HEALS_SECONDS + 5):
        answered = callers.heard[grpc.StatusCode.OK]
        while callers.heard[grpc.StatusCode.OK] < answered + 20:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
    for _, rule in held:
        rule.release()
    for line, _ in held:
        await line.until(SUCCEEDED)
    assert callers.failed_at < back + HEALS_SECONDS
    assert set(callers.heard) == {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}, set(callers.told)
    for line, _ in held:
        assert (await line.run()).attempt == 1, "its worker has lived all the while"
        await line.ledger.write(100, 50)
        await line.start()
    for line, _ in held:
        await line.succeeds()
    await platform.lines.check()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGQUIT], ids=["killed", "immediate"])
async def test_43_the_platform_s_database_dies_and_comes_back(
    platform: Platform, how: signal.Signals, chaos: bool
) -> None:
    held = await in_flight(platform, how.name.lower())
    async with running_worker(platform.settings), in_the_middle(platform, held) as callers:
        # Longer than a lease: what counts is how long the database has heard nothing while it could hear.
        await platform.die(how, 12 if chaos else 0.3)
        await ended_well(platform, held, callers, time.monotonic())


async def test_43_all_connections_of_the_platform_s_database_are_used_up(platform: Platform, chaos: bool) -> None:
    url = platform.postgres.dsn()
    others: list[asyncpg.Connection] = []

    async def use_up() -> None:
        while True:
            try:
                others.append(await asyncpg.connect(url, server_settings={"application_name": "others"}))
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.05)

    held = await in_flight(platform, "used_up")
    first = await asyncpg.connect(url, server_settings={"application_name": "others"})
    try:
        async with running_worker(platform.settings), in_the_middle(platform, held) as callers:
            using = [asyncio.create_task(use_up()) for _ in range(8)]
            async with asyncio.timeout(REACHED_SECONDS):
                while not callers.heard[grpc.StatusCode.UNAVAILABLE]:
                    # Nobody keeps the connections that he has.
                    await first.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name LIKE 'thedata%' AND pid <> pg_backend_pid()"
                    )
                    await asyncio.sleep(0.1)
            await asyncio.sleep(12 if chaos else 1)
            for task in using:
                task.cancel()
            await asyncio.gather(*using, return_exceptions=True)
            for connection in others:
                connection.terminate()
            await ended_well(platform, held, callers, time.monotonic())
    finally:
        first.terminate()
