"""Databases by their SQLAlchemy dialect: SQLite files, and PostgreSQL by psycopg."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from server.sync.connectors.base import ConfigInvalidError, ConnectorContext
from server.sync.connectors.sqlalchemy import SqlalchemyConnector
from server.sync.destination import Destination, StagedChunk, Target, TargetColumn
from server.sync.engine import run_pipeline
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column, JsonObject
from server.sync.receipt import StreamReceipt
from server.sync.row_hash import RowHasher
from server.sync.source import Batch, CursorRange, Read
from server.sync.spec import Endpoint, RejectLimit, RunIdentity, StreamSpec, SyncJob, SyncMode, Verification
from server.sync.sqlalchemy.config import SqlalchemyConfig
from tests.sync.conftest import PASSWORD, STATE, Lab, holds, until
from tests.sync.mariadb import PASSWORD as MARIADB_PASSWORD
from tests.sync.mariadb import Server, mariadb

__all__ = ["mariadb"]  # a fixture

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
        ({"url": "nodialect://u@127.0.0.1/d"}, "DRIVER_MISSING", ErrorType.CONFIG),
        ({"url": "postgresql+psycopg2://u@127.0.0.1/d"}, "DRIVER_MISSING", ErrorType.CONFIG),
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


# -- as a destination --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite:////etc/new.db", "PATH_FORBIDDEN"),
        ("sqlite:///../new.db", "PATH_FORBIDDEN"),
        ("sqlite:///nowhere/new.db", "FILE_MALFORMED"),
        ("duckdb:////etc/new.db", "PATH_FORBIDDEN"),
        ("duckdb:///new.db", "DRIVER_MISSING"),
        ("postgresql+psycopg://u@127.0.0.1:1/d", "CONNECTION_REFUSED"),
    ],
)
async def test_a_destination_that_cannot_be_is_named(tmp_path: Path, url: str, code: str) -> None:
    context = ConnectorContext(file_roots=(tmp_path,))
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.check(SqlalchemyConfig(url=url), context, origin=Origin.DESTINATION)
    assert (caught.value.code, caught.value.origin) == (code, Origin.DESTINATION)
    assert os.listdir(tmp_path) == []


async def test_a_check_for_writing_leaves_nothing_and_names_a_missing_privilege(lab: Lab, tmp_path: Path) -> None:
    file = SqlalchemyConfig(url="sqlite:///new.db")
    for config in (postgres(lab), file):
        assert (await CONNECTOR.check(config, lab.context, origin=Origin.DESTINATION)).ok
        assert (await CONNECTOR.discover(config, lab.context)).streams == ()
    await lab.source.execute("DROP ROLE IF EXISTS weak_to; CREATE ROLE weak_to LOGIN PASSWORD 'weak'")
    url = f"postgresql+psycopg://weak_to@127.0.0.1:{lab.cluster.port}/{lab.source_name}"
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.check(postgres(lab, url=url, password="weak"), lab.context, origin=Origin.DESTINATION)
    assert caught.value.code == "PERMISSION_DENIED"
    await lab.source.execute("DROP ROLE weak_to")


def mysql(server: Server, database: str) -> SqlalchemyConfig:
    url = f"mysql+pymysql://owner@127.0.0.1:{server.port}/{database}"
    return SqlalchemyConfig.model_validate({"url": url, "password": MARIADB_PASSWORD})


async def test_a_database_that_cannot_take_tables_back_is_a_source_only(request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue("mariadb")
    context = ConnectorContext(timeout_seconds=10)
    with server.database() as name:
        with server.admin() as admin, admin.cursor() as cursor:
            cursor.execute(f"USE {name}")
            cursor.execute(
                "CREATE TABLE t (id int PRIMARY KEY, n decimal(65,30), u bigint unsigned, at datetime(6), d time(6),"
                " j json, f double, b blob, s varchar(9), y year)"
            )
            cursor.execute(
                "INSERT INTO t VALUES (1, 9.000000000000000000000000000001, 18446744073709551615,"
                " '2024-01-01 00:00:00.000001', '-838:59:58.999999', '[1.50]', 0.1, x'00ff', 'a%s\\t', 2155)"
            )
        config = mysql(server, name)
        assert rows_of(await read(config, context, "t")) == [
            (1, "9.000000000000000000000000000001", "18446744073709551615", "2024-01-01 00:00:00.000001",
             "-838:59:58.999999", "[1.50]", 0.1, b"\x00\xff", "a%s\t", "2155"),
        ]  # fmt: skip
        with pytest.raises(SyncError) as caught:
            await CONNECTOR.check(config, context, origin=Origin.DESTINATION)
        assert caught.value.code == "DESTINATION_UNSUPPORTED"
        assert [stream.name for stream in (await CONNECTOR.discover(config, context)).streams] == ["t"]


WORDS: list[tuple[str, pa.DataType, list[Any], list[str]]] = [
    ("boolean", pa.bool_(), [True, False], ["true", "f"]),
    ("smallint", pa.int16(), [-32768, 32767], ["-32768", "0"]),
    ("bigint", pa.int64(), [-(2**63), 2**63 - 1], [str(-(2**63)), str(2**63 - 1)]),
    ("real", pa.float32(), [0.1, 3.4028234663852886e38], ["0.1", "1e-45"]),
    ("double", pa.float64(), [0.1, 5e-324], ["0.1", "1.7976931348623157e+308"]),
    ("decimal(38,10)", pa.decimal128(38, 10), [Decimal("9" * 28 + ".0000000001"), Decimal(0)], ["-1.5", "1"]),
    ("decimal", pa.string(), ["1" * 200 + ".5", "NaN"], ["0.10", "-Infinity"]),
    ("text", pa.string(), ["", "%s ? :a \\N'\"\t\r\n\U0001f600 "], ["x" * (1 << 20), "NULL"]),
    ("bytes", pa.binary(), [b"", bytes(range(256))], ["\\x", "\\x00ff"]),
    ("date", pa.date32(), [dt.date(1, 1, 1), dt.date(9999, 12, 31)], ["2024-02-29", "0001-01-01"]),
    ("time", pa.time64("us"), [dt.time(0), dt.time(23, 59, 59, 999999)], ["00:00:00", "23:59:59.999999"]),
    ("timestamp", pa.timestamp("us"), [dt.datetime(1, 1, 1, 0, 0, 0, 1), dt.datetime(9999, 12, 31, 23)],
     ["2024-01-01 00:00:00", "2024-01-01 00:00:00.000001"]),
    ("timestamptz", pa.timestamp("us", "UTC"), [dt.datetime(2024, 1, 1, 0, 0, 0, 1, dt.UTC)] * 2,
     ["2024-01-01 00:00:00.000001+02", "2024-01-01 00:00:00+00"]),
    ("uuid", pa.string(), ["123e4567-e89b-12d3-a456-426655440000"] * 2, ["123e4567-e89b-12d3-a456-426655440000"] * 2),
    ("json", pa.string(), ['{"a": 1.0000000000000000000000001}', "null"], ["[]", "1"]),
]  # fmt: skip


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
async def test_every_type_lands_and_is_read_back_exactly(lab: Lab, database: str) -> None:
    config = postgres(lab) if database == "postgresql" else SqlalchemyConfig(url="sqlite:///new.db")
    async with CONNECTOR.open_destination(config, lab.context) as destination:
        columns = columns_for(destination, {f'c "{i}" %s:x?': word for i, (word, *_) in enumerate(WORDS)})
        target = Target("landed", "s", columns, (), RunIdentity("p", "r", 1))
        natural = pa.RecordBatch.from_arrays(
            [pa.array(values, type_) for _, type_, values, _ in WORDS], names=target.column_names
        )
        texts = pa.RecordBatch.from_arrays(
            [pa.array([*values, None], pa.string()) for *_, values in WORDS], names=target.column_names
        )
        batches = [destination.fit(batch, columns) for batch in (natural, texts)]
        assert not any(batch.unfit for batch in batches)
        await destination.claim("landed", "s", target.run, adopt=False)
        await destination.stage(target)
        written = await destination.load(target, several(*(b.rows for b in batches)), lambda: StagedChunk(1, 5, 0))
        assert written == 5
        found = pa.Table.from_batches([batch async for batch in destination.read_staging(target)])
        for index, (word, *_) in enumerate(WORDS):
            column = columns[index].column
            assert summed([natural, texts], column) == summed(found.to_batches(), column), word


def columns_for(destination: Destination, words: dict[str, str]) -> tuple[TargetColumn, ...]:
    columns = [Column(name, word, True, "") for name, word in words.items()]
    return tuple(TargetColumn(column, destination.map_type(column, same_kind=False).ddl) for column in columns)


def summed(batches: list[pa.RecordBatch], column: Column) -> object:
    """The hash of one column's values, which is the same for a value and its canonical text."""
    hasher = RowHasher((column,), ())
    try:
        for batch in batches:
            hasher.add(batch.select([column.name]))
        return hasher.result()
    finally:
        hasher.close()


