"""Runs and rows of a day: refused by hand, waiting in the queue, counted in the run's own transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import grpc
import pytest

from server.ids import new_id
from server.limits.model import UNLIMITED, Quotas
from server.pipelines.model import AttemptOutcome, Run, RunState, RunTrigger, StreamRun
from server.pipelines.runs import queued
from server.scope import Scope
from server.storage.store import Store
from tests.auth.people import Person, failure_of, reason, register
from tests.limits.conftest import Operator
from tests.schedules.yard import Yard


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    opened = await asyncpg.connect(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def yard(store: Store, connection: asyncpg.Connection[Any]) -> Yard:
    return await Yard.laid(store, connection)


async def used(yard: Yard) -> tuple[int, int]:
    """Runs and rows of today."""
    async with yard.store.begin(Scope.of(yard.organization_id)) as tx:
        usage = await tx.limits.usage(yard.organization_id)
    return usage.runs, usage.rows


async def claimed(yard: Yard, quotas: Quotas | None) -> Run | None:
    async with yard.store.begin(Scope.everything()) as tx:
        return await tx.queue.claim_run("worker", 1000, quotas)


def quota(yard: Yard, runs: int = UNLIMITED, rows: int = UNLIMITED) -> Quotas:
    return Quotas(UNLIMITED, UNLIMITED, {yard.organization_id: (runs, rows)})


def landed(rows: int) -> list[StreamRun]:
    return [StreamRun("s", "", "t", rows_committed=rows)]


async def test_a_day_s_runs_and_rows_are_counted_with_their_progress(yard: Yard) -> None:
    await yard.started_by_hand(await yard.pipeline())
    assert await used(yard) == (0, 0)
    run = await claimed(yard, None)
    assert run is not None
    assert await used(yard) == (1, 0)
    async with yard.store.begin(Scope.of(run.organization_id)) as tx:
        await tx.runs.report(run, landed(100))
        await tx.runs.report(run, landed(250))
    assert await used(yard) == (1, 250)
    # Another attempt begins anew: its rows are the same rows, and it is the same run.
    async with yard.store.begin(Scope.of(run.organization_id)) as tx:
        await tx.runs.put_back(run, AttemptOutcome.FAILED, landed(250))
    again = await claimed(yard, None)
    assert again is not None
    async with yard.store.begin(Scope.of(run.organization_id)) as tx:
        await tx.runs.report(again, landed(0))
        await tx.runs.finish(again, RunState.SUCCEEDED, landed(300), None)
    assert await used(yard) == (1, 300)


async def test_progress_that_is_not_kept_is_not_counted(yard: Yard) -> None:
    await yard.started_by_hand(await yard.pipeline())
    run = await claimed(yard, None)
    assert run is not None

    async def undone() -> None:
        async with yard.store.begin(Scope.of(run.organization_id)) as tx:
            await tx.runs.report(run, landed(100))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await undone()
    assert await used(yard) == (1, 0)


async def test_runs_beyond_the_day_s_wait_and_begin_on_the_next_day(
    yard: Yard, connection: asyncpg.Connection[Any]
) -> None:
    first, second = await yard.pipeline(), await yard.pipeline()
    for pipeline in (first, second):
        await yard.started_by_hand(pipeline)
    assert await claimed(yard, quota(yard, runs=1)) is not None
    assert await claimed(yard, quota(yard, runs=1)) is None
    # Others are not held up by it.
    other = await Yard.laid(yard.store, connection)
    await other.started_by_hand(await other.pipeline())
    found = await claimed(yard, quota(yard, runs=1))
    assert found is not None
    assert found.organization_id == other.organization_id
    # What a day has counted is of no account on the next one.
    await connection.execute("UPDATE usage_days SET day = day - 1")
    assert await claimed(yard, quota(yard, runs=1)) is not None


async def test_no_run_begins_when_the_day_s_rows_have_landed_but_those_that_have_begun_go_on(yard: Yard) -> None:
    first, second = await yard.pipeline(), await yard.pipeline()
    for pipeline in (first, second):
        await yard.started_by_hand(pipeline)
    run = await claimed(yard, quota(yard, rows=100))
    assert run is not None
    async with yard.store.begin(Scope.of(run.organization_id)) as tx:
        assert await tx.runs.report(run, landed(100))
        assert await tx.runs.put_back(run, AttemptOutcome.FAILED, landed(100), wait=timedelta())
    again = await claimed(yard, quota(yard, rows=100))
    assert again is not None
    assert again.id == run.id
    assert await claimed(yard, quota(yard, rows=100)) is None
    assert await claimed(yard, quota(yard, rows=101)) is not None


async def test_workers_that_claim_at_once_begin_no_more_than_the_day_s_runs(yard: Yard) -> None:
    for _ in range(6):
        await yard.started_by_hand(await yard.pipeline())
    found = await asyncio.gather(*(claimed(yard, quota(yard, runs=4)) for _ in range(6)))
    assert len([run for run in found if run]) == 4
    assert (await used(yard))[0] == 4


async def pipeline_of(person: Person, name: str) -> str:
    source = await person.new_files(f"from {name}")
    return await person.new_pipeline(name, source, await person.new_postgres(f"to {name}"))


async def test_starting_by_hand_is_refused_until_midnight(
    channel: grpc.aio.Channel, operator: Operator, store: Store
) -> None:
    ann = await register(channel, "ann")
    organization = await ann.organization()
    await operator.set(organization, {"runs_per_day": 1})
    first, second = await pipeline_of(ann, "one"), await pipeline_of(ann, "two")
    await ann.start(first)
    error = await failure_of(ann.start(second))
    assert (error.code(), reason(error)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_REACHED")
    told = {str(key): value for key, value in error.initial_metadata() or ()}
    assert 0 < int(told["retry-after"]) <= 86_400
    # The one that waits is counted once it has begun; and nothing changes for who wants another.
    async with store.begin(Scope.everything()) as tx:
        assert await tx.queue.claim_run("worker", 10)
    assert (await operator.usage(organization)).runs_today == 1
    assert reason(await failure_of(ann.start(second))) == "LIMIT_REACHED"
    await operator.set(organization, {"runs_per_day": 2})
    await ann.start(second)


async def test_what_a_schedule_has_queued_is_not_lost(yard: Yard) -> None:
    pipeline = await yard.pipeline()
    async with yard.store.begin(Scope.everything()) as tx:
        run = await tx.runs.enqueue(queued(new_id(), pipeline, RunTrigger.SCHEDULE, None, occurrence="at some time"))
    assert await claimed(yard, quota(yard, rows=0)) is None
    assert [one.state for one in await yard.runs(pipeline)] == [RunState.QUEUED]
    found = await claimed(yard, None)
    assert found is not None
    assert found.id == run.id
