"""What happens to a run when its worker, its database or its user gets in the way. Nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.duration_pb2 import Duration
from google.protobuf.struct_pb2 import Struct
from pydantic import SecretStr
from thedata.v1 import (
    auth_pb2,
    auth_pb2_grpc,
    data_sources_pb2,
    data_sources_pb2_grpc,
    pipelines_pb2,
    pipelines_pb2_grpc,
)

from server.settings import Settings
from server.stack.postgres import EmbeddedPostgres
from tests.conftest import new_database, running_worker
from tests.servers.fault_proxy import FaultProxy

ROWS = 2000
# Reading a row of it takes a millisecond, so that a run lasts seconds.
SLOW = f"CREATE VIEW slow AS SELECT i AS id FROM generate_series(1, {ROWS}) i WHERE pg_sleep(0.001) IS NOT NULL"
QUICK = "CREATE TABLE aquick AS SELECT i AS id FROM generate_series(1, 10) i"
BOUND = 40.0
PATIENCE = 3.0  # what a busy machine may add to a promise
NOTICED_SECONDS = 15.0


@dataclass
class Lab:
    """A pipeline with a quick and a slow stream, and a caller who may run it."""

    stub: pipelines_pb2_grpc.PipelinesServiceAsyncStub
    metadata: tuple[tuple[str, str], ...]
    pipeline_id: str
    destination_url: str
    database_url: str

    async def start(self) -> pipelines_pb2.Run:
        run: pipelines_pb2.Run = await self.stub.StartPipeline(
            pipelines_pb2.StartPipelineRequest(pipeline_id=self.pipeline_id), metadata=self.metadata
        )
        return run

    async def stop(self) -> pipelines_pb2.Run:
        run: pipelines_pb2.Run = await self.stub.StopPipeline(
            pipelines_pb2.StopPipelineRequest(pipeline_id=self.pipeline_id), metadata=self.metadata
        )
        return run

    async def get(self, run: pipelines_pb2.Run) -> pipelines_pb2.Run:
        found: pipelines_pb2.Run = await self.stub.GetRun(
            pipelines_pb2.GetRunRequest(pipeline_id=self.pipeline_id, run_id=run.id), metadata=self.metadata
        )
        return found

    async def until(self, run: pipelines_pb2.Run, *states: int, quick_landed: bool = False) -> pipelines_pb2.Run:
        """The run once it is in one of the states, and its quick stream has landed where that is asked for."""
        async with asyncio.timeout(BOUND):
            while True:
                run = await self.get(run)
                landed = any(
                    stream.name == "aquick" and stream.state == pipelines_pb2.RUN_STATE_SUCCEEDED
                    for stream in run.streams
                )
                if run.state in states and (landed or not quick_landed):
                    return run
                await asyncio.sleep(0.05)

    async def log(self, run: pipelines_pb2.Run) -> list[str]:
        page = await self.stub.ListPipelineLogs(
            pipelines_pb2.ListPipelineLogsRequest(pipeline_id=self.pipeline_id, run_id=run.id, page_size=1000),
            metadata=self.metadata,
        )
        return [entry.message for entry in page.entries]

    async def landed(self) -> tuple[int, int]:
        """How many rows the slow table has, and how many different ones."""
        connection = await asyncpg.connect(self.destination_url)
        try:
            row = await connection.fetchrow("SELECT count(*), count(DISTINCT id) FROM slow")
            assert row
            return row[0], row[1]
        finally:
            await connection.close()


@asynccontextmanager
async def opened_lab(
    channel: grpc.aio.Channel, cluster: EmbeddedPostgres, database_url: str, *tables: str
) -> AsyncIterator[Lab]:
    """A pipeline from a database with some tables to an empty one."""
    async with new_database(cluster) as source_url, new_database(cluster) as destination_url:
        connection = await asyncpg.connect(source_url)
        for statement in tables:
            await connection.execute(statement)
        await connection.close()
        auth = auth_pb2_grpc.AuthServiceStub(channel)
        session = await auth.Register(auth_pb2.RegisterRequest(email="ann@example.com", password="correct horse"))
        metadata = (("authorization", f"Bearer {session.access_token}"),)
        sources = data_sources_pb2_grpc.DataSourcesServiceStub(channel)
        ids = []
        for name, url in (("source", source_url), ("destination", destination_url)):
            request = data_sources_pb2.CreateDataSourceRequest(name=name, connector="postgres", config=config(url))
            ids.append((await sources.CreateDataSource(request, metadata=metadata)).id)
        stub = pipelines_pb2_grpc.PipelinesServiceStub(channel)
        pipeline = await stub.CreatePipeline(
            pipelines_pb2.CreatePipelineRequest(name="p", source_id=ids[0], destination_id=ids[1]), metadata=metadata
        )
        yield Lab(stub, metadata, pipeline.id, destination_url, database_url)


@pytest.fixture
async def lab(channel: grpc.aio.Channel, cluster: EmbeddedPostgres, database_url: str) -> AsyncIterator[Lab]:
    async with opened_lab(channel, cluster, database_url, SLOW, QUICK) as made:
        yield made


def config(url: str) -> Struct:
    parts = urlsplit(url)
    values: dict[str, Any] = {
        "host": parts.hostname,
        "port": parts.port,
        "user": parts.username,
        "password": parts.password,
        "database": parts.path[1:],
        "sslmode": "disable",
    }
    return json_format.ParseDict(values, Struct())


def resumed_after(run: pipelines_pb2.Run, since: float) -> float:
    """The seconds until the run's newest attempt began."""
    began: float = run.attempts[-1].start_time.ToDatetime(UTC).timestamp()
    return began - since


