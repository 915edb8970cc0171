"""Databases by their SQLAlchemy dialect: SQLite files, and PostgreSQL by psycopg."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from server.sync.connectors.base import ConfigInvalidError, ConnectorContext
from server.sync.connectors.sqlalchemy import SqlalchemyConnector
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import JsonObject
from server.sync.source import Batch, CursorRange, Read
from server.sync.spec import StreamSpec
from server.sync.sqlalchemy.config import SqlalchemyConfig
from tests.sync.conftest import PASSWORD, Lab, until

CONNECTOR = SqlalchemyConnector()


def postgres(lab: Lab, **changes: Any) -> SqlalchemyConfig:
    values = {
        "url": f"postgresql+psycopg://owner@127.0.0.1:{lab.cluster.port}/{lab.source_name}",
        "password": PASSWORD,
    }
    return SqlalchemyConfig.model_validate(values | changes)


async def read(
    config: SqlalchemyConfig,
    context: ConnectorContext,
    name: str,
    *,
    cursor: CursorRange | None = None,
    after: JsonObject | None = None,
    limit: int | None = None,
) -> list[Batch]:
    async with CONNECTOR.open_source(config, context) as source:
        stream = await source.describe("", name)
        async with aclosing(source.read(Read(stream, stream.columns, cursor, after, limit))) as batches:
            return [batch async for batch in batches]


def rows_of(batches: list[Batch]) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for batch in batches for row in batch.rows.to_pylist()]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "postgresql://u:s3cret@h/d"}, "url"),
        ({"url": "no url"}, "url"),
        ({"url": "postgresql://u@h/d?options=-cx"}, "url"),
        ({"url": "postgresql://u@h/d?plugin=x"}, "url"),
        ({"url": "mssql+pyodbc://u@h/d?driver=/tmp/x.so"}, "url"),
        ({"url": "mysql+pymysql://u@h/d?local_infile=1"}, "url"),
    ],
)
def test_a_bad_url_is_refused_without_its_values(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigInvalidError) as caught:
        CONNECTOR.parse(changes)
    assert [violation.field for violation in caught.value.violations] == [field]
    assert "s3cret" not in str(caught.value)
    assert CONNECTOR.secret_fields() == {"password"}


@pytest.mark.parametrize(
    ("changes", "code", "type_"),
    [
        ({"url": "postgresql+psycopg://u@no-such-host.invalid:1/d"}, "HOST_NOT_FOUND", ErrorType.CONFIG),
        ({"url": "postgresql+psycopg://u@127.0.0.1:1/d"}, "CONNECTION_REFUSED", ErrorType.TRANSIENT),
        ({"url": "postgresql+psycopg:///d"}, "HOST_MISSING", ErrorType.CONFIG),
        ({"url": "nodialect://u@127.0.0.1/d"}, "CONNECTOR_NOT_INSTALLED", ErrorType.CONFIG),
        ({"url": "postgresql+psycopg2://u@127.0.0.1/d"}, "CONNECTOR_NOT_INSTALLED", ErrorType.CONFIG),
        ({"url": "postgresql+asyncpg://u@127.0.0.1/d"}, "DRIVER_UNSUPPORTED", ErrorType.CONFIG),
        ({"url": "sqlite:////etc/passwd"}, "PATH_FORBIDDEN", ErrorType.CONFIG),
        ({"url": "sqlite:///missing.db"}, "FILE_NOT_FOUND", ErrorType.CONFIG),
        ({"url": "sqlite:///text.db"}, "FILE_MALFORMED", ErrorType.CONFIG),
        ({"password": "wrong-canary"}, "CONNECTION_FAILED", ErrorType.CONFIG),
        ({"schemas": ["missing"]}, "SCHEMA_NOT_FOUND", ErrorType.CONFIG),
    ],
)
async def test_a_bad_connection_is_a_named_error_without_secrets(
    lab: Lab, changes: dict[str, Any], code: str, type_: ErrorType
) -> None:
    (lab.folder / "text.db").write_text("this is no database, but a long enough text to look at" * 100)
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.discover(postgres(lab, **changes), lab.context)
    error = caught.value
    assert (error.code, error.type, error.origin) == (code, type_, Origin.SOURCE)
    assert error.advice
    assert PASSWORD not in str(error)
    assert "wrong-canary" not in str(error)


VALUES = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE "Values" (
  id bigint PRIMARY KEY, "bool" boolean, "small" smallint, "int" integer, r real, d double precision, n numeric,
  p numeric(10,2), t text, c char(3), b bytea, dt date, ti time, ts timestamp, tz timestamptz, iv interval, u uuid,
  js json, jb jsonb, ar integer[], tx text[], m mood, ip inet
);
INSERT INTO "Values" VALUES
 (1, true, -32768, 2147483647, 0.1, 0.1, '123456789012345678901234567890.00000000000000000000000001', 1.10, '', 'ab',
  '\\x00ff', '2024-02-29', '23:59:59.999999', '2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006+02',
  '1 day 02:03:04', '00000000-0000-0000-0000-000000000001', '{"a": 12345678901234567890.10}', '{"b": 1.50}',
  '{1,NULL,2}', '{"a,b",NULL,""}', 'good', '10.0.0.1/8'),
 (2, NULL, NULL, NULL, 'NaN', '-Infinity', 'NaN', NULL, NULL, NULL, NULL, 'infinity', NULL, '-infinity',
  '0044-03-15 00:00:00+00 BC', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
"""


