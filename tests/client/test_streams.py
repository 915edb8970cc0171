"""Streams go on where they were: nothing is lost, nothing is told twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from thedata_client import AsyncClient, Client, errors, types
from thedata_client.aio.follow import AsyncFollow

from server.app import App, build
from server.pipelines.model import Run, RunState
from server.settings import Settings
from tests.live.conftest import Stage
from tests.servers.fault_proxy import FaultProxy, Side

LINES = [f"line {n}" for n in range(60)]
SECONDS = 45.0


@pytest.fixture
async def proxy(app: App) -> AsyncIterator[FaultProxy]:
    async with FaultProxy("127.0.0.1", app.port) as proxy:
        yield proxy


async def write_amid_disconnects(stage: Stage, run: Run, proxy: FaultProxy) -> None:
    """Writes the lines of a run, and breaks every connection after some of them."""
    for n, line in enumerate(LINES):
        await stage.write(run, line)
        if n % 13 == 7:
            proxy.reset()
        if n % 5 == 0:
            await asyncio.sleep(0.05)  # so that lines come while the client reads, not all before it
    await stage.end(run)


async def test_a_tail_is_exact_over_disconnects(stage: Stage, proxy: FaultProxy) -> None:
    async with AsyncClient(f"127.0.0.1:{proxy.port}", token=stage.person.session.access_token) as client:
        writing = asyncio.create_task(write_amid_disconnects(stage, await stage.begin(), proxy))
        tail = client.pipelines.tail(stage.pipeline_id, follow=True, call_timeout=SECONDS)
        lines: list[str] = []
        async for entry in tail:
            lines.append(entry.message)
            if entry.message == LINES[-1]:
                break
        await writing
        assert lines == LINES
        assert tail.reconnects > 0


async def test_a_blocking_tail_is_exact_over_disconnects(stage: Stage, proxy: FaultProxy) -> None:
    run = await stage.begin()

    def read() -> tuple[list[str], int, int]:
        with Client(f"127.0.0.1:{proxy.port}", token=stage.person.session.access_token) as client:
            tail = client.pipelines.tail(stage.pipeline_id, run_id=str(run.id), call_timeout=SECONDS)
            lines = [entry.message for entry in tail]
            return lines, tail.reconnects, tail.state

    reading = asyncio.create_task(asyncio.to_thread(read))
    for n, line in enumerate(LINES):
        await stage.write(run, line)
        if n % 20 == 10:
            await asyncio.sleep(0.2)
            proxy.reset()
    await stage.end(run)
    lines, reconnects, state = await reading
    assert lines == LINES
    assert reconnects > 0
    assert state == types.RUN_STATE_SUCCEEDED


async def test_a_tail_outlives_a_restart_of_the_server(stage: Stage, app: App, settings: Settings) -> None:
    run = await stage.begin()
    async with AsyncClient(f"127.0.0.1:{app.port}", token=stage.person.session.access_token) as client:
        tail = client.pipelines.tail(stage.pipeline_id, run_id=str(run.id), call_timeout=SECONDS)
        lines: list[str] = []
        twenty = asyncio.Event()

        async def read() -> None:
            async for entry in tail:
                lines.append(entry.message)
                if len(lines) == 20:
                    twenty.set()

        reading = asyncio.create_task(read())
        await stage.write(run, *LINES[:20])
        async with asyncio.timeout(SECONDS):
            await twenty.wait()
        port = app.port
        await app.stop()
        await stage.write(run, *LINES[20:40])
        again = build(settings.model_copy(update={"grpc_port": port}))
        await again.start()
        await stage.write(run, *LINES[40:])
        await stage.end(run)
        await reading
        await again.stop()
    assert lines == LINES
    assert tail.state == types.RUN_STATE_SUCCEEDED


async def test_a_wait_outlives_disconnects(stage: Stage, proxy: FaultProxy) -> None:
    run = await stage.begin()
    async with AsyncClient(f"127.0.0.1:{proxy.port}", token=stage.person.session.access_token) as client:
        handle = await client.pipelines.run(stage.pipeline_id, str(run.id))
        waiting = asyncio.create_task(handle.wait(timeout=SECONDS))
        for _ in range(3):
            await asyncio.sleep(0.1)
            proxy.reset()
        await stage.end(run)
        assert (await waiting).state == types.RUN_STATE_SUCCEEDED


async def test_a_wait_ends_with_its_time(stage: Stage, app: App) -> None:
    run = await stage.begin()
    async with AsyncClient(f"127.0.0.1:{app.port}", token=stage.person.session.access_token) as client:
        handle = await client.pipelines.run(stage.pipeline_id, str(run.id))
        with pytest.raises(errors.DeadlineExceeded):
            await handle.wait(timeout=0.3)
    await stage.end(run, RunState.CANCELLED)


async def test_what_was_left_out_is_read_again(stage: Stage, app: App) -> None:
    run = await stage.begin()
    await stage.write(run, *LINES[:10])
    await stage.end(run)
    async with AsyncClient(f"127.0.0.1:{app.port}", token=stage.person.session.access_token) as client:
        tail = client.pipelines.tail_logs(stage.pipeline_id, run_id=str(run.id))
        told: list[str] = []
        cursors: list[str] = []
        async for message in tail:
            if message.WhichOneof("event") == "entry":
                told.append(message.entry.message)
                cursors.append(message.cursor)
                if len(told) == 5:
                    tail.go_back(cursors[1])
        assert told == [*LINES[:5], *LINES[2:10]]


async def test_a_reader_that_was_too_slow_misses_nothing(
    stage: Stage, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pipelines.feeds.RING_ENTRIES", 100)
    run = await stage.begin()
    written = [f"{number} {'x' * 4000}" for number in range(4000)]  # more than connections hold
    gaps: list[str] = []
    went_back = AsyncFollow.go_back

    def go_back(self: AsyncFollow[types.TailPipelineLogsResponse], cursor: str) -> None:
        gaps.append(cursor)
        went_back(self, cursor)

    monkeypatch.setattr(AsyncFollow, "go_back", go_back)
    async with AsyncClient(f"127.0.0.1:{app.port}", token=stage.person.session.access_token) as client:
        lines: list[str] = []
        await stage.write(run, written[0])
        async for entry in client.pipelines.tail(stage.pipeline_id, run_id=str(run.id), call_timeout=SECONDS):
            lines.append(entry.message)
            if len(lines) == 1:
                for first in range(1, len(written), 200):
                    await stage.write(run, *written[first : first + 200])
                await stage.end(run)
    assert lines == written
    assert gaps, "nobody reads that much at once"


async def test_a_stream_ends_with_its_session(stage: Stage, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.live.RECHECK_SECONDS", 0.1)
    run = await stage.begin()
    await stage.write(run, *LINES)
    async with AsyncClient(f"127.0.0.1:{app.port}", token=stage.person.session.access_token) as client:

        async def read() -> None:
            async for entry in client.pipelines.tail(stage.pipeline_id, run_id=str(run.id), call_timeout=SECONDS):
                if entry.message == LINES[-1]:
                    await client.auth.logout()

        with pytest.raises(errors.Unauthenticated):
            await read()


async def test_what_will_not_pass_ends_a_stream(ann: AsyncClient) -> None:
    async def read() -> None:
        async for _ in ann.pipelines.tail("0192f0c1-2d3e-7f4a-8b5c-6d7e8f9a0b1c"):
            raise AssertionError("there is nothing to tell")

    with pytest.raises(errors.NotFound):
        await read()


async def test_a_call_that_may_be_repeated_is(ann: AsyncClient, app: App) -> None:
    token = ann._session.store.read()
    assert token is not None
    async with (
        FaultProxy("127.0.0.1", app.port) as proxy,
        AsyncClient(f"127.0.0.1:{proxy.port}", token=token.access_token) as client,
    ):
        await client.auth.get_current_user()
        cut = proxy.cut(b"flaky", side=Side.SERVER)
        made = await client.sources.create("flaky", "files", {"path": "x"})
        assert cut.reached.is_set()
        assert [one.id async for one in client.sources.list()] == [made.id]
        proxy.cut(b"flaky", side=Side.SERVER)
        assert (await client.sources.get(made.id)).id == made.id


async def test_a_call_that_may_not_be_repeated_fails(ann: AsyncClient, app: App) -> None:
    token = ann._session.store.read()
    assert token is not None
    made = await ann.sources.create("flaky", "files", {"path": "x"})
    async with (
        FaultProxy("127.0.0.1", app.port) as proxy,
        AsyncClient(f"127.0.0.1:{proxy.port}", token=token.access_token) as client,
    ):
        proxy.cut(b"flaky", side=Side.SERVER)
        with pytest.raises(errors.Unavailable):
            await client.sources.update(made.id, description="flaky")


async def test_nobody_there_is_unavailable() -> None:
    async with AsyncClient("127.0.0.1:1", token="t") as client:
        with pytest.raises(errors.Unavailable):
            await client.pipelines.get("p")
