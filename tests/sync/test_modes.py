"""Sync modes between two PostgreSQL databases: append, merge, history, deletes, and their checkpoints."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.sync.errors import SyncError
from server.sync.receipt import Lane
from server.sync.spec import Backfill, Deletes, Start, StreamSpec, SyncMode, Verification
from server.sync.transforms import Method, Protection, Transforms
from tests.sync.conftest import Lab

APPEND = StreamSpec("a", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at")
MERGE = StreamSpec("a", "public", sync_mode=SyncMode.INCREMENTAL_MERGE, cursor="at")
MERGE_ALL = StreamSpec("a", "public", sync_mode=SyncMode.INCREMENTAL_MERGE)
HISTORY = StreamSpec("a", "public", sync_mode=SyncMode.HISTORY)


@pytest.fixture(autouse=True)
async def source_rows(lab: Lab) -> None:
    await lab.source.execute("""
        CREATE TABLE a (id bigint PRIMARY KEY, at timestamptz, t text);
        INSERT INTO a VALUES (1, '2024-01-01 10:00:00.000001+00', 'one'), (2, '2024-01-02 00:00+00', 'two')
    """)


async def test_append_adds_only_rows_with_a_new_cursor(lab: Lab) -> None:
    first = await lab.run(lab.postgres(), APPEND)
    assert (first.rows_committed, first.cursor) == (2, "2024-01-02 00:00:00+00")
    await lab.source.execute("INSERT INTO a VALUES (3, '2024-01-03+00', 'three')")
    second = await lab.run(lab.postgres(), APPEND, epoch=2)
    assert second.rows_inserted == 1
    assert second.cursor == "2024-01-03 00:00:00+00"
    assert await lab.rows("SELECT id, t FROM a ORDER BY id") == [(1, "one"), (2, "two"), (3, "three")]


async def test_append_takes_a_late_row_with_the_same_cursor_once(lab: Lab) -> None:
    await lab.run(lab.postgres(), APPEND)
    await lab.source.execute("INSERT INTO a VALUES (9, '2024-01-02 00:00+00', 'tie')")
    for epoch in (2, 3):
        await lab.run(lab.postgres(), APPEND, epoch=epoch)
    assert await lab.rows("SELECT id, t FROM a ORDER BY id") == [(1, "one"), (2, "two"), (9, "tie")]


async def test_append_keeps_equal_rows_that_the_source_really_has(lab: Lab) -> None:
    await lab.source.execute(
        "CREATE TABLE twins (at int, t text); INSERT INTO twins VALUES (1, 'x'), (1, 'x'), (1, NULL)"
    )
    spec = StreamSpec("twins", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at")
    await lab.run(lab.postgres(), spec)
    await lab.source.execute("INSERT INTO twins VALUES (1, 'x'), (2, 'y')")
    await lab.run(lab.postgres(), spec, epoch=2)
    await lab.run(lab.postgres(), spec, epoch=3)
    assert sorted(map(str, await lab.rows("SELECT * FROM twins"))) == sorted(
        map(str, [(1, "x"), (1, "x"), (1, "x"), (1, None), (2, "y")])
    )


async def test_a_lag_finds_rows_that_were_committed_late(lab: Lab) -> None:
    spec = StreamSpec("a", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at", cursor_lag=86_400)
    await lab.run(lab.postgres(), spec)
    await lab.source.execute("INSERT INTO a VALUES (5, '2024-01-01 12:00+00', 'late')")
    receipt = await lab.run(lab.postgres(), spec, epoch=2)
    assert receipt.rows_inserted == 1
    assert await lab.rows("SELECT count(*) FROM a") == [(3,)]


async def test_merge_updates_and_inserts_by_key(lab: Lab) -> None:
    await lab.run(lab.postgres(), MERGE)
    await lab.source.execute("""
        UPDATE a SET t = 'changed', at = '2024-02-01+00' WHERE id = 1;
        INSERT INTO a VALUES (3, '2024-02-02+00', 'new');
        DELETE FROM a WHERE id = 2
    """)
    receipt = await lab.run(lab.postgres(), MERGE, epoch=2)
    assert (receipt.rows_inserted, receipt.rows_updated, receipt.rows_deleted) == (1, 1, 0)
    assert await lab.rows("SELECT id, t FROM a ORDER BY id") == [(1, "changed"), (2, "two"), (3, "new")]
    again = await lab.run(lab.postgres(), MERGE, epoch=3)
    assert (again.rows_inserted, again.rows_updated) == (0, 0)


@pytest.mark.parametrize("spec", [MERGE, MERGE_ALL], ids=["by keys", "by a full read"])
async def test_hard_deletes_are_found_without_a_log(lab: Lab, spec: StreamSpec) -> None:
    spec = replace(spec, deletes=Deletes.HARD)
    await lab.run(lab.postgres(), spec)
    await lab.source.execute("DELETE FROM a WHERE id = 1")
    receipt = await lab.run(lab.postgres(), spec, epoch=2)
    assert receipt.rows_deleted == 1
    assert await lab.rows("SELECT id FROM a") == [(2,)]


async def test_deleted_rows_are_looked_for_no_more_often_than_asked(lab: Lab) -> None:
    spec = replace(MERGE, deletes=Deletes.HARD, deletes_every=3_600)
    await lab.run(lab.postgres(), spec)
    await lab.run(lab.postgres(), spec, epoch=2)  # the first look
    await lab.source.execute("DELETE FROM a WHERE id = 1")
    assert (await lab.run(lab.postgres(), spec, epoch=3)).rows_deleted == 0
    assert await lab.rows("SELECT id FROM a ORDER BY id") == [(1,), (2,)]
    # An hour goes by.
    await lab.destination.execute("""UPDATE _thedata_checkpoints SET state = jsonb_set(state::jsonb,
        '{deletes_checked_at}', to_jsonb((state::jsonb->>'deletes_checked_at')::float8 - 3600))::text""")
    assert (await lab.run(lab.postgres(), spec, epoch=4)).rows_deleted == 1
    assert await lab.rows("SELECT id FROM a") == [(2,)]


async def test_soft_deletes_mark_the_row_and_forget_it_when_it_comes_back(lab: Lab) -> None:
    spec = StreamSpec("a", "public", sync_mode=SyncMode.INCREMENTAL_MERGE, deletes=Deletes.SOFT)
    await lab.run(lab.postgres(), spec)
    await lab.source.execute("DELETE FROM a WHERE id = 1")
    await lab.run(lab.postgres(), spec, epoch=2)
    assert await lab.rows("SELECT id, _deleted_at IS NULL FROM a ORDER BY id") == [(1, False), (2, True)]
    await lab.source.execute("INSERT INTO a VALUES (1, now(), 'back')")
    await lab.run(lab.postgres(), spec, epoch=3)
    assert await lab.rows("SELECT id, _deleted_at IS NULL FROM a ORDER BY id") == [(1, True), (2, True)]


async def test_history_keeps_every_version_with_its_times(lab: Lab) -> None:
    spec = replace(HISTORY, deletes=Deletes.SOFT)
    await lab.run(lab.postgres(), spec)
    await lab.source.execute("UPDATE a SET t = 'second' WHERE id = 1; DELETE FROM a WHERE id = 2")
    receipt = await lab.run(lab.postgres(), spec, epoch=2)
    assert (receipt.rows_inserted, receipt.rows_updated, receipt.rows_deleted) == (0, 1, 1)
    assert await lab.rows("SELECT id, t, _valid_to IS NULL FROM a ORDER BY id, _valid_from") == [
        (1, "one", False), (1, "second", True), (2, "two", False),
    ]  # fmt: skip
    assert await lab.rows("SELECT count(*) FROM a o JOIN a n ON o.id = n.id AND o._valid_to = n._valid_from") == [(1,)]


async def test_a_reset_starts_from_nothing_and_a_rewind_from_a_value(lab: Lab) -> None:
    await lab.run(lab.postgres(), APPEND)
    await lab.source.execute("UPDATE a SET t = 'one again' WHERE id = 1")
    rewound = replace(APPEND, start=Start(version=1, cursor="2024-01-01"))
    await lab.run(lab.postgres(), rewound, epoch=2)
    assert await lab.rows("SELECT id, t FROM a ORDER BY id, t") == [(1, "one"), (1, "one again"), (2, "two")]
    await lab.run(lab.postgres(), rewound, epoch=3)
    assert await lab.rows("SELECT count(*) FROM a") == [(3,)]
    await lab.run(lab.postgres(), replace(APPEND, start=Start(version=2, reset=True)), epoch=4)
    assert await lab.rows("SELECT id, t FROM a ORDER BY id") == [(1, "one again"), (2, "two")]


async def test_a_backfill_does_not_move_the_checkpoint(lab: Lab) -> None:
    first = await lab.run(lab.postgres(), MERGE)
    await lab.source.execute("UPDATE a SET t = 'repaired' WHERE id = 1")
    spec = replace(MERGE, backfill=Backfill("2024-01-01", "2024-01-01 23:00"))
    receipt = await lab.run(lab.postgres(), spec, epoch=2)
    assert (receipt.rows_read, receipt.rows_updated, receipt.cursor) == (1, 1, first.cursor)
    assert await lab.rows("SELECT t FROM a ORDER BY id") == [("repaired",), ("two",)]


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (StreamSpec("a", "public", sync_mode=SyncMode.INCREMENTAL_APPEND), "CURSOR_MISSING"),
        (StreamSpec("a", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="nope"), "COLUMN_NOT_FOUND"),
        (
            StreamSpec("a", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at", columns=("id",)),
            "CURSOR_NOT_SELECTED",
        ),
        (StreamSpec("j", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="j"), "CURSOR_NOT_COMPARABLE"),
        (replace(MERGE, cursor="t", cursor_lag=1), "CURSOR_LAG_UNSUPPORTED"),
        (StreamSpec("j", "public", sync_mode=SyncMode.INCREMENTAL_MERGE), "KEY_MISSING"),
        (StreamSpec("j", "public", sync_mode=SyncMode.INCREMENTAL_MERGE, key=("k",)), "KEY_NOT_UNIQUE"),
        (StreamSpec("j", "public", sync_mode=SyncMode.INCREMENTAL_MERGE, key=("n",)), "KEY_HAS_NULLS"),
    ],
)  # fmt: skip
async def test_what_cannot_work_is_named_and_leaves_nothing(lab: Lab, spec: StreamSpec, code: str) -> None:
    await lab.source.execute(
        "CREATE TABLE j (k int, n int, j json); INSERT INTO j VALUES (1, 1, '{}'), (1, NULL, '{}')"
    )
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), spec)
    assert caught.value.code == code
    assert not {name for name in await lab.tables() if not name.startswith("_thedata_c")}


@pytest.mark.parametrize("mode", [SyncMode.INCREMENTAL_MERGE, SyncMode.HISTORY])
async def test_twins_that_come_later_are_named_by_their_key_and_change_nothing(lab: Lab, mode: SyncMode) -> None:
    await lab.source.execute("CREATE TABLE t (k int NOT NULL, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b')")
    spec = StreamSpec("t", "public", sync_mode=mode, key=("k",))
    await lab.run(lab.postgres(), spec)
    await lab.source.execute("INSERT INTO t VALUES (2, 'c')")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), spec, epoch=2)
    assert (caught.value.code, caught.value.position) == ("KEY_NOT_UNIQUE", "key (k) = (2)")
    assert await lab.rows("SELECT k, v FROM t ORDER BY k") == [(1, "a"), (2, "b")]


async def test_twins_never_become_the_first_versions_of_a_history(lab: Lab) -> None:
    await lab.source.execute("CREATE TABLE t (k int NOT NULL, v text); INSERT INTO t VALUES (1, 'a'), (1, 'b')")
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), StreamSpec("t", "public", sync_mode=SyncMode.HISTORY, key=("k",)))
    assert (caught.value.code, caught.value.position) == ("KEY_NOT_UNIQUE", "key (k) = (1)")


@pytest.mark.parametrize(("type_", "value"), [("float8", "NaN"), ("numeric", "NaN"), ("timestamptz", "infinity")])
@pytest.mark.parametrize("lane", list(Lane))
async def test_a_cursor_after_which_nothing_can_come_is_refused(lab: Lab, type_: str, value: str, lane: Lane) -> None:
    await lab.source.execute(f"CREATE TABLE n (id int PRIMARY KEY, c {type_}); INSERT INTO n VALUES (1, '{value}')")
    transforms = Transforms(filter="id > 0") if lane is Lane.ARROW else Transforms()
    spec = StreamSpec("n", "public", sync_mode=SyncMode.INCREMENTAL_MERGE, cursor="c", transforms=transforms)
    with pytest.raises(SyncError) as caught:
        await lab.run(lab.postgres(), spec)
    assert (caught.value.code, caught.value.position) == ("CURSOR_NOT_COMPARABLE", "column c")
    assert "n" not in await lab.tables()


async def test_the_arrow_lane_hashes_and_renames_and_proves_the_content(lab: Lab) -> None:
    transforms = Transforms(renames={"t": "text"}, protections=(Protection("t", Method.HASH),))
    spec = replace(MERGE, transforms=transforms)
    receipt = await lab.run(lab.postgres(), spec, verification=Verification.CONTENT)
    assert (receipt.lane, receipt.verified) == (Lane.ARROW, Verification.CONTENT)
    assert receipt.source_hash == receipt.destination_hash != ""
    assert await lab.rows("SELECT id, length(text) FROM a ORDER BY id") == [(1, 64), (2, 64)]
    await lab.source.execute("UPDATE a SET t = 'new', at = '2025-01-01+00' WHERE id = 1")
    again = await lab.run(lab.postgres(), spec, epoch=2)
    assert (again.rows_inserted, again.rows_updated) == (0, 1)
