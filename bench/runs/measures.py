"""What is measured, each by a function that gives figures by name."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psutil
from thedata.v1 import pipelines_pb2

from bench.runs.platform import ENDED, PLATFORM, SOURCE, Platform
from server.pipelines.model import LogLevel
from server.runs.log_writer import MOST_WAITING, LogWriter
from server.scope import Scope
from server.storage.session import Database
from server.storage.store import Store

Say = Callable[[str], None]
Figures = dict[str, float]

# Reading a row of it takes a while, so that a run lasts.
SLOW = "CREATE VIEW {} AS SELECT i AS id FROM generate_series(1, {}) i WHERE pg_sleep({}) IS NOT NULL"
# The second row comes later, so that the query is still there when somebody looks when it began.
TWO_ROWS = "CREATE VIEW {} AS SELECT i AS id FROM generate_series(1, 2) i WHERE i = 1 OR pg_sleep(0.5) IS NOT NULL"
LONG_COPY = "CREATE VIEW {} AS SELECT i AS id, repeat('x', 1000) AS filler FROM generate_series(1, 2000000000) i"
SEEN_SECONDS = 30.0
IDLE_SECONDS = 20.0
TELL_SECONDS = 5.0
LINES_PER_SECOND = 2000
STATEMENT = re.compile(rb"LOG:  (statement|execute [^:]*): ")


def spread(name: str, seconds: Sequence[float], *shares: int) -> Figures:
    """The percentiles and the greatest of some times."""
    found = sorted(seconds)
    told = {f"{name}_p{share}": found[max(0, math.ceil(len(found) * share / 100) - 1)] for share in shares}
    return told | {f"{name}_max": found[-1]}


async def recovery(platform: Platform, times: int, say: Say) -> Figures:
    """From a worker's kill -9 until another one has taken up its run."""
    await platform.server.run(SOURCE, SLOW.format("recovered", 60_000, 0.001))
    pipeline = await platform.pipeline("recovered")
    taken = []
    for number in range(times):
        async with platform.worker() as one, platform.worker() as other:
            run = await platform.start(pipeline)
            await platform.until(pipeline, run, {pipelines_pb2.RUN_STATE_RUNNING})
            await asyncio.sleep(0.5)
            owner = (await platform.server.fetch(PLATFORM, f"SELECT executor_id FROM runs WHERE id = '{run}'"))[0][0]
            victim = one if one.executor_id == owner else other
            victim.process.kill()
            killed = time.time()
            query = f"SELECT attempts -> 1 ->> 'started_at' FROM runs WHERE id = '{run}'"
            while not (started := (await platform.server.fetch(PLATFORM, query))[0][0]):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            taken.append(datetime.fromisoformat(started).timestamp() - killed)
            say(f"recovery {number + 1}/{times}: {taken[-1]:.2f} s")
            await platform.stop(pipeline)
            await platform.until(pipeline, run, ENDED)
    return spread("recovery_seconds", taken, 50, 95)


async def stops(platform: Platform, times: int, say: Say) -> Figures:
    """From StopPipeline until the run is cancelled, in the middle of a COPY that would go on for hours."""
    await platform.server.run(SOURCE, LONG_COPY.format("stopped"))
    pipeline = await platform.pipeline("stopped")
    taken = []
    async with platform.worker():
        for number in range(times):
            run = await platform.start(pipeline)
            await platform.until(pipeline, run, {pipelines_pb2.RUN_STATE_RUNNING})
            await asyncio.sleep(1.5)
            begun = time.perf_counter()
            await platform.stop(pipeline)
            ended = await platform.until(pipeline, run, ENDED)
            taken.append(time.perf_counter() - begun)
            if ended.state != pipelines_pb2.RUN_STATE_CANCELLED:
                raise AssertionError(ended)
            say(f"stop {number + 1}/{times}: {taken[-1]:.2f} s")
    return spread("stop_seconds", taken, 50, 95)


async def starts(platform: Platform, times: int, say: Say) -> Figures:
    """From the call of StartPipeline until the source begins with the query of the rows, by a worker that is warm."""
    await platform.server.run(SOURCE, TWO_ROWS.format("started"))
    pipeline = await platform.pipeline("started")
    reading = (
        f"SELECT extract(epoch FROM query_start) FROM pg_stat_activity WHERE datname = '{SOURCE}'"
        " AND query LIKE 'COPY %' AND state = 'active' AND query_start > to_timestamp({})"
    )
    taken = []
    async with platform.worker():
        for number in range(times + 3):
            begun = time.time()
            run = await platform.start(pipeline)
            async with asyncio.timeout(SEEN_SECONDS):
                while not (found := await platform.server.fetch("postgres", reading.format(begun))):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            ended = await platform.until(pipeline, run, ENDED)
            if ended.state != pipelines_pb2.RUN_STATE_SUCCEEDED:
                raise AssertionError(ended)
            if number >= 3:  # before, it is not warm
                taken.append((float(found[0][0]) - begun) * 1000)
    say(f"start: {min(taken):.0f} to {max(taken):.0f} ms over {times}")
    return spread("start_ms", taken, 50, 95)


