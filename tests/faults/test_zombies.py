"""36: a worker is frozen past its lease, and wakes up. What it then still does to its runs changes nothing."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from typing import Any

import asyncpg
import pytest

from server.settings import Settings
from tests.conftest import EXECUTORS, running_worker
from tests.faults.ledger import MERGE
from tests.faults.lines import RUNNING, Lines, gated, silent_for_long
from tests.faults.points import MODES, POINTS, hold

pytestmark = pytest.mark.timeout(300)

REACHED_SECONDS = 60
LETS_GO_SECONDS = 5  # after which a server ends a transaction that does nothing
SLACK = 15  # what a busy machine adds


async def everything(lines: Lines) -> dict[str, Any]:
    """All that a worker writes: what has landed, and what the platform knows of runs."""
    told: dict[str, Any] = {}
    tables = ["_thedata_checkpoints", "_thedata_chunks", *(line.ledger.name for line in lines.made)]
    for url, names in (
        (lines.destination_url, tables),
        (lines.database_url, ["runs", "checkpoints", "stream_receipts", "run_logs", "run_partitions"]),
    ):
        connection = await asyncpg.connect(url)
        try:
            for name in names:
                told[name] = await connection.fetch(f"SELECT md5(t::text) AS row FROM {name} t ORDER BY 1")
        finally:
            await connection.close()
    return told


async def test_36_a_worker_that_wakes_up_after_its_lease_changes_nothing(
    lines: Lines, settings: Settings, chance: random.Random, chaos: bool
) -> None:
    many = settings.model_copy(update={"worker_concurrency": 40})
    made = [
        (point, await lines.line(f"{point}_{name}", MODES[name], 3000, arrow=chance.random() < 0.5))
        for number, point in enumerate(POINTS)
        for name in (MODES if chaos else [list(MODES)[number % 3]])
    ]
    async with running_worker(many) as zombie:
        for _, line in made:
            await line.start()
        for _, line in made:
            await line.succeeds()
        held = []
        for number, (point, line) in enumerate(made, 100):
            row = await line.ledger.write(4000, 300)
            held.append(await hold(line, point, row, number))
        for one in held:
            await one.line.start()
        for one in held:
            async with asyncio.timeout(REACHED_SECONDS):
                await one.reached()
        os.kill(zombie.pid, signal.SIGSTOP)
        try:
            await silent_for_long(lines.database_url, [EXECUTORS[zombie.pid]])
            for one in held:
                # What the frozen worker's statements wait for at the platform comes, but nobody goes on from there.
                if one.point in {"checkpoint", "status", "commit"}:
                    await one.release()
            async with running_worker(many):
                for one in held:
                    run = await one.line.succeeds()
                    assert [a["outcome"] for a in await one.line.attempts()] == ["lost", "succeeded"], run
                before = await everything(lines)
                os.kill(zombie.pid, signal.SIGCONT)
                for one in held:
                    await one.release()
                await asyncio.sleep(2)
                zombie.terminate()
                assert await asyncio.wait_for(zombie.wait(), SLACK) == 0
                assert await everything(lines) == before
                for _, line in made:
                    await line.ledger.write(50, 20)
                    await line.start()
                for _, line in made:
                    await line.succeeds()
        finally:
            if zombie.returncode is None:
                os.kill(zombie.pid, signal.SIGCONT)
    await lines.check()


async def test_36_a_worker_that_freezes_while_it_claims_does_not_keep_others_from_claiming(
    lines: Lines, settings: Settings
) -> None:
    line, other = await lines.line("ours", MERGE, 100), await lines.line("others", MERGE, 100)
    news = f"NEW.pipeline_id = '{line.pipeline_id}' AND NEW.state = 'running' AND OLD.state = 'queued'"
    gate = await gated(lines.database_url, "runs", "UPDATE", news, 100)
    async with running_worker(settings) as zombie:
        await line.start()
        await asyncio.wait_for(gate.reached(), SLACK)
        os.kill(zombie.pid, signal.SIGSTOP)
        try:
            # It holds the lock that makes claims one at a time, and is in no statement.
            await gate.open()
            await other.start()
            begun = time.monotonic()
            async with running_worker(settings):
                for one in (line, other):
                    assert (await one.succeeds()).attempt == 1
            assert time.monotonic() - begun < LETS_GO_SECONDS + SLACK
        finally:
            os.kill(zombie.pid, signal.SIGCONT)
    await lines.check()


async def test_36_a_worker_that_freezes_in_its_last_report_does_not_take_the_next_one_along(
    lines: Lines, settings: Settings
) -> None:
    line, other = await lines.line("ours", MERGE, 100), await lines.line("others", MERGE, 4000)
    for one in (line, other):
        async with running_worker(settings):
            await one.start()
            await one.succeeds()
    gate = await hold(line, "status", 0, 100)
    async with running_worker(settings) as zombie:
        await line.start()
        await asyncio.wait_for(gate.reached(), SLACK)
        os.kill(zombie.pid, signal.SIGSTOP)
        try:
            await silent_for_long(lines.database_url, [EXECUTORS[zombie.pid]])
            row = await other.ledger.write(4000)
            slow = await hold(other, "batch", row, 101)
            async with running_worker(settings) as living:
                await other.start()
                await asyncio.wait_for(slow.reached(), SLACK)
                # The living one takes over as soon as it gets the row's lock, and lives on while it waits for it.
                async with running_worker(settings):
                    await asyncio.sleep(10)
                    assert (await other.run()).state == RUNNING
                    assert (await other.run()).attempt == 1, "a worker that waits to take over is not dead"
                    await gate.release()
                    await line.succeeds()
                    await slow.release()
                    assert (await other.succeeds()).attempt == 1
                assert living.returncode is None
        finally:
            os.kill(zombie.pid, signal.SIGCONT)
    await lines.check()