async def test_every_type_of_postgres_is_exact(lab: Lab) -> None:
    await lab.source.execute(VALUES)
    catalog = await CONNECTOR.discover(postgres(lab), lab.context)
    [stream] = catalog.streams
    assert (stream.full_name, stream.primary_key) == ("public.Values", ("id",))
    assert [column.type for column in stream.columns] == [
        "bigint", "boolean", "smallint", "integer", "real", "double", "decimal", "decimal(10,2)", "text", "text",
        "bytes", "date", "time", "timestamp", "timestamptz", "interval", "uuid", "json", "json", "array", "array",
        "text", "other",
    ]  # fmt: skip
    first, second = rows_of(await read(postgres(lab), lab.context, "Values"))
    assert first[4] == pytest.approx(0.1, abs=1e-8)
    assert first[:4] + first[5:] == (
        1, True, -32768, 2147483647, 0.1, "123456789012345678901234567890.00000000000000000000000001", "1.10", "",
        "ab ", b"\x00\xff", "2024-02-29", "23:59:59.999999", "2024-01-02 03:04:05.000006",
        "2024-01-02 01:04:05.000006+00", "1 day 02:03:04", "00000000-0000-0000-0000-000000000001",
        '{"a": 12345678901234567890.10}', '{"b": 1.50}',
        "[1,null,2]", '["a,b",null,""]', "good", "10.0.0.1/8",
    )  # fmt: skip
    assert str(second[4]) == "nan"
    assert second[5:7] == (float("-inf"), "NaN")
    assert (second[11], second[13], second[14]) == ("infinity", "-infinity", "0044-03-15 00:00:00+00 BC")


async def test_check_and_preview(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, NULL)")
    result = await CONNECTOR.check(postgres(lab), lab.context)
    assert result.server_version.startswith("postgresql 1")
    shown = await CONNECTOR.preview(postgres(lab), lab.context, StreamSpec("t", namespace="public"), 1)
    assert (shown.rows, shown.truncated) == (((1, "a"),), True)
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.preview(postgres(lab), lab.context, StreamSpec("missing"), 1)
    assert caught.value.code == "TABLE_NOT_FOUND"


async def test_a_missing_privilege_is_named(lab: Lab) -> None:
    await lab.source.execute(
        "DROP ROLE IF EXISTS weak_sa; CREATE ROLE weak_sa LOGIN PASSWORD 'weak'; CREATE TABLE t (id int)"
    )
    url = f"postgresql+psycopg://weak_sa@127.0.0.1:{lab.cluster.port}/{lab.source_name}"
    with pytest.raises(SyncError) as caught:
        await read(postgres(lab, url=url, password="weak"), lab.context, "t")
    assert caught.value.code == "PERMISSION_DENIED"
    await lab.source.execute("DROP ROLE weak_sa")


