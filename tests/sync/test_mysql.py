"""MySQL as a source and a destination, against a real MariaDB server."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pyarrow as pa
import pytest

from server.sync.connectors.base import ConfigInvalidError, ConnectorContext
from server.sync.connectors.mysql import MysqlConnector
from server.sync.destination import Change, Destination, StagedChunk, State, Target, TargetColumn
from server.sync.engine import run_pipeline
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.events import RowsRejected
from server.sync.model import Column
from server.sync.mysql.config import MysqlConfig
from server.sync.mysql.destination import MysqlDestination
from server.sync.receipt import StreamReceipt
from server.sync.source import Batch, CursorRange, Read
from server.sync.spec import Deletes, Endpoint, RunIdentity, StreamSpec, SyncJob, SyncMode, Verification
from server.sync.sql_destination import CHECKPOINTS, staging_name
from tests.sync.conftest import Cluster
from tests.sync.mariadb import PASSWORD, Server, mariadb

__all__ = ["mariadb"]  # a fixture

CONNECTOR = MysqlConnector()
CONTEXT = ConnectorContext(timeout_seconds=10)


@dataclass
class Lab:
    """A database, a connection beside the connector's, and what closes at the end."""

    server: Server
    database: str
    admin: Any
    stack: AsyncExitStack

    def config(self, **changes: object) -> MysqlConfig:
        return self.server.config(**{"database": self.database, **changes})

    def run(self, *statements: str) -> None:
        with self.admin.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.admin.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    async def destination(self) -> Destination:
        return await self.stack.enter_async_context(CONNECTOR.open_destination(self.config(), CONTEXT))

    async def read(self, name: str, **changes: Any) -> tuple[list[Batch], pa.Table]:
        config = self.config(**changes.pop("config", {}))
        async with CONNECTOR.open_source(config, CONTEXT) as source:
            stream = await source.describe("", name)
            batches = [batch async for batch in source.read(Read(stream, stream.columns, **changes))]
            return batches, pa.Table.from_batches([batch.rows for batch in batches]) if batches else pa.table({})


@pytest.fixture
async def lab(request: pytest.FixtureRequest) -> AsyncIterator[Lab]:
    server: Server = request.getfixturevalue("mariadb")
    with server.database() as name, server.admin() as admin:
        with admin.cursor() as cursor:
            cursor.execute(f"USE {name}")
            cursor.execute("SET sql_mode = '', time_zone = '+05:30'")
        async with AsyncExitStack() as stack:
            yield Lab(server, name, admin, stack)


# -- connecting --------------------------------------------------------------------------------------------------


def test_the_configuration_describes_itself() -> None:
    schema = CONNECTOR.json_schema()
    assert all("description" in field for field in schema["properties"].values())
    assert CONNECTOR.secret_fields() == {"password"}


@pytest.mark.parametrize(("field", "value"), [("host", "/run/mysqld.sock"), ("port", 0), ("sslmode", "x"), ("x", 1)])
def test_a_bad_field_is_named(field: str, value: object) -> None:
    good = {"host": "h", "database": "d", "user": "u", "password": "s3cret"}
    with pytest.raises(ConfigInvalidError) as caught:
        CONNECTOR.parse({**good, field: value})
    assert [violation.field for violation in caught.value.violations] == [field]
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("mode", "origin"),
    [("disable", Origin.SOURCE), ("prefer", Origin.DESTINATION), ("require", Origin.DESTINATION)],
)
async def test_a_good_connection_tells_version_and_latency(lab: Lab, mode: str, origin: Origin) -> None:
    result = await CONNECTOR.check(lab.config(sslmode=mode), CONTEXT, origin=origin)
    assert result.ok
    assert result.server_version.startswith("MariaDB 1")
    assert 0 < result.latency_ms < 10_000
    assert lab.rows("SHOW TABLES") == []


async def test_verify_full_trusts_the_named_authority_and_the_right_name_only(lab: Lab) -> None:
    trusted = lab.config(host="localhost", sslmode="verify-full", ca_certificate=lab.server.authority)
    assert (await CONNECTOR.check(trusted, CONTEXT)).ok
    for wrong in ({"host": "127.0.0.1"}, {"ca_certificate": ""}):
        with pytest.raises(SyncError) as caught:
            await CONNECTOR.check(MysqlConfig.model_validate(trusted.model_dump() | wrong), CONTEXT)
        assert caught.value.code == "TLS_FAILED"


@pytest.mark.parametrize(
    ("changes", "code", "type_"),
    [
        ({"password": "wrong-canary"}, "AUTHENTICATION_FAILED", ErrorType.CONFIG),
        ({"user": "nobody-we-know"}, "AUTHENTICATION_FAILED", ErrorType.CONFIG),
        ({"database": "missing"}, "DATABASE_NOT_FOUND", ErrorType.CONFIG),
        ({"host": "no-such-host.invalid"}, "HOST_NOT_FOUND", ErrorType.CONFIG),
        ({"port": 1}, "CONNECTION_REFUSED", ErrorType.TRANSIENT),
    ],
)
async def test_a_bad_connection_is_a_named_error_without_secrets(
    lab: Lab, changes: dict[str, Any], code: str, type_: ErrorType
) -> None:
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.check(lab.config(**changes), CONTEXT, origin=Origin.DESTINATION)
    error = caught.value
    assert (error.code, error.type, error.origin) == (code, type_, Origin.DESTINATION)
    assert error.advice
    assert PASSWORD not in f"{error!s} {error!r}"
    assert "wrong-canary" not in f"{error!s} {error!r}"


async def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = Server(silent.getsockname()[1], Path(), "").config("d")
        async with asyncio.timeout(5):
            with pytest.raises(SyncError) as caught:
                await CONNECTOR.check(config, ConnectorContext(timeout_seconds=0.5))
    assert (caught.value.code, caught.value.type) == ("TIMEOUT", ErrorType.TRANSIENT)


async def answering(*packets: bytes) -> tuple[asyncio.Server, list[bytes]]:
    """Start a server that sends its packets, one after each thing that it hears."""
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for packet in packets:
            writer.write(packet)
            await writer.drain()
            heard.append(await reader.read(10_000))
        writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", 0), heard


def packet(number: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "little") + bytes([number]) + payload


GREETING = packet(
    0, b"\x0a8.0.0\0" + bytes(4) + b"12345678\0" + b"\xff\xf7" + b"\x21\x02\0" + b"\xff\x81" + b"\x15" + bytes(10)
    + b"123456789012\0" + b"mysql_native_password\0"
)  # fmt: skip


async def test_a_server_that_echoes_the_password_does_not_get_it_into_the_message() -> None:
    refusal = packet(2, b"\xff\x15\x04#28000password was " + PASSWORD.encode())
    server, _ = await answering(GREETING, refusal)
    async with server:
        config = Server(server.sockets[0].getsockname()[1], Path(), "").config("d", sslmode="disable")
        with pytest.raises(SyncError) as caught:
            await CONNECTOR.check(config, CONTEXT)
    assert caught.value.code == "AUTHENTICATION_FAILED"
    assert "***" in str(caught.value)
    assert PASSWORD not in str(caught.value)


