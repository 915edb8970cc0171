"""Organizations never see each other: by the repository's filter, and by row-level security beneath it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from server.app import build
from server.clock import now
from server.ids import new_id
from server.paging import PageRequest
from server.scope import Scope
from server.settings import Settings
from server.storage.session import APPLICATION_ROLE, Database
from server.storage.store import Store
from server.storage.tables import metadata

APPEND_ONLY = {"audit_entries", "configurations"}  # the application has no right to change these rows
OWNED = sorted(table.name for table in metadata.sorted_tables if "organization_id" in table.c)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, pool_size=1)
    yield opened
    await opened.close()


@pytest.fixture
async def two(database_url: str, tmp_path: Path) -> tuple[UUID, UUID]:
    """Two organizations with a row in every table that has an organization."""
    app = build(Settings(home=tmp_path, database_url=SecretStr(database_url)))
    for name in ("ann", "bob"):
        await app.auth.register(f"{name}@example.com", "correct horse", name, "")
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch("SELECT organization_id, user_id FROM memberships ORDER BY organization_id")
    for organization, user in rows:
        source, pipeline, run = new_id(), new_id(), new_id()
        key = (new_id(), organization, user, now() + timedelta(days=1))
        await connection.execute(
            "INSERT INTO api_keys (id, organization_id, created_by, name, role, secret_hash, expires_at)"
            " VALUES ($1, $2, $3, 'k', 1, '', $4)",
            *key,
        )
        await connection.execute("INSERT INTO organization_keys VALUES ($1, 'id', '')", organization)
        for number, identity in enumerate((source, new_id())):
            await connection.execute(
                "INSERT INTO data_sources (id, organization_id, name, connector, config)"
                " VALUES ($1, $2, $3, 'files', '{}')",
                identity, organization, str(number),
            )  # fmt: skip
        await connection.execute(
            "INSERT INTO pipelines (id, organization_id, name, source_id, destination_id) VALUES ($1, $2, 'p', $3, $3)",
            pipeline, organization, source,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO runs (id, organization_id, pipeline_id, trigger, plan) VALUES ($1, $2, $3, 'manual', '{}')",
            run, organization, pipeline,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO checkpoints (id, organization_id, pipeline_id, namespace, stream, origin)"
            " VALUES ($1, $2, $3, '', 's', 'run')",
            new_id(), organization, pipeline,
        )  # fmt: skip
        await connection.execute("INSERT INTO stream_receipts VALUES ($1, '', 's', $2, 0, '{}')", run, organization)
        await connection.execute(
            "INSERT INTO schema_changes (id, organization_id, pipeline_id, namespace, stream, run_id, changes)"
            " VALUES ($1, $2, $3, '', 's', $4, '[]')",
            new_id(), organization, pipeline, run,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO rejected_rows VALUES ($1, $2, $3, '', 's', $4, 0, 0, 'f', 1, 'c', 'C', 'm', '', true)",
            new_id(), organization, pipeline, run,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO run_logs VALUES (current_date, $1, 1, 1, 1, $2, now(), 2, '')", run, organization
        )
        await connection.execute(
            "INSERT INTO run_partitions (run_id, epoch, stream, number, organization_id, work)"
            " VALUES ($1, 1, 's', 0, $2, '{}')",
            run, organization,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO ingest_batches (organization_id, kind, token, items) VALUES ($1, 'events', 't', 1)",
            organization,
        )
        await connection.execute("INSERT INTO ingest_heads VALUES ($1, 'events', 1)", organization)
        await connection.execute("INSERT INTO producers VALUES ($1, 'p', 1)", organization)
        await connection.execute(
            "INSERT INTO rejected_items VALUES ($1, $2, 'events', 'p', 0, 'f', 'r', '{}')", new_id(), organization
        )
        await connection.execute("INSERT INTO projections VALUES ($1, '{}')", organization)
        await connection.execute(
            "INSERT INTO realtime_views (id, organization_id, name, definition) VALUES ($1, $2, 'v', '{}')",
            new_id(), organization,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO configurations (organization_id, kind, version, content) VALUES ($1, 'alerts', 1, '{}')",
            organization,
        )
        await connection.execute(
            "INSERT INTO audit_entries (number, id, organization_id, method, result) VALUES ($1, $2, $3, 'm', 'OK')",
            organization.int % 2**40, new_id(), organization,
        )  # fmt: skip
        await connection.execute("INSERT INTO usage_days VALUES ($1, current_date, 1, 1)", organization)
        alert = new_id()
        await connection.execute(
            "INSERT INTO alerts (id, organization_id, rule, group_key, labels, severity, state, message, value,"
            " threshold, started_at, updated_at, number)"
            " VALUES ($1, $2, 'r', 'k', '{}', 1, 'firing', '', 0, 0, now(), now(), 1)",
            alert, organization,
        )  # fmt: skip
        await connection.execute("INSERT INTO alert_counters VALUES ($1, 1)", organization)
        await connection.execute("INSERT INTO alert_problems VALUES ($1, 'r', 'p')", organization)
        await connection.execute(
            "INSERT INTO alert_silences VALUES ($1, $2, 'r', '{}', now(), now(), '', $3)", new_id(), organization, user
        )
        await connection.execute(
            "INSERT INTO alert_deliveries (id, organization_id, alert_id, channel, kind, message)"
            " VALUES ($1, $2, $3, 'ops', 'firing', '{}')",
            new_id(), organization, alert,
        )  # fmt: skip
        await connection.execute("INSERT INTO change_counters VALUES ($1, 1)", organization)
        await connection.execute("INSERT INTO pipeline_changes VALUES ($1, $2, 1)", pipeline, organization)
    await connection.close()
    await app.stop()
    return rows[0][0], rows[1][0]


async def test_the_application_s_role_owns_nothing(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    role = await connection.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcanlogin, (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
        " FROM pg_roles r WHERE rolname = $1",
        APPLICATION_ROLE,
    )
    unprotected = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " AND NOT relispartition AND NOT relrowsecurity AND relname <> 'alembic_version'"
    )
    await connection.close()
    assert tuple(role or ()) == (False, False, False, 0)
    assert not unprotected


@pytest.mark.parametrize("table", [*OWNED, "organizations", "users"])
async def test_row_level_security_alone_hides_the_other_organization(
    database: Database, two: tuple[UUID, UUID], table: str
) -> None:
    ours, theirs = two
    key = {"organizations": "id", "users": None}.get(table, "organization_id")
    async with database.begin(Scope.of(ours)) as connection:
        rows = (await connection.execute(text(f"SELECT * FROM {table}"))).mappings().all()
        assert rows
        if key:
            assert {row[key] for row in rows} == {ours}
            if table in APPEND_ONLY:
                return
            changed = await connection.execute(
                text(f"UPDATE {table} SET {key} = {key} WHERE {key} = :o"), {"o": theirs}
            )
            assert changed.rowcount == 0
            deleted = await connection.execute(text(f"DELETE FROM {table} WHERE {key} = :o"), {"o": theirs})
            assert deleted.rowcount == 0
        else:
            assert {row["email"] for row in rows} == {"ann@example.com"}


@pytest.mark.parametrize("table", [name for name in OWNED if name != "run_logs"])
async def test_row_level_security_forbids_to_give_rows_away(
    database: Database, two: tuple[UUID, UUID], table: str
) -> None:
    ours, theirs = two
    refused = "permission denied" if table in APPEND_ONLY else "row-level security"
    with pytest.raises(DBAPIError, match=refused):
        async with database.begin(Scope.of(ours)) as connection:
            await connection.execute(text(f"UPDATE {table} SET organization_id = :o"), {"o": theirs})


async def test_a_scope_ends_with_its_transaction(database: Database, two: tuple[UUID, UUID]) -> None:
    async with database.begin(Scope.of(two[0])) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM pipelines"))).scalar() == 1
    async with database.engine.begin() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM pipelines"))).scalar() == 0


async def test_the_repository_s_filter_alone_hides_the_other_organization(
    database_url: str, database: Database, two: tuple[UUID, UUID]
) -> None:
    ours, theirs = two
    owner = await asyncpg.connect(database_url)
    for table in [*OWNED, "organizations", "users"]:
        await owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    foreign = await owner.fetchval("SELECT id FROM pipelines WHERE organization_id = $1", theirs)
    await owner.close()
    async with Store(database).begin(Scope.of(ours)) as tx:
        assert await tx.pipelines.find(foreign) is None
        assert await tx.organizations.find(theirs) is None
        assert {item.organization_id for item in (await tx.data_sources.page(PageRequest())).items} == {ours}
        assert {item.id for item in (await tx.organizations.page(PageRequest())).items} == {ours}


async def test_a_pipeline_cannot_name_another_organization_s_source(database_url: str, two: tuple[UUID, UUID]) -> None:
    owner = await asyncpg.connect(database_url)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await owner.execute(
            "UPDATE pipelines SET source_id = (SELECT id FROM data_sources WHERE organization_id = $2 LIMIT 1)"
            " WHERE organization_id = $1",
            *two,
        )
    await owner.close()


async def test_pages_hold_every_row_once_while_rows_come_and_go(database: Database, two: tuple[UUID, UUID]) -> None:
    scope = Scope.of(two[0])
    store = Store(database)
    async with store.begin(scope) as tx:
        template = (await tx.data_sources.page(PageRequest())).items[0]
        made = [type(template)(**{**vars(template), "id": new_id(), "name": f"s{n}"}) for n in range(9)]
        for item in made:
            await tx.data_sources.insert(item)
    seen: list[UUID] = []
    after = None
    for _ in range(20):
        async with store.begin(scope) as tx:
            page = await tx.data_sources.page(PageRequest(2, after))
        seen += [item.id for item in page.items]
        after = page.next_key
        if after is None:
            break
        async with store.begin(scope) as tx:
            await tx.data_sources.insert(type(template)(**{**vars(template), "id": new_id(), "name": str(new_id())}))
    assert len(seen) == len(set(seen))
    assert {item.id for item in made} <= set(seen)


async def test_every_owned_table_is_known_to_the_test(database: Database) -> None:
    async with database.begin(Scope.everything()) as connection:
        names = select(text("table_name")).select_from(text("information_schema.columns"))
        found = await connection.scalars(
            names.where(text("column_name = 'organization_id' AND table_schema = 'public'"))
        )
        assert {name for name in found if not name.startswith("run_logs_")} == set(OWNED)
