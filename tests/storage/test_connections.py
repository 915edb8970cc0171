"""Connections that a server has ended are replaced before anybody uses them, and none is asked whether it lives."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text

from server.scope import Scope
from server.storage.session import Database

NAME = "test-connections"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, pool_size=3, application_name=NAME)
    yield opened
    await opened.close()


async def backend(database: Database) -> int:
    """The server's process that answers a transaction."""
    async with database.begin(Scope.everything()) as connection:
        return int(await connection.scalar(text("SELECT pg_backend_pid()")))


async def test_after_the_server_has_ended_all_of_them_the_first_transaction_succeeds(
    database: Database, database_url: str
) -> None:
    async with database.begin(Scope.everything()), database.begin(Scope.everything()):
        before = await backend(database)  # so there are three of them
    owner = await asyncpg.connect(database_url)
    ended = await owner.fetch(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = $1", NAME
    )
    await owner.close()
    assert [row[0] for row in ended] == [True, True, True]
    after = {await backend(database) for _ in range(3)}
    assert before not in after


async def test_a_connection_is_not_asked_whether_it_lives(database: Database) -> None:
    """Whoever is called a thousand times a second pays for each round trip; SQLAlchemy's own ping takes three."""
    await backend(database)
    sent: list[str] = []
    async with database.begin(Scope.everything()) as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        raw.add_query_logger(lambda query: sent.append(query.query))
    await backend(database)
    assert sent == ["COMMIT;", "BEGIN;", "COMMIT;"]  # and statements that are prepared, of which this tells nothing
