"""The audit by the application's own role: it adds entries, and never changes or removes one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.audit.model import AuditFilter, Denial
from server.ids import new_id
from server.scope import PLATFORM, Scope
from server.storage.session import Database
from server.storage.store import Store

EVERYTHING = Scope.everything()
OURS, THEIRS = new_id(), new_id()


def denial(organization_id: UUID) -> Denial:
    return Denial(new_id(), organization_id, None, None, "X/Y", "", "", "PERMISSION_DENIED", "R", "id", "10.0.0.1")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, pool_size=2)
    async with Store(opened).begin(EVERYTHING) as tx:
        await tx.audit.deny([denial(OURS), denial(THEIRS), denial(PLATFORM)])
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET result = 'OK'",
        "UPDATE audit_entries SET number = number + 1000",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "ALTER TABLE pipelines DISABLE TRIGGER audit",
        "DROP TRIGGER audit ON pipelines",
        "DROP FUNCTION audit_change() CASCADE",
        "SELECT setval('audit_numbers', 1)",
        "SET session_replication_role = replica",
    ],
)
async def test_the_application_s_role_is_refused(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with database.begin(EVERYTHING) as connection:
            await connection.execute(text(statement))
    async with Store(database).begin(EVERYTHING) as tx:
        assert len(await tx.audit.before(AuditFilter(), None, 10)) == 3


async def test_a_scope_sees_its_own_entries_and_the_platform_all(database: Database) -> None:
    async def seen(scope: Scope, statement: str = "SELECT organization_id FROM audit_entries") -> set[UUID]:
        async with database.begin(scope) as connection:
            return set((await connection.scalars(text(statement))).all())

    assert await seen(Scope.of(OURS)) == {OURS}
    assert await seen(Scope()) == set()
    assert await seen(EVERYTHING) == {OURS, THEIRS, PLATFORM}
    async with Store(database).begin(Scope.of(OURS)) as tx:
        assert {entry.organization_id for entry in await tx.audit.before(AuditFilter(), None, 10)} == {OURS}
        assert await tx.audit.before(AuditFilter(THEIRS), None, 10) == []


async def test_nobody_adds_an_entry_for_another_organization(database: Database) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with Store(database).begin(Scope.of(OURS)) as tx:
            await tx.audit.deny([denial(THEIRS)])
