"""The schema: what version a database has, and moving it to another."""

from __future__ import annotations

import asyncio
import enum
import time
from collections.abc import Callable

import asyncpg
import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server.resources import MIGRATIONS

MIGRATION_LOCK = 0x7DA7A
POLL_SECONDS = 0.2
# No one listens yet, the server is starting up, the database is still to be made.
_NOT_THERE_YET = (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.InvalidCatalogNameError)


log = structlog.get_logger("schema")


class OutdatedSchema(Exception):  # noqa: N818 - a state that start-up reports
    """The database's schema is not the one that this code needs."""


class State(enum.Enum):
    """What a database's schema is to this code."""

    CURRENT = "current"
    EMPTY = "empty"
    BEHIND = "behind"
    UNKNOWN = "unknown"  # newer code made it


class Unreachable(Exception):  # noqa: N818 - a state that start-up reports
    """The database did not answer in time."""


async def state(url: str, seconds: float = 0) -> State:
    """Says what schema a database has, waiting up to ``seconds`` for the database to be there.

    Raises:
        Unreachable: it is not there in time.
        asyncpg.PostgresError: it refuses, such as a wrong password; waiting does not help.
    """
    deadline, told = time.monotonic() + seconds, False
    while True:
        try:
            found = await current(url)
            break
        except (DBAPIError, *_NOT_THERE_YET) as error:
            if not isinstance(reason := _of_driver(error), _NOT_THERE_YET):
                raise reason from error
            if time.monotonic() >= deadline:
                raise Unreachable(f"The database was not there within {seconds:g} s: {reason}") from error
            if not told:
                log.warning("database_not_there_yet", reason=str(reason), seconds=seconds)
                told = True
        await asyncio.sleep(POLL_SECONDS)
    if found is None:
        return State.EMPTY
    if found == newest():
        return State.CURRENT
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return State.BEHIND if found in known else State.UNKNOWN


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


def _of_driver(error: BaseException) -> BaseException:
    """What asyncpg itself raised; SQLAlchemy wraps some of it, twice."""
    while isinstance(error, DBAPIError) or not isinstance(error, (OSError, asyncpg.PostgresError)):
        inner = error.orig if isinstance(error, DBAPIError) else error.__cause__
        if inner is None:
            break
        error = inner
    return error


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
