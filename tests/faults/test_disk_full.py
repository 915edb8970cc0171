"""41: a disk is full. Who it concerns is told so in clear words, nothing is broken, and with new room it goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import grpc
import pytest
from thedata.v1 import pipelines_pb2

from server.runs.log_retention import LogRetention
from server.settings import Settings
from server.stack.postgres import EmbeddedPostgres
from server.storage.store import Store
from tests.conftest import TEMPLATE, running_worker
from tests.faults.ledger import APPEND, MERGE
from tests.faults.lines import Line, Lines
from tests.faults.points import MODES
from tests.servers.small_disk import SmallDisk, small_disk
from tests.storage.test_log_retention import OLD, TODAY, days, store

__all__ = ["store"]

pytestmark = pytest.mark.timeout(300)

REACHED_SECONDS = 60
ROWS = 20_000  # about 5 MB


@pytest.fixture
async def disk(cluster: EmbeddedPostgres) -> AsyncIterator[SmallDisk]:
    """A disk that the platform's database is on."""
    async with small_disk(cluster, 96) as made:
        yield made


@pytest.fixture
async def database_url(cluster: EmbeddedPostgres, disk: SmallDisk) -> AsyncIterator[str]:
    """The platform's database, on a disk of its own."""
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" TABLESPACE {disk.tablespace}')
        yield cluster.dsn(name)
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@pytest.fixture
async def other_disk(cluster: EmbeddedPostgres) -> AsyncIterator[SmallDisk]:
    async with small_disk(cluster, 96) as made:
        yield made


async def test_41_a_destination_s_disk_is_full(other_disk: SmallDisk, lines: Lines, settings: Settings) -> None:
    connection = await asyncpg.connect(lines.destination_url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f'ALTER DATABASE "{name}" SET default_tablespace = {other_disk.tablespace}')
    await connection.close()
    made = [
        await lines.line(name, mode, ROWS, attempts=20, backoff=2.0, arrow=mode == MERGE)
        for name, mode in MODES.items()
    ]
    other_disk.fill()
    async with running_worker(settings):
        for line in made:
            await line.start()
        failures = [await first_failure(line) for line in made]
        for failure in failures:
            assert (failure.code, failure.advice) == ("disk_full", "Make room on the server's disk.")
            assert failure.origin == pipelines_pb2.FAILURE_ORIGIN_DESTINATION
        other_disk.free()
        for line in made:
            assert (await line.succeeds()).attempt > 1
            await line.ledger.write(50, 50)
            await line.start()
        for line in made:
            await line.succeeds()
    await lines.check()


async def test_41_the_platform_s_disk_is_full(disk: SmallDisk, lines: Lines, settings: Settings) -> None:
    line = await lines.line("line", APPEND, ROWS)
    held = line.destination.hold(b"row 2000.")
    refused: grpc.aio.AioRpcError | None = None
    async with running_worker(settings):
        await line.start()
        await asyncio.wait_for(held.reached.wait(), REACHED_SECONDS)
        disk.fill()
        write = pipelines_pb2.RotatePipelineWebhookRequest(pipeline_id=line.pipeline_id)
        begun = time.monotonic()
        while refused is None:  # pages that are there already take some
            assert time.monotonic() - begun < REACHED_SECONDS
            try:
                await line.stub.RotatePipelineWebhook(write, metadata=line.metadata)
            except grpc.aio.AioRpcError as error:
                refused = error
        assert refused.code() is grpc.StatusCode.UNAVAILABLE, refused
        assert (await line.run()).attempt == 1, "what is there is read all the same"
        held.release()
        await asyncio.sleep(2)
        disk.free()
        assert (await line.succeeds()).attempt == 1, "its worker has waited"
        await line.stub.RotatePipelineWebhook(write, metadata=line.metadata)
        await line.ledger.write(50, 50)
        await line.start()
        await line.succeeds()
    await lines.check()


async def test_41_the_disk_of_archived_logs_is_full(store: Store, database_url: str, other_disk: SmallDisk) -> None:
    archive = other_disk.folder / "logs"
    archive.mkdir()
    other_disk.fill()
    retention = LogRetention(store, lambda: 7, str(archive))
    with pytest.raises(OSError, match="No space left"):
        await retention.look()
    assert await days(database_url) == [OLD, TODAY]
    assert list(archive.iterdir()) == []
    other_disk.free()
    assert await retention.look() == [OLD]
    assert [path.name for path in archive.iterdir()] == [f"run-logs-{OLD}.parquet"]


async def first_failure(line: Line) -> pipelines_pb2.Failure:
    """Why the first attempt of the newest run has failed, once it has."""
    async with asyncio.timeout(REACHED_SECONDS):
        while True:
            run = await line.run()
            if run.attempts and run.attempts[0].HasField("failure"):
                return run.attempts[0].failure
            await asyncio.sleep(0.1)
