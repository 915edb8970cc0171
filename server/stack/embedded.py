"""The embedded engines for a command of its own, such as a migration."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.folder import make_folder, make_home
from server.stack.lock import FileLock
from server.stack.postgres import EmbeddedPostgres


@asynccontextmanager
async def with_database(settings: Settings) -> AsyncIterator[Settings]:
    """Settings with a database: the given ones where they name one, else with the embedded one started for so long.

    Raises `StackError` while the stack runs on the same home: stop it first.
    """
    async with _engines(settings, analytics=False) as reached:
        yield reached


@asynccontextmanager
async def with_stores(settings: Settings) -> AsyncIterator[Settings]:
    """As `with_database`, and with the analytics store."""
    async with _engines(settings, analytics=True) as reached:
        yield reached


@asynccontextmanager
async def _engines(settings: Settings, *, analytics: bool) -> AsyncIterator[Settings]:
    own_database = settings.database_url is None
    own_analytics = analytics and settings.analytics_url is None
    async with AsyncExitStack() as stack:
        if own_database or own_analytics:
            home = make_home(settings.home)
            lock = FileLock(make_folder(home / "run") / "stack.lock", f"the home folder {home}")
            lock.acquire()
            stack.callback(lock.release)
        if own_database:
            postgres = EmbeddedPostgres(settings.home, settings.postgres_port)
            stack.push_async_callback(postgres.stop)
            await postgres.start()
            settings = settings.model_copy(update={"database_url": SecretStr(postgres.dsn())})
        if own_analytics:
            clickhouse = EmbeddedClickhouse(
                settings.home, settings.analytics_port, memory_bytes=settings.analytics_memory_bytes
            )
            stack.push_async_callback(clickhouse.stop)
            await clickhouse.start()
            settings = settings.model_copy(update={"analytics_url": SecretStr(clickhouse.url)})
        yield settings
