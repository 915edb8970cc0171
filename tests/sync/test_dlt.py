"""Installed dlt sources as sources: real ones, in a package that a test puts on the path."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest

from server.sync.connectors.base import ConfigInvalidError, ConnectorContext
from server.sync.connectors.dlt import DltConfig, DltConnector
from server.sync.engine import run_pipeline
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import JsonObject
from server.sync.receipt import StreamReceipt
from server.sync.source import Batch, CursorRange, Read
from server.sync.spec import Endpoint, RunIdentity, StreamSpec, SyncJob, SyncMode, Verification
from tests.sync.conftest import Lab, holds

CONNECTOR = DltConnector()
CONTEXT = ConnectorContext(timeout_seconds=30)
SECRET = "s3cret-canary"
ZERO = datetime(2024, 1, 1, tzinfo=UTC)
SOURCE = """
import os, signal, sys, time, datetime, decimal, uuid
import dlt
import pyarrow as pa

@dlt.source
def shop(count: int = 3, api_key: str = dlt.secrets.value):
    @dlt.resource(primary_key="id")
    def orders():
        print("a source that prints")
        for start in range(0, count, 1000):
            yield [{"id": n, "name": f"n{n}"} for n in range(start, min(start + 1000, count))]

    @dlt.resource(columns={"declared": {"data_type": "decimal"}})
    def values():
        yield {
            "boolean": True, "bigint": 2**62, "big": 2**70, "double": 0.1, "decimal": decimal.Decimal("1.10"),
            "text": "", "bytes": b"\\x00\\xff", "date": datetime.date(2024, 2, 29), "time": datetime.time(1, 2, 3, 4),
            "timestamp": datetime.datetime(2024, 1, 2, 3, 4, 5, 6),
            "timestamptz": datetime.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc),
            "uuid": uuid.UUID(int=1), "json": {"a": [1, None, decimal.Decimal("2.50")]},
            "interval": datetime.timedelta(hours=30, microseconds=1),
        }
        yield {}

    @dlt.resource
    def arrows():
        yield pa.table({"n": pa.array([1, None], pa.int32()), "d": pa.array([decimal.Decimal("1.5"), None]),
                        "t": pa.array([0, None], pa.timestamp("ns", "Europe/Berlin")),
                        "l": pa.array([[1, None], None])})

    @dlt.transformer(data_from=orders)
    def doubled(orders):
        for order in orders:
            yield {"twice": order["id"] * 2}

    return orders, values, arrows, doubled

ZERO = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)