async def test_a_server_that_asks_for_the_password_in_clear_text_does_not_get_it() -> None:
    server, heard = await answering(GREETING, packet(2, b"\xfemysql_clear_password\0"), b"")
    async with server:
        config = Server(server.sockets[0].getsockname()[1], Path(), "").config("d", sslmode="disable")
        with pytest.raises(SyncError) as caught:
            await CONNECTOR.check(config, CONTEXT)
    assert caught.value.code == "TLS_FAILED"
    assert PASSWORD.encode() not in b"".join(heard)


async def test_an_account_that_may_not_write_is_told_what_to_grant(lab: Lab) -> None:
    lab.run(
        "CREATE OR REPLACE USER weak@`127.0.0.1` IDENTIFIED BY 'weak'",
        f"GRANT SELECT ON {lab.database}.* TO weak@`127.0.0.1`",
    )
    config = lab.config(user="weak", password="weak")
    await CONNECTOR.check(config, CONTEXT)
    with pytest.raises(SyncError) as caught:
        await CONNECTOR.check(config, CONTEXT, origin=Origin.DESTINATION)
    assert caught.value.code == "PERMISSION_DENIED"
    assert caught.value.advice.startswith("GRANT")


# -- reading -----------------------------------------------------------------------------------------------------

TYPES = [
    # type, engine's word, literal in MySQL, what is read
    ("tinyint", "smallint", "-128", "-128"),
    ("tinyint(1)", "smallint", "2", "2"),
    ("smallint unsigned", "integer", "65535", "65535"),
    ("mediumint", "integer", "-8388608", "-8388608"),
    ("int unsigned", "bigint", "4294967295", "4294967295"),
    ("int(6) zerofill", "bigint", "42", "42"),
    ("bigint", "bigint", "-9223372036854775808", "-9223372036854775808"),
    ("bigint unsigned", "decimal(20,0)", "18446744073709551615", "18446744073709551615"),
    ("decimal(65,30)", "decimal(65,30)", "-" + "9" * 35 + "." + "9" * 30, "-" + "9" * 35 + "." + "9" * 30),
    ("decimal(10,2)", "decimal(10,2)", "0.10", "0.10"),
    ("float", "real", "0.1", str(float(pa.scalar(0.1, pa.float32()).cast(pa.float64()).as_py()))),
    ("float", "real", "16777216", "16777216"),
    ("double", "double", "1.7976931348623157e308", "1.7976931348623157e308"),
    ("double", "double", "0.1e0 + 0.2e0", "0.30000000000000004"),
    ("bit(1)", "boolean", "b'1'", True),
    ("bit(13)", "bigint", "b'1000000000001'", "4097"),
    ("bit(64)", "decimal(20,0)", "b'" + "1" * 64 + "'", "18446744073709551615"),
    ("year", "smallint", "2155", "2155"),
    ("year", "smallint", "0", "0000"),
    ("date", "date", "'9999-12-31'", "9999-12-31"),
    ("datetime(6)", "timestamp", "'2024-02-29 23:59:59.000001'", "2024-02-29 23:59:59.000001"),
    ("timestamp(6) null", "timestamptz", "'2024-01-01 05:30:00.000001'", "2024-01-01 00:00:00.000001+00"),
    ("time(6)", "interval", "'-838:59:59.000000'", "-838:59:59"),
    ("time(6)", "interval", "'838:59:58.999900'", "838:59:58.9999"),
    ("time", "interval", "'25:00:00'", "25:00:00"),
    ("char(5)", "text", "'ab'", "ab"),
    ("varchar(20)", "text", "''", ""),
    ("varchar(20) character set latin1", "text", "'Zürich'", "Zürich"),
    ("varchar(20) character set utf8mb4", "text", "'a \U0001f600\t\\n '", "a \U0001f600\t\n "),
    ("varchar(20) character set ucs2", "text", "'Ω'", "Ω"),
    ("longtext", "text", "repeat('x', 1048576)", "x" * 1048576),
    ("text", "text", "concat('a', char(0), 'b')", "a\0b"),
    ("json", "json", '\'{"a": [1, 1e400, null]}\'', '{"a": [1, 1e400, null]}'),
    ("enum('x','y''z')", "text", "'y''z'", "y'z"),
    ("set('a','b','c')", "text", "'c,a'", "a,c"),
    ("binary(3)", "bytes", "'a'", b"a\0\0"),
    ("varbinary(9)", "bytes", "x'00ff'", b"\x00\xff"),
    ("longblob", "bytes", "''", b""),
    ("point", "bytes", "ST_GeomFromText('POINT(1 2)', 4326)",
     bytes.fromhex("0101000000000000000000f03f0000000000000040")),
    ("uuid", "uuid", "'123e4567-e89b-12d3-a456-426655440000'", "123e4567-e89b-12d3-a456-426655440000"),
    ("inet6", "text", "'::1'", "::1"),
]  # fmt: skip


async def test_every_type_is_read_exactly(lab: Lab) -> None:
    columns = ", ".join(f"`c{i}` {type_}" for i, (type_, *_) in enumerate(TYPES))
    lab.run(
        f"CREATE TABLE t (id int PRIMARY KEY, {columns})",
        f"INSERT INTO t VALUES (1, {', '.join(literal for _, _, literal, _ in TYPES)})",
        "INSERT INTO t (id) VALUES (2)",
    )
    async with CONNECTOR.open_source(lab.config(), CONTEXT) as source:
        stream = await source.describe("", "t")
    assert [column.type for column in stream.columns[1:]] == [word for _, word, *_ in TYPES]
    _, table = await lab.read("t")
    assert table.num_rows == 2
    for index, (type_, _, _, expected) in enumerate(TYPES):
        found, null = table.column(f"c{index}").to_pylist()
        assert null is None, type_
        if type_ == "float":
            assert float(found) == float(str(expected))
        else:
            assert found == expected, type_


async def test_names_keys_generated_and_invisible_columns_are_told(lab: Lab) -> None:
    lab.run(
        'CREATE TABLE `a``b %s` (`b``1` int, `a "x"` varchar(9) NOT NULL, g int AS (`b``1` + 1) STORED,'
        ' i int INVISIBLE DEFAULT 7, PRIMARY KEY (`a "x"`, `b``1`))',
        "CREATE TABLE `A``B %s` (x int)",
        "INSERT INTO `a``b %s` (`b``1`, `a \"x\"`) VALUES (1, 'k')",
        "CREATE VIEW v AS SELECT 1 AS one",
        "CREATE TABLE _thedata_hidden (a int)",
    )
    catalog = await CONNECTOR.discover(lab.config(), CONTEXT)
    assert [stream.name for stream in catalog.streams] == ["A`B %s", "a`b %s", "v"]
    stream = catalog.streams[1]
    assert stream.primary_key == ('a "x"', "b`1")
    assert [column.name for column in stream.columns] == ["b`1", 'a "x"', "g", "i"]
    _, table = await lab.read("a`b %s")
    assert table.to_pylist() == [{"b`1": "1", 'a "x"': "k", "g": "2", "i": "7"}]
    rows = await CONNECTOR.preview(lab.config(), CONTEXT, StreamSpec("a`b %s"), 10)
    assert (len(rows.rows), rows.truncated) == (1, False)


