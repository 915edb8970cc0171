"""The schema: what version a database has, and moving it to another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

MIGRATIONS = Path(__file__).parents[2] / "migrations"
MIGRATION_LOCK = 0x7DA7A
POLL_SECONDS = 0.2


class OutdatedSchema(Exception):  # noqa: N818 - a state that start-up reports
    """The database's schema is not the one that this code needs."""


async def upgrade(url: str) -> None:
    """Upgrades a database to the newest revision."""
    if await current(url) != newest():
        await _migrate(url, lambda config: command.upgrade(config, "head"))


async def move(url: str, revision: str) -> None:
    """Moves a database to a revision: up to a newer one, down to an older one."""
    if revision == "head":
        await upgrade(url)
        return
    script = ScriptDirectory.from_config(_config())
    wanted = None if revision == "base" else script.get_revision(revision)
    behind = {item.revision for item in script.iterate_revisions(await current(url) or "base", "base")}
    down = wanted is None or wanted.revision in behind
    step = command.downgrade if down else command.upgrade
    await _migrate(url, lambda config: step(config, revision))


async def require_current(url: str) -> None:
    """Checks that a database has the newest revision.

    Raises:
        OutdatedSchema: it has another one.
    """
    found, needed = await current(url), newest()
    if found != needed:
        raise OutdatedSchema(
            f"The database's schema is at revision {found or 'none'}, this server needs {needed}."
            " Run `make migrate` (python -m server migrate), or start with THEDATA_MIGRATE=true."
        )


async def wait_until_current(url: str, seconds: float) -> None:
    """Waits for another process to upgrade the schema.

    Raises:
        OutdatedSchema: it has not the newest revision in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await require_current(url)
        except OutdatedSchema:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(POLL_SECONDS)


async def current(url: str) -> str | None:
    """The revision that a database has; None for an empty one."""
    engine = _engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await engine.dispose()


def newest() -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def _migrate(url: str, step: Callable[[Config], object]) -> None:
    engine = _engine(url)
    try:
        async with engine.connect() as connection:
            # One process at a time; the lock goes with the connection. Who waits asks again and again: a statement that
            # waits would keep an index from being made CONCURRENTLY, which waits for all statements that run.
            while not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": MIGRATION_LOCK}):
                await connection.commit()
                await asyncio.sleep(POLL_SECONDS)
            await connection.commit()
            await connection.run_sync(_with_config, step)
            await connection.commit()
    finally:
        await engine.dispose()


def _with_config(connection: Connection, step: Callable[[Config], object]) -> None:
    config = _config()
    config.attributes["connection"] = connection
    step(config)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _engine(url: str) -> AsyncEngine:
    return create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)
