"""Row-level security by itself: what raw SQL of the application's role can see, add and change."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.ids import new_id
from server.scope import Scope
from server.storage.session import Database
from server.storage.tables import metadata
from tests.migrations.test_serve_and_rows import ROWS

USER, ORGANIZATION = UUID("aaaaaaaa-0000-7000-8000-000000000000"), UUID("cccccccc-0000-7000-8000-000000000000")
TABLES = sorted(table.name for table in metadata.sorted_tables)
OWNED = [name for name in TABLES if "organization_id" in metadata.tables[name].c]
PERSONAL = {"sessions": "user_id", "idempotency_keys": "user_id"}
PLATFORM_S = [
    "audit_readers", "executors", "leases", "login_failures", "rate_windows", "stream_places", "stream_servers",
]  # fmt: skip
APPEND_ONLY = {"audit_entries": "UPDATE DELETE", "configurations": "UPDATE"}
"""What not even the platform's scope may do, for want of a grant."""
COPY = "INSERT INTO {table} SELECT (jsonb_populate_record(r, CAST(:changes AS jsonb))).* FROM {table} r"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with a row in every table, through a pool of one connection."""
    owner = await asyncpg.connect(database_url)
    await owner.execute(ROWS)
    await owner.close()
    opened = Database(database_url, pool_size=1)
    yield opened
    await opened.close()


async def count(database: Database, scope: Scope, table: str) -> int:
    async with database.begin(scope) as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


async def copy_row(database: Database, scope: Scope, table: str, owner_column: str) -> None:
    """Adds what is there once more, for a stranger."""
    async with database.begin(scope) as connection:
        changes = json.dumps({owner_column: str(new_id())})
        await connection.execute(text(COPY.format(table=table)), {"changes": changes})


@pytest.mark.parametrize("table", TABLES)
async def test_a_stranger_sees_nothing_and_the_platform_all(database: Database, table: str) -> None:
    assert await count(database, Scope.of(new_id(), new_id()), table) == 0
    assert await count(database, Scope(), table) == 0
    assert await count(database, Scope.everything(), table) == 1


@pytest.mark.parametrize("table", TABLES)
async def test_a_stranger_changes_and_deletes_nothing(database: Database, table: str) -> None:
    column = next(iter(metadata.tables[table].c)).name
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        if statement.split()[0] in APPEND_ONLY.get(table, ""):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with database.begin(Scope.everything()) as connection:
                    await connection.execute(text(statement))
            continue
        async with database.begin(Scope.of(new_id(), new_id())) as connection:
            assert (await connection.execute(text(statement))).rowcount == 0


@pytest.mark.parametrize("table", OWNED)
async def test_nobody_adds_rows_for_another_organization(database: Database, table: str) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        await copy_row(database, Scope.of(ORGANIZATION), table, "organization_id")


@pytest.mark.parametrize("table", PERSONAL)
async def test_nobody_adds_rows_for_another_user(database: Database, table: str) -> None:
    scope = Scope.of(ORGANIZATION, USER)
    assert await count(database, scope, table) == 1
    with pytest.raises(DBAPIError, match="row-level security"):
        await copy_row(database, scope, table, PERSONAL[table])


@pytest.mark.parametrize("table", PLATFORM_S)
async def test_what_is_the_platform_s_is_no_organization_s(database: Database, table: str) -> None:
    assert await count(database, Scope.of(ORGANIZATION, USER), table) == 0


async def test_a_member_sees_colleagues_but_not_their_sessions(database: Database) -> None:
    colleague = Scope.of(ORGANIZATION, new_id())
    assert await count(database, colleague, "users") == 1
    assert await count(database, colleague, "sessions") == 0


@pytest.mark.parametrize("scope", [Scope.everything(), Scope.of(ORGANIZATION, USER)], ids=["platform", "organization"])
async def test_a_scope_does_not_outlive_a_transaction_that_failed(database: Database, scope: Scope) -> None:
    with pytest.raises(DBAPIError):
        async with database.begin(scope) as connection:
            await connection.execute(text("SELECT 1 / 0"))
    async with database.engine.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM organizations")) == 0


async def test_every_table_has_an_owner_that_is_tried_here() -> None:
    assert set(TABLES) == {*OWNED, *PERSONAL, *PLATFORM_S, "users", "organizations"}
