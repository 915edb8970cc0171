"""The schema: models and migrations are one, and every step goes up and down."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

from server.resources import MIGRATIONS
from server.storage import schema
from server.storage.tables import metadata
from tests.conftest import IMPORTS, ROOT

SHAPE = """
    SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
    WHERE table_schema = 'public'
    UNION ALL SELECT tablename, policyname, qual, roles::text, cmd FROM pg_policies
    UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT table_name, privilege_type, grantee, '', '' FROM information_schema.table_privileges
    WHERE grantee = 'thedata_app' AND table_schema = 'public'
    ORDER BY 1, 2, 3
"""


async def shape(url: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(SHAPE)]
    finally:
        await connection.close()


async def test_models_and_migrations_are_equal(database_url: str) -> None:
    engine = create_async_engine(
        database_url.replace("postgresql://", "postgresql+asyncpg://"), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(
                    sync, opts={"include_object": lambda _o, name, *_: not str(name).startswith("run_logs_2")}
                ),
                metadata,
            )
        )
    await engine.dispose()
    assert differences == []


async def test_up_down_up_gives_the_same_schema_and_keeps_what_a_revision_does_not_own(
    empty_database_url: str,
) -> None:
    await schema.upgrade(empty_database_url)
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute("INSERT INTO organizations (id, name) VALUES (gen_random_uuid(), 'A')")
    await connection.execute("CREATE TABLE somebody_else_s (id int)")
    await connection.close()
    before = await shape(empty_database_url)
    revisions = [item.revision for item in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    for revision in [*revisions[1:], "base"]:
        await schema.move(empty_database_url, revision)
    assert {row[0] for row in await shape(empty_database_url)} <= {"alembic_version", "somebody_else_s"}
    await schema.upgrade(empty_database_url)
    assert await shape(empty_database_url) == before


async def test_two_upgrades_at_once_both_succeed(empty_database_url: str) -> None:
    await asyncio.gather(schema.upgrade(empty_database_url), schema.upgrade(empty_database_url))
    await schema.require_current(empty_database_url)


async def test_an_old_schema_is_refused_with_what_to_do(empty_database_url: str, tmp_path: Path) -> None:
    with pytest.raises(schema.OutdatedSchema, match=r"revision none, this server needs .* Run `make migrate`"):
        await schema.require_current(empty_database_url)
    environment = {
        **os.environ,
        "PYTHONPATH": IMPORTS,
        "THEDATA_DATABASE_URL": empty_database_url,
        "THEDATA_HOME": str(tmp_path),
        "THEDATA_GRPC_PORT": "0",
    }
    served = await asyncio.to_thread(
        lambda: subprocess.run(
            [sys.executable, "-m", "server", "serve"],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    )
    assert served.returncode == 1
    assert "Run `make migrate`" in served.stderr
    assert "Traceback" not in served.stderr


async def test_the_partitions_of_the_next_days_are_there(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    found = await connection.fetchval("SELECT count(*) FROM pg_inherits WHERE inhparent = 'run_logs'::regclass")
    await connection.close()
    assert found >= 5
