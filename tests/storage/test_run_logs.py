"""Run logs: numbered without gaps, in order, and honest about lines that were dropped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from server.clock import now
from server.ids import new_id
from server.observability.redaction import known
from server.pipelines.model import EntryKind, LogEntry, LogFilter, LogLevel, Position, Run, RunState, RunTrigger
from server.runs import log_writer
from server.runs.log_writer import LONGEST_LINE, LogWriter
from server.runs.redaction import Redaction
from server.scope import Scope
from server.storage.session import Database
from server.storage.store import Store


def run(attempt: int = 1) -> Run:
    return Run(
        id=new_id(), organization_id=new_id(), pipeline_id=new_id(), state=RunState.RUNNING,
        trigger=RunTrigger.MANUAL, attempt=attempt, epoch=attempt, revision=1, queued_at=now(), started_at=now(),
        ended_at=None, rows_read=0, rows_committed=0, rows_rejected=0, bytes_read=0, estimated_rows=None, streams=[],
        failure=None, plan={}, created_by=None, available_at=now(), executor_id="worker",
    )  # fmt: skip


async def carried_out(store: Store, attempt: int = 1) -> Run:
    """A run in the hands of a worker; its pipeline and organization don't matter here."""
    subject = run(attempt)
    connection = await asyncpg.connect(store._database.url)
    await connection.execute("SET session_replication_role = replica")  # without its foreign keys
    await connection.execute(
        "INSERT INTO runs (id, organization_id, pipeline_id, state, trigger, attempt, epoch, plan, executor_id)"
        " VALUES ($1, $2, $3, 'running', 'manual', $4, $4, '{}', 'worker')",
        subject.id, subject.organization_id, subject.pipeline_id, attempt,
    )  # fmt: skip
    await connection.close()
    return subject


async def taken_up(store: Store, subject: Run, attempt: int) -> None:
    """Another attempt carries the run out."""
    connection = await asyncpg.connect(store._database.url)
    await connection.execute("UPDATE runs SET attempt = $2, epoch = $2 WHERE id = $1", subject.id, attempt)
    await connection.close()


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    database = Database(database_url, pool_size=2)
    yield Store(database)
    await database.close()


async def entries(store: Store, of: Run, position: Position | None = None, limit: int = 100_000) -> list[LogEntry]:
    async with store.begin(Scope.of(of.organization_id)) as tx:
        return list(await tx.logs.read(of, position or Position(of.id), LogFilter(), limit))


async def test_lines_are_numbered_from_one_without_gaps_over_all_flushes(store: Store) -> None:
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    for line in range(10):
        writer.write(LogLevel.INFO, f"line {line}", "stream")
        if line % 3 == 0:
            await writer.flush()
    await writer.flush()
    found = await entries(store, subject)
    assert [(e.number, e.message) for e in found] == [(n + 1, f"line {n}") for n in range(10)]
    assert {(e.writer, e.stream, e.level) for e in found} == {(1, "stream", LogLevel.INFO)}


async def test_flushes_at_once_store_each_line_once(store: Store) -> None:
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    for line in range(50):
        writer.write(LogLevel.INFO, str(line))
    await asyncio.gather(*(writer.flush() for _ in range(5)))
    assert [e.message for e in await entries(store, subject)] == [str(line) for line in range(50)]


async def test_what_came_too_fast_is_counted_and_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_writer, "MOST_WAITING", 5)
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    for line in range(8):
        writer.write(LogLevel.INFO, str(line))
    await writer.flush()
    writer.write(LogLevel.INFO, "after")
    await writer.flush()
    found = await entries(store, subject)
    assert [e.message for e in found[:5]] == list("01234")
    assert found[5].message.startswith("3 lines were dropped")
    assert found[5].level is LogLevel.WARNING
    assert [e.message for e in found[6:]] == ["after"]
    assert [e.number for e in found] == list(range(1, 8))


async def test_lines_that_were_dropped_at_the_very_end_are_told_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_writer, "MOST_WAITING", 5)
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    for line in range(8):
        writer.write(LogLevel.INFO, str(line))
    await writer.flush()
    assert (await entries(store, subject))[-1].message.startswith("3 lines were dropped")


async def test_odd_lines_survive_and_long_ones_are_cut(store: Store) -> None:
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    lines = ["two\nlines", "nul \x00", '"quoted"', "ümläut 🛫", "", "x" * (LONGEST_LINE + 1)]
    for line in lines:
        writer.write(LogLevel.INFO, line)
    await writer.flush()
    assert [e.message for e in await entries(store, subject)] == [*lines[:-1], "x" * LONGEST_LINE]


async def test_secrets_are_never_stored_not_even_where_a_line_is_cut(store: Store) -> None:
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    writer.redaction = Redaction(["hunter2-secret"])
    writer.write(LogLevel.ERROR, "refused: hunter2-secret", "s", said="hunter2-secret", rows=3, unknown=None)
    writer.write(LogLevel.ERROR, "x" * (LONGEST_LINE - 6) + "hunter2-secret")
    writer.tell(EntryKind.REJECTS, "s", rows=1, reason="no number: hunter2-secret")
    await writer.flush()
    found = await entries(store, subject)
    assert [(e.message[-12:], dict(e.fields)) for e in found] == [
        ("refused: ***", {"said": "***", "rows": "3"}),
        ("xxxxxxxxx***", {}),
        ("", {"rows": 1, "reason": "no number: ***"}),
    ]


