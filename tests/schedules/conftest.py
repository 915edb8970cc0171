"""A yard of pipelines, and schedulers as workers have them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest

from server.runs.scheduler import Scheduler
from server.storage.runs import SCHEDULES_CHANNEL
from server.storage.session import Database
from server.storage.signals import Signals
from server.storage.store import Store
from tests.schedules.yard import Yard

NewScheduler = Callable[[], Awaitable[Scheduler]]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, pool_size=4)
    yield opened
    await opened.close()


@pytest.fixture
async def yard(database: Database, database_url: str) -> AsyncIterator[Yard]:
    connection = await asyncpg.connect(database_url)
    yield await Yard.laid(Store(database), connection)
    await connection.close()


@pytest.fixture
async def new_scheduler(database_url: str) -> AsyncIterator[NewScheduler]:
    """Makes schedulers, each with connections of its own as in a process of its own."""
    async with AsyncExitStack() as ends:

        async def made() -> Scheduler:
            database = Database(database_url, pool_size=2)
            ends.push_async_callback(database.close)
            signals = Signals(database, [SCHEDULES_CHANNEL])
            ends.push_async_callback(signals.close)
            signals.start()
            return Scheduler(Store(database), signals)

        yield made