async def several(*batches: pa.RecordBatch) -> AsyncIterator[pa.RecordBatch]:
    for batch in batches:
        yield batch


@pytest.mark.parametrize(
    ("database", "word", "values"),
    [
        ("sqlite", "double", pa.array([1.0, float("nan"), float("inf")])),
        ("sqlite", "real", pa.array(["1", "NaN", "-Infinity"])),
        ("postgresql", "decimal(10,2)", pa.array(["1", "NaN", "1.234"])),
        ("postgresql", "date", pa.array(["2024-01-01", "infinity", "0044-03-15 BC"])),
        ("postgresql", "timestamp", pa.array([0, 2**60, -(2**60)], pa.timestamp("us"))),
        ("postgresql", "text", pa.array(["", "a\0", "\0"])),
        ("sqlite", "integer", pa.array(["1", "1.5", "99999999999"])),
    ],
)
async def test_what_cannot_be_held_is_left_out_by_name(lab: Lab, database: str, word: str, values: pa.Array) -> None:
    config = postgres(lab) if database == "postgresql" else SqlalchemyConfig(url="sqlite:///new.db")
    async with CONNECTOR.open_destination(config, lab.context) as destination:
        fitted = destination.fit(
            pa.RecordBatch.from_arrays([values], names=["c"]), columns_for(destination, {"c": word})
        )
    assert fitted.rows.num_rows == 1
    assert [(item.index, item.column, item.code) for item in fitted.unfit] == [
        (1, "c", "VALUE_NOT_STORABLE"), (2, "c", "VALUE_NOT_STORABLE"),
    ]  # fmt: skip


