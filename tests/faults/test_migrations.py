"""37: a migration is told to end while it waits for a lock. It leaves the schema as it was, and nobody waiting."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from pydantic import SecretStr

from server.resources import MIGRATIONS
from server.settings import Settings
from server.stack.supervisor import variables
from server.storage import schema
from tests.conftest import IMPORTS, ROOT
from tests.migrations.test_migrations import shape

REVISIONS = [item.revision for item in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = to_regclass('runs'))"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL ($1)"
    " AND backend_type = 'client backend'"
)
SECONDS = 30
BELOW = "0003"  # the next one alters `runs`


@pytest.fixture
def behind(empty_database_url: str, settings: Settings) -> Settings:
    """Settings whose database is behind, once a test has moved it there."""
    return settings.model_copy(update={"database_url": SecretStr(empty_database_url)})


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A transaction that has read a table which the next revision alters."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE runs IN ACCESS SHARE MODE")
            yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize("command", ["migrate", "serve"])
async def test_37_a_migration_that_is_told_to_end_is_rolled_back_whole(
    empty_database_url: str, behind: Settings, command: str
) -> None:
    await schema.move(empty_database_url, BELOW)
    before = await shape(empty_database_url)
    async with locked(empty_database_url) as holder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", command,
            env={**os.environ, **variables(behind), "PYTHONPATH": IMPORTS, "THEDATA_MIGRATE": "true"},
            cwd=ROOT, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stderr
        try:
            async with asyncio.timeout(SECONDS):
                while not await holder.fetchval(WAITING):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.05)
            process.terminate()
            async with asyncio.timeout(SECONDS):
                told = (await process.stderr.read()).decode()
                assert await process.wait() == 1, told
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert "told to end" in told
        assert "Traceback" not in told
        # While the lock is still held: nobody queues behind a statement of a process that is gone.
        async with asyncio.timeout(SECONDS):
            while await holder.fetchval(OTHERS, [holder.get_server_pid()]):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
        assert not await holder.fetchval(WAITING)
    assert await schema.current(empty_database_url) == BELOW
    assert await shape(empty_database_url) == before
    await schema.upgrade(empty_database_url)
    assert await schema.current(empty_database_url) == REVISIONS[0]
