"""What is wrong with the input of a run: a named error with origin, type, stream, position, advice; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.spec import Endpoint, StreamSpec, SyncMode
from tests.sync.conftest import STATE, Lab

SOURCE, DESTINATION, PLATFORM = Origin.SOURCE, Origin.DESTINATION, Origin.PLATFORM
CONFIG, TRANSIENT = ErrorType.CONFIG, ErrorType.TRANSIENT
MERGE = SyncMode.INCREMENTAL_MERGE


@pytest.fixture(autouse=True)
async def landed(lab: Lab) -> None:
    """A table that has landed once, from a good source."""
    await lab.source.execute("""
        CREATE TABLE good (id int PRIMARY KEY); INSERT INTO good VALUES (1);
        CREATE TABLE a (id int PRIMARY KEY, n int, twin int, j json);
        INSERT INTO a VALUES (1, 1, 7, '{}'), (2, NULL, 7, '{}');
    """)
    await lab.run(lab.postgres(), StreamSpec("good", "public", table="t"), pipeline="p1")


async def failure(lab: Lab, spec: StreamSpec, source: Endpoint, to: Endpoint | None = None) -> SyncError:
    """The error of a run that cannot succeed, after a look that nothing has changed."""
    with pytest.raises(SyncError) as caught:
        await lab.run(source, spec, to=to, epoch=2)
    assert await lab.rows("SELECT * FROM t") == [(1,)]
    assert await lab.tables() == {"t", *STATE}
    assert caught.value.advice
    return caught.value


@pytest.mark.parametrize("origin", [SOURCE, DESTINATION])
@pytest.mark.parametrize(
    ("changes", "code", "type_", "place"),
    [
        ({"host": "no-such-host.invalid"}, "HOST_NOT_FOUND", CONFIG, "no-such-host.invalid port {port}"),
        ({"port": 1}, "CONNECTION_REFUSED", TRANSIENT, "127.0.0.1 port 1 database"),
        ({"password": "wrong"}, "AUTHENTICATION_FAILED", CONFIG, "127.0.0.1 port {port} database"),
        ({"sslmode": "require"}, "TLS_FAILED", CONFIG, "127.0.0.1 port {port} database"),
        ({"database": "missing"}, "DATABASE_NOT_FOUND", CONFIG, "127.0.0.1 port {port} database missing"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)
async def test_a_server_that_cannot_be_reached_as_it_is_described(
    lab: Lab, origin: Origin, changes: dict[str, Any], code: str, type_: ErrorType, place: str
) -> None:
    wrong = Endpoint("postgres", lab.cluster.config(**{"database": lab.source_name, **changes}))
    source, to = (wrong, lab.target()) if origin is SOURCE else (lab.postgres(), wrong)
    error = await failure(lab, StreamSpec("a", "public", table="t"), source, to)
    assert (error.code, error.origin, error.type, error.stream) == (code, origin, type_, "public.a")
    assert error.position is not None
    assert error.position.startswith(place.format(port=lab.cluster.port))


@pytest.mark.parametrize(
    ("name", "spec", "code", "origin", "place"),
    [
        ("missing", {}, "TABLE_NOT_FOUND", SOURCE, "table public.missing"),
        ("a", {"columns": ("id", "nope")}, "COLUMN_NOT_FOUND", SOURCE, "column nope"),
        ("a", {"sync_mode": MERGE, "cursor": "j"}, "CURSOR_NOT_COMPARABLE", SOURCE, "column j"),
        ("a", {"sync_mode": MERGE, "key": ("n",)}, "KEY_HAS_NULLS", SOURCE, "key (n) = (NULL)"),
        ("a", {"sync_mode": MERGE, "key": ("twin",)}, "KEY_NOT_UNIQUE", SOURCE, "key (twin) = (7)"),
        ("a", {"key": ("twin",)}, "KEY_NOT_UNIQUE", SOURCE, "key (twin) = (7)"),
    ],
)
async def test_a_stream_that_the_table_cannot_give(
    lab: Lab, name: str, spec: dict[str, Any], code: str, origin: Origin, place: str
) -> None:
    table = "t" if spec.get("sync_mode") is not MERGE else "u"
    error = await failure(lab, StreamSpec(name, "public", table=table, **spec), lab.postgres())
    assert (error.code, error.origin, error.type) == (code, origin, CONFIG)
    assert (error.stream, error.position) == (f"public.{name}", place)


async def test_a_privilege_that_is_missing_on_either_side(lab: Lab) -> None:
    await lab.source.execute("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'r'")
    try:
        limited = {"user": "reader", "password": "r"}
        error = await failure(lab, StreamSpec("a", "public", table="t"), lab.postgres(**limited))
        assert (error.code, error.origin, error.type) == ("PERMISSION_DENIED", SOURCE, CONFIG)
        assert (error.stream, error.position) == ("public.a", "table public.a")
        # It may connect, and no more.
        error = await failure(lab, StreamSpec("a", "public", table="t"), lab.postgres(), lab.target(**limited))
        assert (error.code, error.origin, error.type) == ("PERMISSION_DENIED", DESTINATION, CONFIG)
        place = f"127.0.0.1 port {lab.cluster.port} database {lab.destination_name}"
        assert (error.stream, error.position) == ("public.a", place)
    finally:
        await lab.source.execute("DROP ROLE reader")


def csv(folder: Path) -> None:
    lines = [f"{number},x" for number in range(1, 300_001)]
    lines[200_000] = "200001,too,many"
    (folder / "f.csv").write_text("id,name\n" + "\n".join(lines) + "\n")


def jsonl(folder: Path) -> None:
    lines = [f'{{"id": {number}}}' for number in range(1, 20_001)]
    lines[15_000] = '{"id": '
    (folder / "f.jsonl").write_text("\n".join(lines))


def parquet(folder: Path) -> None:
    pq.write_table(pa.table({"id": [1]}), folder / "f.parquet")
    whole = (folder / "f.parquet").read_bytes()
    (folder / "f.parquet").write_bytes(whole[:-10])


@pytest.mark.parametrize(
    ("write", "code", "place"),
    [
        (csv, "CSV_MALFORMED", "f.csv row 200001"),
        (jsonl, "JSON_MALFORMED", "f.jsonl row 15001"),
        (parquet, "PARQUET_MALFORMED", "f.parquet"),
    ],
)
async def test_a_file_that_is_damaged(lab: Lab, write: Callable[[Path], None], code: str, place: str) -> None:
    write(lab.folder)
    error = await failure(lab, StreamSpec("f", table="t"), lab.files())
    assert (error.code, error.origin, error.type) == (code, SOURCE, CONFIG)
    assert (error.stream, error.position) == ("f", place)
