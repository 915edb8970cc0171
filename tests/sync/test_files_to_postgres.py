from __future__ import annotations

import asyncio
import gzip
import os
import time as clock
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from server.sync.connectors.registry import connector
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.events import Checkpoint, Level, LogLine, Progress, StreamFinished, StreamStarted
from server.sync.files.config import FilesConfig
from server.sync.receipt import Lane
from server.sync.spec import StreamSpec, Verification
from server.sync.transforms import Transforms
from tests.sync.conftest import STATE, Lab, Unanswered

FLIGHTS = """year,dep_time,carrier,tailnum,rate,time_hour
2013,517,UA,N14228,0.5,2013-01-01T10:00:00Z
2013,NA,AA,NA,NA,2013-01-01T11:00:00Z
2013,,"NA","",1.25,2013-01-01T12:00:00Z
"""


async def columns_of(lab: Lab, table: str) -> dict[str, str]:
    rows = await lab.rows(
        f"SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute"
        f" WHERE attrelid = '{table}'::regclass AND attnum > 0"
    )
    return {str(name): str(type_) for name, type_ in rows}


async def test_a_csv_lands_with_types_counts_and_nulls(lab: Lab) -> None:
    (lab.folder / "flights.csv").write_text(FLIGHTS)
    receipt = await lab.run(lab.files(null_values=["", "NA"]), StreamSpec("flights"))
    assert (receipt.rows_read, receipt.rows_committed, receipt.rows_rejected) == (3, 3, 0)
    assert (receipt.lane, receipt.verified) == (Lane.ARROW, Verification.COUNTS)
    assert receipt.bytes == len(FLIGHTS)
    assert await columns_of(lab, "flights") == {
        "year": "bigint",
        "dep_time": "bigint",
        "carrier": "text",
        "tailnum": "text",
        "rate": "double precision",
        "time_hour": "timestamp with time zone",
    }
    assert await lab.rows("SELECT * FROM flights ORDER BY time_hour") == [
        (2013, 517, "UA", "N14228", 0.5, datetime(2013, 1, 1, 10, tzinfo=UTC)),
        (2013, None, "AA", None, None, datetime(2013, 1, 1, 11, tzinfo=UTC)),
        # A quoted text is never NULL: neither "NA" nor "".
        (2013, None, "NA", "", 1.25, datetime(2013, 1, 1, 12, tzinfo=UTC)),
    ]


async def test_events_tell_the_run_in_order(lab: Lab) -> None:
    (lab.folder / "flights.csv").write_text(FLIGHTS)
    receipt = await lab.run(lab.files(), StreamSpec("flights"))
    assert [type(event) for event in lab.events] == [StreamStarted, Progress, Checkpoint, StreamFinished]
    assert lab.events[-1] == StreamFinished("flights", receipt)


