"""The embedded PostgreSQL for a command of its own, such as a migration."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from server.settings import Settings
from server.stack.folder import make_folder, make_home
from server.stack.lock import FileLock
from server.stack.postgres import EmbeddedPostgres


@asynccontextmanager
async def with_database(settings: Settings) -> AsyncIterator[Settings]:
    """Settings with a database: the given ones where they name one, else with the embedded one started for so long.

    Raises `StackError` while the stack runs on the same home: stop it first.
    """
    if settings.database_url is not None:
        yield settings
        return
    home = make_home(settings.home)
    lock = FileLock(make_folder(home / "run") / "stack.lock", f"the home folder {home}")
    lock.acquire()
    postgres = EmbeddedPostgres(home, settings.postgres_port)
    try:
        await postgres.start()
        yield settings.model_copy(update={"database_url": SecretStr(postgres.dsn())})
    finally:
        await postgres.stop()
        lock.release()
