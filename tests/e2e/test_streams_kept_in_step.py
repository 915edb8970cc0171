"""A stream's life as its owner sees it: plan, land, reject and replay, change, delete, reset, backfill."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from tests.e2e.story import created, finished, postgres_config, rows

ORDERS = "CREATE TABLE orders (id int PRIMARY KEY, code text, at timestamptz NOT NULL)"
STREAM = {
    "namespace": "public",
    "name": "orders",
    "sync_mode": "SYNC_MODE_INCREMENTAL_MERGE",
    "cursor_column": "at",
    "deletes": "DELETES_SOFT",
    "reject_limit": {"rows": "1"},
}
NUMBERED = {**STREAM, "transforms": {"casts": [{"column": "code", "type": "integer"}]}}
LANDED = "SELECT id, code FROM orders WHERE _deleted_at IS NULL ORDER BY id"


class Story:
    """One pipeline, its source's connection, and the database that it lands in."""

    def __init__(self, rest: httpx.AsyncClient, source: asyncpg.Connection, landed: str) -> None:
        self.rest = rest
        self.source = source
        self.landed = landed
        self.pipeline: dict[str, Any] = {}

    async def run(self, path: str = "start", body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Start a run, follow it to its end, and give it as it is then."""
        started = await created(self.rest, f"/pipelines/{self.pipeline['id']}/{path}", body or {})
        messages = await finished(self.rest, self.pipeline, started)
        run = await self.get(f"runs/{started['id']}")
        assert run["state"] == messages[-1]["ended"]
        return run

    async def get(self, path: str, **params: str) -> dict[str, Any]:
        answer = await self.rest.get(f"/pipelines/{self.pipeline['id']}/{path}", params=params)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def set_stream(self, stream: dict[str, Any]) -> None:
        answer = await self.rest.patch(f"/pipelines/{self.pipeline['id']}", json={"streams": [stream]})
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def story(rest: httpx.AsyncClient, worker: object, empty_database_url: str, destination_url: str) -> Any:
    ends = [
        await created(rest, "/data-sources", {"name": name, "connector": "postgres", "config": postgres_config(url)})
        for name, url in (("from", empty_database_url), ("to", destination_url))
    ]
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(ORDERS)
    await connection.execute(
        "INSERT INTO orders VALUES (1, '10', '2024-01-01Z'), (2, 'not a number', '2024-01-02Z'),"
        " (3, '30', '2024-01-03Z')"
    )
    told = Story(rest, connection, destination_url)
    told.pipeline = await created(
        rest,
        "/pipelines",
        {"name": "orders", "source_id": ends[0]["id"], "destination_id": ends[1]["id"], "streams": [NUMBERED]},
    )
    yield told
    await connection.close()


async def test_a_row_that_does_not_fit_is_kept_and_lands_when_it_can(story: Story) -> None:
    catalog = (await story.rest.get(f"/data-sources/{story.pipeline['source_id']}/catalog")).json()
    assert [(s["name"], s["primary_key"], s["suggested_cursor"]) for s in catalog["streams"]] == [
        ("orders", ["id"], "id")
    ]
    plan = (await story.rest.post(f"/pipelines/{story.pipeline['id']}/plan", json={})).json()
    (planned,) = plan["streams"]
    assert (planned["lane"], planned["sync_mode"]) == ("arrow", "SYNC_MODE_INCREMENTAL_MERGE")
    assert [column["destination_type"] for column in planned["columns"]] == [
        "integer", "integer", "timestamp with time zone",
    ]  # fmt: skip
    assert await rows(story.landed, "SELECT to_regclass('orders')::text") == [(None,)]

    run = await story.run()
    assert (run["state"], run["rows_read"], run["rows_committed"]) == ("RUN_STATE_SUCCEEDED", "3", "2")
    assert await rows(story.landed, LANDED) == [(1, 10), (3, 30)]
    (rejected,) = (await story.get("rejected-rows"))["rejected_rows"]
    assert (rejected["column"], rejected["code"], rejected["row"]) == ("code", "VALUE_DOES_NOT_FIT", "2")
    assert "not a number" in rejected["content"]
    assert rejected["replayable"]

    receipt = await story.get(f"runs/{run['id']}/receipt")
    (stream,) = receipt["streams"]
    assert (stream["rows_read"], stream["rows_committed"], stream["rows_rejected"]) == ("3", "2", "1")
    assert all(chunk["source_hash"] == chunk["destination_hash"] != "" for chunk in stream["chunks"])

    await story.set_stream(STREAM)
    replayed = await story.run("rejected-rows/replay", {"namespace": "public", "stream": "orders"})
    assert (replayed["state"], replayed["trigger"]) == ("RUN_STATE_SUCCEEDED", "RUN_TRIGGER_REPLAY")
    found = await rows(story.landed, LANDED)
    assert [(row[0], str(row[1])) for row in found] == [(1, "10"), (2, "not a number"), (3, "30")]
    (rejected,) = (await story.get("rejected-rows", include_replayed="true"))["rejected_rows"]
    assert rejected["replay_run_id"] == replayed["id"]


async def test_more_rejected_rows_than_allowed_end_the_run_and_publish_nothing(story: Story) -> None:
    await story.source.execute("UPDATE orders SET code = 'neither' WHERE id = 3")
    run = await story.run()
    assert run["state"] == "RUN_STATE_FAILED"
    assert run["failure"]["code"] == "value_does_not_fit"
    assert await rows(story.landed, "SELECT to_regclass('orders')::text") == [(None,)]


async def test_changes_of_schema_and_deletes_follow_and_are_on_record(story: Story) -> None:
    await story.set_stream(STREAM)
    await story.run()
    await story.source.execute("ALTER TABLE orders ADD COLUMN note text")
    await story.source.execute(
        "INSERT INTO orders VALUES (4, '40', '2024-01-04Z', 'new'); DELETE FROM orders WHERE id = 1"
    )
    run = await story.run()
    assert run["state"] == "RUN_STATE_SUCCEEDED", run
    assert await rows(story.landed, "SELECT id, note, _deleted_at IS NULL FROM orders ORDER BY id") == [
        (1, None, False), (2, None, True), (3, None, True), (4, "new", True),
    ]  # fmt: skip
    changes = (await story.get("schema-changes"))["schema_changes"]
    assert [change["run_id"] for change in changes] == [run["id"]]
    assert "note" in changes[0]["changes"][0]


async def test_checkpoints_have_a_history_and_can_be_rewound_reset_and_gone_around(story: Story) -> None:
    await story.set_stream(STREAM)
    first = await story.run()
    (checkpoint,) = (await story.get("checkpoints"))["checkpoints"]
    assert (checkpoint["run_id"], checkpoint["cursor"][:10]) == (first["id"], "2024-01-03")
    # A change that the cursor does not tell is found by a rewind, and by a backfill without a rewind.
    await story.source.execute("UPDATE orders SET code = '20' WHERE id = 2")
    nothing = await story.run()
    assert nothing["rows_read"] == "1"
    where = {"namespace": "public", "stream": "orders"}
    backfilled = await story.run(
        "streams/backfill", {**where, "lower": "2024-01-02 00:00:00+00", "upper": "2024-01-02 00:00:00+00"}
    )
    assert (backfilled["trigger"], backfilled["rows_read"]) == ("RUN_TRIGGER_BACKFILL", "1")
    assert (await rows(story.landed, LANDED))[1] == (2, "20")
    assert (await story.get("checkpoints"))["checkpoints"][0]["cursor"][:10] == "2024-01-03"

    await story.source.execute("UPDATE orders SET code = '21' WHERE id = 2")
    path = f"/pipelines/{story.pipeline['id']}/streams"
    await created(story.rest, f"{path}/rewind", {**where, "cursor": "2024-01-02 00:00:00+00"})
    assert (await story.run())["rows_read"] == "2"
    assert (await rows(story.landed, LANDED))[1] == (2, "21")
    await created(story.rest, f"{path}/reset", where)
    assert (await story.run())["rows_read"] == "3"
    origins = [item["origin"].rsplit("_", 1)[1] for item in (await story.get("checkpoints"))["checkpoints"]]
    assert {"RUN", "REWIND", "RESET"} == set(origins)