async def test_a_missing_table_is_a_named_error(lab: Lab) -> None:
    lab.run("CREATE TABLE t (a int)")
    for name in ("missing", "T"):
        with pytest.raises(SyncError) as caught:
            await lab.read(name)
        assert caught.value.code == "TABLE_NOT_FOUND"


async def test_dates_that_no_calendar_has_are_rejected_by_name_or_null_where_the_user_says_so(lab: Lab) -> None:
    lab.run(
        "SET sql_mode = 'ALLOW_INVALID_DATES'",
        "CREATE TABLE t (id int PRIMARY KEY, d date NOT NULL, at datetime(3))",
        "INSERT INTO t VALUES (1, '0000-00-00', NULL), (2, '2024-05-00', NULL), (3, '2024-02-31', NULL),"
        " (4, '2024-05-01', '0000-00-00'), (5, '2024-05-01', '2024-05-01 10:00:00.5')",
    )
    batches, table = await lab.read("t")
    assert table.column("id").to_pylist() == ["5"]
    assert [(r.row, r.column, r.code) for r in batches[0].rejected] == [
        (1, "d", "ZERO_DATE"), (2, "d", "ZERO_DATE"), (3, "d", "ZERO_DATE"), (4, "at", "ZERO_DATE"),
    ]  # fmt: skip
    assert '"d": "2024-02-31"' in batches[0].rejected[2].content
    batches, table = await lab.read("t", config={"zero_dates": "null"})
    assert not batches[0].rejected
    assert table.column("d").to_pylist() == [None, None, None, "2024-05-01", "2024-05-01"]


async def test_all_reads_belong_to_one_snapshot(lab: Lab) -> None:
    lab.run("CREATE TABLE a (x int)", "CREATE TABLE b (x int)", "INSERT INTO a VALUES (1)")
    async with CONNECTOR.open_source(lab.config(), CONTEXT) as source:
        lab.run("INSERT INTO a VALUES (2)", "INSERT INTO b VALUES (2)")
        for name, count in (("a", 1), ("b", 0)):
            stream = await source.describe("", name)
            assert sum([b.rows.num_rows async for b in source.read(Read(stream, stream.columns))]) == count


async def test_cursor_ranges_and_watermarks(lab: Lab) -> None:
    lab.run(
        "CREATE TABLE t (id int PRIMARY KEY, at timestamp(6) NULL, f float, s varchar(9))",
        "INSERT INTO t VALUES (1, '2024-01-01 05:30:00.000001', 0.1, 'a\\\\'), (2, '2024-01-02 05:30:00', 0.2, 'b'),"
        " (3, NULL, NULL, NULL)",
    )
    async with CONNECTOR.open_source(lab.config(), CONTEXT) as source:
        stream = await source.describe("", "t")

        async def ids(**bounds: Any) -> list[str]:
            read = Read(stream, stream.columns[:1], CursorRange(**bounds))
            return [value async for b in source.read(read) for value in b.rows.column(0).to_pylist()]

        async def watermark(column: str) -> str | None:
            return await source.watermark(Read(stream, stream.columns, CursorRange(column)))

        assert await ids(column="at", lower="2024-01-01 00:00:00.000001+00") == ["1", "2"]
        assert await ids(column="at", lower="2024-01-01 00:00:00.000002+00") == ["2"]
        assert await ids(column="at", upper="2024-01-01 05:30:00.000001+05:30", nulls=True) == ["1", "3"]
        assert await ids(column="s", lower="a\\", upper="a\\") == ["1"]
        assert await watermark("at") == "2024-01-02 00:00:00.000000+00"
        greatest = await watermark("f")
        assert greatest is not None
        assert await ids(column="f", lower=greatest) == ["2"]
        empty = Read(stream, stream.columns, CursorRange("id", lower="9"))
        assert await source.watermark(empty) is None


async def test_reading_goes_on_after_a_position(lab: Lab) -> None:
    lab.run(
        "CREATE TABLE t (k varchar(20), n decimal(30,10), v text, PRIMARY KEY (k, n))",
        "INSERT INTO t SELECT concat('k''\\\\', seq % 3), seq + 0.5, repeat('v', 200) FROM seq_1_to_30000",
    )
    batches, whole = await lab.read("t")
    assert len(batches) > 2
    assert batches[0].position is not None
    _, rest = await lab.read("t", after=batches[0].position)
    assert rest.num_rows == whole.num_rows - batches[0].rows.num_rows
    assert rest.to_pylist() == whole.slice(batches[0].rows.num_rows).to_pylist()


async def test_a_key_whose_order_is_not_that_of_its_text_gives_no_position(lab: Lab) -> None:
    lab.run("CREATE TABLE t (e enum('z', 'a') PRIMARY KEY)", "INSERT INTO t VALUES ('z'), ('a')")
    batches, table = await lab.read("t")
    assert sorted(table.column("e").to_pylist()) == ["a", "z"]
    assert [batch.position for batch in batches] == [None]


async def test_a_reader_that_stops_early_can_read_on_in_the_same_snapshot(lab: Lab) -> None:
    lab.run("CREATE TABLE t (id int, v text)", "INSERT INTO t SELECT seq, repeat('v', 1000) FROM seq_1_to_20000")
    async with CONNECTOR.open_source(lab.config(), CONTEXT) as source:
        stream = await source.describe("", "t")
        lab.run("DELETE FROM t WHERE id > 1")
        for _ in range(3):
            async with aclosing(source.read(Read(stream, stream.columns))) as batches:
                assert (await anext(batches)).rows.num_rows > 1
        assert sum([b.rows.num_rows async for b in source.read(Read(stream, stream.columns))]) == 20_000


async def test_a_cancelled_statement_ends_at_once_on_both_sides(lab: Lab) -> None:
    lab.run("CREATE VIEW slow AS SELECT sleep(30) AS x")
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await lab.read("slow")
    assert time.monotonic() - started < 2
    await until_idle(lab)


async def until_idle(lab: Lab) -> None:
    async with asyncio.timeout(5):
        query = "SELECT 1 FROM information_schema.processlist WHERE user = 'owner' AND command <> 'Sleep'"
        while lab.rows(query):  # noqa: ASYNC110 - it is in the server
            await asyncio.sleep(0.05)


# -- writing -----------------------------------------------------------------------------------------------------

ORDER = [
    ("id", "bigint", pa.int64()), ("at", "timestamptz", pa.timestamp("us", "UTC")), ("t", "text", pa.string()),
]  # fmt: skip
MODES = SyncMode