async def test_ranges_of_a_cursor_positions_and_the_watermark(lab: Lab) -> None:
    await lab.source.execute(
        "CREATE TABLE t (a int, b text, at timestamptz, PRIMARY KEY (a, b));"
        "INSERT INTO t SELECT n / 10, 'k' || n % 10, timestamptz '2024-01-01 00:00+00' + n * interval '1 minute'"
        " FROM generate_series(0, 12344) n; UPDATE t SET at = NULL WHERE a = 0 AND b = 'k0'"
    )
    config = postgres(lab)
    everything = rows_of(await read(config, lab.context, "t"))
    assert len(everything) == 12_345
    batches = await read(config, lab.context, "t")
    first = batches[0]
    assert first.position is not None
    rest = rows_of(await read(config, lab.context, "t", after=first.position))
    assert rows_of([first]) + rest == everything
    span = CursorRange("at", "2024-01-01 00:05:00+00", "2024-01-01 00:07:00+00")
    assert len(rows_of(await read(config, lab.context, "t", cursor=span))) == 3
    span = CursorRange("at", None, "2024-01-01 00:02:00+00", nulls=True)
    assert len(rows_of(await read(config, lab.context, "t", cursor=span, limit=2))) == 2
    assert len(rows_of(await read(config, lab.context, "t", cursor=span))) == 3
    async with CONNECTOR.open_source(config, lab.context) as source:
        stream = await source.describe("public", "t")
        assert await source.watermark(Read(stream, stream.columns, span)) == "2024-01-01 00:02:00+00"
        open_end = CursorRange("at", "2030-01-01 00:00:00+00")
        assert await source.watermark(Read(stream, stream.columns, open_end)) is None


async def test_a_source_is_one_snapshot(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    async with CONNECTOR.open_source(postgres(lab), lab.context) as source:
        stream = await source.describe("public", "t")
        await lab.source.execute("INSERT INTO t VALUES (2)")
        found = [batch async for batch in source.read(Read(stream, stream.columns))]
    assert rows_of(found) == [(1,)]


async def test_wide_rows_come_in_bounded_batches(lab: Lab) -> None:
    await lab.source.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text);"
        "INSERT INTO t SELECT n, repeat('x', 200000) FROM generate_series(1, 200) n"
    )
    batches = await read(postgres(lab), lab.context, "t")
    assert sum(batch.rows.num_rows for batch in batches) == 200
    assert max(batch.rows.nbytes for batch in batches) < 8 << 20


async def test_cancelling_ends_the_query_at_once(lab: Lab) -> None:
    await lab.source.execute("CREATE VIEW slow AS SELECT pg_sleep(30)::text AS v")
    task = asyncio.create_task(read(postgres(lab), lab.context, "slow"))
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'"

    async def sleeps() -> bool:
        return bool(await lab.source.fetchval(sleeping, lab.source_name))

    async def over() -> bool:
        return not await sleeps()

    await until(sleeps)
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 1
    await until(over, 2)


@pytest.fixture
def file(tmp_path: Path) -> SqlalchemyConfig:
    connection = sqlite3.connect(tmp_path / "some.db")
    connection.executescript(
        """
        CREATE TABLE plain (id INTEGER PRIMARY KEY, n NUMERIC(10,2), d DATE, b BLOB, f REAL, t TEXT, yes BOOLEAN, a);
        INSERT INTO plain VALUES (9223372036854775807, 0.1, '2024-02-29', x'00ff', 0.1, '', 1, 'any'),
                                 (2, '12345678901234567890.12', 'no date', NULL, 1e300, NULL, 0, 5);
        CREATE TABLE texts (k TEXT PRIMARY KEY);
        CREATE VIEW seen AS SELECT t FROM plain;
        """
    )
    connection.close()
    return SqlalchemyConfig(url="sqlite:///some.db")


async def test_a_sqlite_file_is_read_as_it_is_and_never_written(file: SqlalchemyConfig, tmp_path: Path) -> None:
    context = ConnectorContext(file_roots=(tmp_path,))
    streams = {stream.name: stream for stream in (await CONNECTOR.discover(file, context)).streams}
    assert set(streams) == {"plain", "texts", "seen"}
    assert [column.type for column in streams["plain"].columns] == [
        "bigint", "text", "text", "bytes", "double", "text", "boolean", "text",
    ]  # fmt: skip
    assert [column.nullable for column in streams["plain"].columns][:2] == [False, True]
    batches = await read(file, context, "plain")
    assert rows_of(batches) == [
        ("2", "1.2345678901234567e+19", "no date", None, "1e+300", None, "false", "5"),  # rounded by SQLite itself
        ("9223372036854775807", "0.1", "2024-02-29", b"\x00\xff", "0.1", "", "true", "any"),
    ]
    assert batches[-1].position == {"key": ["9223372036854775807"]}
    assert rows_of(await read(file, context, "plain", after={"key": ["2"]}))[0][0] == "9223372036854775807"
    span = CursorRange("id", "3", None)
    assert len(rows_of(await read(file, context, "plain", cursor=span))) == 1
