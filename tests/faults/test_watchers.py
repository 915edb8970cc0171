"""45: many follow a run while everything before its log dies in turn: each is told every line once, and in order."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import psutil
import pytest
from thedata.v1 import pipelines_pb2, pipelines_pb2_grpc

from server.pipelines.model import Run
from server.runs.log_writer import LogWriter
from server.scope import Scope
from server.settings import Settings
from server.stack.envoy import Envoy
from server.stack.ports import free_port
from server.stack.postgres import EmbeddedPostgres
from server.storage import schema
from tests.auth.people import Person
from tests.auth.serving import served
from tests.faults.test_platform_database import own_cluster
from tests.live.conftest import Stage, stage

__all__ = ["own_cluster", "stage"]

WATCHERS = 200
CONNECTIONS = 5
LINES_BETWEEN = 40
BOUND = 120.0
MOST_BYTES_A_TAIL = 150_000
GONE = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}


@pytest.fixture
async def database_url(own_cluster: EmbeddedPostgres) -> AsyncIterator[str]:
    """The platform's database, in a cluster that may be killed and keeps what it has promised."""
    await own_cluster.start()
    name = f"watched_{free_port('127.0.0.1')}"
    await own_cluster.create_database(name)
    await schema.upgrade(own_cluster.dsn(name))
    yield own_cluster.dsn(name)
    await own_cluster.stop()


async def follow(channel: grpc.aio.Channel, person: Person, pipeline_id: str, seen: list[str]) -> None:
    """Notes every line until the run has ended, over as many calls as that takes."""
    tails = pipelines_pb2_grpc.PipelinesServiceStub(channel)
    after = ""
    while True:
        call = tails.TailPipelineLogs(
            pipelines_pb2.TailPipelineLogsRequest(pipeline_id=pipeline_id, after=after), metadata=person.metadata
        )
        try:
            message: Any
            while (message := await call.read()) is not grpc.aio.EOF:
                after = message.cursor
                kind = message.WhichOneof("event")
                if kind == "entry":
                    seen.append(message.entry.message)
                if kind == "ended":
                    return
        except grpc.aio.AioRpcError as error:
            assert error.code() in GONE, error  # noqa: PT017 - whatever else it is ends the test
        await asyncio.sleep(0.05)


@asynccontextmanager
async def envoy_before(home: Path, port: int, upstream: int) -> AsyncIterator[Envoy]:
    envoy = Envoy(home, port=port, upstream=("127.0.0.1", upstream), concurrency=1)
    await envoy.start()
    try:
        yield envoy
    finally:
        await envoy.stop()