def at(day: int) -> dt.datetime:
    return dt.datetime(2024, 1, day, 12, 0, 0, day, tzinfo=dt.UTC)


def run_of(epoch: int, pipeline: str = "p") -> RunIdentity:
    return RunIdentity(pipeline, f"run-{epoch}", epoch)


class Writer:
    """The steps of a stream, each as the engine takes it."""

    def __init__(self, destination: Destination, columns: Sequence[tuple[str, str, Any]], key: tuple[str, ...]) -> None:
        self.destination = destination
        self.columns = columns
        self.key = key

    def target(self, epoch: int = 1, **changes: Any) -> Target:
        columns = tuple(
            TargetColumn(column, self.destination.map_type(column, same_kind=False).ddl, column.name not in self.key)
            for column in (Column(name, word, name not in self.key, "") for name, word, _ in self.columns)
        )
        return replace(Target("landed", "s", columns, self.key, run_of(epoch)), **changes)

    def batch(self, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
        values = list(zip(*rows, strict=True)) or [()] * len(self.columns)
        return pa.RecordBatch.from_arrays(
            [pa.array(column, type_) for column, (_, _, type_) in zip(values, self.columns, strict=True)],
            names=[name for name, _, _ in self.columns],
        )

    async def fill(self, target: Target, rows: Sequence[Sequence[Any]], number: int = 1, **claim: Any) -> None:
        if number == 1:
            await self.destination.claim(target.table, "s", target.run, adopt=claim.get("adopt", False))
            await self.destination.stage(target)
        written = await self.destination.load(
            target, several(self.batch(rows)), lambda: StagedChunk(number, len(rows), 0, {"key": [str(number)]})
        )
        assert written == len(rows)

    async def land(self, rows: Sequence[Sequence[Any]], epoch: int, mode: SyncMode, **change: Any) -> Any:
        target = self.target(epoch)
        await self.fill(target, rows)
        return await self.destination.commit(target, Change(mode, State(f"run-{epoch}"), **change), holds)


async def several(*batches: pa.RecordBatch) -> AsyncIterator[pa.RecordBatch]:
    for batch in batches:
        yield batch


async def holds() -> None:
    """A lease that is always held."""


async def lost() -> None:
    raise SyncError(origin=Origin.PLATFORM, type=ErrorType.CANCELLED, code="LEASE_LOST", message="gone")


@pytest.fixture
async def writer(lab: Lab) -> Writer:
    return Writer(await lab.destination(), ORDER, ("id",))


LANDED = "SELECT id, at, t FROM landed ORDER BY id"


def naive(day: int) -> dt.datetime:
    return at(day).replace(tzinfo=None)


async def test_overwrite_replaces_the_table_and_tidies_up(lab: Lab, writer: Writer) -> None:
    for epoch in (1, 2):
        done = await writer.land(
            [(epoch, at(1), "a "), (9, None, None)], epoch, MODES.FULL_REFRESH_OVERWRITE, replace=True
        )
        assert done.inserted == 2
        assert lab.rows(LANDED) == [(epoch, naive(1), "a "), (9, None, None)]
    assert [row[0] for row in lab.rows("SHOW TABLES")] == ["_thedata_checkpoints", "_thedata_chunks", "landed"]
    assert lab.rows("SELECT count(*) FROM _thedata_chunks") == [(0,)]
    claimed = await writer.destination.look("landed", run_of(3))
    assert (claimed.state.run_id, list(claimed.columns)) == ("run-2", ["id", "at", "t"])
    assert lab.rows("SELECT count(*) FROM information_schema.statistics WHERE table_name = 'landed'"
                    f" AND table_schema = '{lab.database}' AND index_name = 'PRIMARY'") == [(1,)]  # fmt: skip


async def test_texts_keep_case_and_blanks_apart_also_as_keys(lab: Lab) -> None:
    writer = Writer(await lab.destination(), [("k", "text", pa.string()), ("v", "bytes", pa.binary())], ("k",))
    rows = [("a", b"\0\xff'\\\t\n"), ("A", None), ("a ", b""), ("ä\\N\t\n\0\U0001f600", b"x"), ("", b"\\N")]
    await writer.land(rows, 1, MODES.FULL_REFRESH_OVERWRITE, replace=True)
    assert sorted(lab.rows("SELECT k, v FROM landed")) == sorted(rows)
    done = await writer.land([("A", b"2"), ("a  ", b"3")], 2, MODES.INCREMENTAL_MERGE)
    assert (done.inserted, done.updated) == (1, 1)
    with pytest.raises(SyncError) as caught:
        await writer.land([("k" * 800, b"")], 3, MODES.INCREMENTAL_MERGE)
    assert caught.value.code == "KEY_TOO_LONG"


@pytest.mark.parametrize("mode", [MODES.FULL_REFRESH_APPEND, MODES.INCREMENTAL_APPEND])
async def test_append_adds_rows_and_with_a_window_only_those_that_are_new(
    lab: Lab, writer: Writer, mode: SyncMode
) -> None:
    await writer.land([(1, at(1), "a"), (2, at(2), "b"), (2, at(2), "b")], 1, mode, replace=True)
    await writer.land([(3, at(3), "c")], 2, mode)
    done = await writer.land(
        [(2, at(2), "b"), (2, at(2), "b"), (2, at(2), "b"), (2, at(2), "B"), (3, at(3), None), (4, at(4), "d")],
        3, mode, cursor="at", window="2024-01-02 00:00:00+00",
    )  # fmt: skip
    assert done.inserted == 4
    assert lab.rows("SELECT id, count(*) FROM landed GROUP BY id ORDER BY id") == [(1, 1), (2, 4), (3, 2), (4, 1)]


async def test_a_window_tells_long_values_apart_by_all_of_them(lab: Lab) -> None:
    writer = Writer(await lab.destination(), [("n", "bigint", pa.int64()), ("t", "text", pa.string())], ())
    long = "x" * 5000
    rows = [(1, long + suffix) for suffix in "abab"]
    await writer.land(rows, 1, MODES.INCREMENTAL_APPEND, replace=True)
    done = await writer.land([*rows, (1, long + "c")], 2, MODES.INCREMENTAL_APPEND, cursor="n", window="-infinity")
    assert done.inserted == 1


async def test_merge_updates_and_inserts_by_key_and_takes_the_newest_of_twins(lab: Lab, writer: Writer) -> None:
    await writer.land([(1, at(1), "a"), (2, at(2), "b")], 1, MODES.INCREMENTAL_MERGE, replace=True)
    done = await writer.land(
        [(1, at(1), "a"), (2, at(3), "new"), (2, at(2), "old"), (3, at(4), None)],
        2,
        MODES.INCREMENTAL_MERGE,
        cursor="at",
    )
    assert (done.inserted, done.updated) == (1, 1)
    assert lab.rows(LANDED) == [(1, naive(1), "a"), (2, naive(3), "new"), (3, naive(4), None)]
    for rows in ([(5, at(1), "x"), (5, at(1), "y")],):
        with pytest.raises(SyncError) as caught:
            await writer.land(rows, 3, MODES.INCREMENTAL_MERGE)
        assert (caught.value.code, caught.value.origin) == ("KEY_NOT_UNIQUE", Origin.SOURCE)
    assert len(lab.rows(LANDED)) == 3


@pytest.mark.parametrize(("deletes", "missing"), [(Deletes.SOFT, "keys"), (Deletes.HARD, "staging")])
async def test_rows_that_are_gone_are_deleted(lab: Lab, writer: Writer, deletes: Deletes, missing: str) -> None:
    rows = [(n, at(n), "a") for n in (1, 2, 3)]
    await writer.land(rows, 1, MODES.INCREMENTAL_MERGE, replace=True, deletes=deletes)
    target = writer.target(2)
    await writer.fill(target, rows[:2] if missing == "staging" else [])
    if missing == "keys":
        keys = pa.RecordBatch.from_arrays([pa.array([1, 2])], names=["id"])
        assert await writer.destination.load_keys(target, several(keys)) == 2
    change = Change(MODES.INCREMENTAL_MERGE, State("run-2"), deletes=deletes, missing=missing)
    done = await writer.destination.commit(target, change, holds)
    assert done.deleted == 1
    if deletes is Deletes.HARD:
        assert [row[0] for row in lab.rows(LANDED)] == [1, 2]
        return
    assert lab.rows("SELECT id FROM landed WHERE _deleted_at IS NOT NULL") == [(3,)]
    await writer.land([(3, at(3), "back")], 3, MODES.INCREMENTAL_MERGE, deletes=deletes)
    assert lab.rows("SELECT id FROM landed WHERE _deleted_at IS NOT NULL") == []


async def test_history_keeps_versions(lab: Lab, writer: Writer) -> None:
    await writer.land([(1, at(1), "a"), (2, at(1), "b")], 1, MODES.HISTORY, replace=True)
    done = await writer.land(
        [(1, at(1), "A"), (3, at(1), "c")], 2, MODES.HISTORY, deletes=Deletes.HARD, missing="staging"
    )
    assert (done.inserted, done.updated, done.deleted) == (1, 1, 1)
    found = lab.rows("SELECT id, t, _valid_to IS NULL FROM landed ORDER BY id, _valid_from, t")
    assert sorted(found) == [(1, "A", 1), (1, "a", 0), (2, "b", 0), (3, "c", 1)]
    with pytest.raises(SyncError) as caught:
        await writer.land([(1, at(1), "x"), (1, at(1), "y")], 3, MODES.HISTORY)
    assert caught.value.code == "KEY_NOT_UNIQUE"


async def test_a_table_evolves_and_an_attempt_that_ended_between_is_gone_over_again(lab: Lab, writer: Writer) -> None:
    await writer.land([(1, at(1), "a")], 1, MODES.INCREMENTAL_MERGE, replace=True)
    wider = Writer(
        writer.destination,
        [("id", "decimal(30,2)", pa.decimal128(30, 2)), *ORDER[1:], ("n", "integer", pa.int32())],
        ("id",),
    )
    target = wider.target(2)
    change = Change(
        MODES.INCREMENTAL_MERGE, State("run-2"), add_columns=target.columns[3:], widen_columns=target.columns[:1]
    )
    await wider.fill(target, [(Decimal("1.00"), at(1), "b", 7), (Decimal("2.50"), at(2), "c", None)])
    with pytest.raises(SyncError, match="gone"):
        await wider.destination.commit(target, change, lost)
    assert lab.rows("SELECT id, t, n FROM landed") == [(Decimal("1.00"), "a", None)]
    done = await wider.destination.commit(target, change, holds)
    assert (done.inserted, done.updated) == (1, 1)
    assert lab.rows("SELECT id, t, n FROM landed ORDER BY id") == [
        (Decimal("1.00"), "b", 7),
        (Decimal("2.50"), "c", None),
    ]


async def test_a_later_attempt_goes_on_with_the_chunks_of_an_earlier_one(lab: Lab, writer: Writer) -> None:
    run = RunIdentity("p", "same", 1)
    first = writer.target(run=run)
    await writer.fill(first, [(1, at(1), "a")])
    await writer.fill(first, [(2, at(2), "b")], 2)

    async def broken() -> AsyncIterator[pa.RecordBatch]:
        yield writer.batch([(3, at(3), "c")])
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await writer.destination.load(first, broken(), lambda: StagedChunk(3, 1, 0))
    second = await lab.destination()
    target = replace(first, run=RunIdentity("p", "same", 2))
    await second.claim("landed", "s", target.run, adopt=False)
    chunks = await second.stage(target)
    assert [(chunk.number, chunk.position) for chunk in chunks] == [(1, {"key": ["1"]}), (2, {"key": ["2"]})]
    assert await second.count_staging(target) == 2
    for step in (
        writer.destination.load(first, several(writer.batch([(4, at(4), "d")])), lambda: StagedChunk(3, 1, 0)),
        writer.destination.commit(first, Change(MODES.FULL_REFRESH_OVERWRITE, State(), replace=True), holds),
    ):
        with pytest.raises(SyncError) as caught:
            await step
        assert caught.value.code == "STALE_EPOCH"
    with pytest.raises(SyncError) as caught:
        await writer.destination.claim("landed", "s", run, adopt=False)
    assert caught.value.code == "STALE_EPOCH"
    await second.commit(target, Change(MODES.FULL_REFRESH_OVERWRITE, State("same"), replace=True), holds)
    assert [row[0] for row in lab.rows(LANDED)] == [1, 2]


async def test_tables_of_others_are_refused(lab: Lab, writer: Writer) -> None:
    lab.run("CREATE TABLE landed (a int)", "CREATE VIEW seen AS SELECT 1")
    for table, code in (("landed", "TABLE_NOT_OURS"), ("seen", "NAME_TAKEN"), ("x" * 65, "NAME_INVALID")):
        with pytest.raises(SyncError) as caught:
            await writer.destination.claim(table, "s", run_of(1), adopt=False)
        assert caught.value.code == code
    claimed = await writer.destination.claim("landed", "s", run_of(1), adopt=True)
    assert claimed.columns == {"a": "int(11)"}
    with pytest.raises(SyncError) as caught:
        await writer.destination.claim("landed", "s", run_of(1, "other"), adopt=False)
    assert caught.value.code == "TABLE_OWNED"


@pytest.mark.parametrize("replace_", [True, False])
async def test_a_lost_lease_changes_nothing(lab: Lab, writer: Writer, replace_: bool) -> None:
    await writer.land([(1, at(1), "a")], 1, MODES.INCREMENTAL_MERGE, replace=True)
    target = writer.target(2)
    await writer.fill(target, [(1, at(1), "b")])
    with pytest.raises(SyncError, match="gone"):
        await writer.destination.commit(target, Change(MODES.INCREMENTAL_MERGE, State("run-2"), replace=replace_), lost)
    assert lab.rows(LANDED) == [(1, naive(1), "a")]
    await writer.destination.discard(target)
    assert (await writer.destination.look("landed", run_of(2))).state.run_id == "run-1"


@pytest.mark.parametrize("renamed", [True, False])
async def test_a_crash_around_the_rename_is_healed_by_the_next_attempt(
    lab: Lab, writer: Writer, renamed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await writer.land([(1, at(1), "a")], 1, MODES.FULL_REFRESH_OVERWRITE, replace=True)
    target = writer.target(2)
    await writer.fill(target, [(2, at(2), "b")])
    assert isinstance(writer.destination, MysqlDestination)
    execute = writer.destination.execute

    async def dying(sql: str, *params: object) -> int:
        if sql.startswith("RENAME TABLE"):
            if renamed:
                await execute(sql, *params)
            raise ConnectionResetError
        return await execute(sql, *params)

    monkeypatch.setattr(writer.destination, "execute", dying)
    with pytest.raises(ConnectionResetError):
        await writer.destination.commit(
            target, Change(MODES.FULL_REFRESH_OVERWRITE, State("run-2", cursor="2"), replace=True), holds
        )
    monkeypatch.undo()
    other = await lab.destination()
    expected = ("run-2", "2") if renamed else ("run-1", None)
    for claimed in (await other.look("landed", run_of(3)), await other.claim("landed", "s", run_of(3), adopt=False)):
        assert (claimed.state.run_id, claimed.state.cursor) == expected
    assert [row[0] for row in lab.rows(LANDED)] == ([2] if renamed else [1])
    await other.stage(writer.target(3))
    left = {row[0] for row in lab.rows("SHOW TABLES")}
    assert left == {"_thedata_checkpoints", "_thedata_chunks", "landed", staging_name(writer.target(3))}


async def test_a_cancelled_load_leaves_nothing_and_the_connection_usable(lab: Lab, writer: Writer) -> None:
    await writer.land([(1, at(1), "a")], 1, MODES.INCREMENTAL_MERGE, replace=True)
    target = writer.target(2)
    await writer.fill(target, [(2, at(1), "b")])

    async def endless() -> AsyncIterator[pa.RecordBatch]:
        while True:
            yield writer.batch([(n, at(1), "x" * 100) for n in range(1000)])

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await writer.destination.load(target, endless(), lambda: StagedChunk(2, 0, 0))
    assert time.monotonic() - started < 3
    assert await writer.destination.count_staging(target) == 1
    assert lab.rows(LANDED) == [(1, naive(1), "a")]


async def test_a_newer_run_ends_a_session_that_still_writes_to_an_older_staging_table(lab: Lab, writer: Writer) -> None:
    target = writer.target(1)
    await writer.fill(target, [(1, at(1), "a")])
    writing, never = asyncio.Event(), asyncio.Event()

    async def hanging() -> AsyncIterator[pa.RecordBatch]:
        yield writer.batch([(2, at(1), "b")])
        writing.set()
        await never.wait()

    stuck = asyncio.ensure_future(writer.destination.load(target, hanging(), lambda: StagedChunk(2, 1, 0)))
    await writing.wait()
    newer = Writer(await lab.destination(), ORDER, ("id",))
    async with asyncio.timeout(10):
        await newer.land([(3, at(3), "c")], 2, MODES.FULL_REFRESH_OVERWRITE, replace=True)
    never.set()
    with pytest.raises(SyncError) as caught:
        await stuck
    assert caught.value.code == "CONNECTION_LOST"
    assert [row[0] for row in lab.rows(LANDED)] == [3]


async def test_a_server_that_kills_the_session_in_the_middle_leaves_the_landed_table(lab: Lab, writer: Writer) -> None:
    await writer.land([(1, at(1), "a")], 1, MODES.INCREMENTAL_MERGE, replace=True)
    target = writer.target(2)
    await writer.fill(target, [(2, at(1), "b")])

    async def killed() -> AsyncIterator[pa.RecordBatch]:
        yield writer.batch([(3, at(1), "x")])
        for (number,) in lab.rows("SELECT id FROM information_schema.processlist WHERE user = 'owner'"):
            lab.run(f"KILL {number}")
        while True:
            yield writer.batch([(4, at(1), "x" * 1000)] * 1000)

    with pytest.raises(SyncError) as caught:
        await writer.destination.load(target, killed(), lambda: StagedChunk(2, 0, 0))
    assert caught.value.type is ErrorType.TRANSIENT
    assert lab.rows(LANDED) == [(1, naive(1), "a")]
    assert lab.rows(f"SELECT id FROM {staging_name(target)}") == [(2,)]


async def test_a_reset_empties_rows_and_state(lab: Lab, writer: Writer) -> None:
    await writer.land([(1, at(1), "a")], 1, MODES.INCREMENTAL_MERGE, replace=True)
    target = writer.target(2)
    await writer.destination.claim("landed", "s", target.run, adopt=False)
    await writer.destination.empty(target)
    assert lab.rows(LANDED) == []
    assert (await writer.destination.look("landed", run_of(3))).state == State()


VALUES: list[tuple[str, pa.DataType, list[Any], list[str | None]]] = [
    ("boolean", pa.bool_(), [True, False, None], ["t", "f", None]),
    ("smallint", pa.int16(), [-32768, 32767, None], ["-32768", "32767", None]),
    ("bigint", pa.int64(), [-(2**63), 2**63 - 1, None], [str(-(2**63)), str(2**63 - 1), None]),
    ("real", pa.float32(), [0.1, -3.4028234663852886e38, 1e-45], ["0.1", "-3.4028235e+38", "1e-45"]),
    ("double", pa.float64(), [0.1, 5e-324, 1.7976931348623157e308], ["0.1", "5e-324", "1.7976931348623157e+308"]),
    ("decimal(38,10)", pa.decimal128(38, 10), [Decimal("9" * 28 + ".0000000001"), Decimal(-1), None],
     ["9" * 28 + ".0000000001", "-1", None]),
    ("decimal(65,30)", pa.string(), ["9" * 35 + "." + "9" * 30, "-0.5", None],
     ["9" * 35 + "." + "9" * 30, "-0.5", None]),
    ("decimal", pa.string(), ["1" * 200 + ".5", "NaN", None], ["1" * 200 + ".5", "NaN", None]),
    ("text", pa.string(), ["", "\\N'\"\t\n\r\0ü\U0001f600 ", "x" * (1 << 20)],
     ["", "\\N'\"\t\n\r\0ü\U0001f600 ", None]),
    ("bytes", pa.binary(), [b"", bytes(range(256)), None], ["\\x", "\\x00ff", None]),
    ("date", pa.date32(), [dt.date(1, 1, 1), dt.date(9999, 12, 31), None], ["0001-01-01", "9999-12-31", None]),
    ("time", pa.time64("us"), [dt.time(0), dt.time(23, 59, 59, 999999), None], ["00:00:00", "23:59:59.999999", None]),
    ("timestamp", pa.timestamp("us"),
     [dt.datetime(1000, 1, 1, 0, 0, 0, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999999), None],
     ["1000-01-01 00:00:00.000001", "9999-12-31 23:59:59.999999", None]),
    ("timestamptz", pa.timestamp("us", "UTC"), [at(1), dt.datetime(1950, 1, 1, tzinfo=dt.UTC), None],
     ["2024-01-01 12:00:00.000001+00", "2024-01-01 12:00:00.5+05:30", None]),
    ("uuid", pa.string(), ["123e4567-e89b-12d3-a456-426655440000", None, None],
     ["123e4567-e89b-12d3-a456-426655440000", None, None]),
    ("json", pa.string(), ['{"a": 1.0000000000000000000000001}', "null", None], ["[]", None, None]),
    ("interval", pa.string(), ["1 year 2 mons", "-838:59:59.5", None], ["1 year", None, None]),
]  # fmt: skip


@pytest.mark.parametrize("local", [True, False])
async def test_every_type_lands_and_is_read_back_exactly(lab: Lab, local: bool) -> None:
    destination = await lab.destination()
    assert isinstance(destination, MysqlDestination)
    destination._loads_files = local
    columns = tuple(
        TargetColumn(column, destination.map_type(column, same_kind=False).ddl)
        for column in (Column(f"c {i}`%s", word, True, "") for i, (word, *_) in enumerate(VALUES))
    )
    target = Target("landed", "s", columns, (), run_of(1))
    natural = pa.RecordBatch.from_arrays([pa.array(v, t) for _, t, v, _ in VALUES], names=target.column_names)
    texts = pa.RecordBatch.from_arrays([pa.array(t, pa.string()) for *_, t in VALUES], names=target.column_names)
    batches = []
    for batch in (natural, texts):
        fitted = destination.fit(batch, columns)
        assert not fitted.unfit
        batches.append(fitted.rows)
    await destination.claim("landed", "s", target.run, adopt=False)
    await destination.stage(target)
    assert await destination.load(target, several(*batches), lambda: StagedChunk(1, 6, 0)) == 6
    found = pa.Table.from_batches([batch async for batch in destination.read_staging(target)])
    for index, (word, type_, values, canonical) in enumerate(VALUES):
        read = [python(value, word) for value in found.column(index).to_pylist()]
        expected = [python(value, word) for value in [*pa.array(values, type_).to_pylist(), *canonical]]
        assert read == expected, word


def python(value: Any, word: str) -> Any:
    """Turn a natural value or a canonical text into one that can be compared."""
    if not isinstance(value, str):
        if word == "real" and value is not None:
            return float(pa.scalar(value, pa.float32()).as_py())
        return value
    match word.partition("(")[0]:
        case "boolean":
            return value in ("t", "true")
        case "smallint" | "bigint":
            return int(value)
        case "real":
            return float(pa.array([float(value)]).cast(pa.float32())[0].as_py())
        case "double":
            return float(value)
        case "decimal":
            return value if value == "NaN" else Decimal(value)
        case "bytes":
            return bytes.fromhex(value[2:])
        case "date":
            return dt.date.fromisoformat(value)
        case "time":
            return dt.time.fromisoformat(value)
        case "timestamp" | "timestamptz":
            moment = dt.datetime.fromisoformat(value)
            return moment.astimezone(dt.UTC) if moment.tzinfo else moment
        case _:
            return value


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("double", pa.array([1.0, float("nan"), float("inf")])),
        ("double", pa.array(["1", "NaN", "-Infinity"])),
        ("decimal(10,2)", pa.array(["1", "NaN", "Infinity"])),
        ("date", pa.array(["2024-01-01", "infinity", "0044-03-15 BC"])),
        ("timestamp", pa.array([0, 1, -(2**62)], pa.timestamp("ns"))),
        ("timestamptz", pa.array([0, 2**60, -(2**60)], pa.timestamp("us", "UTC"))),
        ("text", pa.array(["", "x" * (17 << 20), "y" * (17 << 20)])),
    ],
)
async def test_what_cannot_be_held_is_left_out_by_name(lab: Lab, word: str, values: pa.Array) -> None:
    destination = await lab.destination()
    column = Column("c", word, True, "")
    columns = (TargetColumn(column, destination.map_type(column, same_kind=False).ddl),)
    fitted = destination.fit(pa.RecordBatch.from_arrays([values], names=["c"]), columns)
    assert fitted.rows.num_rows == 1
    assert [(item.index, item.column, item.code) for item in fitted.unfit] == [
        (1, "c", "VALUE_NOT_STORABLE"), (2, "c", "VALUE_NOT_STORABLE"),
    ]  # fmt: skip


