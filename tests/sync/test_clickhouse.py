"""ClickHouse as a source and a destination, on the embedded engine behind ClickHouse's HTTP interface."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from server.stack.clickhouse import EmbeddedClickhouse
from server.sync.clickhouse.destination import ClickhouseDestination
from server.sync.clickhouse.session import ClickhouseConfig, reads
from server.sync.connectors.base import ConnectorContext
from server.sync.connectors.clickhouse import ClickhouseConnector, ClickhouseSource
from server.sync.cursors import text_of
from server.sync.destination import Change, StagedChunk, State, Target, TargetColumn
from server.sync.engine import run_stream
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column
from server.sync.row_hash import RowHasher
from server.sync.source import CursorRange, Read
from server.sync.spec import Deletes, Endpoint, RunIdentity, StreamSpec, SyncJob, SyncMode, Verification
from tests.servers.clickhouse import Databases, clickhouse
from tests.sync.conftest import until

__all__ = ["clickhouse"]  # fixtures

CONNECTOR = ClickhouseConnector()
CONTEXT = ConnectorContext(timeout_seconds=10)


@pytest.fixture
def config(clickhouse: Databases) -> ClickhouseConfig:
    return clickhouse()


@asynccontextmanager
async def writing(config: ClickhouseConfig) -> AsyncIterator[ClickhouseDestination]:
    async with CONNECTOR.open_destination(config, CONTEXT) as destination:
        assert isinstance(destination, ClickhouseDestination)
        yield destination


@asynccontextmanager
async def reading(config: ClickhouseConfig) -> AsyncIterator[ClickhouseSource]:
    async with CONNECTOR.open_source(config, CONTEXT) as source:
        assert isinstance(source, ClickhouseSource)
        yield source


async def sql(config: ClickhouseConfig, *statements: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    async with writing(config) as destination:
        for statement in statements:
            if reads(statement):
                found = await destination.fetch(statement)
            else:
                await destination.execute(statement)
    return found


async def holds() -> None:
    """A lease that is always held."""


def column(destination: ClickhouseDestination, name: str, type_: str, *, null: bool = True) -> TargetColumn:
    made = Column(name, type_, null, "")
    return TargetColumn(made, destination.map_type(made, same_kind=False).ddl, null)


def target(destination: ClickhouseDestination, *, epoch: int = 1, run: str = "r", key: bool = True) -> Target:
    columns = (column(destination, "id", "bigint", null=False), column(destination, "t", "text"))
    return Target("a", "s.a", columns, ("id",) if key else (), RunIdentity("p", run, epoch))


async def batches(*found: pa.RecordBatch) -> AsyncIterator[pa.RecordBatch]:
    for batch in found:
        yield batch


def rows(*pairs: tuple[int, str | None]) -> pa.RecordBatch:
    return pa.record_batch(
        {"id": pa.array([p[0] for p in pairs], pa.int64()), "t": pa.array([p[1] for p in pairs], pa.string())}
    )


def sealed(number: int, count: int) -> Callable[[], StagedChunk]:
    return lambda: StagedChunk(number, count, 1, position={"key": [str(number)]})


async def land(
    config: ClickhouseConfig, found: pa.RecordBatch, mode: SyncMode, *, epoch: int, fence: Any = holds, **change: Any
) -> Any:
    async with writing(config) as destination:
        to = target(destination, epoch=epoch, run=f"r{epoch}")
        claimed = await destination.claim("a", "s.a", to.run, adopt=False)
        await destination.stage(to)
        await destination.load(to, batches(found), sealed(0, found.num_rows))
        new = mode is SyncMode.FULL_REFRESH_OVERWRITE or not claimed.exists
        made = Change(mode, State(run_id=to.run.run_id, cursor=str(epoch)), replace=new, **change)
        return await destination.commit(to, made, fence)


# -- connecting ------------------------------------------------------------------------------------------------------


async def test_a_good_connection_tells_the_version_and_a_configuration_describes_itself(
    config: ClickhouseConfig,
) -> None:
    for origin in Origin.SOURCE, Origin.DESTINATION:
        result = await CONNECTOR.check(config, CONTEXT, origin=origin)
        assert result.server_version.startswith("ClickHouse 2")
    schema = CONNECTOR.json_schema()
    assert all("description" in field for field in schema["properties"].values())
    assert CONNECTOR.secret_fields() == {"password"}
    assert await sql(config, "SELECT name FROM system.tables WHERE database = currentDatabase()") == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "wrong-canary"}, "AUTHENTICATION_FAILED"),
        ({"database": "missing"}, "DATABASE_NOT_FOUND"),
        ({"database": "system"}, "DATABASE_UNSUITABLE"),
        ({"host": "no-such-host.invalid"}, "HOST_NOT_FOUND"),
        ({"port": 1}, "CONNECTION_REFUSED"),
        ({"secure": True}, "TLS_FAILED"),
    ],
)
async def test_a_bad_connection_is_a_named_error(config: ClickhouseConfig, changes: dict[str, Any], code: str) -> None:
    wrong = CONNECTOR.parse({**config.model_dump(), "password": config.password.get_secret_value(), **changes})
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.check(wrong, CONTEXT, origin=Origin.DESTINATION)
    assert (caught.value.code, caught.value.origin) == (code, Origin.DESTINATION)
    assert "canary" not in str(caught.value)
    assert caught.value.advice


async def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        wrong = ClickhouseConfig.model_validate({"host": "127.0.0.1", "port": port, "secure": False})
        async with asyncio.timeout(5):
            with pytest.raises(SyncError) as caught:
                await CONNECTOR.discover(wrong, ConnectorContext(timeout_seconds=0.5))
    assert caught.value.code == "TIMEOUT"


async def test_without_the_driver_the_error_says_what_to_install(
    config: ClickhouseConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.check(config, CONTEXT)
    assert caught.value.code == "DRIVER_MISSING"


# -- the source ------------------------------------------------------------------------------------------------------

NATIVE = """
    CREATE TABLE n (
        i8 Int8, i64 Int64, u8 UInt8, u32 UInt32, u64 UInt64, i256 Int256, f32 Float32, f64 Nullable(Float64), b Bool,
        s LowCardinality(Nullable(String)), fs FixedString(3), e Enum8('x' = 1, 'y' = 2), u UUID, d Date, d32 Date32,
        dt DateTime('Europe/Berlin'), dt3 DateTime64(3), dt9 DateTime64(9, 'UTC'), dec Decimal(76, 4),
        a Array(Nullable(String)), m Map(String, Int64), tu Tuple(x Int8, y Float64), ip IPv4,
        sa SimpleAggregateFunction(max, Int32)
    ) ENGINE = MergeTree ORDER BY i64