@dlt.resource(primary_key="id", name="events")
def events(
    total: int = 20, page: int = 4,
    at=dlt.sources.incremental("at", initial_value=ZERO, row_order="asc"),
):
    asked = at.last_value
    minutes = [datetime.timedelta(minutes=n // 3) for n in range(total)]
    rows = [{"id": n, "at": ZERO + minutes[n], "asked": asked.isoformat()} for n in range(total)]
    rows = [row for row in rows if row["at"] >= asked]
    for start in range(0, len(rows), page):
        yield rows[start:start + page]

@dlt.resource
def fails(how: str = "raise", api_key: str = ""):
    yield {"id": 1}
    if how == "raise":
        raise RuntimeError("the key " + api_key + " is bad")
    if how == "hang":
        open(os.environ["HOME"] + "/../hangs-" + api_key, "w").write(str(os.getpid()))
        time.sleep(60)
    if how == "late":
        for n in range(2, 8):
            time.sleep(0.5)
            yield {"id": n}
        time.sleep(60)
    if how == "die":
        print("the key is " + api_key, file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "memory":
        held = [bytearray(64 << 20) for _ in range(200)]
    if how == "environment":
        yield {"id": 2, "environment": dict(os.environ), "folder": os.getcwd()}

def plain():
    raise SystemExit("a function that is no source was called")
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "dlt_lab.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def config(source: str = "dlt_lab:shop", **changes: Any) -> DltConfig:
    values = {"source": source, "secret_arguments": f'{{"api_key": "{SECRET}"}}', "sample_rows": 5}
    return DltConfig.model_validate(values | changes)


async def read(
    made: DltConfig,
    name: str,
    *,
    cursor: CursorRange | None = None,
    after: JsonObject | None = None,
    context: ConnectorContext = CONTEXT,
) -> list[Batch]:
    async with CONNECTOR.open_source(made, context) as source:
        stream = await source.describe("", name)
        async with aclosing(source.read(Read(stream, stream.columns, cursor, after))) as batches:
            return [batch async for batch in batches]


def rows_of(batches: list[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.rows.to_pylist()]


async def failure(made: DltConfig, name: str, context: ConnectorContext = CONTEXT) -> SyncError:
    with pytest.raises(SyncError) as caught:
        await read(made, name, context=context)
    assert caught.value.advice
    assert SECRET not in str(caught.value)
    return caught.value


def test_the_configuration_marks_its_secret_and_refuses_nonsense() -> None:
    assert CONNECTOR.secret_fields() == {"secret_arguments"}
    assert all("description" in value for value in CONNECTOR.json_schema()["properties"].values())
    for changes in ({"source": "os.system"}, {"source": "a:b.c"}, {"secret_arguments": "[s3cret"}):
        with pytest.raises(ConfigInvalidError) as caught:
            CONNECTOR.parse({"source": "dlt_lab:shop", **changes})
        assert [violation.field for violation in caught.value.violations] == [next(iter(changes))]
        assert "s3cret" not in str(caught.value)


async def test_check_discover_and_preview(package: Path) -> None:
    result = await CONNECTOR.check(config(), CONTEXT)
    assert result.ok
    assert "4 resources" in result.message
    catalog = await CONNECTOR.discover(config(), CONTEXT)
    streams = {stream.name: stream for stream in catalog.streams}
    assert set(streams) == {"orders", "values", "arrows", "doubled"}
    assert streams["orders"].primary_key == ("id",)
    words = {column.name: column.type for column in streams["values"].columns}
    assert words.pop("big") == "decimal"
    assert words.pop("declared") == "decimal"
    assert words == {word: word for word in words}
    assert {column.name: column.type for column in streams["arrows"].columns} == {
        "n": "integer", "d": "decimal(2,1)", "t": "timestamptz", "l": "json",
    }  # fmt: skip
    shown = await CONNECTOR.preview(config(), CONTEXT, StreamSpec("orders"), 2)
    assert shown.rows == ((0, "n0"), (1, "n1"))


async def test_values_are_exact(package: Path) -> None:
    first, second = rows_of(await read(config(), "values"))
    assert first == {
        "declared": None, "boolean": True, "bigint": 2**62, "big": str(2**70), "double": 0.1, "decimal": "1.10",
        "text": "", "bytes": b"\x00\xff", "date": date(2024, 2, 29), "time": clock(1, 2, 3, 4),
        "timestamp": datetime(2024, 1, 2, 3, 4, 5, 6), "timestamptz": datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        "uuid": "00000000-0000-0000-0000-000000000001", "json": '{"a": [1, null, 2.50]}', "interval": "30:00:00.000001",
    }  # fmt: skip
    assert set(second.values()) == {None}
    [batch] = [batch for batch in await read(config(), "arrows") if batch.rows.num_rows]
    assert [str(field.type) for field in batch.rows.schema] == [
        "int32", "decimal128(2, 1)", "timestamp[us, tz=UTC]", "string",
    ]  # fmt: skip
    assert batch.rows.column("l").to_pylist() == ["[1, null]", None]


async def test_many_rows_come_in_bounded_batches_and_transformers_work(package: Path) -> None:
    batches = await read(config(arguments={"count": 23_456}), "orders")
    assert sum(batch.rows.num_rows for batch in batches) == 23_456
    assert max(batch.rows.num_rows for batch in batches) <= 10_000
    assert [row["twice"] for row in rows_of(await read(config(), "doubled"))] == [0, 2, 4]


async def test_an_incremental_resource_goes_on_from_the_cursor(package: Path) -> None:
    made = config("dlt_lab:events", secret_arguments="")
    everything = rows_of(await read(made, "events"))
    assert [row["id"] for row in everything] == list(range(20))
    since = CursorRange("at", "2024-01-01 00:04:00+00:00", "2024-01-01 00:05:00+00:00")
    found = rows_of(await read(made, "events", cursor=since))
    assert [row["id"] for row in found] == list(range(12, 18))
    assert {row["asked"] for row in found} == {"2024-01-01T00:04:00+00:00"}


async def test_a_position_goes_on_after_its_batch_without_loss_or_doubles(package: Path) -> None:
    made = config("dlt_lab:events", secret_arguments="", arguments={"total": 30_000, "page": 700})
    async with CONNECTOR.open_source(made, CONTEXT) as source:
        stream = await source.describe("", "events")
        reading = source.read(Read(stream, stream.columns))
        async with aclosing(reading) as batches:
            taken = [await anext(batches), await anext(batches)]
    assert taken[1].position is not None
    before = [row["id"] for row in rows_of(taken)]
    after = await read(made, "events", after=taken[1].position)
    assert before + [row["id"] for row in rows_of(after)] == list(range(30_000))
    assert rows_of(after)[0]["asked"] != "2024-01-01T00:00:00+00:00"
    # After the last batch there is nothing left.
    assert rows_of(await read(made, "events", after=after[-1].position)) == []


async def test_only_allowed_modules_and_made_sources_are_called(package: Path) -> None:
    assert (await failure(config("os:system"), "x")).code == "SOURCE_FORBIDDEN"
    assert (await failure(config("dlt.sources.filesystem:filesystem"), "x")).code == "SOURCE_FORBIDDEN"
    narrow = replace(CONTEXT, dlt_modules=("dlt_other",))
    error = await failure(config(), "orders", narrow)
    assert (error.code, error.origin, error.type) == ("SOURCE_FORBIDDEN", Origin.PLATFORM, ErrorType.CONFIG)
    assert (await failure(config("dlt_lab:plain"), "x")).code == "NOT_A_DLT_SOURCE"
    assert (await failure(config("dlt_lab:missing"), "x")).code == "SOURCE_NOT_FOUND"
    assert (await failure(config("dlt_missing:x"), "x")).code == "SOURCE_NOT_FOUND"


async def test_faults_of_a_source_are_named(package: Path) -> None:
    assert (await failure(config(), "missing")).code == "STREAM_NOT_FOUND"
    error = await failure(config(secret_arguments=""), "orders")
    assert error.code == "ARGUMENT_MISSING"
    error = await failure(config(arguments={"unknown": 1}), "orders")
    assert error.code == "CONFIGURATION_REFUSED"
    error = await failure(config("dlt_lab:fails"), "fails")
    assert (error.code, error.stream, error.position) == ("SOURCE_FAILED", "fails", "fails after row 1")
    assert (error.origin, error.type) == (Origin.SOURCE, ErrorType.SYSTEM)
    assert "the key *** is bad" in error.message
    error = await failure(config("dlt_lab:fails", arguments={"how": "die"}), "fails")
    assert error.code == "SOURCE_CRASHED"
    assert "signal 9: the key is ***" in error.message
    assert (error.stream, error.position) == ("fails", "fails after row 1")
    error = await failure(config("dlt_lab:fails", arguments={"how": "memory"}), "fails")
    assert error.code == "OUT_OF_MEMORY"


async def test_a_silent_source_is_ended(package: Path) -> None:
    # Rows that come slower than a batch is filled are no silence: 3 seconds of them are more than is waited for.
    made = config("dlt_lab:fails", arguments={"how": "late"}, patience_seconds=2.5, sample_rows=20)
    error = await failure(made, "fails")
    assert (error.code, error.type, error.stream) == ("SOURCE_STALLED", ErrorType.TRANSIENT, "fails")
    assert error.position in ("fails after row 6", "fails after row 7")


async def test_cancelling_kills_the_process(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = config("dlt_lab:fails", arguments={"how": "hang"}, secret_arguments='{"api_key": "here"}')
    task = asyncio.create_task(read(made, "fails"))
    mark = tmp_path / "hangs-here"
    async with asyncio.timeout(20):
        while not (mark.exists() and mark.read_text()):  # noqa: ASYNC110 - it is written by another process
            await asyncio.sleep(0.02)
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 1
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
    assert not [name for name in os.listdir(tmp_path) if name.startswith("thedata-dlt-")]


async def test_the_environment_of_the_platform_stays_its_own(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEDATA_SECRET", SECRET)
    made = config("dlt_lab:fails", arguments={"how": "environment"}, secret_arguments="")
    [_, row] = rows_of(await read(made, "fails"))
    assert "THEDATA_SECRET" not in row["environment"]
    assert row["folder"] != os.getcwd()


def test_without_dlt_the_modules_import_and_the_use_is_refused_by_name() -> None:
    program = """
import asyncio, sys
sys.modules["dlt"] = None
from server.sync.connectors.base import ConnectorContext
from server.sync.connectors.registry import connector, kinds
from server.sync.errors import SyncError
assert all(connector(kind).json_schema() for kind in kinds())
api = {"base_url": "http://h", "resources": [{"name": "a", "path": "a"}]}
for kind, raw in (("dlt", {"source": "dlt_x:y"}), ("http_api", api)):
    made = connector(kind)
    config = made.parse(raw)
    assert made.requires == "dlt"
    try:
        asyncio.run(made.check(config, ConnectorContext()))
    except SyncError as error:
        print(error.code, "thedata[dlt]" in error.advice)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "DRIVER_MISSING True\n" * 2


async def test_a_source_lands_in_postgresql_and_merges_only_what_is_new(package: Path, lab: Lab) -> None:
    async def run(total: int, spec: StreamSpec, epoch: int) -> StreamReceipt:
        made = config("dlt_lab:events", secret_arguments="", arguments={"total": total})
        job = SyncJob(RunIdentity("p", f"run-{epoch}", epoch), Endpoint("dlt", made), lab.target(), (spec,))
        receipt = await run_pipeline(
            job, lab.events.append, fence=holds, quarantine=lab.keep, context=replace(CONTEXT, column_secret=b"k" * 32)
        )
        assert receipt.outcomes[0].error is None
        assert receipt.outcomes[0].receipt is not None
        return receipt.outcomes[0].receipt

    full = StreamSpec("events", table="everything")
    for epoch, total in ((1, 20), (2, 7)):
        receipt = await run(total, full, epoch)
        assert (receipt.rows_read, receipt.rows_committed) == (total, total)
        assert receipt.verified is Verification.CONTENT
        assert await lab.rows("SELECT id FROM everything ORDER BY id") == [(n,) for n in range(total)]
    merge = StreamSpec("events", sync_mode=SyncMode.INCREMENTAL_MERGE, cursor="at")
    assert (await run(20, merge, 3)).rows_read == 20
    # The source is asked from the last cursor on, bound included: rows 18 and 19 have it.
    assert (await run(24, merge, 4)).rows_read == 6
    assert await lab.rows("SELECT id, at, asked FROM events ORDER BY id") == [
        (n, ZERO + timedelta(minutes=n // 3), f"2024-01-01T00:{'00' if n < 18 else '06'}:00+00:00") for n in range(24)
    ]