async def test_a_value_that_an_adopted_table_would_narrow_is_refused(lab: Lab, writer: Writer) -> None:
    lab.run("CREATE TABLE landed (id bigint, at datetime(6), t varchar(3), d decimal(5,1))")
    wider = Writer(writer.destination, [*ORDER, ("d", "decimal(10,3)", pa.decimal128(10, 3))], ())
    for epoch, row in enumerate(((1, at(1), "four", None), (1, at(1), None, Decimal("1.234"))), 1):
        target = wider.target(epoch)
        await wider.fill(target, [row], adopt=True)
        with pytest.raises(SyncError) as caught:
            await wider.destination.commit(target, Change(MODES.FULL_REFRESH_APPEND, State()), holds)
        assert caught.value.code == "VALUE_REFUSED"
    assert lab.rows("SELECT count(*) FROM landed") == [(0,)]


async def test_a_table_is_copied_to_mysql_with_its_own_types(lab: Lab) -> None:
    types = [entry for entry in TYPES if ("zerofill" not in entry[0] and entry[0] != "year") or entry[2] == "2155"]
    lab.run(
        f"CREATE TABLE t (id int PRIMARY KEY, {', '.join(f'`c{i}` {type_}' for i, (type_, *_) in enumerate(types))})",
        f"INSERT INTO t VALUES (1, {', '.join(literal for _, _, literal, _ in types)})",
        "INSERT INTO t (id) VALUES (2)",
    )
    destination = await lab.destination()
    async with CONNECTOR.open_source(lab.config(), CONTEXT) as source:
        stream = await source.describe("", "t")
        mappings = [destination.map_type(column, same_kind=True) for column in stream.columns]
        columns = tuple(
            TargetColumn(column, mapping.ddl, column.nullable)
            for column, mapping in zip(stream.columns, mappings, strict=True)
        )
        target = Target("landed", "t", columns, ("id",), run_of(1))
        await destination.claim("landed", "t", target.run, adopt=False)
        await destination.stage(target)
        read = Read(stream, stream.columns, portable=False)
        rows = pa.Table.from_batches([batch.rows async for batch in source.read(read)])
        fitted = [destination.fit(batch, columns) for batch in rows.to_batches()]
        assert not any(item.unfit for item in fitted)
        await destination.load(target, several(*(item.rows for item in fitted)), lambda: StagedChunk(1, 2, 0))
        back = pa.Table.from_batches([batch async for batch in destination.read_staging(target)])
        assert back.to_pylist() == rows.to_pylist()
    change = Change(MODES.FULL_REFRESH_OVERWRITE, State("run-1"), replace=True)
    await destination.commit(target, change, holds)
    names = [f"c{i}" for i, entry in enumerate(types) if entry[0] != "json"]
    assert lab.rows(f"SELECT {', '.join(names)} FROM t") == lab.rows(f"SELECT {', '.join(names)} FROM landed")
    assert lab.rows(f"SELECT count(*) FROM {CHECKPOINTS}") == [(1,)]