async def landed(lab: Lab, from_: Endpoint, to: Endpoint, spec: StreamSpec, epoch: int = 1) -> StreamReceipt:
    job = SyncJob(RunIdentity("p", f"run-{epoch}", epoch), from_, to, (spec,), Verification.CONTENT)
    done = await run_pipeline(job, lab.events.append, fence=holds, quarantine=lab.keep, context=lab.context)
    if done.error is not None:
        raise done.error
    [outcome] = done.outcomes
    assert outcome.receipt is not None
    assert outcome.receipt.source_hash == outcome.receipt.destination_hash
    return outcome.receipt


def target(lab: Lab) -> Endpoint:
    url = f"postgresql+psycopg://owner@127.0.0.1:{lab.cluster.port}/{lab.destination_name}"
    return Endpoint("sqlalchemy", postgres(lab, url=url))


FILE = Endpoint("sqlalchemy", SqlalchemyConfig(url="sqlite:///new.db"))


async def test_pipelines_to_and_from_a_dialect_are_verified_by_content(lab: Lab) -> None:
    await lab.source.execute(VALUES)
    spec = StreamSpec("Values", "public", rejects=RejectLimit(rows=1))
    assert (await landed(lab, lab.postgres(), FILE, spec)).rows_committed == 1
    [rejected] = [row for item in lab.rejected for row in item.rows]
    assert (rejected.column, rejected.code) == ("r", "VALUE_NOT_STORABLE")
    assert (await landed(lab, FILE, lab.target(), StreamSpec("Values", table="back"))).rows_committed == 1
    assert await lab.rows("SELECT id, bool, n, p, b, ts, ar FROM back") == [
        (1, True, "123456789012345678901234567890.00000000000000000000000001", "1.10", b"\x00\xff",
         "2024-01-02 03:04:05.000006", "[1,null,2]"),
    ]  # fmt: skip
    copy = replace(spec, table="copy")
    assert (await landed(lab, lab.postgres(), Endpoint("sqlalchemy", postgres(lab)), copy)).rows_committed == 1
    assert [tuple(row) for row in await lab.source.fetch("SELECT id, bool, n, p, ts FROM copy")] == [
        (1, True, "123456789012345678901234567890.00000000000000000000000001", Decimal("1.10"),
         dt.datetime(2024, 1, 2, 3, 4, 5, 6)),
    ]  # fmt: skip
    both = StreamSpec("Values", table="both")
    assert (await landed(lab, FILE, Endpoint("sqlalchemy", postgres(lab)), both)).rows_committed == 1
    with pytest.raises(SyncError) as caught:
        await landed(lab, lab.postgres(), target(lab), replace(both, namespace="public"))
    assert caught.value.code == "STATE_FOREIGN"