RUNNING = pipelines_pb2.RUN_STATE_RUNNING
ENDED = (pipelines_pb2.RUN_STATE_SUCCEEDED, pipelines_pb2.RUN_STATE_FAILED, pipelines_pb2.RUN_STATE_CANCELLED)


async def test_a_run_waits_for_a_worker(lab: Lab, settings: Settings) -> None:
    run = await lab.start()
    assert run.state == pipelines_pb2.RUN_STATE_QUEUED
    async with running_worker(settings):
        ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED
    assert await lab.landed() == (ROWS, ROWS)


async def test_35_a_killed_worker_s_run_goes_on_elsewhere(lab: Lab, settings: Settings) -> None:
    async with running_worker(settings) as first:
        run = await lab.start()
        await lab.until(run, RUNNING, quick_landed=True)
        gone = time.time()
        first.kill()
        await first.wait()
        async with running_worker(settings):
            ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED, ended
    assert ended.attempt == 2
    assert resumed_after(ended, gone) < NOTICED_SECONDS + PATIENCE
    assert await lab.landed() == (ROWS, ROWS)
    messages = await lab.log(run)
    second = messages[messages.index("Run goes on, attempt 2.") :]
    assert not any("into aquick" in message for message in second), "a finished stream is not done again"


async def test_36_a_frozen_worker_that_wakes_up_changes_nothing(lab: Lab, settings: Settings) -> None:
    async with running_worker(settings) as zombie:
        run = await lab.start()
        await lab.until(run, RUNNING, quick_landed=True)
        gone = time.time()
        os.kill(zombie.pid, signal.SIGSTOP)
        try:
            async with running_worker(settings):
                ended = await lab.until(run, *ENDED)
                os.kill(zombie.pid, signal.SIGCONT)
                zombie.terminate()
                await asyncio.wait_for(zombie.wait(), BOUND)
        finally:
            if zombie.returncode is None:
                os.kill(zombie.pid, signal.SIGCONT)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED
    assert ended.attempt == 2
    assert resumed_after(ended, gone) < NOTICED_SECONDS + PATIENCE
    assert await lab.get(run) == ended
    assert await lab.landed() == (ROWS, ROWS)


