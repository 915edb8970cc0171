"""The queue: who gets what next, and what becomes of those whose worker is gone."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from server.ids import new_id
from server.pipelines.model import PLAN_FORMAT, AttemptOutcome, Partition, Run, RunFailure, RunState
from server.scope import Scope
from server.storage.runs import MOST_LOST
from server.storage.session import Database
from server.storage.store import Store

FAILURE = RunFailure("source", "transient", "gone", "It is gone")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    database = Database(database_url, pool_size=10)
    yield Store(database)
    await database.close()


async def queue(url: str, *runs: tuple[UUID, int]) -> list[UUID]:
    """Queues a run for each organization and priority, in this order; each of a pipeline of its own."""
    connection = await asyncpg.connect(url)
    ids = []
    # What the pipelines are does not matter here.
    await connection.execute("ALTER TABLE runs DROP CONSTRAINT IF EXISTS fk_runs_organization_id_pipeline_id")
    for organization in {organization for organization, _ in runs}:
        await connection.execute("INSERT INTO organizations (id, name) VALUES ($1, 'o')", organization)
    for number, (organization, priority) in enumerate(runs):
        ids.append(new_id())
        await connection.execute(
            "INSERT INTO runs (id, organization_id, pipeline_id, trigger, plan, priority, queued_at)"
            " VALUES ($1, $2, $3, 'manual', '{}', $4, now() - interval '1 hour' + $5 * interval '1 second')",
            ids[-1], organization, new_id(), priority, number,
        )  # fmt: skip
    await connection.close()
    return ids


async def claim(store: Store, worker: str = "worker", limit: int = 10) -> Run | None:
    async with store.begin(Scope.everything()) as tx:
        return await tx.queue.claim_run(worker, limit)


async def claimed(store: Store, limit: int = 10) -> list[UUID]:
    found = []
    while run := await claim(store, limit=limit):
        found.append(run.id)
    return found


async def test_the_highest_priority_first_then_the_order_of_queueing(store: Store, database_url: str) -> None:
    one = new_id()
    ids = await queue(database_url, (one, 2), (one, 3), (one, 1), (one, 2), (one, 1))
    assert await claimed(store) == [ids[2], ids[4], ids[0], ids[3], ids[1]]


async def test_eight_workers_at_once_never_exceed_an_organization_s_limit(store: Store, database_url: str) -> None:
    full, other = new_id(), new_id()
    await queue(database_url, *[(full, 1)] * 12, *[(other, 3)] * 2)
    found = [run for run in await asyncio.gather(*(claim(store, f"w{n}", 3) for n in range(8))) if run]
    found += [run for run in await asyncio.gather(*(claim(store, f"w{n}", 3) for n in range(8))) if run]
    organizations = [run.organization_id for run in found]
    assert (organizations.count(full), organizations.count(other)) == (3, 2), "others don't wait behind a full one"
    assert len({run.id for run in found}) == 5
    async with store.begin(Scope.everything()) as tx:
        await tx.runs.finish(next(run for run in found if run.organization_id == full), RunState.SUCCEEDED, [], None)
    assert len(await claimed(store, 3)) == 1


async def test_eight_workers_at_once_never_exceed_the_limit_of_partitions(store: Store, database_url: str) -> None:
    await queue(database_url, (new_id(), 2), (new_id(), 2))
    runs = [await claim(store, f"owner {number}") for number in range(2)]
    async with store.begin(Scope.everything()) as tx:
        for run in runs:
            assert run
            await tx.queue.offer(run, "public.orders", {number: {"part": number} for number in range(12)})
        # What the runs' own workers do counts for their runs, not for the help.
        for run in runs:
            assert run
            assert await tx.queue.take_partition(run, "public.orders", run.executor_id or "")

    async def helped(worker: str) -> Partition | None:
        async with store.begin(Scope.everything()) as tx:
            return await tx.queue.claim_partition(worker, 3)

    taken = [part for _ in range(2) for part in await asyncio.gather(*(helped(f"w{n}") for n in range(8))) if part]
    assert sorted(Counter(part.organization_id for part in taken).values()) == [3, 3]
    assert len({(part.run_id, part.number) for part in taken}) == 6
    async with store.begin(Scope.everything()) as tx:
        assert await tx.queue.end_partition(taken[0], {"rows": 1}, None)
    again = await helped("w0")
    assert again
    assert again.organization_id == taken[0].organization_id
    assert await helped("w1") is None


async def test_a_plan_of_a_later_release_is_left_to_its_workers(store: Store, database_url: str) -> None:
    later, today = await queue(database_url, (new_id(), 1), (new_id(), 2))
    connection = await asyncpg.connect(database_url)
    for run, number in ((later, PLAN_FORMAT + 1), (today, PLAN_FORMAT)):
        await connection.execute("UPDATE runs SET plan = $2::jsonb WHERE id = $1", run, json.dumps({"format": number}))
    await connection.close()
    assert await claimed(store) == [today]


async def test_a_failed_attempt_waits_for_its_time(store: Store, database_url: str) -> None:
    await queue(database_url, (new_id(), 2))
    run = await claim(store)
    assert run
    async with store.begin(Scope.everything()) as tx:
        waiting = await tx.runs.put_back(run, AttemptOutcome.FAILED, [], FAILURE, timedelta(seconds=30))
    assert waiting
    assert (waiting.state, waiting.executor_id, waiting.attempts[0].outcome) == (
        RunState.QUEUED, None, AttemptOutcome.FAILED,
    )  # fmt: skip
    assert waiting.attempts[0].failure == FAILURE
    assert await claim(store) is None
    async with store.begin(Scope.everything()) as tx:
        assert 25 < (await tx.queue.seconds_until_next() or 0) <= 30


async def test_what_was_taken_from_a_worker_is_no_longer_its_own(store: Store, database_url: str) -> None:
    await queue(database_url, (new_id(), 2))
    lost = await claim(store, "dead")
    assert lost
    async with store.begin(Scope.everything()) as tx:
        (queued,) = await tx.runs.take_from(["dead"])
    assert (queued.state, queued.attempts[0].outcome) == (RunState.QUEUED, AttemptOutcome.LOST)
    for by in (None, "alive"):
        again = await claim(store, by) if by else None
        async with store.begin(Scope.everything()) as tx:
            assert await tx.runs.report(lost, []) is None
            assert await tx.runs.finish(lost, RunState.SUCCEEDED, [], None) is None
            assert await tx.runs.put_back(lost, AttemptOutcome.HANDED_OVER, []) is None
            current = await tx.runs.get(lost.id)
        assert current.executor_id == by
        assert (again is not None) == (by is not None)


async def test_a_run_that_kills_its_workers_ends(store: Store, database_url: str) -> None:
    (key,) = await queue(database_url, (new_id(), 2))
    for number in range(MOST_LOST):
        assert await claim(store, f"w{number}")
        async with store.begin(Scope.everything()) as tx:
            await tx.runs.take_from([f"w{number}"])
    async with store.begin(Scope.everything()) as tx:
        ended = await tx.runs.get(key)
    assert (ended.state, ended.failure and ended.failure.code) == (RunState.FAILED, "worker_lost")


async def test_a_run_that_was_to_stop_ends_with_its_worker(store: Store, database_url: str) -> None:
    await queue(database_url, (new_id(), 2))
    run = await claim(store, "dead")
    assert run
    async with store.begin(Scope.everything()) as tx:
        assert (await tx.runs.stop(run)).state is RunState.STOPPING
        assert await tx.runs.put_back(run, AttemptOutcome.FAILED, [], FAILURE) is None, "what is to stop is not queued"
        (ended,) = await tx.runs.take_from(["dead"])
    assert ended.state is RunState.CANCELLED
