"""What runs by itself runs once: by several schedulers, across restarts, as the catch-up policy says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from server.clock import now
from server.pipelines import runs as new_runs
from server.pipelines.model import CatchUp, Pipeline, Run, RunState, RunTrigger, Schedule
from server.runs import scheduler as module
from server.runs.scheduler import Scheduler
from server.scope import Scope
from server.storage.session import Database
from server.storage.store import Store
from tests.schedules.conftest import NewScheduler
from tests.schedules.yard import HOUR, Yard, following, hourly

BOUND = 60.0
MINUTE = timedelta(minutes=1)


async def until(true: Callable[[], Awaitable[Any]]) -> Any:
    """Waits for something to become true, at most a minute."""
    async with asyncio.timeout(BOUND):
        while not (found := await true()):  # noqa: ASYNC110 - it looks at the database
            await asyncio.sleep(0.02)
    return found


@asynccontextmanager
async def running(*schedulers: Scheduler) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(scheduler.run()) for scheduler in schedulers]
    try:
        yield
    finally:
        for task in tasks:
            assert not task.done(), task
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def end_all(yard: Yard) -> None:
    while True:
        if await yard.end_one() is None:
            await asyncio.sleep(0.005)


async def assert_each_once(yard: Yard, pipelines: list[Pipeline], missed: int) -> None:
    for pipeline in pipelines:
        assert pipeline.schedule
        assert pipeline.next_run_at
        assert await yard.times(pipeline) == following(pipeline.schedule, pipeline.next_run_at, missed)


async def test_several_schedulers_start_every_time_once_and_in_order(yard: Yard, new_scheduler: NewScheduler) -> None:
    other = await Yard.laid(yard.store, yard.connection)
    missed = 4
    schedule = hourly(catch_up=CatchUp.ALL)
    pipelines = [await place.pipeline(schedule, (missed - 0.5) * HOUR) for _ in range(8) for place in (yard, other)]
    ending = [asyncio.create_task(end_all(yard)) for _ in range(2)]

    async def all_ended() -> bool:
        waiting = "SELECT count(*) FROM pipelines WHERE next_run_at < now()"
        in_flight = "SELECT count(*) FROM runs WHERE state <> 'succeeded'"
        return not await yard.connection.fetchval(waiting) and not await yard.connection.fetchval(in_flight)

    async with running(*[await new_scheduler() for _ in range(4)]):
        await until(all_ended)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
    await assert_each_once(yard, pipelines, missed)


async def test_schedulers_that_die_at_any_moment_lose_and_double_nothing(
    yard: Yard, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 3)
    pipelines = [await yard.pipeline(hourly(), MINUTE) for _ in range(12)]
    asked, last = 0, 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1
        if asked == last:
            dying.cancel()

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    # Each dies a statement later than the one before, until one lives to its end.
    while True:
        asked, last = 0, last + 1
        dying = asyncio.create_task(Scheduler(Store(database), None).start_due())  # type: ignore[arg-type]  # as below
        await asyncio.wait({dying})
        if not dying.cancelled():
            break
    assert last > 20
    event.remove(database.engine.sync_engine, "before_cursor_execute", count)
    await assert_each_once(yard, pipelines, 1)


@pytest.mark.parametrize(
    ("catch_up", "missed", "started"),
    [
        (CatchUp.SKIP, 5.5 * HOUR, []),
        (CatchUp.SKIP, timedelta(seconds=5), [0]),
        (CatchUp.ONE, 5.5 * HOUR, [0]),
        (CatchUp.ALL, 2.5 * HOUR, [0, 1, 2]),
    ],
)
async def test_missed_times_are_caught_up_with_as_the_policy_says(
    yard: Yard, new_scheduler: NewScheduler, catch_up: CatchUp, missed: timedelta, started: list[int]
) -> None:
    scheduler = await new_scheduler()
    pipeline = await yard.pipeline(hourly(catch_up=catch_up), missed)
    assert pipeline.schedule
    assert pipeline.next_run_at
    for _ in range(len(started) + 2):
        await scheduler.start_due()
        await yard.end_one()
    times = following(pipeline.schedule, pipeline.next_run_at, 10)
    assert await yard.times(pipeline) == [times[number] for number in started]
    runs = await yard.runs(pipeline)
    assert {run.trigger for run in runs} <= {RunTrigger.SCHEDULE}
    following_time = (await yard.get(pipeline)).next_run_at
    assert following_time
    assert following_time in times
    assert timedelta() < following_time - now() <= HOUR


@pytest.mark.parametrize(("catch_up", "later"), [(CatchUp.SKIP, 0), (CatchUp.ONE, 1), (CatchUp.ALL, 3)])
async def test_times_that_come_while_a_run_is_in_flight(
    yard: Yard, new_scheduler: NewScheduler, monkeypatch: pytest.MonkeyPatch, catch_up: CatchUp, later: int
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", BOUND)  # only what is told wakes it
    pipeline = await yard.pipeline(hourly(catch_up=catch_up), 2.5 * HOUR)
    run = await yard.started_by_hand(pipeline)
    scheduler = await new_scheduler()
    await scheduler.start_due()
    assert [run.id for run in await yard.runs(pipeline)] == [run.id], "one at a time"
    async with running(scheduler):
        for number in range(later + 1):
            await until(lambda: yard.end_one(pipeline=pipeline))
            expected = min(number + 2, later + 1)
            found = await until(lambda expected=expected: _at_least(yard, pipeline, expected))  # type: ignore[misc]
            assert len(found) == expected
    assert len(await yard.runs(pipeline)) == later + 1


async def _at_least(yard: Yard, pipeline: Pipeline, count: int) -> list[Run]:
    runs = await yard.runs(pipeline)
    return runs if len(runs) >= count else []


async def test_a_paused_pipeline_starts_nothing_until_it_goes_on(yard: Yard, new_scheduler: NewScheduler) -> None:
    scheduler = await new_scheduler()
    wanted = {"trigger": "pipeline", "occurrence": "after x"}
    pipeline = await yard.pipeline(hourly(), 5 * HOUR, paused=True, wanted=wanted)
    await scheduler.start_due()
    assert not await yard.runs(pipeline)
    await yard.connection.execute("UPDATE pipelines SET paused = false")
    for _ in range(3):
        await scheduler.start_due()
        await yard.end_one()
    assert [run.trigger for run in await yard.runs(pipeline)] == [RunTrigger.PIPELINE, RunTrigger.SCHEDULE]


async def test_the_same_time_never_gets_two_runs(yard: Yard, new_scheduler: NewScheduler) -> None:
    scheduler = await new_scheduler()
    pipeline = await yard.pipeline(hourly(), MINUTE)
    for _ in range(3):
        await scheduler.start_due()
        await yard.end_one()
        await yard.connection.execute("UPDATE pipelines SET next_run_at = $1", pipeline.next_run_at)
    assert await yard.times(pipeline) == [pipeline.next_run_at]


@pytest.mark.parametrize(
    ("state", "also_failed", "starts"),
    [
        (RunState.SUCCEEDED, False, True),
        (RunState.FAILED, False, False),
        (RunState.FAILED, True, True),
        (RunState.CANCELLED, True, False),
    ],
)
async def test_a_pipeline_follows_another(
    yard: Yard, new_scheduler: NewScheduler, state: RunState, also_failed: bool, starts: bool
) -> None:
    scheduler = await new_scheduler()
    leader = await yard.pipeline()
    follower = await yard.pipeline(Schedule(after_pipeline_id=str(leader.id), also_failed=also_failed))
    run = await yard.started_by_hand(leader)
    await yard.end_one(state)
    await scheduler.start_due()
    await scheduler.start_due()
    found = [(run.trigger, run.occurrence) for run in await yard.runs(follower)]
    assert found == ([(RunTrigger.PIPELINE, f"after {run.id}")] if starts else [])


async def test_a_chain_runs_through_by_what_is_told_alone(
    yard: Yard, new_scheduler: NewScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", BOUND)
    chain = [await yard.pipeline()]
    for _ in range(3):
        chain.append(await yard.pipeline(Schedule(after_pipeline_id=str(chain[-1].id))))
    async with running(await new_scheduler(), await new_scheduler()):
        for _ in range(2):
            await yard.started_by_hand(chain[0])
            for pipeline in chain:
                await until(lambda pipeline=pipeline: yard.end_one(pipeline=pipeline))  # type: ignore[misc]
    assert [len(await yard.runs(pipeline)) for pipeline in chain] == [2, 2, 2, 2]


async def test_runs_that_end_while_the_follower_runs_are_one_run_after_it(
    yard: Yard, new_scheduler: NewScheduler
) -> None:
    scheduler = await new_scheduler()
    leader = await yard.pipeline()
    follower = await yard.pipeline(Schedule(after_pipeline_id=str(leader.id)))
    await yard.started_by_hand(follower)
    for _ in range(3):
        last = await yard.started_by_hand(leader)
        await yard.end_one(pipeline=leader)
        await scheduler.start_due()
    assert len(await yard.runs(follower)) == 1
    await yard.end_one(pipeline=follower)
    for _ in range(2):
        await scheduler.start_due()
        await yard.end_one(pipeline=follower)
    assert [run.occurrence for run in await yard.runs(follower)] == [None, f"after {last.id}"]


async def test_ends_of_runs_and_schedulers_do_not_wait_for_each_other(yard: Yard, new_scheduler: NewScheduler) -> None:
    """Each locks pipelines and the order of changes; in different orders, PostgreSQL would end one of them."""
    leaders = [await yard.pipeline() for _ in range(6)]
    for leader in leaders:
        for _ in range(4):
            await yard.pipeline(replace(hourly(), interval_seconds=0, after_pipeline_id=str(leader.id)), MINUTE)
    everyone = [await new_scheduler() for _ in range(2)]
    wanted = "UPDATE pipelines SET wanted = jsonb_build_object('trigger', 'webhook', 'occurrence', $1::text)"
    for number in range(5):
        await yard.connection.execute(wanted, f"webhook {number}")
        runs = [await yard.started_by_hand(leader) for leader in leaders]
        async with yard.store.begin(Scope.everything()) as tx:
            taken = [await tx.runs.take_up(run.id, "yard") for run in runs]
        await asyncio.gather(*(yard.end(run) for run in taken if run), *(one.start_due() for one in everyone))
        while await yard.end_one():
            pass


async def test_a_pipeline_that_cannot_start_does_not_stop_the_others(
    yard: Yard, new_scheduler: NewScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    broken = [await yard.pipeline(Schedule(cron="0 0 * * *", time_zone="Mars/Olympus"), 2 * HOUR) for _ in range(3)]
    good = [await yard.pipeline(hourly(), MINUTE) for _ in range(3)]
    await (await new_scheduler()).start_due()
    assert [len(await yard.runs(pipeline)) for pipeline in [*broken, *good]] == [0, 0, 0, 1, 1, 1]
    # Nothing is lost: it starts when what was wrong with it is set right.
    await yard.connection.execute("UPDATE pipelines SET schedule = jsonb_set(schedule, '{time_zone}', '\"UTC\"')")
    await (await new_scheduler()).start_due()
    assert [await yard.times(pipeline) for pipeline in broken] == [[pipeline.next_run_at] for pipeline in broken]


async def test_the_clock_of_the_worker_does_not_matter(
    yard: Yard, new_scheduler: NewScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_runs, "now", lambda: now() + 10 * MINUTE)
    soon = await yard.pipeline(hourly(), -5 * MINUTE)
    due = await yard.pipeline(hourly(), timedelta())
    await (await new_scheduler()).start_due()
    assert not await yard.runs(soon)
    assert await yard.end_one(), "it can be taken up at once"
    later = await yard.started_by_hand(due)
    async with yard.store.begin(Scope.everything()) as tx:
        assert (await tx.runs.newest([due.id]))[due.id].id == later.id, "ids are in the order of the database's time"


async def test_an_idle_scheduler_asks_less_than_once_a_second(yard: Yard, database: Database) -> None:
    await yard.pipeline(hourly(), -HOUR)
    more = """
        INSERT INTO pipelines (id, organization_id, name, source_id, destination_id, schedule, next_run_at)
        SELECT gen_random_uuid(), organization_id, n, source_id, destination_id, schedule,
               next_run_at + n * interval '1s'
          FROM pipelines, generate_series(1, 999) AS n"""
    await yard.connection.execute(more)
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda _c, _k, text, *_: asked.append(text))
    wait = await Scheduler(Store(database), None).start_due()  # type: ignore[arg-type]  # it waits for nobody
    assert (len(asked) + len(["BEGIN", "COMMIT"])) / wait <= 1.0, asked


async def test_a_schedule_sleeps_until_its_time(yard: Yard, new_scheduler: NewScheduler) -> None:
    scheduler = await new_scheduler()
    assert await scheduler.start_due() == module.POLL_SECONDS
    pipeline = await yard.pipeline(hourly(), timedelta(seconds=-1))
    assert 0 < await scheduler.start_due() <= 1
    async with running(scheduler):
        runs = await until(lambda: yard.runs(pipeline))
    assert runs[0].queued_at >= pipeline.next_run_at