async def test_reading_in_small_steps_gives_every_line_once(store: Store) -> None:
    subject = await carried_out(store)
    for attempt in (1, 2):
        await taken_up(store, subject, attempt)
        writer = LogWriter(store, run_with(subject, attempt))
        for line in range(20):
            writer.write(LogLevel.INFO, f"{attempt}/{line}")
            if line % 7 == 0:
                await writer.flush()
        await writer.flush()
    position, seen = Position(subject.id), list[str]()
    for _ in range(50):
        step = await entries(store, subject, position, limit=3)
        if not step:
            break
        for entry in step:
            position = position.after(entry)
            seen.append(entry.message)
    assert seen == [f"{attempt}/{line}" for attempt in (1, 2) for line in range(20)]


async def test_fewer_lines_than_asked_for_are_all_that_there_are(store: Store) -> None:
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    for number in range(150):  # each a chunk of its own
        writer.write(LogLevel.INFO, f"line {number}")
        await writer.flush()
    assert [entry.message for entry in await entries(store, subject, limit=1000)] == [f"line {n}" for n in range(150)]


async def test_two_writers_at_once_are_told_whole_and_each_in_order(store: Store) -> None:
    subject = await carried_out(store)
    writers = [LogWriter(store, subject), LogWriter(store, subject, helper=1)]
    told: dict[int, list[str]] = {}
    position = Position(subject.id)
    for round_ in range(6):
        for number, writer in enumerate(writers):
            for line in range(round_ * number + 1):
                writer.write(LogLevel.INFO, f"{round_}/{line}")
        await asyncio.gather(*(writer.flush() for writer in writers))
        for entry in await entries(store, subject, position):
            position = position.after(entry)
            told.setdefault(entry.writer, []).append(entry.message)
    assert [told[writer] for writer in sorted(told)] == [
        [f"{round_}/{line}" for round_ in range(6) for line in range(round_ * number + 1)] for number in (0, 1)
    ]


async def test_what_a_worker_writes_after_it_has_lost_the_run_is_refused(store: Store) -> None:
    subject = await carried_out(store)
    zombie = LogWriter(store, subject)
    zombie.write(LogLevel.INFO, "in time")
    await zombie.flush()
    await taken_up(store, subject, 2)
    zombie.write(LogLevel.INFO, "too late")
    await zombie.flush()
    assert [entry.message for entry in await entries(store, subject)] == ["in time"]


async def test_a_flush_whose_answer_was_lost_stores_nothing_twice(store: Store) -> None:
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    writer.write(LogLevel.INFO, "first")
    waiting = writer._waiting[:]
    await writer.flush()
    writer.write(LogLevel.INFO, "second")
    writer._waiting = [*waiting, *writer._waiting]  # as if the first flush had not been heard of
    await writer.flush()
    await writer.flush()
    assert [entry.message for entry in await entries(store, subject)] == ["first", "second"]


async def test_a_log_is_its_organization_s_alone(store: Store) -> None:
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    writer.write(LogLevel.INFO, "ours")
    await writer.flush()
    async with store.begin(Scope.of(new_id())) as tx:
        assert not await tx.logs.read(subject, Position(subject.id), LogFilter(), 10)


async def test_lines_wait_while_the_database_refuses_them(database_url: str, store: Store) -> None:
    subject = await carried_out(store)
    writer = LogWriter(store, subject)
    writer.write(LogLevel.INFO, "patient")
    owner = await asyncpg.connect(database_url)
    await owner.execute("ALTER TABLE run_logs RENAME TO away")
    with pytest.raises(DBAPIError):
        await writer.flush()
    await owner.execute("ALTER TABLE away RENAME TO run_logs")
    await owner.close()
    await writer.flush()
    assert [e.message for e in await entries(store, subject)] == ["patient"]


def run_with(subject: Run, attempt: int) -> Run:
    return Run(**{**vars(subject), "attempt": attempt, "epoch": attempt})


async def test_no_line_holds_a_secret(store: Store) -> None:
    subject = await carried_out(store)
    known.register(["c4n4ry-of-theirs"], str(subject.organization_id))
    known.register(["orders"], str(new_id()))
    writer = LogWriter(store, subject)
    writer.write(LogLevel.ERROR, "refused: c4n4ry-of-theirs, postgresql://u:c4n4ry@h/d", "orders")
    writer.write(LogLevel.INFO, "x" * (LONGEST_LINE - 3) + "c4n4ry-of-theirs")
    writer.tell(EntryKind.CHECKPOINT, "orders", cursor="c4n4ry-of-theirs", rows_committed=3)
    writer.write(LogLevel.INFO, "orders landed")
    await writer.flush()
    found = await entries(store, subject)
    assert found[0].message == "refused: ***, postgresql://u:***@h/d"
    assert "c4n" not in str(found)
    assert found[2].fields == {"cursor": "***", "rows_committed": 3}
    assert found[3].message == "orders landed", "somebody else's secret is a word here"
