"""The embedded ClickHouse behind ClickHouse's HTTP interface, asked by ClickHouse's own client."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pyarrow as pa
import pytest

from server.stack.clickhouse import EmbeddedClickhouse

pytest.importorskip("chdb", reason="the embedded ClickHouse is an extra")
clickhouse_connect = pytest.importorskip("clickhouse_connect", reason="ClickHouse's client is an extra")

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[EmbeddedClickhouse]:
    started = EmbeddedClickhouse(tmp_path / "home", memory_bytes=1 << 30)
    await started.start()
    yield started
    await started.stop()


@contextmanager
def connected(engine: EmbeddedClickhouse, **changes: Any) -> Iterator[Client]:
    given = {name: value for name, value in engine.connection.items() if name not in ("user", "secure")}
    options = given | {"username": engine.connection["user"], "autogenerate_session_id": False, "dedicated_pool": True}
    client = clickhouse_connect.get_client(**options | changes)
    try:
        yield client
    finally:
        client.close()


@pytest.fixture
def client(engine: EmbeddedClickhouse) -> Iterator[Client]:
    with connected(engine) as found:
        yield found


ROWS = pa.table(
    {"id": pa.array(range(200_000), pa.int64()), "t": [None if i % 7 == 0 else f"t{i}" for i in range(200_000)]}
)


def filled(client: Client, name: str = "a") -> None:
    client.command(f"CREATE TABLE {name} (id Int64, t Nullable(String)) ENGINE = MergeTree ORDER BY id")
    client.insert_arrow(name, ROWS)


def test_arrow_goes_in_and_comes_out_in_pieces(client: Client) -> None:
    filled(client)
    with client.query_arrow_stream("SELECT * FROM a ORDER BY id", settings={"max_block_size": 20_000}) as batches:
        found = list(batches)
    assert len(found) > 3
    assert pa.Table.from_batches(found).cast(ROWS.schema).equals(ROWS)
    empty = client.query_arrow("SELECT * FROM a WHERE id < 0")
    assert (empty.num_rows, empty.column_names) == (0, ["id", "t"])


def test_rows_go_in_by_the_native_format_whatever_compresses_them(engine: EmbeddedClickhouse, client: Client) -> None:
    client.command("CREATE TABLE b (`format` Int64, t Nullable(String)) ENGINE = MergeTree ORDER BY tuple()")
    for compress in ("lz4", "gzip", "zstd", False):
        with connected(engine, compress=compress) as other:
            assert other.insert("b", [[1, "x"], [2, None]], column_names=["format", "t"]).written_rows == 2
    assert client.query("SELECT count(), sum(format) FROM b").result_rows == [(8, 12)]
    client.command("INSERT INTO b VALUES (9, 'a;b')")
    client.raw_insert("b", ["format", "t"], "10,c\n", fmt="CSV")
    assert client.query("SELECT t FROM b WHERE format > 8 ORDER BY t").result_rows == [("a;b",), ("c",)]


def test_parameters_and_settings_belong_to_one_request(client: Client) -> None:
    found = client.query("SELECT {n:UInt64} + 1, {t:String}", parameters={"n": 5, "t": "a'b\\"}).result_rows
    assert found == [(6, "a'b\\")]
    default = client.query("SELECT getSetting('max_block_size')").result_rows
    assert client.query("SELECT getSetting('max_block_size')", settings={"max_block_size": 7}).result_rows == [(7,)]
    assert client.query("SELECT getSetting('max_block_size')").result_rows == default


@pytest.mark.parametrize(
    ("sql", "settings", "code"),
    [
        ("SELECT * FROM nowhere", {}, 60),
        ("SELECT FROM WHERE", {}, 62),
        ("SELECT throwIf(number = 500000) FROM numbers(1000000)", {}, 395),
        ("SELECT 1", {"max_threads": "many"}, 27),
        ("SELECT sleep(3)", {"max_execution_time": 1}, 159),
    ],
)
def test_errors_have_clickhouse_s_codes(client: Client, sql: str, settings: dict[str, Any], code: int) -> None:
    with pytest.raises(clickhouse_connect.driver.exceptions.DatabaseError) as caught:
        assert client.query(sql, settings=settings).row_count == 0  # rows are only read when they are asked for
    assert caught.value.code == code
    assert client.query("SELECT 1").result_rows == [(1,)]


def test_all_queries_together_have_not_more_memory_than_the_engine_may_take(
    engine: EmbeddedClickhouse, client: Client
) -> None:
    greedy = "SELECT length(groupArray(number)) FROM numbers(400000000)"
    with pytest.raises(clickhouse_connect.driver.exceptions.DatabaseError) as caught:
        client.query(greedy, settings={"max_memory_usage": 0})
    assert caught.value.code == 241
    assert "(total) memory limit exceeded" in str(caught.value)
    assert engine.pid is not None
    assert psutil.Process(engine.pid).memory_info().rss < 3 << 30
    assert client.query("SELECT 1").result_rows == [(1,)]


def test_a_wrong_password_is_refused(engine: EmbeddedClickhouse) -> None:
    with pytest.raises(clickhouse_connect.driver.exceptions.DatabaseError) as caught, connected(engine, password="no"):
        pass
    assert caught.value.code == 516


def test_two_clients_at_once(engine: EmbeddedClickhouse, client: Client) -> None:
    client.command("CREATE TABLE c (id Int64, who Int64) ENGINE = MergeTree ORDER BY id")
    failures: list[BaseException] = []

    def work(who: int) -> None:
        try:
            with connected(engine) as own:
                for number in range(10):
                    own.insert_arrow("c", pa.table({"id": [number], "who": [who]}))
                    assert own.query("SELECT {x:Int64}", parameters={"x": who}).result_rows == [(who,)]
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert client.query("SELECT who, count() FROM c GROUP BY who ORDER BY who").result_rows == [
        (w, 10) for w in range(8)
    ]


def test_a_query_whose_client_has_gone_is_killed(engine: EmbeddedClickhouse, client: Client) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", engine.port)
    login = {"X-ClickHouse-User": "thedata", "X-ClickHouse-Key": str(engine.connection["password"])}
    connection.request("POST", "/?database=thedata", "SELECT count() FROM numbers(1000000000000)", login)
    running = (
        "SELECT count() FROM system.processes WHERE query LIKE '%numbers(1000000000000)%' AND query NOT LIKE '%LIKE%'"
    )
    wait_for(lambda: client.query(running).result_rows == [(1,)])
    connection.close()
    wait_for(lambda: client.query(running).result_rows == [(0,)])


async def test_what_was_acknowledged_survives_sigkill(engine: EmbeddedClickhouse) -> None:
    acknowledged = []
    with connected(engine) as client:
        client.command("CREATE TABLE d (id Int64) ENGINE = MergeTree ORDER BY id")

        def insert() -> None:
            for number in range(10_000):
                client.insert_arrow("d", pa.table({"id": [number]}))
                acknowledged.append(number)

        inserting = asyncio.ensure_future(asyncio.to_thread(insert))
        while len(acknowledged) < 20:  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.01)
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGKILL)
        assert await engine.wait() == -signal.SIGKILL
        with pytest.raises(clickhouse_connect.driver.exceptions.Error):
            await inserting
    await engine.start()
    with connected(engine) as client:
        found = [row[0] for row in client.query("SELECT id FROM d ORDER BY id").result_rows]
    assert found[: len(acknowledged)] == acknowledged
    assert len(found) <= len(acknowledged) + 1


async def test_it_stops_with_a_query_running(engine: EmbeddedClickhouse) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", engine.port)
    login = {"X-ClickHouse-User": "thedata", "X-ClickHouse-Key": str(engine.connection["password"])}
    connection.request("POST", "/", "SELECT count() FROM numbers(1000000000000)", login)
    await asyncio.sleep(0.3)
    # One that had to be killed would not end with 0.
    await engine.stop()
    assert await engine.wait() == 0
    connection.close()


def wait_for(condition: Any, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
