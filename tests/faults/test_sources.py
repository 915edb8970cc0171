"""39, 40: the source changes under a run: its columns, its table, its keys, and what is committed behind the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest
from thedata.v1 import pipelines_pb2

from server.settings import Settings
from tests.conftest import running_worker
from tests.faults.ledger import APPEND, MERGE, OVERWRITE
from tests.faults.lines import ENDED, SUCCEEDED, Line, Lines

pytestmark = pytest.mark.timeout(300)

FAILED = pipelines_pb2.RUN_STATE_FAILED
REACHED_SECONDS = 60
# What the worker says to the source: before it looks at the tables, and when it has looked and is about to read.
MOMENTS = {"before": b"thedata.io", "amid": b"COPY "}
LAG = 10_000.0  # of the cursor's numbers
MADE = ((MERGE, "merge"), (OVERWRITE, "overwrite"))


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def texts(url: str, table: str) -> dict[int, tuple[int, str]]:
    """What each row says, whatever the type that says it."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            f"SELECT id, seq, said FROM (SELECT id, seq, to_jsonb(t) ->> 'said' AS said FROM {table} t) AS one"
        )
    finally:
        await connection.close()
    return {row["id"]: (row["seq"], row["said"]) for row in rows}


async def changed_under_a_run(lines: Lines, line: Line, moment: str, statements: Sequence[str]) -> pipelines_pb2.Run:
    """Changes the source right before, or right after, the run has looked at it; gives the run as it ends."""
    rule = line.source.hold(MOMENTS[moment])
    await line.start()
    await asyncio.wait_for(rule.reached.wait(), REACHED_SECONDS)
    await execute(lines.source_url, *(statement.format(line.ledger.name) for statement in statements))
    rule.release()
    return await line.until(*ENDED)


SWAP = (
    "CREATE TABLE new_{0} AS TABLE {0}",
    "ALTER TABLE new_{0} ADD PRIMARY KEY (id)",
    "DROP TABLE {0}",
    "ALTER TABLE new_{0} RENAME TO {0}",
)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(["ALTER TABLE {0} ADD COLUMN more text DEFAULT 'x'"], id="added"),
        pytest.param(["ALTER TABLE {0} ALTER COLUMN said TYPE varchar(300) USING said || ''"], id="rewritten"),
        pytest.param(SWAP, id="swapped"),
    ],
)
async def test_39_a_table_that_changes_its_shape_or_its_files_lands_whole(
    lines: Lines, settings: Settings, changes: Sequence[str]
) -> None:
    async with running_worker(settings):
        for moment in MOMENTS:
            for mode, name in MADE:
                line = await lines.line(f"{name}_{moment}", mode, 2000)
                await line.start()
                await line.succeeds()
                await line.ledger.write(50, 50)
                run = await changed_under_a_run(lines, line, moment, changes)
                assert run.state == SUCCEEDED, run
                there, here = [await texts(url, line.ledger.name) for url in (lines.source_url, lines.destination_url)]
                assert here == there


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        pytest.param("ALTER TABLE {0} DROP COLUMN said", {"column_not_found", "constraint_violated"}, id="dropped"),
        pytest.param(
            "ALTER TABLE {0} RENAME COLUMN said TO told", {"column_not_found", "constraint_violated"}, id="renamed"
        ),
        pytest.param("DROP TABLE {0}", {"table_not_found"}, id="gone"),
    ],
)
async def test_39_what_is_gone_is_told_and_what_had_landed_stays(
    lines: Lines, settings: Settings, change: str, codes: set[str]
) -> None:
    async with running_worker(settings):
        for moment in MOMENTS:
            line = await lines.line(moment, MERGE, 2000)
            await line.start()
            await line.succeeds()
            before = await texts(lines.destination_url, moment)
            await line.ledger.write(50, 50)
            run = await changed_under_a_run(lines, line, moment, [change])
            assert (run.state, run.attempt) == (FAILED, 1), "what somebody must set right is not tried again"
            assert run.failure.code in codes
            assert run.failure.advice
            assert await texts(lines.destination_url, moment) == before, "no silent NULLs, nothing in another column"


async def test_39_a_table_that_was_really_emptied_is_empty_and_one_that_is_emptied_under_a_run_too(
    lines: Lines, settings: Settings
) -> None:
    line = await lines.line("line", OVERWRITE, 2000)
    async with running_worker(settings):
        await line.start()
        await line.succeeds()
        run = await changed_under_a_run(lines, line, "amid", ["TRUNCATE {0}"])
        assert (run.state, run.attempt) == (SUCCEEDED, 2), "the first attempt could not know that it is empty"
        assert await texts(lines.destination_url, "line") == {}


async def test_39_a_row_whose_key_changes_is_two_rows_and_nothing_is_lost(lines: Lines, settings: Settings) -> None:
    line = await lines.line("line", MERGE, 2000)
    async with running_worker(settings):
        await line.start()
        await line.succeeds()
        await execute(
            lines.source_url, "UPDATE line SET id = id + 100000, seq = nextval('book.numbers') WHERE id % 10 = 0"
        )
        await line.start()
        await line.succeeds()
    there, here = await texts(lines.source_url, "line"), await texts(lines.destination_url, "line")
    assert there.items() <= here.items()
    assert here.keys() - there.keys() == set(range(10, 2001, 10)), "the old keys' rows, which deletes would remove"


async def test_40_what_is_committed_behind_the_cursor_is_not_lost_within_the_lag(
    lines: Lines, settings: Settings
) -> None:
    async with running_worker(settings):
        for mode, name in ((APPEND, "append"), (MERGE, "merge")):
            line = await lines.line(name, mode, 2000, lag=LAG)
            late = await asyncpg.connect(lines.source_url)
            await line.start()
            await line.succeeds()
            transaction = late.transaction()
            await transaction.start()
            await line.ledger.write_by(late, 300)  # it has its numbers now, and is committed after greater ones
            await line.ledger.write(400)
            await line.start()
            await line.succeeds()
            await transaction.commit()
            await late.close()
            await line.ledger.write(1)
            await line.start()
            await line.succeeds()
    for line in lines.made:
        audit = await line.ledger.audit()
        assert audit.clean, f"{line.ledger.name}: {audit}"


async def test_40_equal_cursors_over_the_edge_of_a_run_are_all_taken_once(lines: Lines, settings: Settings) -> None:
    line = await lines.line("line", APPEND, 2000)
    async with running_worker(settings):
        for _ in range(3):
            await line.start()
            await line.succeeds()
            newest = await line.ledger.newest()
            first = await line.ledger.write(100) + 100_000
            await execute(lines.source_url, f"UPDATE line SET seq = {newest} WHERE seq > {newest} AND id < {first}")
        await line.ledger.write(1)
        await line.start()
        await line.succeeds()
    there, here = await texts(lines.source_url, "line"), await texts(lines.destination_url, "line")
    assert there == here
    assert sum((await line.ledger.landed()).values()) == len(there)