async def test_a_column_is_widened_where_the_database_can(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 7), (2, 8)")
    merge = StreamSpec("t", "public", sync_mode=SyncMode.INCREMENTAL_MERGE)
    for to in (FILE, target(lab)):
        await landed(lab, lab.postgres(), to, merge)
    await lab.source.execute("ALTER TABLE t ALTER v TYPE bigint; UPDATE t SET v = 3000000000 WHERE id = 1")
    for to in (FILE, target(lab)):
        assert (await landed(lab, lab.postgres(), to, merge, 2)).rows_updated >= 1
    await lab.source.execute(
        "ALTER TABLE t ALTER v TYPE numeric(30, 20) USING 5; UPDATE t SET v = v + 1e-20 WHERE id = 1"
    )
    await landed(lab, lab.postgres(), target(lab), merge, 3)
    assert [row[1] for row in await lab.rows("SELECT id, v::text FROM t ORDER BY id")] == [
        "5.00000000000000000001", "5.00000000000000000000",
    ]  # fmt: skip
    with pytest.raises(SyncError) as caught:
        await landed(lab, lab.postgres(), FILE, merge, 3)
    assert caught.value.code == "WIDENING_UNSUPPORTED"
    config = SqlalchemyConfig(url="sqlite:///new.db")
    assert rows_of(await read(config, lab.context, "t")) == [("1", "3000000000"), ("2", "8")]


async def test_numbers_that_land_as_text_are_no_cursor(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int PRIMARY KEY, n numeric NOT NULL); INSERT INTO t VALUES (1, 9)")
    append = StreamSpec("t", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="n")
    with pytest.raises(SyncError) as caught:
        await landed(lab, lab.postgres(), FILE, append)
    assert caught.value.code == "CURSOR_NOT_COMPARABLE"


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
async def test_a_cancelled_load_leaves_nothing_and_the_connection_usable(lab: Lab, database: str) -> None:
    config = postgres(lab) if database == "postgresql" else SqlalchemyConfig(url="sqlite:///new.db")
    async with CONNECTOR.open_destination(config, lab.context) as destination:
        columns = columns_for(destination, {"id": "bigint", "v": "text"})
        target = Target("landed", "s", columns, (), RunIdentity("p", "r", 1))
        batch = pa.RecordBatch.from_arrays([pa.array(range(1000)), pa.array(["x" * 100] * 1000)], names=["id", "v"])

        async def endless() -> AsyncIterator[pa.RecordBatch]:
            while True:
                yield batch

        await destination.claim("landed", "s", target.run, adopt=False)
        await destination.stage(target)
        await destination.load(target, several(batch), lambda: StagedChunk(1, 1000, 0))
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await destination.load(target, endless(), lambda: StagedChunk(2, 0, 0))
        assert time.monotonic() - started < 2
        assert await destination.count_staging(target) == 1000
        assert [chunk.number for chunk in await destination.stage(target)] == [1]


async def test_streams_of_one_run_make_the_state_tables_together(lab: Lab) -> None:
    await lab.source.execute("".join(f"CREATE TABLE t{n} (id int PRIMARY KEY);" for n in range(4)))
    specs = tuple(StreamSpec(f"t{n}", "public") for n in range(4))
    job = SyncJob(RunIdentity("p", "r", 1), lab.postgres(), target(lab), specs, parallel=4)
    done = await run_pipeline(job, lab.events.append, fence=holds, quarantine=lab.keep, context=lab.context)
    assert done.error is None
    assert await lab.tables() == {"t0", "t1", "t2", "t3", *STATE}
