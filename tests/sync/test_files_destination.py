"""Files as a destination: every format there and back, modes, ownership, resumption."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from server.sync import arrow_lane
from server.sync.errors import SyncError
from server.sync.files.config import FilesConfig
from server.sync.spec import Endpoint, Fence, StreamSpec, SyncMode, Verification
from tests.sync.conftest import Lab, Unanswered

FORMATS = [
    {"format": "parquet"}, {"format": "parquet", "compression": "gzip"}, {"format": "csv"},
    {"format": "csv", "compression": "zstd"}, {"format": "jsonl", "compression": "gzip"}, {"format": "arrow"},
    {"format": "arrow", "compression": "zstd"},
]  # fmt: skip
EDGES = """
    CREATE TABLE edges (id int PRIMARY KEY, b bool, i bigint, f float8, n numeric, p numeric(12,3), t text, y bytea,
        d date, tm time, ts timestamp, tt timestamptz, u uuid, j jsonb, a int[]);
    INSERT INTO edges VALUES (1, true, 9223372036854775807, 0.1, 1e-30, -0.010, '', '\\x00ff', '2024-02-29',
        '23:59:59.999999', '2024-02-29 12:00:00.123456', '1500-01-01Z', gen_random_uuid(), '{"a": [1.50, null]}',
        '{1,NULL}'), (2, false, -1, 'NaN', 'NaN', 0, 'NULL "q", ä😀' || chr(10), '', '0001-01-01', '00:00',
        '1600-01-01', 'epoch', NULL, 'null', '{}');
    INSERT INTO edges VALUES (3);
