from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from server.sync.connectors.registry import connector
from server.sync.errors import SyncError
from server.sync.events import Level, LogLine
from server.sync.postgres import raw_lane
from server.sync.receipt import Lane
from server.sync.spec import StreamSpec, Verification
from server.sync.transforms import Derived, Transforms
from tests.sync.conftest import STATE, Lab, asleep, rows_move, until

VALUES = """
    true AS b, 1::smallint AS i2, 2 AS i4, 9223372036854775807 AS i8, 'NaN'::real AS f4, '-Infinity'::float8 AS f8,
    'NaN'::numeric AS n1, 'Infinity'::numeric AS n2, repeat('9', 1000)::numeric AS n3, 12.340::numeric(10, 3) AS n4,
    ''::text AS t, 'ab'::char(4) AS bp, 'ä😀'::varchar(9) AS vc, 'x'::"char" AS c, 'nm'::name AS nm,
    '\\x00ff'::bytea AS by, '-infinity'::date AS d1, '4713-01-01 BC'::date AS d2, '24:00:00'::time AS tm,
    '12:00:00.000001+05:30'::timetz AS tz, 'infinity'::timestamp AS ts,
    '2024-02-29 12:00:00.123456+02'::timestamptz AS tt,
    '1 year 2 mons -3 days 04:05:06.7'::interval AS iv, '00000000-0000-4000-8000-000000000001'::uuid AS u,
    '{"b": 1.10,  "a": 1}'::json AS j, '{"a": [1, null, 1e400]}'::jsonb AS jb, ARRAY[1, NULL, 3] AS ai,
    ARRAY[['a', NULL], ['', 'b']] AS at, '{}'::text[] AS ae, '10.0.0.1/8'::inet AS ip, '10.0.0.0/8'::cidr AS ci,
    '08:00:2b:01:02:03'::macaddr AS ma, B'101'::bit(3) AS bi, B'1'::varbit AS vb, '[1,5)'::int4range AS r,
    '{[1,2),[4,5)}'::int4multirange AS mr, '(1,2)'::point AS pt, 'a & b'::tsquery AS tq, 'a:1 b:2'::tsvector AS tv,
    '0/16B3748'::pg_lsn AS l, '$1.50'::money AS mo
"""


async def test_every_common_type_arrives_bit_by_bit(lab: Lab) -> None:
    await lab.source.execute(f"CREATE TABLE kinds AS SELECT {VALUES}")
    await lab.source.execute("INSERT INTO kinds DEFAULT VALUES")
    receipt = await lab.run(lab.postgres(), StreamSpec("kinds", "public"), verification=Verification.CONTENT)
    assert (receipt.lane, receipt.rows_committed, receipt.verified) == (Lane.RAW, 2, Verification.CONTENT)
    assert receipt.source_hash == receipt.destination_hash is not None
    query = "SELECT kinds::text FROM kinds ORDER BY 1"
    assert await lab.rows(query) == [tuple(row) for row in await lab.source.fetch(query)]
    types = (
        "SELECT attname::text, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid = 'kinds'::regclass AND attnum > 0 ORDER BY attnum"
    )
    assert await lab.rows(types) == [tuple(row) for row in await lab.source.fetch(types)]


async def test_types_of_the_source_alone_land_as_their_base_or_text(lab: Lab) -> None:
    await lab.source.execute("""
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
        CREATE DOMAIN small AS positive CHECK (VALUE < 10);
        CREATE TYPE pair AS (a integer, b text);
        CREATE TABLE own (m mood, ms mood[], p small, ps positive[], c pair, r regclass);
        INSERT INTO own VALUES ('ok', '{sad,NULL}', 5, '{1}', (1, 'x'), 'own')
    """)
    await lab.run(lab.postgres(), StreamSpec("own", "public"), verification=Verification.CONTENT)
    assert await lab.rows("SELECT * FROM own") == [("ok", ["sad", None], 5, ["1"], "(1,x)", "public.own")]
    told = [event.message for event in lab.events if isinstance(event, LogLine) and event.level is Level.INFO]
    assert "m: public.mood exists on the source only and lands as text." in told


