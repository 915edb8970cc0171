"""35: a worker is killed at every point of a run. Another one goes on, and nothing is lost, doubled or invented.

One worker carries many runs, each of which waits at a point of its own: one kill ends them all.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from server.settings import Settings
from tests.conftest import EXECUTORS, running_worker
from tests.faults.lines import ENDED, Line, Lines, silent_for_long
from tests.faults.points import MODES, POINTS, hold

pytestmark = pytest.mark.timeout(300)

REACHED_SECONDS = 60


async def test_35_a_worker_that_is_killed_at_any_point_loses_and_doubles_nothing(
    lines: Lines, settings: Settings, chance: random.Random, chaos: bool
) -> None:
    many = settings.model_copy(update={"worker_concurrency": 60})
    made: list[tuple[str, Line]] = []
    for number, point in enumerate(POINTS):
        for other, (name, mode) in enumerate(MODES.items()):
            # By turns, so that every point, mode and lane is there; all of them in all rounds together are too many.
            lanes = ("raw", "arrow") if chaos else (("raw", "arrow")[number % 2],) if other == number % 3 else ()
            for lane in lanes:
                line = await lines.line(
                    f"{point}_{name}_{lane}", mode, chance.randint(2500, 4000), arrow=lane == "arrow"
                )
                made.append((point, line))
    async with running_worker(many) as victim:
        for _, line in made:
            await line.start()
        for _, line in made:
            await line.succeeds()
        held = []
        for number, (point, line) in enumerate(made, 100):
            row = await line.ledger.write(chance.randint(3000, 5000), chance.randint(1, 900))
            held.append(await hold(line, point, row, number))
        for one in held:
            await one.line.start()
        for one in held:
            async with asyncio.timeout(REACHED_SECONDS):
                await one.reached()
        victim.kill()
        await victim.wait()
        await silent_for_long(lines.database_url, [EXECUTORS[victim.pid]])
    for one in held:
        await one.release()
        if chance.random() < 0.3:
            await one.line.ledger.write(chance.randint(1, 50), chance.randint(0, 50))
    async with running_worker(many):
        for one in held:
            run = await one.line.succeeds()
            assert run.attempt == 2, f"{one.line.ledger.name}: {run}"
            assert [attempt["outcome"] for attempt in await one.line.attempts()] == ["lost", "succeeded"]
        # Once more, for what was written behind the back of the run that was killed.
        for _, line in made:
            await line.ledger.write(chance.randint(1, 50), chance.randint(0, 50))
            await line.start()
        for _, line in made:
            assert (await line.succeeds()).attempt == 1
    await lines.check()


@pytest.mark.chaos
async def test_35_attempts_that_are_killed_one_after_the_other_lose_and_double_nothing(
    lines: Lines, settings: Settings, chance: random.Random
) -> None:
    """Every attempt but the last is killed, each at a point of its own; also in the run that makes the table."""
    line = await lines.line("again", chance.choice(list(MODES.values())), 4000, arrow=chance.random() < 0.5)
    points = chance.sample([point for point in POINTS if point != "commit"], 3)
    for number, point in enumerate(points):
        held = await hold(line, point, 2000, 100 + number)
        async with running_worker(settings) as victim:
            if not number:
                await line.start()
            reached: asyncio.Task[Any] = asyncio.create_task(held.reached())  # type: ignore[arg-type]  # any awaitable
            ended = asyncio.create_task(line.until(*ENDED))
            # A point that an earlier attempt has left behind does not come again.
            await asyncio.wait({reached, ended}, return_when=asyncio.FIRST_COMPLETED, timeout=REACHED_SECONDS)
            for task in (reached, ended):
                task.cancel()
            victim.kill()
            await victim.wait()
            await silent_for_long(lines.database_url, [EXECUTORS[victim.pid]])
        await held.release()
    async with running_worker(settings):
        await line.succeeds()
    await line.check()