@pytest.mark.parametrize("how", ["outage", "silence"])
async def test_38_a_worker_that_is_cut_off_from_the_platform_loses_its_run_and_changes_nothing(
    lab: Lab, settings: Settings, how: str
) -> None:
    """As with a machine that has lost its network: nobody tells it, and it goes on while it can."""
    address = urlsplit(lab.database_url)
    async with FaultProxy(address.hostname or "", address.port or 0) as platform:
        through = settings.model_copy(update={"database_url": SecretStr(platform.url(lab.database_url))})
        async with running_worker(through) as cut_off:
            run = await lab.start()
            await lab.until(run, RUNNING, quick_landed=True)
            async with running_worker(settings):
                gone = time.time()
                with getattr(platform, how)():
                    ended = await lab.until(run, *ENDED)
            await asyncio.sleep(2)
            assert cut_off.returncode is None, "it lives on, and takes runs again"
            assert await lab.get(run) == ended
    assert (ended.state, ended.attempt) == (pipelines_pb2.RUN_STATE_SUCCEEDED, 2), ended
    assert resumed_after(ended, gone) < NOTICED_SECONDS + PATIENCE
    assert await lab.landed() == (ROWS, ROWS)


@pytest.mark.usefixtures("worker")
async def test_a_stopped_run_is_cancelled_and_publishes_nothing(lab: Lab) -> None:
    run = await lab.start()
    await lab.until(run, RUNNING, quick_landed=True)
    assert (await lab.stop()).state == pipelines_pb2.RUN_STATE_STOPPING
    async with asyncio.timeout(2 + PATIENCE):
        ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_CANCELLED
    with pytest.raises(asyncpg.UndefinedTableError):
        await lab.landed()
    again = await lab.start()
    assert (await lab.until(again, *ENDED)).state == pipelines_pb2.RUN_STATE_SUCCEEDED
    assert await lab.landed() == (ROWS, ROWS)


@pytest.mark.usefixtures("worker")
async def test_a_run_that_takes_longer_than_it_may_fails_with_words_and_publishes_nothing(lab: Lab) -> None:
    timeout = pipelines_pb2.UpdatePipelineRequest(pipeline_id=lab.pipeline_id, timeout=Duration(seconds=1))
    await lab.stub.UpdatePipeline(timeout, metadata=lab.metadata)
    ended = await lab.until(await lab.start(), *ENDED)
    assert (ended.state, ended.attempt) == (pipelines_pb2.RUN_STATE_FAILED, 1), "it is not tried again"
    assert (ended.failure.code, ended.failure.type) == ("timed_out", pipelines_pb2.FAILURE_TYPE_CONFIG)
    assert "longer timeout" in ended.failure.advice
    with pytest.raises(asyncpg.UndefinedTableError):
        await lab.landed()


async def test_a_queued_run_that_is_stopped_never_runs(lab: Lab, settings: Settings) -> None:
    run = await lab.start()
    assert (await lab.stop()).state == pipelines_pb2.RUN_STATE_CANCELLED
    again = await lab.start()
    async with running_worker(settings):
        await lab.until(again, *ENDED)
    stopped = await lab.get(run)
    assert (stopped.state, stopped.attempt) == (pipelines_pb2.RUN_STATE_CANCELLED, 0)


@pytest.mark.usefixtures("worker")
async def test_43_lost_database_connections_do_not_end_a_run(lab: Lab) -> None:
    run = await lab.start()
    await lab.until(run, RUNNING, quick_landed=True)
    connection = await asyncpg.connect(lab.database_url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED, ended
    assert await lab.landed() == (ROWS, ROWS)


async def test_37_a_worker_that_is_asked_to_end_hands_its_run_over(lab: Lab, settings: Settings) -> None:
    async with running_worker(settings) as first:
        run = await lab.start()
        await lab.until(run, RUNNING, quick_landed=True)
        async with running_worker(settings):
            begun = time.monotonic()
            first.terminate()
            assert await asyncio.wait_for(first.wait(), BOUND) == 0
            handed_over = time.monotonic() - begun
            ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED, ended
    assert ended.attempt == 2
    assert handed_over < 2 + PATIENCE, "the promise, and what a busy machine may add"
    assert await lab.landed() == (ROWS, ROWS)


async def test_37_a_second_signal_ends_a_worker_at_once(lab: Lab, settings: Settings) -> None:
    async with running_worker(settings) as worker:
        run = await lab.start()
        await lab.until(run, RUNNING, quick_landed=True)
        worker.terminate()
        worker.terminate()
        assert await asyncio.wait_for(worker.wait(), 2 + PATIENCE) in {1, 0}
        async with running_worker(settings):
            ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED, ended