"""
APPEND = StreamSpec("t", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at")


def folder(lab: Lab, **changes: Any) -> Endpoint:
    return Endpoint("files", FilesConfig.model_validate({"path": str(lab.folder / "out"), **changes}))


def listed(lab: Lab, table: str) -> list[str]:
    """The files that a reader of the folder sees."""
    base = lab.folder / "out" / table
    found = (path.relative_to(base) for path in base.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if not path.name.startswith(".") and path.parts[0] != "_thedata")


@pytest.mark.parametrize("format_", FORMATS, ids=lambda item: "-".join(item.values()))
async def test_every_format_keeps_every_value(lab: Lab, format_: dict[str, str]) -> None:
    await lab.source.execute(EDGES)
    if format_["format"] == "jsonl":
        await lab.source.execute("UPDATE edges SET j = '0' WHERE id = 2")  # it has one null only
    to = folder(lab, **format_)
    there = await lab.run(lab.postgres(), StreamSpec("edges", "public"), to=to, verification=Verification.CONTENT)
    assert (there.rows_committed, there.rows_rejected) == (3, 0)
    types = {"n": "decimal", "p": "decimal", "t": "text", "j": "text", "y": "bytes", "u": "text"}
    source = folder(lab, **format_, types=types if format_["format"] in ("csv", "jsonl") else {})
    if format_["format"] == "jsonl":
        source = folder(lab, **format_, types=types | {"j": "json", "a": "json"})
    back = await lab.run(source, StreamSpec("edges", table="back"), run="back", verification=Verification.CONTENT)
    assert back.rows_committed == 3
    for column, spelled in (("b", "{}"), ("i", "{}"), ("f", "{}"), ("n", "{}"), ("p", "{}"), ("t", "{}"), ("y", "{}"),
                            ("d", "{}"), ("tm", "{}"), ("ts", "{}"), ("tt", "{}::timestamptz"), ("u", "{}"),
                            ("j", "{}::jsonb"), ("a", "to_jsonb({})")):  # fmt: skip
        query = f"SELECT {spelled.format(column)}::text FROM edges ORDER BY id"
        wanted = [tuple(row) for row in await lab.source.fetch(query)]
        landed = "{}::text::jsonb" if column == "a" else spelled
        assert await lab.rows(f"SELECT {landed.format(column)}::text FROM back ORDER BY id") == wanted, column


async def test_overwrite_replaces_the_files_and_leaves_nothing_of_the_old_ones(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 10) g")
    await lab.run(lab.postgres(), StreamSpec("t", "public"), to=folder(lab))
    first = listed(lab, "t")
    await lab.source.execute("DELETE FROM t WHERE id > 3")
    await lab.run(lab.postgres(), StreamSpec("t", "public"), to=folder(lab), epoch=2)
    second = listed(lab, "t")
    assert len(first) == len(second) == 1
    assert first != second
    assert sorted(pq.read_table(lab.folder / "out" / "t" / second[0]).column("id").to_pylist()) == [1, 2, 3]


async def test_append_adds_each_row_once(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int, at int); INSERT INTO t VALUES (1, 10), (2, 20), (2, 20)")
    to = folder(lab)
    assert (await lab.run(lab.postgres(), APPEND, to=to)).rows_inserted == 3
    assert (await lab.run(lab.postgres(), APPEND, to=to, epoch=2)).rows_inserted == 0
    await lab.source.execute("INSERT INTO t VALUES (2, 20), (3, 30)")
    assert (await lab.run(lab.postgres(), APPEND, to=to, epoch=3)).rows_inserted == 2
    await lab.run(to, StreamSpec("t", table="back"), run="back")
    assert await lab.rows("SELECT id, at FROM back ORDER BY at, id") == [(1, 10), (2, 20), (2, 20), (2, 20), (3, 30)]


async def test_rows_are_put_into_folders_by_their_values(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int, day date, k text)")
    await lab.source.execute(
        "INSERT INTO t VALUES (1, '2024-01-01', 'a/b'), (2, '2024-01-02', NULL), (3, '2024-01-01', 'a/b')"
    )
    to = folder(lab, partition_by=["day", "k"])
    await lab.run(lab.postgres(), StreamSpec("t", "public"), to=to, verification=Verification.CONTENT)
    assert sorted({str(Path(name).parent) for name in listed(lab, "t")}) == [
        "day=2024-01-01/k=a%2Fb", "day=2024-01-02/k=__HIVE_DEFAULT_PARTITION__",
    ]  # fmt: skip
    await lab.run(to, StreamSpec("t", table="back"), run="back")
    assert await lab.rows("SELECT id, day::text, k FROM back ORDER BY id") == [
        (1, "2024-01-01", "a/b"), (2, "2024-01-02", None), (3, "2024-01-01", "a/b"),
    ]  # fmt: skip


async def test_modes_that_need_a_key_are_refused_before_anything_is_written(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int PRIMARY KEY)")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), StreamSpec("t", "public", sync_mode=SyncMode.INCREMENTAL_MERGE), to=folder(lab))
    assert caught.value.code == "MODE_UNSUPPORTED"
    assert not (lab.folder / "out").exists()


async def test_foreign_folders_and_older_attempts_are_refused(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int)")
    (lab.folder / "out" / "mine").mkdir(parents=True)
    (lab.folder / "out" / "mine" / "a.txt").write_text("precious")
    spec = StreamSpec("t", "public")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), StreamSpec("t", "public", table="mine"), to=folder(lab))
    assert caught.value.code == "TABLE_NOT_OURS"
    await lab.run(lab.postgres(), spec, to=folder(lab), epoch=5)
    for pipeline, epoch, code in (("p1", 4, "STALE_EPOCH"), ("p2", 9, "TABLE_OWNED")):
        with pytest.raises(SyncError) as caught:
            await lab.run(lab.postgres(), spec, to=folder(lab), epoch=epoch, pipeline=pipeline)
        assert caught.value.code == code
    assert (lab.folder / "out" / "mine" / "a.txt").read_text() == "precious"


async def test_a_lost_lease_changes_nothing_and_a_later_attempt_goes_on_after_its_chunks(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_lane, "CHUNK_ROWS", 1000)
    (lab.folder / "in.csv").write_text("id\n" + "".join(f"{n}\n" for n in range(400_000)))
    spec = StreamSpec("in", table="t")
    await lab.run(lab.files(), spec, to=folder(lab), run="old")
    before = listed(lab, "t")

    class LostError(Exception):
        """The lease is gone."""

    async def lost() -> None:
        raise LostError

    fence: Fence = lost
    with pytest.raises(LostError):
        await lab.run(lab.files(), spec, to=folder(lab), run="same", epoch=2, fence=fence)
    manifest = json.loads((lab.folder / "out/t/_thedata/manifest.json").read_text())
    assert sorted(file["path"] for file in manifest["files"]) == before
    chunks = len(manifest["staged"]["chunks"])
    assert chunks > 1
    lab.events.clear()
    receipt = await lab.run(lab.files(), spec, to=folder(lab), run="same", epoch=3, verification=Verification.CONTENT)
    assert receipt.rows_read == receipt.rows_committed == 400_000
    await lab.run(folder(lab), StreamSpec("t", table="back"), run="back")
    assert await lab.rows("SELECT count(*), count(DISTINCT id) FROM back") == [(400_000, 400_000)]


@pytest.mark.parametrize("format_", ["parquet", "csv"])
async def test_cancelling_in_the_middle_leaves_what_had_landed(lab: Lab, format_: str) -> None:
    (lab.folder / "in.csv").write_text("id,t\n1,x\n")
    to, spec = folder(lab, format=format_, compression="gzip"), StreamSpec("in", table="t")
    await lab.run(lab.files(), spec, to=to)
    before = listed(lab, "t")
    with (lab.folder / "in.csv").open("w") as file:
        file.write("id,t\n")
        file.writelines(f"{row},{'x' * 90}\n" for row in range(600_000))
    lab.events.clear()
    lease = Unanswered()
    run = asyncio.create_task(lab.run(lab.files(), spec, to=to, epoch=2, fence=lease))
    await asyncio.wait_for(lease.asked.wait(), 30)
    started = time.perf_counter()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert time.perf_counter() - started < 2
    assert listed(lab, "t") == before
    hidden = [path.name for path in (lab.folder / "out").rglob(".*") if path.name != ".manifest.json.lock"]
    assert hidden == []  # nor are there files that were begun
    assert (await lab.run(lab.files(), spec, to=to, epoch=3)).rows_committed == 600_000


async def test_other_columns_than_those_that_landed_are_refused_in_an_append(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (id int, at int); INSERT INTO t VALUES (1, 10)")
    await lab.run(lab.postgres(), APPEND, to=folder(lab))
    await lab.source.execute("ALTER TABLE t ADD COLUMN note text")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), APPEND, to=folder(lab), epoch=2)
    assert caught.value.code == "SCHEMA_EVOLUTION_UNSUPPORTED"
    assert len(listed(lab, "t")) == 1
