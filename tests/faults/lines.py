"""Pipelines with a ledger each: what starts, watches, and audits them."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import grpc
from google.protobuf.duration_pb2 import Duration
from thedata.v1 import (
    auth_pb2,
    auth_pb2_grpc,
    data_sources_pb2,
    data_sources_pb2_grpc,
    pipelines_pb2,
    pipelines_pb2_grpc,
    schedules_pb2,
    streams_pb2,
)

from server.settings import Settings
from server.stack.postgres import EmbeddedPostgres
from tests.conftest import new_database
from tests.faults.ledger import Ledger
from tests.faults.test_worker_faults import config
from tests.servers.fault_proxy import FaultProxy

SUCCEEDED = pipelines_pb2.RUN_STATE_SUCCEEDED
RUNNING = pipelines_pb2.RUN_STATE_RUNNING
ENDED = (SUCCEEDED, pipelines_pb2.RUN_STATE_FAILED, pipelines_pb2.RUN_STATE_CANCELLED)
BOUND = 60.0
ARROW = "id > 0"  # a filter that keeps everything, and makes the engine look at each row


@dataclass
class Line:
    """A pipeline of one stream between two databases, each behind a proxy of its own, in an organization of its own."""

    ledger: Ledger
    source: FaultProxy
    destination: FaultProxy
    database_url: str
    destination_url: str
    stub: pipelines_pb2_grpc.PipelinesServiceAsyncStub
    metadata: tuple[tuple[str, str], ...]
    pipeline_id: str
    runs: list[str] = field(default_factory=list)

    async def start(self) -> str:
        """Queues a run."""
        request = pipelines_pb2.StartPipelineRequest(pipeline_id=self.pipeline_id)
        run: pipelines_pb2.Run = await self.stub.StartPipeline(request, metadata=self.metadata)
        self.runs.append(run.id)
        return run.id

    async def run(self, run_id: str = "") -> pipelines_pb2.Run:
        """A run, or the newest one."""
        request = pipelines_pb2.GetRunRequest(pipeline_id=self.pipeline_id, run_id=run_id or self.runs[-1])
        found: pipelines_pb2.Run = await self.stub.GetRun(request, metadata=self.metadata)
        return found

    async def until(self, *states: int, bound: float = BOUND) -> pipelines_pb2.Run:
        """The newest run once it is in one of the states."""
        deadline = time.monotonic() + bound
        while True:
            run = await self.run()
            if run.state in states:
                return run
            assert time.monotonic() < deadline, f"{self.ledger.name}: {run} {await self.attempts()} {await self.log()}"
            await asyncio.sleep(0.1)

    async def succeeds(self, bound: float = BOUND) -> pipelines_pb2.Run:
        """The newest run once it has ended, as it should."""
        run = await self.until(*ENDED, bound=bound)
        assert run.state == SUCCEEDED, run
        return run

    async def log(self) -> list[str]:
        """The lines of the newest run's log."""
        request = pipelines_pb2.ListPipelineLogsRequest(
            pipeline_id=self.pipeline_id, run_id=self.runs[-1], page_size=1000
        )
        page = await self.stub.ListPipelineLogs(request, metadata=self.metadata)
        return [entry.message for entry in page.entries]

    async def attempts(self, run_id: str = "") -> list[dict[str, Any]]:
        """The attempts of a run, or of the newest one, as the platform keeps them."""
        query = "SELECT attempts::text FROM runs WHERE id = $1"
        found: list[dict[str, Any]] = json.loads(
            (await _fetch(self.database_url, query, run_id or self.runs[-1]))[0][0]
        )
        return found

    async def check(self) -> None:
        """Checks that ledger, destination and platform tell the same, now that no run is in flight."""
        audit = await self.ledger.audit()
        assert audit.clean, f"{self.ledger.name}: {audit}"
        await self._check_runs()
        await self._check_logs()

    async def _check_runs(self) -> None:
        newest = await self.ledger.newest()
        for number, run_id in enumerate(self.runs):
            run = await self.run(run_id)
            if run.state != SUCCEEDED:
                continue
            told = f"{self.ledger.name}, run {number + 1}"
            attempts = await self.attempts(run_id)
            assert [attempt["number"] for attempt in attempts] == list(range(1, run.attempt + 1)), told
            assert all(attempt["ended_at"] and attempt["outcome"] for attempt in attempts), told
            assert attempts[-1]["outcome"] == "succeeded", told
            request = pipelines_pb2.GetRunReceiptRequest(pipeline_id=self.pipeline_id, run_id=run_id)
            receipt = await self.stub.GetRunReceipt(request, metadata=self.metadata)
            assert [stream.stream for stream in receipt.streams] == [self.ledger.name], told
            stream = receipt.streams[0]
            assert stream.rows_read == stream.rows_committed == run.rows_read == run.rows_committed, told
            for chunk in stream.chunks:
                assert chunk.source_rows == chunk.destination_rows, told
                assert chunk.source_hash == chunk.destination_hash, told
        rows = await _fetch(
            self.database_url,
            "SELECT run_id::text, cursor, rows_committed FROM checkpoints WHERE pipeline_id = $1 ORDER BY id",
            self.pipeline_id,
        )
        succeeded = [run_id for run_id in self.runs if (await self.run(run_id)).state == SUCCEEDED]
        assert [row[0] for row in rows] == succeeded, f"{self.ledger.name}: a checkpoint for each run that has landed"
        state = await _fetch(
            self.destination_url, "SELECT state FROM _thedata_checkpoints WHERE table_name = $1", self.ledger.name
        )
        cursor = json.loads(state[0][0])["cursor"]
        assert rows[-1][1] == cursor, f"{self.ledger.name}: platform and destination have the same checkpoint"
        assert cursor is None or int(cursor) == newest, self.ledger.name

    async def _check_logs(self) -> None:
        """Every writer's lines have numbers without gaps, and none twice."""
        rows = await _fetch(
            self.database_url,
            "SELECT run_id, writer, first_n, last_n FROM run_logs WHERE run_id = ANY ($1::uuid[]) ORDER BY 1, 2, 3",
            self.runs,
        )
        for _, chunks in itertools.groupby(rows, key=lambda row: (row[0], row[1])):
            expected = 1
            for _, _, first, last in chunks:
                assert first == expected, f"{self.ledger.name}: a log with a gap"
                expected = last + 1


