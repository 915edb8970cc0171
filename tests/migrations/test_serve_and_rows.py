"""Starting on an old schema, and going down and up again with rows in every table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from alembic.script import ScriptDirectory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from pydantic import SecretStr

from server.resources import MIGRATIONS
from server.settings import Settings
from server.storage import schema
from server.storage.session import APPLICATION_ROLE
from server.storage.tables import metadata
from tests.auth.people import reason_of, register
from tests.auth.serving import served
from tests.migrations.test_migrations import shape

REVISIONS = [item.revision for item in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]

ROWS = """
    INSERT INTO users (id, email, password_hash) VALUES ('{a}', 'a@example.com', '');
    INSERT INTO sessions (id, user_id, expires_at) VALUES ('{b}', '{a}', now());
    INSERT INTO login_failures VALUES ('a@example.com', 1, now());
    INSERT INTO organizations (id, name) VALUES ('{c}', 'A');
    INSERT INTO memberships (organization_id, user_id, role) VALUES ('{c}', '{a}', 4);
    INSERT INTO organization_keys VALUES ('{c}', 'id', '');
    INSERT INTO api_keys (id, organization_id, created_by, name, role, secret_hash, expires_at)
        VALUES ('{d}', '{c}', '{a}', 'k', 1, '', now());
    INSERT INTO data_sources (id, organization_id, name, connector, config) VALUES ('{e}', '{c}', 's', 'files', '{{}}');
    INSERT INTO pipelines (id, organization_id, name, source_id, destination_id, schedule, after_pipeline_id,
                           retry_policy, timeout_seconds, priority, paused, next_run_at, wanted, webhook_secret)
        VALUES ('{f}', '{c}', 'p', '{e}', '{e}', '{{}}', '{f}', '{{}}', 60, 1, true, now(), '{{}}', '');
    INSERT INTO runs (id, organization_id, pipeline_id, trigger, plan, priority, executor_id, attempts, progress_at,
                      deadline_at, schedule_time, occurrence)
        VALUES ('{a}', '{c}', '{f}', 'manual', '{{}}', 3, 'x', '[{{}}]', now(), now(), now(), 'webhook 1');
    INSERT INTO run_partitions (run_id, epoch, stream, number, organization_id, state, executor_id, work, result)
        VALUES ('{a}', 1, 's', 0, '{c}', 'done', 'x', '{{}}', '{{}}');
    INSERT INTO change_counters VALUES ('{c}', 1);
    INSERT INTO pipeline_changes VALUES ('{f}', '{c}', 1);
    INSERT INTO run_logs VALUES (current_date, '{a}', 1, 1, 1, '{c}', now(), 2, '');
    INSERT INTO checkpoints (id, organization_id, pipeline_id, namespace, stream, origin)
        VALUES ('{a}', '{c}', '{f}', '', 's', 'run');
    INSERT INTO stream_receipts VALUES ('{a}', '', 's', '{c}', 0, '{{}}');
    INSERT INTO schema_changes (id, organization_id, pipeline_id, namespace, stream, run_id, changes)
        VALUES ('{a}', '{c}', '{f}', '', 's', '{a}', '[]');
    INSERT INTO rejected_rows (id, organization_id, pipeline_id, namespace, stream, run_id, chunk, number, place,
                               row_number, column_name, code, message, content, replayable)
        VALUES ('{a}', '{c}', '{f}', '', 's', '{a}', 0, 0, 'f', 1, 'c', 'C', 'm', '', true);
    INSERT INTO executors (id, seen_at, host) VALUES ('x', now(), 'h');
    INSERT INTO configurations (organization_id, kind, version, content) VALUES ('{c}', 'alerts', 1, '{{}}');
    INSERT INTO leases VALUES ('l', 'h', now());
    INSERT INTO ingest_batches (organization_id, kind, token, items) VALUES ('{c}', 'events', 't', 1);
    INSERT INTO ingest_heads VALUES ('{c}', 'events', 1);
    INSERT INTO producers VALUES ('{c}', 'p', 1);
    INSERT INTO rejected_items VALUES ('{a}', '{c}', 'events', 'p', 0, 'f', 'r', '{{}}');
    INSERT INTO projections VALUES ('{c}', '{{}}');
    INSERT INTO realtime_views (id, organization_id, name, definition) VALUES ('{a}', '{c}', 'v', '{{}}');
    INSERT INTO audit_entries (number, id, organization_id, method, result) VALUES (1, '{a}', '{c}', 'm', 'OK');
    INSERT INTO audit_readers VALUES ('r', 1);
    INSERT INTO rate_windows VALUES ('user', '{a}', 1, 1);
    INSERT INTO stream_servers VALUES ('s', now());
    INSERT INTO stream_places VALUES ('user', '{a}', 's', 1);
    INSERT INTO usage_days VALUES ('{c}', current_date, 1, 1);
    INSERT INTO alerts (id, organization_id, rule, group_key, labels, severity, state, message, value, threshold,
                        started_at, updated_at, fired_at, told_at, told_channels, number)
        VALUES ('{a}', '{c}', 'r', 'k', '{{}}', 2, 'firing', 'm', 1, 0, now(), now(), now(), now(), '{{ops}}', 1);
    INSERT INTO alert_counters VALUES ('{c}', 1);
    INSERT INTO alert_problems VALUES ('{c}', 'r', 'p');
    INSERT INTO alert_silences VALUES ('{a}', '{c}', 'r', '{{}}', now(), now(), '', '{a}');
    INSERT INTO alert_deliveries (id, organization_id, alert_id, channel, kind, message)
        VALUES ('{a}', '{c}', '{a}', 'ops', 'firing', '{{}}');
    INSERT INTO idempotency_keys (user_id, method, request_id, fingerprint, resource_id)
        VALUES ('{a}', 'm', '{b}', '', '{c}');
