"""A large table that several workers copy together, and what happens when one of them dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import grpc
import pytest
from thedata.v1 import (
    pipelines_pb2,
)

from server.settings import Settings
from server.stack.postgres import EmbeddedPostgres
from tests.conftest import EXECUTORS, running_worker
from tests.faults.test_worker_faults import ENDED, Lab, opened_lab

# Pages of few rows: many ranges of 64 MiB with little to move.
WIDE = 1900
ROWS = 160_000  # about 310 MB, 5 ranges
TABLE = f"CREATE TABLE slow AS SELECT i AS id, repeat('x', {WIDE}) AS filler FROM generate_series(1, {ROWS}) i"
KEY = "ALTER TABLE slow ADD PRIMARY KEY (id)"


@pytest.fixture
async def lab(channel: grpc.aio.Channel, cluster: EmbeddedPostgres, database_url: str) -> AsyncIterator[Lab]:
    async with opened_lab(channel, cluster, database_url, TABLE, KEY) as made:
        yield made


async def partitions(lab: Lab) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(lab.database_url)
    try:
        return await connection.fetch("SELECT number, state, executor_id FROM run_partitions ORDER BY number")
    finally:
        await connection.close()


async def helpers(lab: Lab, run: pipelines_pb2.Run) -> set[str]:
    """The workers that have taken a part of the run, as long as it goes on."""
    async with asyncio.timeout(30):
        while True:
            taken = {row["executor_id"] for row in await partitions(lab) if row["executor_id"]}
            if len(taken) > 1:
                return taken
            assert (await lab.get(run)).state not in ENDED, "the run has ended before anybody helped"
            await asyncio.sleep(0.02)


async def test_two_workers_share_a_large_table(lab: Lab, settings: Settings) -> None:
    sharing = settings.model_copy(update={"share_tables_from_bytes": 1})
    async with running_worker(sharing), running_worker(sharing):
        run = await lab.start()
        assert len(await helpers(lab, run)) == 2
        ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED, ended
    assert ended.attempt == 1
    assert await lab.landed() == (ROWS, ROWS)
    assert await partitions(lab) == [], "what has ended leaves nothing in the queue"


async def test_the_part_of_a_helper_that_dies_is_done_by_another(lab: Lab, settings: Settings) -> None:
    sharing = settings.model_copy(update={"share_tables_from_bytes": 1})
    async with running_worker(sharing) as one, running_worker(sharing) as other:
        run = await lab.start()
        await helpers(lab, run)
        owner = await owner_of(lab, run)
        helper = other if EXECUTORS[one.pid] == owner else one
        helper.kill()
        ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED, ended
    assert ended.attempt == 1, "the run's own worker lives"
    assert await lab.landed() == (ROWS, ROWS)


async def test_a_run_whose_own_worker_dies_keeps_what_the_helpers_have_copied(lab: Lab, settings: Settings) -> None:
    sharing = settings.model_copy(update={"share_tables_from_bytes": 1})
    async with running_worker(sharing) as one, running_worker(sharing) as other:
        run = await lab.start()
        await helpers(lab, run)
        await some_done(lab)
        owner = await owner_of(lab, run)
        (one if EXECUTORS[one.pid] == owner else other).kill()
        ended = await lab.until(run, *ENDED)
    assert ended.state == pipelines_pb2.RUN_STATE_SUCCEEDED, ended
    assert ended.attempt == 2
    assert await lab.landed() == (ROWS, ROWS)
    assert any("An earlier attempt has brought" in message for message in await lab.log(run))


async def some_done(lab: Lab) -> None:
    async with asyncio.timeout(30):
        while True:
            if any(row["state"] == "done" for row in await partitions(lab)):
                return
            await asyncio.sleep(0.02)


async def owner_of(lab: Lab, run: pipelines_pb2.Run) -> str:
    connection = await asyncpg.connect(lab.database_url)
    try:
        return str(await connection.fetchval("SELECT executor_id FROM runs WHERE id = $1", run.id))
    finally:
        await connection.close()