async def nothing_left(destination_url: str) -> None:
    """Checks that no staging table, and no record of one, is left at a destination."""
    staging = "SELECT relname FROM pg_class WHERE relname LIKE '\\_thedata\\_staging\\_%' AND relkind = 'r'"
    assert await _fetch(destination_url, staging) == []
    assert await _fetch(destination_url, "SELECT * FROM _thedata_chunks") == []


async def _fetch(url: str, query: str, *params: Any) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *params)]
    finally:
        await connection.close()


@dataclass
class Lines:
    """Makes lines on one platform, one source, and one destination."""

    channel: grpc.aio.Channel
    database_url: str
    source_url: str
    destination_url: str
    settings: Settings
    stack: AsyncExitStack
    made: list[Line] = field(default_factory=list)

    async def line(
        self, name: str, mode: pipelines_pb2.SyncMode.ValueType, rows: int = 3000, *,
        arrow: bool = False, lag: float = 0.0, seed: int = 0,
        attempts: int = 20, backoff: float = 0.2,
    ) -> Line:  # fmt: skip
        """A line with so many rows at its source."""
        ledger = Ledger(name, mode, self.source_url, self.destination_url)
        await ledger.create(rows)
        source = await self.stack.enter_async_context(FaultProxy(*_place(self.source_url), seed=seed))
        destination = await self.stack.enter_async_context(FaultProxy(*_place(self.destination_url), seed=seed + 1))
        auth = auth_pb2_grpc.AuthServiceStub(self.channel)
        session = await auth.Register(auth_pb2.RegisterRequest(email=f"{name}@example.com", password="correct horse"))
        metadata = (("authorization", f"Bearer {session.access_token}"),)
        sources = data_sources_pb2_grpc.DataSourcesServiceStub(self.channel)
        ids: list[str] = []
        for proxy, url in ((source, self.source_url), (destination, self.destination_url)):
            request = data_sources_pb2.CreateDataSourceRequest(
                name=f"{name} {len(ids)}", connector="postgres", config=config(proxy.url(url))
            )
            ids.append((await sources.CreateDataSource(request, metadata=metadata)).id)
        stub = pipelines_pb2_grpc.PipelinesServiceStub(self.channel)
        stream = pipelines_pb2.StreamConfig(
            namespace="public", name=name, sync_mode=mode, cursor_column="seq", cursor_lag=lag,
            transforms=streams_pb2.Transforms(filter=ARROW if arrow else ""),
        )  # fmt: skip
        if mode == pipelines_pb2.SYNC_MODE_FULL_REFRESH_OVERWRITE:
            stream.cursor_column = ""
        wait = Duration()
        wait.FromMilliseconds(round(backoff * 1000))
        policy = schedules_pb2.RetryPolicy(max_attempts=attempts, initial_backoff=wait, max_backoff=wait)
        order = pipelines_pb2.CreatePipelineRequest(
            name=name, source_id=ids[0], destination_id=ids[1], streams=[stream], retry_policy=policy
        )
        pipeline = await stub.CreatePipeline(order, metadata=metadata)
        line = Line(ledger, source, destination, self.database_url, self.destination_url, stub, metadata, pipeline.id)
        self.made.append(line)
        return line

    async def check(self) -> None:
        """Checks every line, and that nothing is left at the destination."""
        for line in self.made:
            await line.check()
        await nothing_left(self.destination_url)