class Play:
    """A run whose lines are numbered on and on, whatever happens to the worker that writes them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._run: Run | None = None
        self.told: list[str] = []

    async def begin(self) -> None:
        """Starts the run."""
        self._run = await self._stage.begin()

    async def go_on(self) -> None:
        """Writes some more lines, each a chunk of its own."""
        assert self._run
        for _ in range(LINES_BETWEEN):
            self.told.append(f"line {len(self.told)}")
            await self._stage.write(self._run, self.told[-1])

    async def lose_worker(self) -> None:
        """Another worker goes on with the run; what the first one still writes is refused."""
        assert self._run
        lost = self._run
        async with self._stage.store.begin(Scope.everything()) as tx:
            assert await tx.runs.take_from(["worker"])
            self._run = await tx.queue.claim_run("other", 10)
        assert self._run
        await self._stage.write(lost, "nobody sees this")
        self._stage.writers[lost.id] = LogWriter(self._stage.store, self._run)

    async def end(self) -> None:
        """Ends the run."""
        assert self._run
        await self._stage.end(self._run)


async def restart(postgres: EmbeddedPostgres) -> None:
    """Kills the database, and starts it again."""
    assert postgres.pid
    os.kill(postgres.pid, signal.SIGKILL)
    await postgres.wait()
    await postgres.stop()
    await postgres.start()


async def end_sessions_of_server(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'thedata-server%'"
        )
    finally:
        await connection.close()


async def test_45_two_hundred_watchers_while_everything_before_them_dies_in_turn(
    stage: Stage, settings: Settings, database_url: str, own_cluster: EmbeddedPostgres, tmp_path: Path
) -> None:
    upstream, front = free_port("127.0.0.1"), free_port("127.0.0.1")
    own = settings.model_copy(update={"grpc_port": upstream})
    play = Play(stage)
    await play.begin()
    channels = [
        grpc.aio.insecure_channel(
            f"127.0.0.1:{front}",
            options=[("grpc.use_local_subchannel_pool", 1), ("grpc.max_reconnect_backoff_ms", 500)],
        )
        for _ in range(CONNECTIONS)
    ]
    found: list[list[str]] = [[] for _ in range(WATCHERS)]

    async def all_watch() -> None:
        """Waits until everybody has been told everything, so that what dies next dies before everybody's eyes."""
        while min(len(seen) for seen in found) < len(play.told):  # noqa: ASYNC110 - they tell nobody
            await asyncio.sleep(0.02)

    async with asyncio.timeout(BOUND):
        watching = [
            asyncio.create_task(follow(channels[number % CONNECTIONS], stage.person, stage.pipeline_id, seen))
            for number, seen in enumerate(found)
        ]
        async with served(own) as first:
            async with envoy_before(tmp_path / "first", front, upstream) as envoy:
                await play.go_on()
                await all_watch()
                envoy.kill()
            async with envoy_before(tmp_path / "second", front, upstream):
                await play.go_on()
                await all_watch()
                first.kill()
                await play.go_on()
                async with served(own):
                    await play.go_on()
                    await all_watch()
                    await end_sessions_of_server(database_url)
                    await play.go_on()
                    await all_watch()
                    await restart(own_cluster)
                    await play.go_on()
                    await play.lose_worker()
                    await play.go_on()
                    await all_watch()
                # That one was asked to end, and has told its watchers to resume.
                await play.go_on()
                async with served(own):
                    await play.go_on()
                    await play.end()
                    await asyncio.gather(*watching)
    for channel in channels:
        await channel.close()
    for seen in found:
        assert seen == play.told


async def first_line(channel: grpc.aio.Channel, stage: Stage, told: list[str], enough: asyncio.Event) -> None:
    """Notes what a tail tells first, and stays with it until it is enough."""
    call = pipelines_pb2_grpc.PipelinesServiceStub(channel).TailPipelineLogs(
        pipelines_pb2.TailPipelineLogsRequest(pipeline_id=stage.pipeline_id),
        metadata=stage.person.metadata,
        timeout=BOUND,
    )
    message: Any = await call.read()
    while message.WhichOneof("event") == "heartbeat":
        message = await call.read()
    told.append(message.entry.message)
    await enough.wait()
    call.cancel()


@pytest.mark.parametrize("opens", [500, pytest.param(5000, marks=pytest.mark.chaos)])
async def test_45_many_streams_are_opened_at_once_and_none_is_refused_or_takes_much(
    stage: Stage, settings: Settings, opens: int
) -> None:
    run = await stage.begin()
    await stage.write(run, "there")
    async with served(settings) as process:
        channels = [
            grpc.aio.insecure_channel(process.address, options=[("grpc.use_local_subchannel_pool", 1)])
            for _ in range(10)
        ]
        told: list[str] = []
        enough = asyncio.Event()
        memory = psutil.Process(process.pid).memory_info
        before = memory().rss
        tails = [asyncio.create_task(first_line(channels[n % 10], stage, told, enough)) for n in range(opens)]
        async with asyncio.timeout(BOUND):
            while len(told) < opens and not any(tail.done() for tail in tails):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
        taken = (memory().rss - before) / opens
        enough.set()
        await asyncio.gather(*tails)
        assert told == ["there"] * opens
        assert taken < MOST_BYTES_A_TAIL, f"{taken:,.0f} bytes for each"
        for channel in channels:
            await channel.close()
