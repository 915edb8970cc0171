"""Files as a source: rejected rows, places to go on from, folders that are columns, packed files, web servers."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from server.sync.connectors.registry import connector
from server.sync.errors import SyncError
from server.sync.files import unpacking
from server.sync.files.config import FilesConfig
from server.sync.source import Batch, CursorRange, Read
from server.sync.spec import Endpoint, RejectLimit, StreamSpec, SyncMode
from tests.sync.conftest import Lab

Handler = Callable[[BaseHTTPRequestHandler], None]


async def read(lab: Lab, config: FilesConfig, name: str, **changes: Any) -> list[Batch]:
    async with connector("files").open_source(config, lab.context) as source:
        stream = await source.describe("", name)
        async with aclosing(source.read(Read(stream, stream.columns, **changes))) as batches:
            return [batch async for batch in batches]


def config(lab: Lab, **changes: Any) -> FilesConfig:
    return FilesConfig.model_validate({"path": str(lab.folder), **changes})


async def test_a_bad_row_far_down_is_kept_with_its_place_and_all_others_land(lab: Lab) -> None:
    lines = [f"{n},name {n}" for n in range(1, 300_001)]
    lines[200_000] = "200001,too,many"
    lines[250_000] = 'x,"a text, where a number belongs"'
    (lab.folder / "big.csv").write_text("id,name\n" + "\n".join(lines) + "\n")
    receipt = await lab.run(lab.files(types={"id": "bigint"}), StreamSpec("big", rejects=RejectLimit(rows=2)))
    assert (receipt.rows_committed, receipt.rows_rejected) == (299_998, 2)
    rejected = [row for item in lab.rejected for row in item.rows]
    assert [(row.place, row.row, row.column, row.code, row.whole) for row in rejected] == [
        ("big.csv", 200_001, "", "CSV_MALFORMED", False), ("big.csv", 250_001, "id", "VALUE_DOES_NOT_FIT", True),
    ]  # fmt: skip
    assert rejected[0].content == "200001,too,many"
    assert await lab.rows("SELECT count(*), sum(id)::bigint FROM big") == [
        (299_998, 300_000 * 300_001 // 2 - 200_001 - 250_001)
    ]


async def test_bad_json_lines_are_kept_and_the_others_land(lab: Lab) -> None:
    (lab.folder / "a.jsonl").write_text('{"id": 1}\n\n{"id": 2\n{"id": "x"}\n{"id": 5}\n')
    receipt = await lab.run(lab.files(types={"id": "bigint"}), StreamSpec("a", rejects=RejectLimit(share=0.5)))
    assert receipt.rows_committed == 2
    assert [(row.row, row.code) for item in lab.rejected for row in item.rows] == [
        (3, "JSON_MALFORMED"), (4, "VALUE_DOES_NOT_FIT"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["7", '"7"'])
async def test_numbers_and_dates_in_another_spelling_are_no_numbers_and_dates(lab: Lab, number: str) -> None:
    dates = ["2024-01-01", " 2024-01-01", "2024-01-01 ", '" 2024-01-01"', "2024-1-1", "2024-02-30", ""]
    (lab.folder / "a.csv").write_text("n,d\n" + "".join(f"{number},{day}\n" for day in dates))
    numbers = ["7", "007", "-0", "0x7", " 7", '"7 "', "+7", "7.0", "9223372036854775808", '""', "-9223372036854775808"]
    (lab.folder / "b.csv").write_text("n,d\n" + "".join(f"{value},x\n" for value in numbers))
    (days,) = await read(lab, config(lab, types={"n": "bigint", "d": "date"}), "a")
    assert [str(day) for day in days.rows.column("d").to_pylist()] == ["2024-01-01", "None"]
    assert [row.row for row in days.rejected] == [2, 3, 4, 5, 6]
    (found,) = await read(lab, config(lab, types={"n": "bigint"}), "b")
    assert found.rows.column("n").to_pylist() == [7, -(2**63)]
    assert [row.row for row in found.rejected] == list(range(2, 11))


async def test_a_header_may_stand_below_empty_lines(lab: Lab) -> None:
    (lab.folder / "a.csv").write_bytes(b"\r\n\nid,t\n1,x\n\n2\n3,y\n")
    (batch,) = await read(lab, config(lab), "a")
    assert batch.rows.to_pylist() == [{"id": 1, "t": "x"}, {"id": 3, "t": "y"}]
    assert [(row.row, row.content) for row in batch.rejected] == [(2, "2")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "EMPTY_FILE"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "EMPTY_FILE"),
        ("a.jsonl", b"", "EMPTY_FILE"),
        ("a.jsonl", b"\n\n", "EMPTY_FILE"),
        ("a.parquet", b"", "PARQUET_MALFORMED"),
        ("a.arrow", b"", "ARROW_MALFORMED"),
        ("a.csv.zst", b"no zstd", "ZSTD_MALFORMED"),
    ],
)
async def test_files_that_hold_no_rows_are_named(lab: Lab, name: str, content: bytes, code: str) -> None:
    (lab.folder / name).write_bytes(content)
    with pytest.raises(SyncError) as caught:
        await connector("files").discover(config(lab), lab.context)
    assert caught.value.code == code


async def test_of_two_columns_with_one_name_none_is_guessed(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text("x,y,x\n1,2,3\n")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a", columns=("x",)))
    assert caught.value.code == "COLUMN_TWICE"
    await lab.run(lab.files(), StreamSpec("a", columns=("y",)), epoch=2)
    assert await lab.rows("SELECT * FROM a") == [(2,)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.arrow"])
async def test_wide_rows_come_in_small_batches(lab: Lab, name: str) -> None:
    import pyarrow.parquet as pq

    table = pa.table({"t": [chr(97 + n % 26) * 500_000 for n in range(100)]})
    if name == "a.jsonl":
        (lab.folder / name).write_text("".join(f'{{"t": "{text}"}}\n' for text in table.column("t").to_pylist()))
    elif name == "a.parquet":
        pq.write_table(table, lab.folder / name, compression="none", use_dictionary=False)
    else:
        with pa.OSFile(str(lab.folder / name), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    batches = await read(lab, config(lab), "a")
    assert pa.Table.from_batches([batch.rows for batch in batches]) == table
    assert max(batch.rows.nbytes for batch in batches) < 10 << 20


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.jsonl", "a.jsonl.gz"])
async def test_reading_goes_on_after_any_batch_without_loss_or_doubles(lab: Lab, name: str) -> None:
    header, line = ("id,t\n", '{0},"te\nxt"\n') if ".csv" in name else ("", '{{"id": {0}, "t": "te\\nxt"}}\n')
    count = 400_000 if ".csv" in name else 20_000
    content = (header + "".join(line.format(n) for n in range(count))).encode()

    def write(content: bytes) -> None:
        (lab.folder / name).write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)

    write(content)
    batches = await read(lab, config(lab, types={"id": "bigint"}), "a")
    assert len(batches) > 1
    for cut in (0, len(batches) - 2):
        rest = await read(lab, config(lab, types={"id": "bigint"}), "a", after=batches[cut].position)
        ids = [n for batch in [*batches[: cut + 1], *rest] for n in batch.rows.column("id").to_pylist()]
        assert ids == list(range(count))
        assert rest[0].first_row == batches[cut + 1].first_row
    write(content + line.format(1).encode())
    with pytest.raises(SyncError) as caught:
        await read(lab, config(lab, types={"id": "bigint"}), "a", after=batches[0].position)
    assert caught.value.code == "SOURCE_CHANGED"


async def test_folders_are_columns_and_only_newer_files_are_read(lab: Lab) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        (lab.folder / "sales" / f"day={day}").mkdir(parents=True)
        (lab.folder / "sales" / f"day={day}" / "x.csv").write_text("n\n1\n")
    (lab.folder / "sales" / "_thedata").mkdir()
    (lab.folder / "sales" / "_thedata" / "y.csv").write_text("other\n1\n")
    spec = StreamSpec("sales", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="_file_modified")
    source = lab.files(file_columns=True)
    assert (await lab.run(source, spec)).rows_read == 2
    (lab.folder / "sales" / "day=2024-01-02" / "z.csv").write_text("n\n3\n")
    assert (await lab.run(source, spec, epoch=2)).rows_inserted == 1
    assert await lab.rows("SELECT n, day::text, _file_name FROM sales ORDER BY 2, 1") == [
        (1, "2024-01-01", "sales/day=2024-01-01/x.csv"), (1, "2024-01-02", "sales/day=2024-01-02/x.csv"),
        (3, "2024-01-02", "sales/day=2024-01-02/z.csv"),
    ]  # fmt: skip


async def test_a_cursor_reads_its_range_only(lab: Lab) -> None:
    (lab.folder / "a.csv").write_text("id,at\n1,2024-01-01\n2,2024-01-02\n3,\n4,2024-01-04\n")
    for bounds, ids in (
        (CursorRange("at", "2024-01-02", "2024-01-03"), [2]),
        (CursorRange("at", "2024-01-02"), [2, 4]),
        (CursorRange("at", nulls=True), [1, 2, 3, 4]),
    ):
        batches = await read(lab, config(lab), "a", cursor=bounds)
        assert [n for batch in batches for n in batch.rows.column("id").to_pylist()] == ids
        assert [batch.number_of(i) for batch in batches for i in range(batch.rows.num_rows)] == ids


@pytest.mark.parametrize("pattern", ["sub/*.csv", "**/b.csv", "sub/[b]?csv"])
async def test_patterns_find_files(lab: Lab, pattern: str) -> None:
    (lab.folder / "sub" / "deep").mkdir(parents=True)
    (lab.folder / "sub" / "b.csv").write_text("n\n1\n")
    (lab.folder / "a.csv").write_text("n\n1\n")
    found = await connector("files").discover(config(lab, path=f"{lab.folder}/{pattern}", stream="all"), lab.context)
    assert [(stream.name, stream.estimated_rows) for stream in found.streams] == [("all", 1)]


async def test_a_file_that_unpacks_to_far_more_than_it_is_ends_the_stream(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "FREE_BYTES", 1 << 20)
    (lab.folder / "bomb.csv.gz").write_bytes(gzip.compress(b"n\n" + b"1\n" * (4 << 20), 9))
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("bomb"))
    assert caught.value.code == "ARCHIVE_BOMB"
    assert "bomb" not in await lab.tables()


async def test_arrow_files_land_and_a_cut_one_is_named(lab: Lab) -> None:
    table = pa.table({"id": [1, 2], "l": [[1, None], None], "d": pa.array(["a", None]).dictionary_encode()})
    with pa.OSFile(str(lab.folder / "a.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    await lab.run(lab.files(), StreamSpec("a"))
    assert await lab.rows("SELECT id, l::text, d FROM a ORDER BY id") == [(1, "[1, null]", "a"), (2, None, None)]
    content = (lab.folder / "a.arrow").read_bytes()
    (lab.folder / "a.arrow").write_bytes(content[: len(content) // 2])
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.files(), StreamSpec("a"), epoch=2)
    assert caught.value.code == "ARROW_MALFORMED"


@dataclass
class Web:
    """A web server whose answers the test decides."""

    port: int = 0
    answer: Handler = lambda _request: None
    seen: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/data/people.csv"


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            made.seen.append({name.lower(): value for name, value in self.headers.items()})
            made.answer(self)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


PEOPLE = b"id,name\n1,Ann\n2,Bob\n"


def gives(content: bytes, *, ranges: bool = True, kind: str = "text/csv", version: str = '"1"') -> Handler:
    def answer(request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range", "") if ranges else ""
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        part = content[int(first) : int(last) + 1 if last else None] if wanted else content
        request.send_response(206 if wanted else 200)
        request.send_header("Content-Type", kind)
        if version:
            request.send_header("ETag", version)
        if wanted:
            request.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}")
        request.send_header("Content-Length", str(len(part)))
        request.end_headers()
        request.wfile.write(part)

    return answer


@pytest.mark.parametrize("ranges", [True, False])
async def test_a_file_behind_a_url_lands(lab: Lab, web: Web, ranges: bool) -> None:
    web.answer = gives(PEOPLE, ranges=ranges)
    source = Endpoint("files", FilesConfig.model_validate({"path": web.url, "bearer_token": "t0ken"}))
    assert (await lab.run(source, StreamSpec("people"))).rows_committed == 2
    assert {request["authorization"] for request in web.seen} == {"Bearer t0ken"}


async def test_parquet_behind_a_url_is_read_from_its_end(lab: Lab, web: Web, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"id": list(range(1000))}), tmp_path / "x.parquet")
    for ranges in (True, False):
        web.answer = gives((tmp_path / "x.parquet").read_bytes(), ranges=ranges, kind="application/octet-stream")
        address = web.url.replace(".csv", ".parquet")
        source = Endpoint("files", FilesConfig.model_validate({"path": address}))
        receipt = await lab.run(source, StreamSpec("people"), epoch=2 + (not ranges))
        assert receipt.rows_committed == 1000


async def test_credentials_stay_with_their_host(lab: Lab, web: Web) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.headers["Host"].startswith("127.0.0.1"):
            request.send_response(302)
            request.send_header("Location", web.url.replace("127.0.0.1", "localhost"))
            request.send_header("Content-Length", "0")
            request.end_headers()
        else:
            gives(PEOPLE)(request)

    web.answer = answer
    given = {"path": web.url, "bearer_token": "t0ken", "headers": {"X-Api-Key": "k3y"}}
    source = Endpoint("files", FilesConfig.model_validate(given))
    assert (await lab.run(source, StreamSpec("people"))).rows_committed == 2
    elsewhere = [request for request in web.seen if request["host"].startswith("localhost")]
    assert elsewhere
    assert all(request.keys().isdisjoint(("authorization", "x-api-key")) for request in elsewhere)
    assert next(request["x-api-key"] for request in web.seen if request not in elsewhere) == "k3y"


@pytest.mark.parametrize(("version", "resumes"), [('"1"', True), ("", False)])
async def test_only_a_file_whose_version_is_told_is_gone_on_with(
    lab: Lab, web: Web, version: str, resumes: bool
) -> None:
    web.answer = gives(PEOPLE, version=version)
    batches = await read(lab, FilesConfig.model_validate({"path": web.url}), "people")
    assert [batch.position is not None for batch in batches] == [resumes]


def says(status: int) -> Handler:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(401), "PERMISSION_DENIED"),
        (says(404), "FILE_NOT_FOUND"),
        (says(429), "SERVER_BUSY"),
        (says(500), "SERVER_BUSY"),
        (says(418), "HTTP_STATUS"),
        (gives(b"<html>log in</html>", kind="text/html; charset=utf-8"), "HTTP_HTML_ANSWER"),
    ],
    ids=["401", "404", "429", "500", "418", "html"],
)
async def test_answers_that_are_no_file_are_named(lab: Lab, web: Web, answer: Handler, code: str) -> None:
    web.answer = answer
    with pytest.raises(SyncError) as caught:
        await connector("files").discover(FilesConfig.model_validate({"path": web.url}), lab.context)
    assert caught.value.code == code


async def test_a_server_that_never_answers_is_given_up(lab: Lab, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def never(_request: BaseHTTPRequestHandler) -> None:
        ended.wait(20)

    web.answer = never
    try:
        with pytest.raises(SyncError) as caught:
            await connector("files").check(
                FilesConfig.model_validate({"path": web.url}),
                type(lab.context)(timeout_seconds=0.5),
            )
    finally:
        ended.set()
    assert caught.value.code == "TIMEOUT"


@pytest.mark.parametrize(("ranges", "begun"), [(True, True), (False, True), (True, False)])
async def test_cancelling_does_not_wait_for_a_server_that_has_stopped_sending(
    lab: Lab, web: Web, ranges: bool, begun: bool
) -> None:
    content = b"id,name\n" + b"".join(b"%d,some name\n" % number for number in range(500_000))
    ended, stalled = threading.Event(), threading.Event()

    def half(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("Range") == "bytes=0-0":
            gives(content, ranges=ranges)(request)
            return
        if begun:
            request.send_response(200)
            request.send_header("ETag", '"1"')
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content[: len(content) // 2])
            request.wfile.flush()
        stalled.set()
        ended.wait(20)

    web.answer = gives(content, ranges=ranges)
    config = FilesConfig.model_validate({"path": web.url})
    async with connector("files").open_source(config, lab.context) as source:
        stream = await source.describe("", "people")
        web.answer = half

        async def take_all() -> None:
            async with aclosing(source.read(Read(stream, stream.columns))) as batches:
                async for _ in batches:
                    pass

        task = asyncio.create_task(take_all())
        try:
            assert await asyncio.to_thread(stalled.wait, 10)
            await asyncio.sleep(0.2)
            started = time.perf_counter()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert time.perf_counter() - started < 2
        finally:
            ended.set()
        web.answer = gives(content, ranges=ranges)
        async with aclosing(source.read(Read(stream, stream.columns))) as batches:
            assert sum([batch.rows.num_rows async for batch in batches]) == 500_000


@pytest.mark.parametrize(("limit", "lands"), [(0.25, True), (0.24, False)])
async def test_a_share_of_rejected_rows_is_measured_against_all_that_were_read(
    lab: Lab, limit: float, lands: bool
) -> None:
    (lab.folder / "a.csv").write_text("id\nx\n2\n3\n4\n")
    spec = StreamSpec("a", rejects=RejectLimit(share=limit))
    source = lab.files(types={"id": "bigint"})
    if lands:
        assert (await lab.run(source, spec)).rows_rejected == 1
        return
    with pytest.raises(SyncError) as caught:
        await lab.run(source, spec)
    assert (caught.value.code, caught.value.position) == ("VALUE_DOES_NOT_FIT", "a.csv row 1 column id")
    assert "a" not in await lab.tables()
