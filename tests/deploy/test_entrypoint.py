"""The container's entry point, run as it is on a real PostgreSQL: it migrates what is to be migrated, then serves."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from server.stack.ports import free_port
from server.stack.postgres import EmbeddedPostgres
from server.stack.readiness import grpc_serves, http_answers
from server.storage import schema
from tests.conftest import IMPORTS, ROOT

ENTRYPOINT = ROOT / "deploy" / "docker" / "entrypoint.sh"
SECONDS = 60.0
EARLIER = "0004"


class Container:
    """One run of the entry point."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.port = port
        self.said = ""

    async def says(self, text: str) -> None:
        """Waits for a text in what it writes."""
        assert self._process.stderr is not None
        async with asyncio.timeout(SECONDS):
            while text not in self.said:
                line = await self._process.stderr.readline()
                assert line, f"it ended without saying {text!r}:\n{self.said}"
                self.said += line.decode()

    async def serves(self) -> None:
        """Waits until its gRPC server serves."""
        await self.says("serving")
        async with asyncio.timeout(SECONDS):
            await grpc_serves("127.0.0.1", self.port)

    async def ends(self) -> int:
        """Waits for its end."""
        async with asyncio.timeout(SECONDS):
            _, rest = await self._process.communicate()
        self.said += rest.decode()
        assert self._process.returncode is not None
        return self._process.returncode

    async def stops(self) -> int:
        """Ends it as a container runtime does."""
        self._process.send_signal(signal.SIGTERM)
        return await self.ends()


@asynccontextmanager
async def started(
    home: Path, *arguments: str, url: str = "", environment: Mapping[str, str] | None = None
) -> AsyncIterator[Container]:
    await asyncio.to_thread(home.mkdir, exist_ok=True)
    port = free_port()
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": IMPORTS,
        "THEDATA_PYTHON": sys.executable,
        "THEDATA_HOME": str(home),
        "THEDATA_GRPC_PORT": str(port),
        "THEDATA_DATABASE_WAIT_SECONDS": "30",
        "THEDATA_STOP_GRACE_SECONDS": "1",
        "THEDATA_ADMIN_EMAIL": "ops@example.com",
        "THEDATA_ADMIN_PASSWORD": "correct horse battery",
        **({"THEDATA_DATABASE_URL": url} if url else {}),
        **(environment or {}),
    }
    process = await asyncio.create_subprocess_exec(
        str(ENTRYPOINT), *arguments, env=given, cwd=home, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield Container(process, port)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def admins(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [row["email"] for row in await connection.fetch("SELECT email FROM users WHERE platform_admin")]
    finally:
        await connection.close()


async def test_an_empty_database_is_migrated_and_served_by_two_that_start_at_once(
    empty_database_url: str, tmp_path: Path
) -> None:
    async with (
        started(tmp_path / "a", url=empty_database_url) as one,
        started(tmp_path / "b", url=empty_database_url) as other,
    ):
        await asyncio.gather(one.serves(), other.serves())
        assert await schema.state(empty_database_url) is schema.State.CURRENT
        assert await admins(empty_database_url) == ["ops@example.com"]
        assert set(await asyncio.gather(one.stops(), other.stops())) == {0}


async def test_an_outdated_schema_is_migrated_a_current_one_is_left_alone(
    empty_database_url: str, tmp_path: Path
) -> None:
    await schema.move(empty_database_url, EARLIER)
    async with started(tmp_path, "migrate", url=empty_database_url) as job:
        assert await job.ends() == 0
        assert "is to be migrated" in job.said
    async with started(tmp_path, "serve", url=empty_database_url) as container:
        await container.serves()
        assert "the schema is current" in container.said
        assert "migrated\n" not in container.said
        assert await container.stops() == 0


async def test_it_waits_for_a_database_that_is_still_to_be_made(cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    name = f"late_{uuid4().hex}"
    async with started(tmp_path, "migrate", url=cluster.dsn(name)) as job:
        await job.says("database_not_there_yet")
        await cluster.create_database(name)
        assert await job.ends() == 0
    assert await schema.state(cluster.dsn(name)) is schema.State.CURRENT


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
async def test_no_database_in_time_ends_it(command: str, tmp_path: Path) -> None:
    nobody = f"postgresql://thedata:secret@127.0.0.1:{free_port()}/thedata"
    async with started(tmp_path, command, url=nobody, environment={"THEDATA_DATABASE_WAIT_SECONDS": "1"}) as container:
        assert await container.ends() == 4
        assert "the database is not there" in container.said
        assert "secret" not in container.said


async def test_a_database_that_refuses_is_not_waited_for(cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    wrong = re.sub(r":[^:@]+@", ":no-such-password@", cluster.dsn("postgres"))
    async with started(tmp_path, url=wrong) as container:
        assert await container.ends() == 1
        assert "password authentication failed" in container.said
        assert "no-such-password" not in container.said


async def test_a_schema_of_newer_code_is_not_touched(database_url: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    async with started(tmp_path, url=database_url) as container:
        assert await container.ends() == 5
    assert await schema.current(database_url) == "9999"


async def test_where_migrating_is_switched_off_an_outdated_schema_is_refused(
    empty_database_url: str, tmp_path: Path
) -> None:
    await schema.move(empty_database_url, EARLIER)
    async with started(tmp_path, url=empty_database_url, environment={"THEDATA_MIGRATE": "false"}) as container:
        assert await container.ends() == 1
        assert f"is at revision {EARLIER}" in container.said
    assert await schema.current(empty_database_url) == EARLIER


async def test_the_gateway_is_envoy_in_front_of_the_named_servers(database_url: str, tmp_path: Path) -> None:
    async with started(tmp_path / "server", url=database_url) as server:
        await server.serves()
        http = free_port()
        environment = {"THEDATA_HTTP_PORT": str(http), "THEDATA_UPSTREAM": f"localhost:{server.port}"}
        async with started(tmp_path / "gateway", "gateway", environment=environment) as gateway:
            async with asyncio.timeout(SECONDS):
                await http_answers("127.0.0.1", http, "/healthz")
            health = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "server", "health",
                env={**os.environ, "PYTHONPATH": IMPORTS, "THEDATA_GRPC_PORT": str(server.port)},
            )  # fmt: skip
            assert await health.wait() == 0
            assert await gateway.stops() == 0
        assert await server.stops() == 0


async def test_any_other_command_is_run_as_it_is(tmp_path: Path) -> None:
    async with started(tmp_path, "sh", "-c", "exit 7") as container:
        assert await container.ends() == 7