@asynccontextmanager
async def opened_lines(
    channel: grpc.aio.Channel, cluster: EmbeddedPostgres, database_url: str, settings: Settings
) -> AsyncIterator[Lines]:
    async with (
        new_database(cluster) as source_url,
        new_database(cluster) as destination_url,
        AsyncExitStack() as stack,
    ):
        yield Lines(channel, database_url, source_url, destination_url, settings, stack)


async def silent_for_long(database_url: str, executor_ids: Iterable[str]) -> None:
    """Makes workers that are dead or frozen look as if they were so for long: the wait for it is tested elsewhere."""
    await _fetch(
        database_url,
        "UPDATE executors SET seen_at = now() - interval '1 minute' WHERE id = ANY ($1) RETURNING id",
        list(executor_ids),
    )


class Gate:
    """A lock that statements of others wait for, where a trigger of a test makes them."""

    def __init__(self, url: str, number: int) -> None:
        self._url = url
        self.number = number
        self._connection: asyncpg.Connection | None = None

    async def close(self) -> None:
        """Makes everybody wait from now on."""
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute("SELECT pg_advisory_lock($1)", self.number)

    async def reached(self) -> None:
        """Waits until somebody waits."""
        assert self._connection
        waiting = (
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        while not await self._connection.fetchval(waiting, self.number):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)

    async def open(self) -> None:
        """Lets everybody pass."""
        if self._connection:
            await self._connection.close()
            self._connection = None


async def gated(url: str, table: str, when: str, condition: str, number: int, *, at_commit: bool = False) -> Gate:
    """A gate that changes of a table's rows wait at: right before them, or in the COMMIT of their transaction."""
    function = (
        "CREATE OR REPLACE FUNCTION public.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_advisory_xact_lock(TG_ARGV[0]::bigint); RETURN NEW; END $$"
    )
    kind = f"CONSTRAINT TRIGGER gate_{number} AFTER" if at_commit else f"TRIGGER gate_{number} BEFORE"
    deferred = "DEFERRABLE INITIALLY DEFERRED" if at_commit else ""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        await connection.execute(function)
        await connection.execute(
            f"CREATE {kind} {when} ON {table} {deferred} FOR EACH ROW WHEN ({condition})"
            f" EXECUTE FUNCTION public.wait_at_gate({number})"
        )
    finally:
        await connection.close()
    gate = Gate(url, number)
    await gate.close()
    return gate


def _place(url: str) -> tuple[str, int]:
    host, _, port = url.rpartition("@")[2].partition("/")[0].partition(":")
    return host, int(port)