async def test_keys_and_not_null_are_made_and_empty_tables_land(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE k (a integer, b text, c text NOT NULL, PRIMARY KEY (b, a))")
    receipt = await lab.run(lab.postgres(), StreamSpec("k", "public"), verification=Verification.CONTENT)
    assert receipt.rows_committed == 0
    assert await lab.rows(
        "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'k'::regclass AND contype = 'p'"
    ) == [("k_pkey", "PRIMARY KEY (b, a)")]
    assert await lab.rows(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'k'::regclass AND attnotnull AND attnum > 0"
    ) == [("a",), ("b",), ("c",)]


async def test_names_of_every_kind_are_kept(lab: Lab) -> None:
    table = 'Sel"ect; --ä'
    long = "x" * 63
    quoted = '"Sel""ect; --ä"'
    await lab.source.execute(
        f'CREATE SCHEMA "my schema"; CREATE TABLE "my schema".{quoted} ("a""b" int, "A" int, a int)'
    )
    await lab.source.execute(f'INSERT INTO "my schema".{quoted} VALUES (1, 2, 3); CREATE TABLE {long} (v int)')
    await lab.run(lab.postgres(), StreamSpec(table, "my schema"))
    await lab.run(lab.postgres(), StreamSpec(long, "public"))
    assert await lab.rows(f'SELECT "a""b", "A", a FROM {quoted}') == [(1, 2, 3)]
    assert await lab.tables() == {table, long, *STATE}


@pytest.mark.parametrize("lane", list(Lane))
async def test_generated_and_identity_columns_land_as_the_values_that_they_have(lab: Lab, lane: Lane) -> None:
    await lab.source.execute("""
        CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int,
            stored int GENERATED ALWAYS AS (v * 2) STORED, worked_out int GENERATED ALWAYS AS (v * 3) VIRTUAL);
        INSERT INTO made (v) VALUES (1), (NULL)
    """)
    transforms = Transforms(derived=(Derived("w", "v + 1"),)) if lane is Lane.ARROW else Transforms()
    spec = StreamSpec("made", "public", transforms=transforms)
    receipt = await lab.run(lab.postgres(), spec, verification=Verification.CONTENT)
    assert receipt.lane is lane
    assert await lab.rows("SELECT id, v, stored, worked_out FROM made ORDER BY id") == [
        (1, 1, 2, 3),
        (2, None, None, None),
    ]


async def test_views_and_chosen_columns_can_be_read(lab: Lab) -> None:
    await lab.source.execute("CREATE VIEW v AS SELECT g AS id, g * 2 AS twice FROM generate_series(1, 3) g")
    await lab.run(lab.postgres(), StreamSpec("v", "public", table="doubled", columns=("twice",)))
    assert await lab.rows("SELECT * FROM doubled") == [(2,), (4,), (6,)]


async def test_discover_tells_columns_keys_and_estimates(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE a (id bigint PRIMARY KEY, price numeric(10, 2)); CREATE SCHEMA other")
    await lab.source.execute("INSERT INTO a SELECT g, 1.5 FROM generate_series(1, 100) g; ANALYZE a")
    await lab.source.execute(
        "CREATE TABLE parts (d date) PARTITION BY RANGE (d); CREATE VIEW other.v AS SELECT 1 AS one"
    )
    await lab.source.execute("CREATE TABLE part PARTITION OF parts DEFAULT")
    postgres = connector("postgres")
    catalog = await postgres.discover(lab.postgres().config, lab.context)
    assert [stream.full_name for stream in catalog.streams] == ["other.v", "public.a", "public.parts"]
    stream = catalog.streams[1]
    assert [(c.name, c.type, c.nullable, c.native_type) for c in stream.columns] == [
        ("id", "bigint", False, "bigint"),
        ("price", "decimal(10,2)", True, "numeric(10,2)"),
    ]
    assert (stream.primary_key, stream.estimated_rows) == (("id",), 100)
    only = await postgres.discover(lab.postgres(schemas=["other"]).config, lab.context)
    assert [stream.full_name for stream in only.streams] == ["other.v"]


async def test_a_preview_is_bounded_and_exact(lab: Lab) -> None:
    await lab.source.execute("""CREATE TABLE a AS SELECT 1 AS i, 9007199254740993 AS big, 1.10::numeric AS n,
        repeat('x', 5000) AS long, NULL::text AS nothing, 'NaN'::float8 AS nan FROM generate_series(1, 5)""")
    preview = await connector("postgres").preview(lab.postgres().config, lab.context, StreamSpec("a", "public"), 2)
    assert preview.truncated
    assert preview.rows == ((1, "9007199254740993", "1.10", "x" * 1000 + "…", None, "NaN"),) * 2


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (StreamSpec("missing", "public"), "TABLE_NOT_FOUND"),
        (StreamSpec("a", "public", columns=("nope",)), "COLUMN_NOT_FOUND"),
        (StreamSpec("a", "public", columns=()), "NO_COLUMNS"),
        (StreamSpec("a", "public", table="_thedata_x"), "NAME_RESERVED"),
        (StreamSpec("a", "public", table="x" * 64), "NAME_TOO_LONG"),
        (StreamSpec("broken", "public"), "VALUE_REFUSED"),
    ],
)
async def test_what_cannot_be_read_is_a_named_error_and_leaves_nothing(lab: Lab, spec: StreamSpec, code: str) -> None:
    await lab.source.execute("CREATE TABLE a (v int); CREATE VIEW broken AS SELECT 1 / (g - 90000) FROM"
                             " generate_series(1, 100000) g")  # fmt: skip
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), spec)
    assert caught.value.code == code
    assert caught.value.stream == f"public.{spec.name}"
    assert await lab.tables() <= STATE


