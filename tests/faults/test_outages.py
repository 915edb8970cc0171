"""38, 43, 44: networks and servers that fail in every way that they do. A run waits, tries again, and lands once."""

from __future__ import annotations

import asyncio
import random
import time

import asyncpg
import pytest
from pydantic import SecretStr

from server.settings import Settings
from tests.conftest import running_worker
from tests.faults.ledger import APPEND, MERGE, OVERWRITE
from tests.faults.lines import ENDED, Lines
from tests.faults.points import MODES, PUBLISHING
from tests.servers.fault_proxy import FaultProxy, Side

pytestmark = pytest.mark.timeout(300)

REACHED_SECONDS = 60
BATCH_OF_ROWS = b"row 2000."


async def landed_once(lines: Lines) -> None:
    """Runs every line once more, with a little to do, and checks it."""
    for line in lines.made:
        await line.ledger.write(20, 20)
        await line.start()
    for line in lines.made:
        await line.succeeds()
    await lines.check()


async def test_38_a_destination_that_is_down_for_a_while(lines: Lines, settings: Settings, chaos: bool) -> None:
    made = [await lines.line(name, mode, 5000, attempts=20, backoff=1.0) for name, mode in MODES.items()]
    async with running_worker(settings):
        reached = [line.destination.hold(BATCH_OF_ROWS) for line in made]
        for line in made:
            await line.start()
        for rule in reached:
            await asyncio.wait_for(rule.reached.wait(), REACHED_SECONDS)
        for line in made:
            line.destination.down = True
            line.destination.reset()
        await asyncio.sleep(60 if chaos else 3)
        assert {(await line.run()).state in ENDED for line in made} == {False}
        for line in made:
            line.destination.down = False
        for line in made:
            assert (await line.succeeds()).attempt > 1
        await landed_once(lines)


async def test_38_a_fifth_of_all_connections_breaks(lines: Lines, settings: Settings, chance: random.Random) -> None:
    made = [await lines.line(name, mode, 4000, seed=chance.randrange(1000)) for name, mode in MODES.items()]
    async with running_worker(settings):
        for _ in range(2):
            for line in made:
                line.source.reset_share = line.destination.reset_share = 0.2
                await line.ledger.write(1000, 300)
                await line.start()
            for line in made:
                await line.succeeds()
        assert any(line.source.resets + line.destination.resets for line in made), "nothing broke"
        for line in made:
            line.source.reset_share = line.destination.reset_share = 0.0
        await landed_once(lines)


async def test_38_answers_come_late(lines: Lines, settings: Settings, chaos: bool) -> None:
    """Nothing is wrong with that: no attempt is lost by it."""
    made = [await lines.line(name, mode, 4000) for name, mode in MODES.items()]
    async with running_worker(settings):
        rules = [line.destination.hold(BATCH_OF_ROWS) for line in made]
        for line in made:
            await line.start()
        for line, rule in zip(made, rules, strict=True):
            await asyncio.wait_for(rule.reached.wait(), REACHED_SECONDS)
            line.source.latency = line.destination.latency = 2.5 if chaos else 0.1
            rule.release()
        await asyncio.sleep(20 if chaos else 0)
        for line in made:
            if chaos:
                assert (await line.run()).attempt == 1
                # Else the rest would take minutes: each statement is a round of 5 seconds.
                line.source.latency = line.destination.latency = 0.0
            assert (await line.succeeds(120)).attempt == 1
            line.source.latency = line.destination.latency = 0.0
        await landed_once(lines)


@pytest.mark.chaos
async def test_38_a_destination_that_says_nothing_any_more(lines: Lines, settings: Settings) -> None:
    line = await lines.line("silent", MERGE, 4000, attempts=20, backoff=1.0)
    rule = line.destination.hold(BATCH_OF_ROWS)
    async with running_worker(settings):
        await line.start()
        await asyncio.wait_for(rule.reached.wait(), REACHED_SECONDS)
        line.destination.forget()
        rule.release()
        run = await line.succeeds(bound=90)
        assert run.attempt == 2
        await landed_once(lines)