""".format(**{letter: f"{letter * 8}-0000-7000-8000-000000000000" for letter in "abcdef"})


@pytest.fixture
async def owner(empty_database_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection with the rights of the database's owner."""
    connection = await asyncpg.connect(empty_database_url)
    yield connection
    await connection.close()


@pytest.fixture
def on_empty(empty_database_url: str, tmp_path: Path) -> Settings:
    """Settings of a server on an empty database."""
    return Settings(home=tmp_path, database_url=SecretStr(empty_database_url), grpc_port=0, stop_grace_seconds=1)


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_revision_goes_down_and_up_with_rows_in_every_table(
    empty_database_url: str, owner: asyncpg.Connection[Any], revision: str
) -> None:
    await schema.upgrade(empty_database_url)
    await owner.execute(ROWS)
    empty = [t.name for t in metadata.sorted_tables if not await owner.fetchval(f"SELECT count(*) FROM {t.name}")]
    assert not empty, "each table needs a row here, or the way down is not tried with it"
    before = await shape(empty_database_url)
    below = REVISIONS[REVISIONS.index(revision) + 1] if revision != REVISIONS[-1] else "base"
    await schema.move(empty_database_url, below)
    assert await schema.current(empty_database_url) == (None if below == "base" else below)
    with pytest.raises(schema.OutdatedSchema):
        await schema.require_current(empty_database_url)
    await schema.upgrade(empty_database_url)
    assert await shape(empty_database_url) == before


async def test_an_upgrade_of_a_current_database_changes_nothing(
    database_url: str,
) -> None:
    before = await shape(database_url)
    await schema.upgrade(database_url)
    assert await shape(database_url) == before


async def test_a_database_of_a_newer_server_is_refused(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    with pytest.raises(schema.OutdatedSchema, match="revision 9999"):
        await schema.require_current(database_url)


async def test_with_migrate_set_a_server_starts_on_an_empty_database_and_serves(on_empty: Settings) -> None:
    async with (
        served(on_empty, THEDATA_MIGRATE="true") as process,
        grpc.aio.insecure_channel(process.address) as channel,
    ):
        health = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
        assert health.status == health_pb2.HealthCheckResponse.SERVING
        assert await reason_of(register(channel, "ann")) == ("OK", "")
    assert "Traceback" not in process.log


async def test_two_servers_that_migrate_at_once_both_serve(on_empty: Settings) -> None:
    async with AsyncExitStack() as ends:
        starts = (ends.enter_async_context(served(on_empty, THEDATA_MIGRATE="true")) for _ in range(2))
        for name, process in zip(("ann", "bob"), await asyncio.gather(*starts), strict=True):
            channel = await ends.enter_async_context(grpc.aio.insecure_channel(process.address))
            assert await reason_of(register(channel, name)) == ("OK", "")


async def test_the_application_s_role_may_not_change_the_schema(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"SET ROLE {APPLICATION_ROLE}")
    for statement in (
        "CREATE TABLE mine (id int)",
        "DROP TABLE users",
        "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
        "DROP POLICY visible ON users",
        "UPDATE alembic_version SET version_num = ''",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_a_partition_is_made_for_yesterday_to_the_day_after_the_day_after_tomorrow(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"SET ROLE {APPLICATION_ROLE}")
    for _ in range(2):
        await connection.execute("SELECT ensure_run_log_partitions()")
    found = await connection.fetch(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'run_logs'::regclass"
    )
    await connection.close()
    today = datetime.now(UTC).date()
    expected = {f"run_logs_{today + timedelta(days=day):%Y%m%d}" for day in range(-1, 4)}
    assert {row[0] for row in found} >= expected


async def test_partitions_made_at_once_do_not_get_in_each_other_s_way(database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    for row in await owner.fetch(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'run_logs'::regclass"
    ):
        await owner.execute(f"DROP TABLE {row[0]}")
    connections = [await asyncpg.connect(database_url) for _ in range(4)]
    await asyncio.gather(*(connection.execute("SELECT ensure_run_log_partitions()") for connection in connections))
    for connection in connections:
        await connection.close()
    assert await owner.fetchval("SELECT count(*) FROM pg_inherits WHERE inhparent = 'run_logs'::regclass") == 5
    await owner.close()