async def logs(platform: Platform, _times: int, say: Say) -> Figures:
    """Lines of a run, from where a worker writes them to a client that tails them; and what one takes on the disk."""
    await platform.server.run(SOURCE, SLOW.format("told", 1, 0))
    pipeline = await platform.pipeline("told")
    database = Database(platform.server.url(PLATFORM), application_name="bench")
    store = Store(database)
    scope = Scope.everything()
    figures: Figures = {}
    try:
        for pace, name in ((LINES_PER_SECOND, "tail"), (0, "flood")):
            started = UUID(await platform.start(pipeline))
            async with store.begin(scope) as tx:
                run = await tx.queue.claim_run("bench", 1000)
            assert run is not None
            assert run.id == started
            writer = LogWriter(store, run)
            flushing = asyncio.create_task(writer.keep_flushing())
            tailing = asyncio.create_task(_tail(platform, pipeline, str(run.id)))
            await asyncio.sleep(0.5)
            begun = time.perf_counter()
            written = await _tell(writer, pace)
            while writer._waiting:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            stored = time.perf_counter() - begun
            async with store.begin(scope) as tx:
                await tx.runs.stop(run)
                ended = await tx.runs.take_from(["bench"])
            assert ended
            came, left_out = await asyncio.wait_for(tailing, 60)
            flushing.cancel()
            await asyncio.gather(flushing, return_exceptions=True)
            if len(came) + left_out != written:
                raise AssertionError(f"{written} lines were written: {len(came)} came, {left_out} were told as a gap")
            first, last = came[0][0], came[-1][1]
            figures[f"{name}_lines_per_second"] = len(came) / (last - first)
            figures[f"{name}_stored_lines_per_second"] = written / stored
            figures[f"{name}_left_out"] = left_out
            if pace:
                figures |= spread("tail_ms", [(seen - said) * 1000 for said, seen in came], 50, 99)
            say(f"{name}: {written:,} lines, {figures[f'{name}_lines_per_second']:,.0f} a second")
    finally:
        await database.close()
    size = await platform.server.fetch(
        PLATFORM,
        "SELECT (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'run_logs'::regclass),"
        " (SELECT sum(last_n - first_n + 1) FROM run_logs), (SELECT sum(pg_column_size(body)) FROM run_logs),"
        " (SELECT sum(8192 * 2) FROM pg_inherits WHERE inhparent = 'run_logs'::regclass)",
    )
    total, lines, bodies, _ = (float(value) for value in size[0])
    return figures | {"stored_bytes_per_line": total / lines, "stored_body_bytes_per_line": bodies / lines}


async def _tell(writer: LogWriter, pace: int) -> int:
    """Writes lines such as runs write; as many as there is room for where no pace is given."""
    begun, written = time.monotonic(), 0
    while (elapsed := time.monotonic() - begun) < TELL_SECONDS:
        due = int(elapsed * pace) if pace else written + MOST_WAITING - len(writer._waiting)
        while written < due:
            written += 1
            writer.write(
                LogLevel.INFO,
                f"{written * 7919:,} rows landed in orders_{written % 37} in {written % 977 / 100:.2f} s,"
                f" {written * 104_729:,} bytes; verified by content.",
                f"public.orders_{written % 37}",
            )
        await asyncio.sleep(0.01)
    return written


async def _tail(platform: Platform, pipeline: str, run: str) -> tuple[list[tuple[float, float]], int]:
    """When each line was said, and when it came; and how many the server has left out, and said so."""
    request = pipelines_pb2.TailPipelineLogsRequest(pipeline_id=pipeline, run_id=run)
    came, left_out = [], 0
    async for response in platform.pipelines.TailPipelineLogs(request, metadata=platform.metadata):
        if response.WhichOneof("event") == "entry":
            said = response.entry.time.ToDatetime(UTC).timestamp()
            came.append((said, time.time()))
        elif response.WhichOneof("event") == "gap":
            left_out += response.gap.messages
    return came, left_out


async def idle(platform: Platform, _times: int, say: Say) -> Figures:
    """What a worker does while a thousand pipelines wait for tomorrow."""
    await platform.server.run(SOURCE, SLOW.format("scheduled", 1, 0))
    pipeline = await platform.pipeline("scheduled")
    await platform.server.run(
        PLATFORM,
        f"""INSERT INTO pipelines (id, organization_id, name, source_id, destination_id, schedule, next_run_at)
            SELECT gen_random_uuid(), organization_id, 'scheduled ' || i, source_id, destination_id,
                   '{{"interval_seconds": 86400}}', now() + interval '1 day' + i * interval '1 second'
              FROM pipelines, generate_series(1, 1000) i WHERE id = '{pipeline}'""",
        "ANALYZE pipelines",
    )
    log = _log_of(platform)
    async with platform.worker() as worker:
        await asyncio.sleep(3)
        process = psutil.Process(worker.process.pid)
        await platform.server.run("postgres", "ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
        try:
            await asyncio.sleep(1)
            said, cpu, database = log.stat().st_size, _cpu(process), _cpu_of_all(platform.server.process)
            begun = time.monotonic()
            await asyncio.sleep(IDLE_SECONDS)
            seconds = time.monotonic() - begun
            used, beneath = _cpu(process) - cpu, _cpu_of_all(platform.server.process) - database
            with log.open("rb") as opened:
                opened.seek(said)
                lines = [line for line in opened.read().splitlines() if STATEMENT.search(line)]
        finally:
            await platform.server.run("postgres", "ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()")
    say(f"idle: {len(lines)} statements in {seconds:.0f} s")
    return {
        "idle_statements_per_second": len(lines) / seconds,
        "idle_cpu_percent": used / seconds * 100,
        "idle_database_cpu_percent": beneath / seconds * 100,
    }


def _log_of(platform: Platform) -> Path:
    return platform.settings.home.parent / "logs" / "postgres.log"


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _cpu_of_all(process: psutil.Process) -> float:
    total = _cpu(process)
    for child in process.children(recursive=True):
        try:
            total += _cpu(child)
        except psutil.NoSuchProcess:
            continue
    return total


MEASURES = {"start": starts, "stop": stops, "logs": logs, "idle": idle, "recovery": recovery}
TIMES = {"start": 50, "stop": 10, "logs": 1, "idle": 1, "recovery": 10}