# -- through the engine ------------------------------------------------------------------------------------------


async def engine(source: Endpoint, destination: Endpoint, *specs: StreamSpec, epoch: int = 1) -> list[StreamReceipt]:
    """Run a pipeline whose content is compared; every stream must land."""

    async def keep(rejected: RowsRejected) -> None:
        kept.append(rejected)

    kept: list[RowsRejected] = []
    job = SyncJob(run_of(epoch), source, destination, specs, Verification.CONTENT)
    done = await run_pipeline(job, lambda _event: None, fence=holds, quarantine=keep, context=CONTEXT)
    assert [outcome.error for outcome in done.outcomes] == [None] * len(specs)
    assert not kept
    receipts = [outcome.receipt for outcome in done.outcomes if outcome.receipt is not None]
    assert all(r.source_hash == r.destination_hash and r.verified is Verification.CONTENT for r in receipts)
    return receipts


async def test_a_pipeline_between_two_databases_is_verified_by_content(lab: Lab) -> None:
    columns = ", ".join(f"`c{i}` {type_}" for i, (type_, *_) in enumerate(TYPES))
    other = f"{lab.database}_b"
    lab.run(
        f"CREATE TABLE t (id int PRIMARY KEY, at timestamp(6) NOT NULL, {columns})",
        f"INSERT INTO t VALUES (1, '2024-01-01', {', '.join(literal for _, _, literal, _ in TYPES)})",
        "INSERT INTO t (id, at) VALUES (2, '2024-01-02')",
        f"CREATE DATABASE {other}",
    )
    ends = Endpoint("mysql", lab.config()), Endpoint("mysql", lab.config(database=other))
    merge = StreamSpec("t", columns=("id", "at", "c0"), sync_mode=SyncMode.INCREMENTAL_MERGE, cursor="at")
    try:
        for spec in (StreamSpec("t", table="whole"), merge):
            [receipt] = await engine(*ends, spec)
            assert receipt.rows_committed == 2
        lab.run(
            "INSERT INTO t (id, at) VALUES (3, '2024-01-03')", "UPDATE t SET at = '2024-01-04', c0 = 7 WHERE id = 1"
        )
        [receipt] = await engine(*ends, merge, epoch=2)
        assert (receipt.rows_inserted, receipt.rows_updated) == (1, 1)
        assert lab.rows(f"SELECT id, at, c0 FROM {other}.t ORDER BY id") == lab.rows(
            "SELECT id, at, c0 FROM t ORDER BY id"
        )
    finally:
        lab.run(f"DROP DATABASE {other}")