async def test_cancelling_in_the_middle_of_a_copy_ends_at_once_and_leaves_nothing(lab: Lab) -> None:
    await lab.source.execute("CREATE VIEW endless AS SELECT generate_series(1, 1000000000) AS g, repeat('x', 500) AS t")
    run = asyncio.create_task(lab.run(lab.postgres(), StreamSpec("endless", "public")))
    await until(rows_move(lab))
    started = time.perf_counter()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert time.perf_counter() - started < 2
    assert await lab.tables() == STATE

    async def sessions_ended() -> bool:
        return not await lab.source.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'thedata.io' AND datname = ANY ($1)",
            [lab.source_name, lab.destination_name],
        )

    await until(sessions_ended)


async def test_cancelling_while_the_source_is_still_thinking_ends_at_once(lab: Lab) -> None:
    await lab.source.execute("CREATE VIEW thinking AS SELECT pg_sleep(60)::text AS t")
    run = asyncio.create_task(lab.run(lab.postgres(), StreamSpec("thinking", "public")))
    await until(asleep(lab))
    started = time.perf_counter()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert time.perf_counter() - started < 2
    assert await lab.tables() == STATE


@pytest.mark.parametrize("side", ["source", "destination"])
async def test_a_server_that_dies_in_the_middle_is_named_by_its_side(lab: Lab, side: str) -> None:
    await lab.source.execute("CREATE VIEW endless AS SELECT generate_series(1, 1000000000) AS g")
    run = asyncio.create_task(lab.run(lab.postgres(), StreamSpec("endless", "public")))
    await until(rows_move(lab))
    await lab.source.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'thedata.io' AND datname = $1",
        lab.source_name if side == "source" else lab.destination_name,
    )
    with pytest.raises(SyncError) as caught:
        await run
    assert (caught.value.origin, caught.value.type) == (side, "transient")
    assert await lab.tables() == STATE


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_lane, "CHUNK_BLOCKS", 8)


class DiedError(Exception):
    """The end of a worker."""


async def interrupted(lab: Lab, spec: StreamSpec) -> None:
    """An attempt that dies in the middle of its chunks, as a killed worker does: nothing is cleaned up."""
    real = raw_lane.RawLane._copy

    async def dies(self: raw_lane.RawLane, reader: Any, writer: Any, number: int, piece: raw_lane.Range) -> Any:
        if number == 3:
            raise DiedError
        return await real(self, reader, writer, number, piece)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_lane.RawLane, "_copy", dies)
        with pytest.raises(DiedError):
            await lab.run(lab.postgres(), spec, run="same")


@pytest.mark.usefixtures("small_chunks")
async def test_a_second_attempt_copies_only_what_is_missing_and_what_has_changed(lab: Lab) -> None:
    await lab.source.execute(
        "CREATE TABLE big AS SELECT g AS id, repeat('x', 200) AS t FROM generate_series(1, 3000) g"
    )
    await lab.source.execute("ANALYZE big")
    spec = StreamSpec("big", "public")
    await interrupted(lab, spec)
    await lab.source.execute("UPDATE big SET t = 'changed' WHERE id = 5; DELETE FROM big WHERE id = 6")
    receipt = await lab.run(lab.postgres(), spec, run="same", epoch=2, verification=Verification.CONTENT)
    assert any("going on after" in event.message for event in lab.events if isinstance(event, LogLine))
    assert receipt.rows_read == receipt.rows_committed == 2999
    assert len(receipt.chunks) > 3
    assert await lab.rows("SELECT count(*), count(DISTINCT id), min(t) FILTER (WHERE id = 5) FROM big") == [
        (2999, 2999, "changed")
    ]


@pytest.mark.usefixtures("small_chunks")
async def test_a_difference_names_the_chunk_and_publishes_nothing(lab: Lab) -> None:
    await lab.source.execute(
        "CREATE TABLE big AS SELECT g AS id, repeat('x', 200) AS t FROM generate_series(1, 3000) g"
    )
    real = raw_lane.RawLane._hashed

    async def tampered(self: raw_lane.RawLane) -> Any:
        staging = (
            await lab.rows("SELECT relname FROM pg_class WHERE relname LIKE '_thedata_staging%' AND relkind = 'r'")
        )[0][0]
        await lab.destination.execute(f"UPDATE {staging} SET t = 'y' WHERE id = 1000")
        return await real(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_lane.RawLane, "_hashed", tampered)
        with pytest.raises(SyncError, match="chunk 3 of") as caught:
            await lab.run(lab.postgres(), StreamSpec("big", "public"), verification=Verification.CONTENT)
    assert caught.value.code == "VERIFICATION_FAILED"
    assert await lab.tables() == STATE