"""
VALUES = """
    INSERT INTO n VALUES (-128, -9223372036854775808, 255, 4294967295, 18446744073709551615,
        toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968'), 1.5, nan, true,
        NULL, 'ab', 'y', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '2149-06-06', '1900-01-01',
        '2020-07-01 12:00:00', toDateTime64('2020-01-01 00:00:00.123', 3, 'UTC'), '2020-01-01 00:00:00.123456789',
        toDecimal256('-99999999999999999999999999999999999999.1234', 4), ['a"', NULL], {'k': 9007199254740993},
        (1, nan), '1.2.3.4', 7)
"""


async def test_every_native_type_is_read_exactly(config: ClickhouseConfig) -> None:
    await sql(config, NATIVE, VALUES)
    async with reading(config) as source:
        stream = await source.describe("", "n")
        found = [batch.rows async for batch in source.read(Read(stream, stream.columns))]
    told = {c.name: (c.type, c.nullable) for c in stream.columns}
    assert {name: told[name] for name in ("u64", "s", "dt", "fs", "a", "tu", "sa")} == {
        "u64": ("decimal(20,0)", False), "s": ("text", True), "dt": ("timestamptz", False), "fs": ("bytes", False),
        "a": ("array", False), "tu": ("json", False), "sa": ("integer", False),
    }  # fmt: skip
    (row,) = pa.Table.from_batches(found).to_pylist()
    assert str(row.pop("f64")) == "nan"
    assert row == {
        "i8": -128, "i64": -(2**63), "u8": 255, "u32": 2**32 - 1, "u64": str(2**64 - 1), "i256": str(-(2**255)),
        "f32": 1.5, "b": True, "s": None, "fs": b"ab\0", "e": "y", "u": "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
        "d": date(2149, 6, 6), "d32": date(1900, 1, 1), "dt": datetime(2020, 7, 1, 10, tzinfo=UTC),
        "dt3": datetime(2020, 1, 1, 0, 0, 0, 123000, UTC), "dt9": "2020-01-01 00:00:00.123456789+00:00",
        "dec": "-99999999999999999999999999999999999999.1234", "a": '["a\\"",null]', "m": '{"k":9007199254740993}',
        "tu": '{"x":1,"y":"nan"}', "ip": "1.2.3.4", "sa": 7,
    }  # fmt: skip


async def test_a_string_that_is_said_to_be_bytes_is_read_byte_for_byte(config: ClickhouseConfig) -> None:
    await sql(
        config,
        "CREATE TABLE t (n Int8, b Nullable(String) COMMENT 'bytes', s String COMMENT 'bytes of text') ENGINE = Memory",
        "INSERT INTO t VALUES (1, unhex('00FFC328'), 'x'), (2, '', 'x'), (3, NULL, 'x'), (4, 'ä', 'x')",
    )
    async with reading(config) as source:
        stream = await source.describe("", "t")
        found = [batch.rows async for batch in source.read(Read(stream, stream.columns))]
    assert [column.type for column in stream.columns] == ["smallint", "bytes", "text"]
    rows = sorted(pa.Table.from_batches(found).to_pylist(), key=lambda row: row["n"])
    assert [row["b"] for row in rows] == [b"\x00\xff\xc3\x28", b"", None, "ä".encode()]


async def test_discover_lists_tables_and_views_and_preview_shows_rows(config: ClickhouseConfig) -> None:
    await sql(
        config,
        "CREATE TABLE t (x Int64) ENGINE = MergeTree ORDER BY x",
        "CREATE VIEW v AS SELECT x + 1 AS y FROM t",
        "INSERT INTO t VALUES (1), (2), (3)",
    )
    catalog = await CONNECTOR.discover(config, CONTEXT)
    assert [(s.name, s.estimated_rows) for s in catalog.streams] == [("t", 3), ("v", None)]
    shown = await CONNECTOR.preview(config, CONTEXT, StreamSpec("v"), 2)
    assert (shown.rows, shown.truncated) == (((2,), (3,)), True)
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.preview(config, CONTEXT, StreamSpec("nowhere"), 2)
    assert caught.value.code == "TABLE_NOT_FOUND"


@pytest.mark.parametrize(
    ("type_", "values", "lower", "expected", "greatest"),
    [
        ("Nullable(Int64)", "(1), (2), (3), (NULL)", "2", [2, 3], "3"),
        ("String", "('a'), ('b''\\\\'), ('c')", "b'\\", ["b'\\", "c"], "c"),
        ("Date", "('2020-01-01'), ('2020-01-02')", "2020-01-02", [date(2020, 1, 2)], "2020-01-02"),
        ("Decimal(50, 2)", "(1.5), (2.25)", "2.25", ["2.25"], "2.25"),
        (
            "DateTime64(6)", "('2020-01-01 00:00:00.000001'), ('2020-01-01 00:00:00.000002')",
            "2020-01-01 00:00:00.000002+00:00", [datetime(2020, 1, 1, 0, 0, 0, 2, UTC)],
            "2020-01-01 00:00:00.000002+00:00",
        ),
    ],
)  # fmt: skip
async def test_a_cursor_s_range_has_both_bounds(
    config: ClickhouseConfig, type_: str, values: str, lower: str, expected: list[Any], greatest: str
) -> None:
    await sql(
        config, f"CREATE TABLE t (x {type_}) ENGINE = MergeTree ORDER BY tuple()", f"INSERT INTO t VALUES {values}"
    )
    async with reading(config) as source:
        stream = await source.describe(config.database, "t")
        read = Read(stream, stream.columns, CursorRange("x", lower))
        found = [v for b in [b async for b in source.read(read)] for v in b.rows.column(0).to_pylist()]
        assert sorted(found) == expected
        assert await source.watermark(read) == greatest
        same = replace(read, cursor=CursorRange("x", greatest, greatest))
        assert sum([b.rows.num_rows async for b in source.read(same)]) == 1
        nothing = replace(read, cursor=CursorRange("x", greatest, lower if lower != greatest else greatest))
        assert await source.watermark(nothing) in (greatest, None)


async def test_text_that_is_no_utf8_is_refused_by_the_column_s_name(config: ClickhouseConfig) -> None:
    await sql(config, "CREATE TABLE t (x String) ENGINE = MergeTree ORDER BY x", "INSERT INTO t SELECT unhex('ff')")
    async with reading(config) as source:
        stream = await source.describe("", "t")
        with pytest.raises(SyncError) as caught:
            [batch async for batch in source.read(Read(stream, stream.columns))]
    assert caught.value.code == "TEXT_NOT_UTF8"
    assert "'x'" in caught.value.message


async def test_replacing_tables_are_read_as_they_are_after_merging(config: ClickhouseConfig) -> None:
    await sql(
        config,
        "CREATE TABLE t (k Int64, v Int64) ENGINE = ReplacingMergeTree(v) ORDER BY k",
        "INSERT INTO t VALUES (1, 1)",
        "INSERT INTO t VALUES (1, 2)",
    )
    for final, expected in ((True, [2]), (False, [1, 2])):
        async with reading(config.model_copy(update={"final": final})) as source:
            stream = await source.describe("", "t")
            found = [
                v for b in [b async for b in source.read(Read(stream, stream.columns))] for v in b.rows["v"].to_pylist()
            ]
        assert sorted(found) == expected


# -- types at the destination ----------------------------------------------------------------------------------------

EDGES: list[tuple[str, list[Any], pa.DataType]] = [
    ("boolean", [True, False, None], pa.bool_()),
    ("smallint", [-32768, 32767, None], pa.int16()),
    ("integer", [-(2**31), 2**31 - 1, None], pa.int32()),
    ("bigint", [-(2**63), 2**63 - 1, None], pa.int64()),
    ("real", [1.5, float("-inf"), None], pa.float32()),
    ("double", [1e308, float("inf"), None], pa.float64()),
    ("decimal(38,10)", [Decimal("9" * 28 + "." + "9" * 10), Decimal("-0.0000000001"), None], pa.decimal128(38, 10)),
    ("decimal(76,2)", ["9" * 74 + ".99", "-0.01", None], pa.string()),
    ("decimal", ["1" * 90 + ".5", "NaN", None], pa.string()),
    ("text", ["", "ä\0€\n\t'", None], pa.string()),
    ("bytes", [b"", b"\x00\xff", None], pa.binary()),
    ("date", [date(1900, 1, 1), date(2299, 12, 31), None], pa.date32()),
    ("time", [time(23, 59, 59, 999999), time(0), None], pa.time64("us")),
    ("timestamp", [datetime(1900, 1, 1), datetime(2299, 12, 31, 23, 59, 59, 999999), None], pa.timestamp("us")),
    ("timestamptz", [datetime(1969, 12, 31, 23, 59, 59, 999999, UTC), datetime(2100, 1, 1, tzinfo=UTC), None],
     pa.timestamp("us", "UTC")),
    ("uuid", ["61f0c404-5cb3-11e7-907b-a6006ad3dba0", "00000000-0000-0000-0000-000000000001", None], pa.string()),
    ("json", ['{"a": 1.50}', "null", None], pa.string()),
    ("array", ["[1,null]", "[]", None], pa.string()),
    ("interval", ["1 day", "00:00:01", None], pa.string()),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "values", "arrow"), EDGES, ids=[edge[0] for edge in EDGES])
@pytest.mark.parametrize("as_text", [False, True])
async def test_every_type_comes_back_as_it_went(
    config: ClickhouseConfig, type_: str, values: list[Any], arrow: pa.DataType, as_text: bool
) -> None:
    given = (
        pa.array([None if v is None else text_of(v) for v in values], pa.string())
        if as_text
        else pa.array(values, arrow)
    )
    async with writing(config) as destination:
        columns = (column(destination, "x", type_),)
        to = Target("a", "a", columns, (), RunIdentity("p", "r", 1))
        await destination.claim("a", "a", to.run, adopt=False)
        await destination.stage(to)
        fitted = destination.fit(pa.record_batch({"x": given}), columns)
        assert not fitted.unfit
        assert await destination.load(to, batches(fitted.rows), sealed(0, 3)) == 3
        back = [batch async for batch in destination.read_staging(to)]
        hashes = []
        for side in ([pa.record_batch({"x": given})], back):
            hasher = RowHasher([columns[0].column], ())
            for batch in side:
                hasher.add(batch)
            hashes.append(hasher.result())
            hasher.close()
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("date", "1899-12-31"), ("date", "2300-01-01"), ("date", "infinity"), ("timestamp", "1899-12-31 23:59:59"),
        ("timestamptz", "2300-01-01 00:00:00+00"), ("timestamptz", "2020-01-01 00:00:00.1234567+00"),
        ("decimal(10,2)", "NaN"), ("decimal(60,2)", "1.001"), ("decimal(60,2)", "1" * 60), ("uuid", "no-uuid"),
        ("smallint", "70000"), ("boolean", "maybe"),
    ],
)  # fmt: skip
async def test_what_clickhouse_cannot_hold_is_left_out_by_name(
    config: ClickhouseConfig, type_: str, value: str
) -> None:
    async with writing(config) as destination:
        columns = (column(destination, "id", "bigint"), column(destination, "x", type_))
        batch = pa.record_batch({"id": ["1", "oops", "3"], "x": pa.array([None, None, value], pa.string())})
        fitted = destination.fit(batch, columns)
    assert [(item.index, item.column) for item in fitted.unfit] == [(1, "id"), (2, "x")]
    assert fitted.rows.num_rows == 1


async def test_clickhouse_to_clickhouse_keeps_native_types(clickhouse: Databases) -> None:
    one, other = clickhouse(), clickhouse()
    await sql(one, NATIVE, VALUES, "ALTER TABLE n DROP COLUMN dt9")
    spec = StreamSpec("n", namespace=one.database)
    source, destination = (Endpoint("clickhouse", end) for end in (one, other))
    job = SyncJob(RunIdentity("p", "r", 1), source, destination, (spec,), Verification.CONTENT)

    async def quarantine(_rows: Any) -> None:
        raise AssertionError

    receipt = await run_stream(job, spec, lambda _e: None, fence=holds, quarantine=quarantine, context=CONTEXT)
    assert receipt.verified is Verification.CONTENT
    same = "i8, i64, u8, u32, u64, i256, f32, f64, b, s, fs, e, u, d, d32, dt, dt3, dec, ip, sa"
    shown = f"SELECT hex(formatRow('RowBinary', {same})) FROM n"
    assert (await sql(other, "SELECT toTypeName(u64), toTypeName(e), toTypeName(ip) FROM n"))[0][0] == "UInt64"
    # Instants have another scale at the destination; everything else is the same bytes.
    shown = shown.replace("dt, dt3, ", "")
    assert await sql(one, shown) == await sql(other, shown)


# -- commits ---------------------------------------------------------------------------------------------------------


async def test_append_in_a_window_adds_only_what_is_new(config: ClickhouseConfig) -> None:
    mode, window = SyncMode.INCREMENTAL_APPEND, {"cursor": "id", "window": "2"}
    await land(config, rows((1, "a"), (2, None), (2, None)), mode, epoch=1)
    done = await land(config, rows((2, None), (2, None), (2, None), (2, "x"), (3, "c")), mode, epoch=2, **window)
    assert done.inserted == 3
    assert await sql(config, "SELECT id, t FROM a ORDER BY ALL") == [
        (1, "a"), (2, "x"), (2, None), (2, None), (2, None), (3, "c"),
    ]  # fmt: skip


async def test_merge_and_deletes_by_keys(config: ClickhouseConfig) -> None:
    mode = SyncMode.INCREMENTAL_MERGE
    await land(config, rows((1, "a"), (2, "b"), (3, "c")), mode, epoch=1)
    done = await land(config, rows((2, "B"), (4, "d")), mode, epoch=2, deletes=Deletes.SOFT, missing="staging")
    assert (done.inserted, done.updated, done.deleted) == (1, 1, 2)
    found = await sql(config, "SELECT id, t, _deleted_at IS NULL FROM a ORDER BY id")
    assert [tuple(row) for row in found] == [(1, "a", 0), (2, "B", 1), (3, "c", 0), (4, "d", 1)]
    assert (await land(config, rows((1, "z")), mode, epoch=3)).updated == 1
    assert await sql(config, "SELECT t, _deleted_at FROM a WHERE id = 1") == [("z", None)]


async def test_columns_are_added_and_widened_the_key_s_too(config: ClickhouseConfig) -> None:
    await land(config, rows((1, "a")), SyncMode.INCREMENTAL_MERGE, epoch=1)
    async with writing(config) as destination:
        wide, new = column(destination, "id", "text", null=False), column(destination, "n", "bigint", null=False)
        to = replace(target(destination, epoch=2, run="r2"), columns=(wide, new))
        await destination.claim("a", "s.a", to.run, adopt=False)
        await destination.stage(to)
        await destination.load(to, batches(pa.record_batch({"id": ["1", "x"], "n": [5, 6]})), sealed(0, 2))
        change = Change(SyncMode.INCREMENTAL_MERGE, State(run_id="r2"), add_columns=(new,), widen_columns=(wide,))
        done = await destination.commit(to, change, holds)
    assert (done.inserted, done.updated) == (1, 1)
    # The column that the source no longer has is NULL from now on.
    assert await sql(config, "SELECT id, t, n FROM a ORDER BY id") == [("1", None, 5), ("x", None, 6)]


async def test_a_newer_attempt_at_the_last_moment_keeps_the_older_from_committing(config: ClickhouseConfig) -> None:
    await land(config, rows((1, "a")), SyncMode.INCREMENTAL_MERGE, epoch=1)

    async def overtaken() -> None:
        async with writing(config) as newer:
            await newer.claim("a", "s.a", RunIdentity("p", "r2", 3), adopt=False)

    with pytest.raises(SyncError) as caught:
        await land(config, rows((1, "late")), SyncMode.INCREMENTAL_MERGE, epoch=2, fence=overtaken)
    assert caught.value.code == "STALE_EPOCH"
    assert await sql(config, "SELECT t FROM a") == [("a",)]
    async with writing(config) as destination:
        claimed = await destination.look("a", RunIdentity("p", "r2", 3))
    assert claimed.state.cursor == "1"


async def test_a_lost_answer_to_the_exchange_is_found_out_by_the_next_attempt(
    config: ClickhouseConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await land(config, rows((1, "a")), SyncMode.FULL_REFRESH_APPEND, epoch=1)
    async with writing(config) as destination:
        session = destination._session
        execute = type(session).execute

        async def losing(self: Any, statement: str) -> None:
            await execute(self, statement)
            if statement.startswith("EXCHANGE"):
                raise SyncError(
                    origin=Origin.DESTINATION,
                    type=ErrorType.TRANSIENT,
                    code="CONNECTION_LOST",
                    message="The connection broke",
                )

        monkeypatch.setattr(type(session), "execute", losing)
        with pytest.raises(SyncError):
            await land(config, rows((2, "b")), SyncMode.FULL_REFRESH_APPEND, epoch=2)
        monkeypatch.undo()
        claimed = await destination.claim("a", "s.a", RunIdentity("p", "r2", 3), adopt=False)
    assert (claimed.state.run_id, claimed.state.cursor) == ("r2", "2")
    assert await sql(config, "SELECT id FROM a ORDER BY id") == [(1,), (2,)]


async def test_chunks_are_resumed_and_a_zombie_s_are_not(config: ClickhouseConfig) -> None:
    async with writing(config) as zombie, writing(config) as newer:
        old = target(zombie, epoch=1)
        await zombie.claim("a", "s.a", old.run, adopt=False)
        await zombie.stage(old)
        await zombie.load(old, batches(rows((1, "a"))), sealed(0, 1))
        new = target(newer, epoch=2)
        await newer.claim("a", "s.a", new.run, adopt=False)
        assert [chunk.number for chunk in await newer.stage(new)] == [0]
        await zombie.load(old, batches(rows((2, "zombie"))), sealed(1, 1))
        await newer.load(new, batches(rows((2, "b"))), sealed(1, 1))
        await zombie.discard(old)
        assert await newer.count_staging(new) == 2
        async with writing(config) as third:
            last = target(third, epoch=3)
            await third.claim("a", "s.a", last.run, adopt=False)
            assert [chunk.number for chunk in await third.stage(last)] == [0, 1]
            change = Change(SyncMode.FULL_REFRESH_OVERWRITE, State(run_id="r"), replace=True)
            await third.commit(last, change, holds)
    assert await sql(config, "SELECT id, t FROM a ORDER BY id") == [(1, "a"), (2, "b")]
    left = await sql(config, "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name")
    assert left == [("_thedata_checkpoints",), ("_thedata_chunks",), ("a",)]


async def test_a_load_that_is_cancelled_leaves_nothing(config: ClickhouseConfig) -> None:
    async with writing(config) as destination:
        to = target(destination)
        await destination.claim("a", "s.a", to.run, adopt=False)
        await destination.stage(to)
        reached = asyncio.Event()

        async def endless() -> AsyncIterator[pa.RecordBatch]:
            yield rows((1, "a"))
            reached.set()
            await asyncio.Event().wait()

        loading = asyncio.create_task(destination.load(to, endless(), sealed(0, 1)))
        await asyncio.wait_for(reached.wait(), 10)
        loading.cancel()
        async with asyncio.timeout(3):
            with pytest.raises(asyncio.CancelledError):
                await loading
        assert await destination.count_staging(to) == 0
        assert await destination.stage(to) == ()


async def test_a_cancelled_query_is_killed(config: ClickhouseConfig) -> None:
    running = "SELECT count() FROM system.processes WHERE query LIKE '%1000000000001%' AND query NOT LIKE '%processes%'"
    async with writing(config) as destination, writing(config) as other:
        query = asyncio.create_task(destination.fetch("SELECT count() FROM numbers(1000000000001)"))

        async def running_are(count: int) -> bool:
            return await other.fetch(running) == [(count,)]

        await until(lambda: running_are(1))
        query.cancel()
        with pytest.raises(asyncio.CancelledError):
            await query
        await until(lambda: running_are(0), seconds=3)


async def test_a_server_that_is_killed_in_the_middle_loses_no_chunk_and_doubles_no_row(
    clickhouse_server: EmbeddedClickhouse,
    config: ClickhouseConfig,
) -> None:
    await land(config, rows((1, "a")), SyncMode.FULL_REFRESH_APPEND, epoch=1)
    async with writing(config) as destination:
        to = target(destination, epoch=2, run="r2")
        await destination.claim("a", "s.a", to.run, adopt=False)
        await destination.stage(to)
        await destination.load(to, batches(rows((2, "b"))), sealed(0, 1))

        async def killing() -> None:
            assert clickhouse_server.pid is not None
            os.kill(clickhouse_server.pid, signal.SIGKILL)
            await clickhouse_server.wait()

        with pytest.raises(SyncError) as caught:
            await destination.commit(to, Change(SyncMode.FULL_REFRESH_APPEND, State(run_id="r2")), killing)
    assert caught.value.code in ("CONNECTION_LOST", "CONNECTION_REFUSED")
    await clickhouse_server.start()
    assert await sql(config, "SELECT id FROM a") == [(1,)]
    async with writing(config) as destination:
        to = target(destination, epoch=3, run="r2")
        claimed = await destination.claim("a", "s.a", to.run, adopt=False)
        assert claimed.state.run_id == "r1"
        assert len(await destination.stage(to)) == 1
        await destination.commit(to, Change(SyncMode.FULL_REFRESH_APPEND, State(run_id="r2")), holds)
    assert await sql(config, "SELECT id FROM a ORDER BY id") == [(1,), (2,)]