@pytest.mark.chaos
async def test_38_a_platform_that_says_nothing_any_more_on_old_connections(lines: Lines, settings: Settings) -> None:
    """As after the restart of a firewall: the worker finds that out by itself, and goes on over new ones."""
    line = await lines.line("forgotten", MERGE, 4000)
    async with FaultProxy(*place(lines.database_url)) as platform:
        through = settings.model_copy(update={"database_url": SecretStr(platform.url(lines.database_url))})
        rule = line.destination.hold(BATCH_OF_ROWS)
        async with running_worker(through):
            await line.start()
            await asyncio.wait_for(rule.reached.wait(), REACHED_SECONDS)
            platform.forget()
            rule.release()
            await line.succeeds(bound=120)
            await landed_once(lines)


def place(url: str) -> tuple[str, int]:
    host, _, port = url.rpartition("@")[2].partition("/")[0].partition(":")
    return host, int(port)


async def end_all_sessions(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


async def test_43_all_sessions_are_ended_again_and_again(
    lines: Lines, settings: Settings, chance: random.Random, chaos: bool
) -> None:
    made = [await lines.line(name, mode, 5000) for name, mode in MODES.items()]
    async with running_worker(settings):
        for _ in range(5 if chaos else 1):
            for line in made:
                await line.ledger.write(1000, 300)
                await line.start()
            for _ in range(5):
                await asyncio.sleep(chance.uniform(0.05, 0.5))
                for url in (lines.database_url, lines.source_url, lines.destination_url):
                    await end_all_sessions(url)
            for line in made:
                await line.succeeds()
        await landed_once(lines)


async def test_44_the_answer_to_the_destination_s_commit_is_lost(lines: Lines, settings: Settings) -> None:
    made = [await lines.line(name, mode, 3000, arrow=mode == APPEND) for name, mode in MODES.items()]
    async with running_worker(settings):
        for _ in range(2):  # of the table that is made, and of the one that is changed
            rules = [line.destination.cut(b"COMMIT\0", side=Side.SERVER, since=PUBLISHING) for line in made]
            for line in made:
                await line.ledger.write(500, 200)
                await line.start()
            for line, rule in zip(made, rules, strict=True):
                assert (await line.succeeds()).attempt == 2
                assert rule.reached.is_set()
        await landed_once(lines)


CLAIMED = b"\0\0\0\x07running"  # as a parameter's value, with its length
FINISHED = b"\0\0\0\x09succeeded"


@pytest.mark.parametrize("since", [CLAIMED, pytest.param(FINISHED, marks=pytest.mark.chaos)], ids=["claim", "end"])
async def test_44_the_answer_to_a_commit_of_the_platform_is_lost(
    lines: Lines, settings: Settings, since: bytes
) -> None:
    line = await lines.line("line", APPEND, 3000)
    async with FaultProxy(*place(lines.database_url)) as platform:
        through = settings.model_copy(update={"database_url": SecretStr(platform.url(lines.database_url))})
        rule = platform.cut(b"COMMIT\0", side=Side.SERVER, since=since)
        async with running_worker(through):
            await line.start()
            await line.succeeds(bound=30)
            assert rule.reached.is_set()
            await landed_once(lines)


@pytest.mark.chaos
async def test_44_every_commit_of_the_platform_s_once(lines: Lines, settings: Settings, chance: random.Random) -> None:
    """A worker's connection breaks after every third commit, before anybody hears of it."""
    line = await lines.line("line", OVERWRITE, 3000)
    async with FaultProxy(*place(lines.database_url)) as platform:
        through = settings.model_copy(update={"database_url": SecretStr(platform.url(lines.database_url))})
        async with running_worker(through):
            begun, cuts = time.monotonic(), 0
            await line.start()
            while (await line.run()).state not in ENDED:
                rule = platform.cut(b"COMMIT\0", side=Side.SERVER)
                await asyncio.wait({asyncio.ensure_future(rule.reached.wait())}, timeout=chance.uniform(0.3, 1.0))
                cuts += rule.reached.is_set()
                await asyncio.sleep(chance.uniform(0, 0.3))
                assert time.monotonic() - begun < 60, await line.log()
            await line.succeeds()
            assert cuts > 1
            await landed_once(lines)
