"""What every test stands on: a private PostgreSQL, a database cloned for each test, the real server."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import grpc
import pytest
from pydantic import SecretStr

from server.app import App, build
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.postgres import EmbeddedPostgres
from server.storage import schema

TEMPLATE = "thedata_template"
WORKER_SECONDS = 30.0
ROOT = Path(__file__).parents[1]


def imports_of(code: Path) -> str:
    """Where a process of the platform finds its modules, by the folder of its code."""
    return os.pathsep.join([str(code), str(code / "generated" / "python")])


IMPORTS = imports_of(ROOT)


def fast_folder() -> Path:
    """A new folder in memory where there is one; directly below, so that PostgreSQL's own account can enter."""
    base = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
    return base / f"thedata-test-{os.getpid()}-{uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def cluster() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of this test process, with a migrated template database."""
    home = fast_folder()
    postgres = EmbeddedPostgres(home, durable=False)

    async def start() -> None:
        await postgres.start()
        await postgres.create_database(TEMPLATE)
        await schema.upgrade(postgres.dsn(TEMPLATE))

    asyncio.run(start())
    yield postgres
    asyncio.run(postgres.stop())
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def clickhouse_server() -> Iterator[EmbeddedClickhouse]:
    """The embedded ClickHouse of this test process."""
    for module in ("chdb", "clickhouse_connect"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="thedata-clickhouse-"))
    server = EmbeddedClickhouse(folder, memory_bytes=2 << 30)
    try:
        asyncio.run(server.start())
        yield server
    finally:
        asyncio.run(server.stop())
        shutil.rmtree(folder)


@pytest.fixture
async def engine() -> AsyncIterator[EmbeddedClickhouse]:
    """An engine for nobody but this test, which may kill it."""
    folder = Path(tempfile.mkdtemp(prefix="thedata-clickhouse-"))
    server = EmbeddedClickhouse(folder)
    await server.start()
    yield server
    await server.stop()
    shutil.rmtree(folder)


@asynccontextmanager
async def new_database(cluster: EmbeddedPostgres, template: str = "template0") -> AsyncIterator[str]:
    """A database of one's own, gone afterwards; yields its URL, with the owner's rights."""
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        yield cluster.dsn(name)
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@pytest.fixture
async def database_url(cluster: EmbeddedPostgres) -> AsyncIterator[str]:
    """A migrated platform database of this test's own."""
    async with new_database(cluster, TEMPLATE) as url:
        yield url


@pytest.fixture
async def empty_database_url(cluster: EmbeddedPostgres) -> AsyncIterator[str]:
    """An empty database, such as a pipeline's source or destination."""
    async with new_database(cluster) as url:
        yield url


@pytest.fixture
async def destination_url(cluster: EmbeddedPostgres) -> AsyncIterator[str]:
    """Another empty database, to land in."""
    async with new_database(cluster) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a server of this test's own, on a free port."""
    (tmp_path / "files").mkdir()
    return Settings(
        home=tmp_path,
        database_url=SecretStr(database_url),
        grpc_port=0,
        file_roots=[tmp_path / "files"],
        stop_grace_seconds=1,
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    """The real server, serving."""
    running = build(settings)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def channel(app: App) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to the server."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{app.port}") as opened:
        yield opened


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process on this test's database; it ends with the test."""
    async with running_worker(settings) as process:
        yield process


EXECUTORS: dict[int, str] = {}
"""The ids of workers by their process."""


@asynccontextmanager
async def running_worker(
    settings: Settings, code: Path = ROOT, environment: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Starts a worker process and waits until it takes runs."""
    from server.stack.supervisor import variables

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "worker",
        env={**os.environ, **variables(settings), "PYTHONPATH": imports_of(code), **(environment or {})},
        cwd=code,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(WORKER_SECONDS):
            while b"worker_ready" not in (line := await process.stderr.readline()):
                assert line, "the worker ended before it was ready"
        EXECUTORS[process.pid] = re.findall(r"executor=(\S+)", line.decode())[0]
        draining = asyncio.create_task(_told(process.stderr))
        yield process
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(WORKER_SECONDS):
            await process.wait()
            await draining
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _told(stderr: asyncio.StreamReader) -> None:
    """Shows what a worker says with the output of a test that has failed."""
    while line := await stderr.readline():
        sys.stdout.write(line.decode(errors="replace"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many generated clients ran, and which were left out."""
    reports = {
        outcome: [one for one in terminalreporter.stats.get(outcome, []) if "test_a_generated_client" in one.nodeid]
        for outcome in ("passed", "failed", "skipped")
    }
    if any(reports.values()):
        left_out = sorted({str(one.longrepr[2]) for one in reports["skipped"]})
        ran = len(reports["passed"]) + len(reports["failed"])
        terminalreporter.write_line(f"{ran} generated clients ran; left out: {', '.join(left_out) or 'none'}")
