"""A destination that takes nothing makes the source wait, and the worker's memory stays as it is."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from pydantic import SecretStr

from server.sync.spec import Endpoint
from tests.servers.fault_proxy import FaultProxy, Rule
from tests.sync.conftest import Lab

ROWS, ROW_BYTES = 400_000, 1000
FIRST_TEXT = b"c4ca4238a0b923820dcc509a6f75849b"  # of the first row
MOST = 160 << 20  # what a worker may take beyond what it had before the first row: two fifths of the table


def plain(end: Endpoint, **changes: Any) -> tuple[str, dict[str, Any]]:
    """An end of the job with its secrets, as the process is given it."""
    values = end.config.model_dump(exclude_unset=True)
    return end.kind, {k: v.get_secret_value() if isinstance(v, SecretStr) else v for k, v in values.items()} | changes


class Worker:
    """The process, and the most memory that it was seen with."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.most = 0
        self._seen = psutil.Process(process.pid)

    @classmethod
    async def start(cls, source: object, to: object, *, arrow: bool) -> Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.sync.one_run", cwd=Path(__file__).parents[2],
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin
        process.stdin.write(json.dumps({"source": source, "to": to, "arrow": arrow}).encode())
        process.stdin.close()
        return cls(process)

    def memory(self) -> int:
        """The resident bytes now."""
        try:
            found = int(self._seen.memory_info().rss)
        except psutil.NoSuchProcess:
            return 0
        self.most = max(self.most, found)
        return found

    async def watch(self) -> None:
        """Look at the memory until the process has ended."""
        while self.process.returncode is None:
            self.memory()
            await asyncio.sleep(0.02)


async def waits(lab: Lab) -> bool:
    """Whether the source's server has rows ready that the worker does not take."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'ClientWrite'"
    return bool(await lab.source.fetchval(query, lab.source_name))


async def stays(worker: Worker, start: int, lab: Lab) -> None:
    """Wait until the source has been waiting for a second: the worker takes in no more."""
    still = 0
    async with asyncio.timeout(60):
        while still < 20:
            await asyncio.sleep(0.05)
            assert worker.process.returncode is None
            assert worker.memory() - start < MOST
            still = still + 1 if await waits(lab) else 0


async def held(rule: Rule) -> None:
    async with asyncio.timeout(60):
        await rule.reached.wait()


@asynccontextmanager
async def before_a_wall(
    lab: Lab, proxy: FaultProxy, to: object, *, arrow: bool
) -> AsyncGenerator[tuple[Worker, int], None]:
    """A run whose destination has stopped answering at the first row, and that was seen to wait; and its memory."""
    rule = proxy.hold(FIRST_TEXT)
    worker = await Worker.start(plain(lab.postgres()), to, arrow=arrow)
    watching = asyncio.create_task(worker.watch())
    try:
        await held(rule)
        start = worker.memory()
        with proxy.silence():  # a destination has more connections than the one that the rule holds
            await stays(worker, start, lab)
        rule.release()
        yield worker, start
    finally:
        rule.release()
        if worker.process.returncode is None:
            worker.process.kill()
        await watching


@pytest.fixture
async def table(lab: Lab) -> None:
    await lab.source.execute(
        f"CREATE TABLE t AS SELECT g AS id, repeat(md5(g::text), {ROW_BYTES // 32}) AS s"
        f" FROM generate_series(1, {ROWS}) g"
    )
    assert await lab.source.fetchval("SELECT pg_relation_size('t')") > 2 * MOST


@pytest.mark.parametrize("lane", ["raw", "arrow"])
@pytest.mark.usefixtures("table")
async def test_a_database_that_stops_taking_rows_does_not_fill_the_worker(lab: Lab, lane: str) -> None:
    async with FaultProxy("127.0.0.1", lab.cluster.port) as proxy:
        to = plain(lab.target(), port=proxy.port)
        async with before_a_wall(lab, proxy, to, arrow=lane == "arrow") as (worker, start), asyncio.timeout(120):
            out, _ = await worker.process.communicate()
        assert out.decode().split() == [lane, str(ROWS)]
        assert worker.most - start < MOST