@pytest.fixture
async def postgres(cluster: Cluster) -> AsyncIterator[tuple[Endpoint, asyncpg.Connection]]:
    name = f"lab_{uuid.uuid4().hex[:8]}"
    admin = await cluster.connect("postgres")
    await admin.execute(f"CREATE DATABASE {name}")
    connection = await cluster.connect(name)
    yield Endpoint("postgres", cluster.config(name)), connection
    await connection.close()
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def test_a_pipeline_to_postgresql_keeps_every_type(
    lab: Lab, postgres: tuple[Endpoint, asyncpg.Connection]
) -> None:
    to, connection = postgres
    types = [(type_, "'b'" if "char(0)" in literal else literal) for type_, _, literal, _ in TYPES]
    lab.run(
        f"CREATE TABLE t (id int PRIMARY KEY, {', '.join(f'`c{i}` {type_}' for i, (type_, _) in enumerate(types))})",
        f"INSERT INTO t VALUES (1, {', '.join(literal for _, literal in types)})",
        "INSERT INTO t (id) VALUES (2)",
        "CREATE TABLE log (id int PRIMARY KEY, at datetime(6))",
        "INSERT INTO log VALUES (1, '2024-01-01 00:00:00.000001')",
    )
    log = StreamSpec("log", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at")
    receipts = await engine(Endpoint("mysql", lab.config()), to, StreamSpec("t"), log)
    assert [receipt.rows_committed for receipt in receipts] == [2, 1]
    lab.run("INSERT INTO log VALUES (2, '2024-01-01 00:00:00.000002')")
    [receipt] = await engine(Endpoint("mysql", lab.config()), to, log, epoch=2)
    assert (receipt.rows_inserted, receipt.cursor) == (1, "2024-01-01 00:00:00.000002")
    query = "SELECT c8, c14, c22, c32::jsonb->'a'->>0, c36 FROM t WHERE id = 1"
    assert tuple(await connection.fetchrow(query) or ()) == (
        Decimal(str(TYPES[8][3])), True, dt.timedelta(hours=-839, seconds=1), "1", b"\x00\xff",
    )  # fmt: skip


async def test_a_pipeline_from_postgresql_keeps_every_type(
    lab: Lab, postgres: tuple[Endpoint, asyncpg.Connection]
) -> None:
    from_, connection = postgres
    await connection.execute("""
        CREATE TABLE p (id bigint PRIMARY KEY, b boolean, n numeric, d numeric(10,2), f real, t text, x bytea,
                        at timestamptz, u uuid, j jsonb, a int[], i interval);
        INSERT INTO p VALUES (1, true, '12345678901234567890123456789012345678901234567890.5', 1.10, 0.1, E'ä\\t\\\\N ',
          '\\x00ff', '2024-01-02 03:04:05.000006+02', '00000000-0000-0000-0000-000000000001', '{"a": 1.50}', '{1,NULL}',
          '1 day 02:03'), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    """)
    to = Endpoint("mysql", lab.config())
    history = StreamSpec("p", "public", table="versions", sync_mode=SyncMode.HISTORY)
    receipts = await engine(from_, to, StreamSpec("p", "public"), history)
    assert [receipt.rows_committed for receipt in receipts] == [2, 2]
    [receipt] = await engine(from_, to, history, epoch=2)
    assert receipt.rows_inserted == 0
    assert lab.rows("SELECT id, b, n, d, f, t, x, at, u, j, a, i FROM p WHERE id = 1") == [
        (1, 1, "12345678901234567890123456789012345678901234567890.5", Decimal("1.10"), 0.1, "ä\t\\N ", b"\x00\xff",
         dt.datetime(2024, 1, 2, 1, 4, 5, 6), "00000000-0000-0000-0000-000000000001", '{"a": 1.50}', "[1,null]",
         "1 day 02:03:00"),
    ]  # fmt: skip