async def test_without_saying_so_na_is_a_text_and_leading_zeros_stay(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text("country,zip,big\nNA,00501,12345678901234567890.125\nDE,10115,1\n")
    await lab.run(lab.files(), StreamSpec("a"))
    assert await lab.rows("SELECT * FROM a ORDER BY zip") == [
        ("NA", "00501", Decimal("12345678901234567890.125")),
        ("DE", "10115", Decimal(1)),
    ]


async def test_declared_types_win_over_the_sample(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text("id,price\n1,1.10\n")
    await lab.run(lab.files(types={"id": "text", "price": "decimal"}), StreamSpec("a"))
    assert await lab.rows("SELECT id, price::text FROM a") == [("1", "1.10")]


async def test_a_file_of_one_column_keeps_its_empty_lines_as_null(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text('v\nx\n\n""\ny\n')
    await lab.run(lab.files(), StreamSpec("a"))
    assert await lab.rows("SELECT v FROM a") == [("x",), (None,), ("",), ("y",)]


async def test_texts_with_quotes_newlines_and_backslashes_are_kept(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text('v,w\n"a ""b""\nc",\\N\n"\\.",ü😀\n')
    await lab.run(lab.files(), StreamSpec("a"))
    assert await lab.rows("SELECT * FROM a") == [('a "b"\nc', "\\N"), ("\\.", "ü😀")]


async def test_a_value_that_does_not_fit_far_down_fails_by_row_and_leaves_the_old_table(lab: Lab) -> None:
    file = lab.folder / "big.csv"
    file.write_text("id,name\n1,old\n")
    await lab.run(lab.files(), StreamSpec("big"))
    rows = [f"{number},{'x' * 80}" for number in range(1, 150_001)]
    rows[140_000] = "12a,y"
    file.write_text("id,name\n" + "\n".join(rows) + "\n")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("big"), epoch=2)
    error = caught.value
    assert (error.code, error.origin, error.type) == ("VALUE_DOES_NOT_FIT", Origin.SOURCE, ErrorType.CONFIG)
    assert error.position == "big.csv row 140001 column id"
    assert error.stream == "big"
    assert await lab.rows("SELECT * FROM big") == [(1, "old")]
    assert await lab.tables() == {"big", *STATE}


async def test_a_row_with_too_few_values_is_named(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text("x,y\n1,2\n3\n")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a"))
    assert (caught.value.code, caught.value.position) == ("CSV_MALFORMED", "a.csv row 2")
    assert "a" not in await lab.tables()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"a,b\n1,\xff\n", "ENCODING_WRONG"),
        (b"a,a\n1,2\n", "NAME_COLLISION"),
        (b"a,b\n1,x\0y\n", "VALUE_NOT_STORABLE"),
        (b"a," + b"b" * 64 + b"\n1,2\n", "NAME_TOO_LONG"),
    ],
)
async def test_files_that_cannot_land_are_named_errors(lab: Lab, content: bytes, code: str) -> None:
    (lab.folder / "a.csv").write_bytes(content)
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a"))
    assert caught.value.code == code
    assert "a" not in await lab.tables()


async def test_a_header_without_rows_is_an_empty_table(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text("x,y\n")
    receipt = await lab.run(lab.files(), StreamSpec("a"))
    assert receipt.rows_committed == 0
    assert await columns_of(lab, "a") == {"x": "text", "y": "text"}


async def test_a_folder_is_one_stream_and_gzip_is_read(lab: Lab) -> None:
    parts = lab.folder / "events"
    parts.mkdir()
    (parts / "1.csv").write_text("id\n1\n")
    (parts / "2.csv.gz").write_bytes(gzip.compress(b"id\n2\n3\n"))
    receipt = await lab.run(lab.files(), StreamSpec("events"))
    assert receipt.rows_committed == 3
    (parts / "3.csv").write_text("other\n1\n")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("events"), epoch=2)
    assert caught.value.code == "SCHEMA_DIFFERS"


async def test_a_cut_gzip_file_is_named(lab: Lab) -> None:
    whole = gzip.compress(b"id\n" + b"".join(b"%d\n" % number for number in range(5000)))
    (lab.folder / "a.csv.gz").write_bytes(whole[:-900])
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a"))
    assert caught.value.code == "GZIP_MALFORMED"


async def test_json_lines_keep_every_digit_and_nested_values(lab: Lab) -> None:
    (lab.folder / "a.jsonl").write_text(
        '{"id": 1, "big": 12345678901234567890123, "ok": true, "v": {"x": [1.10, null]}, "s": "1"}\n'
        "\n"
        '{"id": 2, "big": 0.1, "ok": null, "v": [2], "s": ""}\n'
    )
    await lab.run(lab.files(), StreamSpec("a"))
    assert await lab.rows("SELECT id, big, ok, v::text, s FROM a ORDER BY id") == [
        (1, Decimal("12345678901234567890123"), True, '{"x": [1.10, null]}', "1"),
        (2, Decimal("0.1"), None, "[2]", ""),
    ]


@pytest.mark.parametrize("line", ["{", "[1]", '{"id": 1, "id": 2}', '{"id": "x"}', '{"id": 1, "new": 1}'])
async def test_a_bad_json_line_is_named_by_its_number(lab: Lab, line: str) -> None:
    # Far enough down not to be in the sample.
    good = '{"id": 1}\n' * 20_000
    (lab.folder / "a.jsonl").write_text(good + line + "\n")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a"))
    assert caught.value.code in ("JSON_MALFORMED", "VALUE_DOES_NOT_FIT", "FIELD_UNKNOWN")
    assert str(caught.value.position).startswith("a.jsonl row 20001")
    assert "a" not in await lab.tables()


async def test_parquet_types_land_exactly(lab: Lab) -> None:
    values = {
        "flag": pa.array([True, None]),
        "u64": pa.array([2**64 - 1, 0], pa.uint64()),
        "f32": pa.array([0.1, float("nan")], pa.float32()),
        "f64": pa.array([5e-324, float("-inf")]),
        "dec": pa.array([Decimal("-123.4500"), None], pa.decimal128(20, 4)),
        "day": pa.array([date(1, 1, 1), date(9999, 12, 31)]),
        "at": pa.array([datetime(2024, 2, 29, 1, 2, 3, 456789), None], pa.timestamp("ns")),
        "zoned": pa.array([datetime(2024, 2, 29, tzinfo=UTC), None], pa.timestamp("us", "Europe/Berlin")),
        "clock": pa.array([time(23, 59, 59, 999999), None], pa.time64("ns")),
        "bin": pa.array([b"\0\xff", b""]),
        "word": pa.array(["a", "b"]).dictionary_encode(),
        "list": pa.array([[1, None], []], pa.list_(pa.int64())),
        "span": pa.array([1_500_000, None], pa.duration("us")),
        "text": pa.array(["", None]),
    }
    pq.write_table(pa.table(values), lab.folder / "a.parquet")
    await lab.run(lab.files(), StreamSpec("a"))
    row, second = await lab.rows(
        "SELECT flag, u64, f32::text, f64::text, dec::text, day, at, zoned, clock, bin, word, list::text, span::text,"
        " text FROM a ORDER BY flag"
    )
    assert row == (
        True, Decimal(2**64 - 1), "0.1", "5e-324", "-123.4500", date(1, 1, 1), datetime(2024, 2, 29, 1, 2, 3, 456789),
        datetime(2024, 2, 29, tzinfo=UTC), time(23, 59, 59, 999999), b"\0\xff", "a", "[1, null]", "00:00:01.5", "",
    )  # fmt: skip
    assert second == (
        None, Decimal(0), "NaN", "-Infinity", None, date(9999, 12, 31), None, None, None, b"", "b", "[]", None, None,
    )  # fmt: skip


async def test_nanoseconds_are_refused_rather_than_rounded(lab: Lab) -> None:
    table = pa.table({"at": pa.array([1_000, None, 1_001], pa.timestamp("ns"))})
    pq.write_table(table, lab.folder / "a.parquet")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a"))
    assert (caught.value.code, caught.value.position) == ("VALUE_DOES_NOT_FIT", "a.parquet row 3 column at")


async def test_nanoseconds_are_cut_where_the_stream_allows_it_and_the_run_tells_so(lab: Lab) -> None:
    times = {"at": pa.timestamp("ns"), "t": pa.time64("ns"), "d": pa.duration("ns")}
    table = pa.table({name: pa.array([1_000, None, 1_999], type_) for name, type_ in times.items()})
    pq.write_table(table, lab.folder / "a.parquet")
    spec = StreamSpec("a", allow_lossy=True, transforms=Transforms(renames={"at": "moment"}))
    receipt = await lab.run(lab.files(), spec, verification=Verification.CONTENT)
    assert (receipt.rows_committed, receipt.rows_rejected) == (3, 0)
    query = "SELECT moment::text, t::text, d::text FROM a ORDER BY moment NULLS LAST"
    micro = ("1970-01-01 00:00:00.000001", "00:00:00.000001", "00:00:00.000001")
    assert await lab.rows(query) == [micro, micro, (None, None, None)]
    told = [event.message for event in lab.events if isinstance(event, LogLine) and event.level is Level.WARNING]
    assert told == [f"Lossy: {name}: digits beyond microseconds are cut off." for name in ("moment", "t", "d")]


async def test_a_parquet_file_without_its_end_is_named(lab: Lab) -> None:
    pq.write_table(pa.table({"id": [1]}), lab.folder / "a.parquet")
    whole = (lab.folder / "a.parquet").read_bytes()
    (lab.folder / "a.parquet").write_bytes(whole[:-10])
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a"))
    assert caught.value.code == "PARQUET_MALFORMED"


async def test_cancelling_a_load_ends_at_once_and_leaves_nothing(lab: Lab) -> None:
    with (lab.folder / "big.csv").open("w") as file:
        file.write("id,text\n")
        for block in range(600):
            file.writelines(f"{block * 1000 + row},{'x' * 90}\n" for row in range(1000))
    lease = Unanswered()
    run = asyncio.create_task(lab.run(lab.files(), StreamSpec("big"), fence=lease))
    await asyncio.wait_for(lease.asked.wait(), 30)
    started = clock.perf_counter()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert clock.perf_counter() - started < 2
    assert await lab.tables() == STATE


async def test_columns_can_be_chosen(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text("x,y,z\n1,2,3\n")
    await lab.run(lab.files(), StreamSpec("a", table="b", columns=("z", "x")))
    assert await lab.rows("SELECT * FROM b") == [(3, 1)]
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a", table="b", columns=("w",)), epoch=2)
    assert caught.value.code == "COLUMN_NOT_FOUND"


async def test_discover_and_preview_show_what_a_run_would_read(lab: Lab) -> None:
    (lab.folder / "flights.csv").write_text(FLIGHTS)
    files = connector("files")
    config = lab.files(null_values=["", "NA"]).config
    (stream,) = (await files.discover(config, lab.context)).streams
    assert (stream.name, stream.estimated_rows, stream.estimated_bytes) == ("flights", 3, len(FLIGHTS))
    preview = await files.preview(config, lab.context, StreamSpec("flights"), 2)
    assert preview.truncated
    assert preview.rows == (
        (2013, 517, "UA", "N14228", 0.5, "2013-01-01 10:00:00+00:00"),
        (2013, None, "AA", None, None, "2013-01-01 11:00:00+00:00"),
    )


@pytest.mark.parametrize("path", ["/etc/hostname", "../", "link", "folder_link/hostname", "pipe"])
async def test_nothing_outside_of_the_roots_is_read(lab: Lab, path: str) -> None:
    (lab.folder / "link").symlink_to("/etc/hostname")
    (lab.folder / "folder_link").symlink_to("/etc")
    os.mkfifo(lab.folder / "pipe")
    config = FilesConfig.model_validate({"path": path, "format": "csv"})
    with pytest.raises(SyncError) as caught:
        await connector("files").check(config, lab.context)
    assert caught.value.code in ("PATH_FORBIDDEN", "NO_FILES", "FILE_NOT_REGULAR")


async def test_a_link_inside_of_a_folder_is_no_stream(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text("x\n1\n")
    (lab.folder / "secret.csv").symlink_to("/etc/passwd")
    catalog = await connector("files").discover(lab.files().config, lab.context)
    assert [stream.name for stream in catalog.streams] == ["a"]
