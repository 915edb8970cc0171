"""The schema: what version a database has, upgrading and downgrading it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dbos import DBOS
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server.storage.session import APPLICATION_ROLE

MIGRATIONS = Path(__file__).parents[2] / "migrations"
MIGRATION_LOCK = 0x7DA7A
RUNS_SCHEMA = "dbos"


class OutdatedSchema(Exception):  # noqa: N818 - a state that start-up reports
    """The database's schema is not the one that this code needs."""


async def upgrade(url: str, revision: str = "head") -> None:
    """Upgrades a database to a revision, one process at a time, with the tables of the run engine."""
    await _migrate(url, lambda config: command.upgrade(config, revision))
    await asyncio.to_thread(DBOS.migrate, url, schema=RUNS_SCHEMA, application_role=APPLICATION_ROLE)


async def downgrade(url: str, revision: str) -> None:
    """Downgrades a database to a revision; the run engine's tables stay."""
    await _migrate(url, lambda config: command.downgrade(config, revision))


async def require_current(url: str) -> None:
    """Checks that a database has the newest revision.

    Raises:
        OutdatedSchema: it has another one.
    """
    engine = _engine(url)
    try:
        async with engine.connect() as connection:
            found = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await engine.dispose()
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    if found != wanted:
        raise OutdatedSchema(
            f"The database's schema is at revision {found or 'none'}, this server needs {wanted}."
            " Run `make migrate` (python -m server migrate), or start with THEDATA_MIGRATE=true."
        )


async def _migrate(url: str, step: Callable[[Config], object]) -> None:
    engine = _engine(url)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
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
