"""Following a run's log: every line once and in order, whatever is filtered, resumed, or written at the same time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import event
from thedata.v1 import auth_pb2, pipelines_pb2

from server.app import App
from server.clock import now
from server.pipelines.model import EntryKind, LogLevel, Run
from server.runs.log_writer import LONGEST_LINE, MOST_WAITING, LogWriter
from tests.auth.people import reason_of, violations
from tests.live.conftest import Stage

BOUND = 20.0
SUCCEEDED = pipelines_pb2.RUN_STATE_SUCCEEDED


@asynccontextmanager
async def tail(stage: Stage, **wanted: Any) -> AsyncIterator[Any]:
    request = pipelines_pb2.TailPipelineLogsRequest(pipeline_id=stage.pipeline_id, **wanted)
    call = stage.person.pipelines.TailPipelineLogs(request, metadata=stage.person.metadata, timeout=BOUND)
    try:
        yield call
    finally:
        call.cancel()


async def told(call: Any, count: int = 10**9) -> list[Any]:
    """The next so many messages that are no heartbeats, or all until the end."""
    found: list[Any] = []
    while (message := await call.read()) is not grpc.aio.EOF:
        if message.WhichOneof("event") != "heartbeat":
            found.append(message)
            if len(found) == count:
                break
    return found


def lines(messages: list[Any]) -> list[str]:
    return [message.entry.message for message in messages if message.WhichOneof("event") == "entry"]


async def test_a_log_is_told_as_it_is_written_and_ends_with_its_run(stage: Stage) -> None:
    run = await stage.begin()
    await stage.write(run, "before")
    async with tail(stage) as call:
        assert lines(await told(call, 1)) == ["before"]
        await stage.write(run, "during", stream="public.orders")
        (message,) = await told(call, 1)
        assert (message.entry.message, message.entry.stream) == ("during", "public.orders")
        assert (message.entry.attempt, message.entry.worker) == (1, "worker")
        await stage.write(run, "last")
        await stage.end(run)
        rest = await told(call)
    assert lines(rest) == ["last"]
    assert rest[-1].ended == SUCCEEDED


async def test_a_tail_that_is_resumed_at_any_place_misses_and_repeats_nothing(stage: Stage) -> None:
    run = await stage.begin()
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    written = [f"line {number}" for number in range(200)]

    async def write() -> None:
        left = written[:]
        while left:
            size = chance.randint(1, 20)
            await stage.write(run, *left[:size])
            del left[:size]
        await stage.end(run)

    writing = asyncio.create_task(write())
    seen: list[str] = []
    after, ended = "", False
    while not ended:
        async with tail(stage, after=after) as call:
            for message in await told(call, chance.randint(1, 15)):
                seen += lines([message])
                after = message.cursor
                ended = message.WhichOneof("event") == "ended"
    await writing
    assert seen == written, f"seed {seed}"


async def test_writers_at_once_are_all_told(stage: Stage) -> None:
    run = await stage.begin()
    helpers = [LogWriter(stage.store, run, worker=f"helper {n}", helper=n) for n in (1, 2, 3)]
    async with tail(stage) as call:
        for round_ in range(10):
            for number, helper in enumerate(helpers):
                helper.write(LogLevel.INFO, f"{number}/{round_}")
            await asyncio.gather(*(helper.flush() for helper in helpers))
        await stage.end(run)
        found = lines(await told(call))
    for number in range(len(helpers)):
        assert [line for line in found if line.startswith(f"{number}/")] == [f"{number}/{n}" for n in range(10)]
    assert len(found) == 30


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"min_level": pipelines_pb2.LOG_LEVEL_WARNING}, ["slow Orders", "broken"]),
        ({"stream": "public.orders"}, ["reading Orders", "slow Orders"]),
        ({"text": "ORDERS"}, ["reading Orders", "slow Orders"]),
        ({"stream": "public.orders", "min_level": pipelines_pb2.LOG_LEVEL_WARNING}, ["slow Orders"]),
        ({"text": "nothing like it"}, []),
    ],
)
async def test_only_what_is_wanted_is_told_and_listed(stage: Stage, wanted: Any, expected: list[str]) -> None:
    run = await stage.begin()
    await stage.write(run, "reading Orders", stream="public.orders")
    await stage.write(run, "slow Orders", level=LogLevel.WARNING, stream="public.orders")
    await stage.write(run, "broken", level=LogLevel.ERROR, stream="public.people")
    await stage.end(run)
    async with tail(stage, **wanted) as call:
        messages = await told(call)
    assert lines(messages) == expected
    page = await stage.person.pipelines.ListPipelineLogs(
        pipelines_pb2.ListPipelineLogsRequest(pipeline_id=stage.pipeline_id, **wanted), metadata=stage.person.metadata
    )
    assert [entry.message for entry in page.entries] == expected
    async with tail(stage, after=messages[-1].cursor, **wanted) as call:
        assert await told(call) == [], "everything was told, the end too"
        assert dict(await call.initial_metadata())["x-stream-complete"] == "true"


async def test_a_tail_may_begin_at_a_time_or_at_the_end(stage: Stage) -> None:
    run = await stage.begin()
    await stage.write(run, "old")
    since = Timestamp()
    since.FromDatetime(now())
    await stage.write(run, "new")
    async with tail(stage, from_end=True) as at_end, tail(stage, since=since) as at_time:
        first = await at_end.read()  # a heartbeat: from here on it listens
        assert first.WhichOneof("event") == "heartbeat"
        await stage.write(run, "newest")
        await stage.end(run)
        assert lines(await told(at_time)) == ["new", "newest"]
        assert lines(await told(at_end)) == ["newest"]


async def test_follow_goes_on_with_the_next_run_and_is_resumed_in_it(stage: Stage) -> None:
    first = await stage.begin()
    async with tail(stage, follow=True) as call:
        await stage.write(first, "one")
        await stage.end(first)
        found = await told(call, 2)
        assert (lines(found), found[1].ended) == (["one"], SUCCEEDED)
        second = await stage.begin()
        await stage.write(second, "two", "three")
        (two,) = await told(call, 1)
        assert two.entry.run_id == str(second.id)
    async with tail(stage, follow=True, after=two.cursor) as again:
        assert lines(await told(again, 1)) == ["three"]
    async with tail(stage, follow=True, after=found[1].cursor) as from_first:
        assert lines(await told(from_first, 3))[-2:] == ["two", "three"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"after": "YWE", "since": Timestamp(seconds=1)}, "since"),
        ({"from_end": True, "since": Timestamp(seconds=1)}, "from_end"),
        ({"follow": True, "run_id": "01890000-0000-7000-8000-000000000000"}, "follow"),
    ],
)
async def test_what_contradicts_itself_is_refused(stage: Stage, wanted: Any, field: str) -> None:
    await stage.begin()
    async with tail(stage, **wanted) as call:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await told(call)
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert any(field in violation for violation in violations(raised.value))


def watch(stage: Stage, run: Run, **wanted: Any) -> Any:
    request = pipelines_pb2.WatchRunRequest(pipeline_id=stage.pipeline_id, run_id=str(run.id), **wanted)
    return stage.person.pipelines.WatchRun(request, metadata=stage.person.metadata, timeout=BOUND)


async def watched(stage: Stage, run: Run, after: str = "", **wanted: Any) -> list[Any]:
    return await told(watch(stage, run, after=after, **wanted))


def in_short(messages: list[Any]) -> list[str]:
    """Lines by their text, events by their kind and stream."""
    found = []
    for message in messages:
        kind = message.WhichOneof("event")
        event = getattr(message, kind)
        found.append(event.message if kind == "log" else kind if kind == "run" else f"{kind} {event.stream}")
    return found


async def test_a_watched_run_tells_its_events_by_type_and_the_log_only_lines(stage: Stage) -> None:
    run = await stage.begin()
    writer = stage.writers[run.id]
    writer.write(LogLevel.INFO, "line", "s", lane="raw")
    writer.tell(EntryKind.CHECKPOINT, "s", cursor="7", rows_committed=3)
    writer.tell(EntryKind.SCHEMA_CHANGE, "s", changes=["column a is new"])
    writer.tell(EntryKind.REJECTS, "s", rows=2, reason="not a number")
    writer.tell(EntryKind.VERIFICATION, "s", level="content", rows=3, hash="h")
    await writer.flush()
    await stage.end(run)
    messages = await watched(stage, run)
    kinds = [message.WhichOneof("event") for message in messages]
    assert kinds == ["log", "checkpoint", "schema_change", "rejects", "verification", "run"]
    assert (messages[0].log.fields["lane"], messages[1].checkpoint.rows_committed) == ("raw", 3)
    assert (messages[3].rejects.rows, messages[4].verification.hash) == (2, "h")
    assert messages[-1].run.state == SUCCEEDED
    for place, message in enumerate(messages):
        assert [m.WhichOneof("event") for m in await watched(stage, run, message.cursor)] == kinds[place + 1 :]
    async with tail(stage) as call:
        assert lines(await told(call)) == ["line"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["reading Orders", "checkpoint public.orders", "broken", "rejects public.people", "run"]),
        (
            {"min_level": pipelines_pb2.LOG_LEVEL_WARNING},
            ["checkpoint public.orders", "broken", "rejects public.people", "run"],
        ),
        ({"stream": "public.orders"}, ["reading Orders", "checkpoint public.orders", "run"]),
        ({"text": "ORDERS"}, ["reading Orders", "checkpoint public.orders", "rejects public.people", "run"]),
        ({"text": "ORDERS", "stream": "public.people"}, ["rejects public.people", "run"]),
        ({"stream": "public.none"}, ["run"]),
        ({"from_end": True}, ["run"]),
    ],
)
async def test_of_a_watched_run_only_what_is_wanted_is_told(stage: Stage, wanted: Any, expected: list[str]) -> None:
    run = await stage.begin()
    writer = stage.writers[run.id]
    writer.write(LogLevel.INFO, "reading Orders", "public.orders")
    writer.tell(EntryKind.CHECKPOINT, "public.orders", cursor="7", rows_committed=3)
    writer.write(LogLevel.ERROR, "broken", "public.people")
    writer.tell(EntryKind.REJECTS, "public.people", rows=2, reason="not a number")
    await writer.flush()
    await stage.end(run)
    messages = await watched(stage, run, **wanted)
    assert in_short(messages) == expected
    wanted.pop("from_end", None)
    for place, message in enumerate(messages):
        assert in_short(await watched(stage, run, message.cursor, **wanted)) == expected[place + 1 :]


async def test_a_watch_may_begin_at_a_time_or_at_the_end_and_tells_the_run(stage: Stage) -> None:
    run = await stage.begin()
    await stage.write(run, "old")
    since = Timestamp()
    since.FromDatetime(now())
    writer = stage.writers[run.id]
    writer.tell(EntryKind.CHECKPOINT, "s", cursor="7", rows_committed=3)
    await writer.flush()
    at_end = watch(stage, run, from_end=True)
    (first,) = await told(at_end, 1)
    assert first.run.state == pipelines_pb2.RUN_STATE_RUNNING, "the run as it is, before anything that is new"
    await stage.write(run, "newest")
    await stage.end(run)
    assert in_short(await told(at_end)) == ["newest", "run"]
    assert in_short(await watched(stage, run, first.cursor)) == ["newest", "run"], "it goes on from there"
    assert in_short(await watched(stage, run, since=since)) == ["checkpoint s", "newest", "run"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"after": "YWE", "since": Timestamp(seconds=1)}, "since"),
        ({"after": "YWE", "from_end": True}, "from_end"),
        ({"from_end": True, "since": Timestamp(seconds=1)}, "from_end"),
        ({"min_level": 99}, "min_level"),
        ({"text": "x" * 201}, "text"),
        ({"stream": "x" * 2002}, "stream"),
    ],
)
async def test_a_watch_that_contradicts_itself_is_refused(stage: Stage, wanted: Any, field: str) -> None:
    run = await stage.begin()
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await told(watch(stage, run, **wanted))
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert any(field in violation for violation in violations(raised.value))


async def test_who_ends_the_session_ends_its_streams(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.live.RECHECK_SECONDS", 0.1)
    monkeypatch.setattr("server.live.HEARTBEAT_SECONDS", 0.1)
    await stage.begin()
    async with tail(stage) as call:
        await call.read()
        await stage.person.auth.Logout(auth_pb2.LogoutRequest(), metadata=stage.person.metadata)
        assert await reason_of(told(call)) == ("UNAUTHENTICATED", "UNAUTHENTICATED")


async def test_who_ends_the_session_does_not_read_on_slowly(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.live.RECHECK_SECONDS", 0.1)
    run = await stage.begin()
    await stage.write(run, *("x" * LONGEST_LINE for _ in range(MOST_WAITING)))  # more than connections hold
    async with tail(stage) as call:
        await told(call, 1)
        await asyncio.sleep(0.5)  # the server waits for the reader by now
        await stage.person.auth.Logout(auth_pb2.LogoutRequest(), metadata=stage.person.metadata)
        await asyncio.sleep(0.2)
        read: list[Any] = []

        async def read_on() -> None:
            while (message := await call.read()) is not grpc.aio.EOF:
                read.append(message)

        assert await reason_of(read_on()) == ("UNAUTHENTICATED", "UNAUTHENTICATED")
    assert len(read) < MOST_WAITING - 1


async def test_who_reads_too_slowly_is_told_how_much_was_left_out_and_where_it_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pipelines.feeds.RING_ENTRIES", 100)
    run = await stage.begin()
    written = [f"{number} {'x' * 4000}" for number in range(4000)]  # more than connections hold
    async with tail(stage) as call:
        await call.read()  # a heartbeat: from here on it follows
        for first in range(0, len(written), 200):
            await stage.write(run, *written[first : first + 200])
        await stage.end(run)
        messages = await told(call)
    assert messages[-1].ended == SUCCEEDED
    gaps = [place for place, message in enumerate(messages) if message.WhichOneof("event") == "gap"]
    assert gaps, "nobody reads that much at once"
    left_out = sum(messages[place].gap.messages for place in gaps)
    assert len(lines(messages)) + left_out == len(written)
    missed = int(lines(messages[: gaps[-1]])[-1].split()[0]) + 1
    request = pipelines_pb2.ListPipelineLogsRequest(
        pipeline_id=stage.pipeline_id, after=messages[gaps[-1]].gap.cursor, page_size=5
    )
    page = await stage.person.pipelines.ListPipelineLogs(request, metadata=stage.person.metadata)
    assert [entry.message for entry in page.entries] == written[missed : missed + 5]


async def test_a_server_that_ends_says_where_to_resume(stage: Stage, app: App) -> None:
    run = await stage.begin()
    await stage.write(run, "one")
    async with tail(stage) as call:
        assert lines(await told(call, 1)) == ["one"]
        stopping = asyncio.create_task(app.stop())
        (last,) = await told(call)
        await stopping
    assert last.WhichOneof("event") == "resume"
    assert last.cursor


async def test_a_hundred_tails_cost_the_database_what_one_does(stage: Stage, app: App) -> None:
    run = await stage.begin()
    commits: list[Any] = []
    event.listen(app._foundation.database.engine.sync_engine, "commit", commits.append)

    async def commits_with(tails: int) -> int:
        calls = []
        request = pipelines_pb2.TailPipelineLogsRequest(pipeline_id=stage.pipeline_id, from_end=True)
        for _ in range(tails):
            call = stage.person.pipelines.TailPipelineLogs(request, metadata=stage.person.metadata, timeout=BOUND)
            first: Any = await call.read()
            assert first.WhichOneof("event") == "heartbeat"
            calls.append(call)
        before = len(commits)
        for number in range(10):
            await stage.write(run, f"{tails}: {number}")
        for call in calls:
            assert len(lines(await told(call, 10))) == 10
        spent = len(commits) - before
        for call in calls:
            call.cancel()
        return spent

    one, hundred = await commits_with(1), await commits_with(100)
    assert hundred < one + 150, "one read for each of ten pieces of news, not a thousand"
