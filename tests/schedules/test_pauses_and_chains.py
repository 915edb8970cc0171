"""What calls change of schedules: pauses and their ends, edits, and pipelines that would follow themselves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.message import Message
from thedata.v1 import pipelines_pb2

from tests.auth.people import Person, reason_of, register

HOUR = timedelta(hours=1)
FILES = {"path": "/nowhere", "format": "csv"}


class Desk:
    """Somebody at work on pipelines, who may also turn the schedules' times back."""

    def __init__(self, person: Person, ends: tuple[str, str], connection: asyncpg.Connection[Any]) -> None:
        self.person = person
        self.connection = connection
        self._ends = ends
        self._made = 0

    async def call(self, name: str, /, **request: Any) -> Any:
        kind: type[Message] = getattr(pipelines_pb2, f"{name}Request")
        message = json_format.ParseDict(request, kind())
        return await getattr(self.person.pipelines, name)(message, metadata=self.person.metadata)

    async def pipeline(self, **schedule: Any) -> pipelines_pb2.Pipeline:
        self._made += 1
        ends = {"source_id": self._ends[0], "destination_id": self._ends[1]}
        rules = {"schedule": schedule} if schedule else {}
        made: pipelines_pb2.Pipeline = await self.call("CreatePipeline", name=f"p{self._made}", **ends, **rules)
        return made

    async def get(self, pipeline: pipelines_pb2.Pipeline) -> pipelines_pb2.Pipeline:
        found: pipelines_pb2.Pipeline = await self.call("GetPipeline", pipeline_id=pipeline.id)
        return found

    async def miss(self, ago: timedelta) -> datetime:
        """Lets the next time be one that has passed."""
        statement = "UPDATE pipelines SET next_run_at = now() - $1::interval RETURNING next_run_at"
        due: datetime = await self.connection.fetchval(statement, ago)
        return due

    async def due(self) -> datetime | None:
        found: datetime | None = await self.connection.fetchval("SELECT next_run_at FROM pipelines")
        return found


@pytest.fixture
async def desk(channel: grpc.aio.Channel, database_url: str) -> Any:
    person = await register(channel, "ann")
    source = await person.new_source("files", "files", FILES)
    target = await person.new_source("target", "postgres", {"host": "h", "database": "d", "user": "u"})
    connection = await asyncpg.connect(database_url)
    yield Desk(person, (source, target), connection)
    await connection.close()


@pytest.mark.parametrize("policy", ["CATCH_UP_SKIP", "CATCH_UP_ONE", "CATCH_UP_ALL"])
async def test_a_pause_ends_as_the_policy_says(desk: Desk, policy: str) -> None:
    pipeline = await desk.pipeline(interval="3600s", catch_up=policy)
    await desk.call("PausePipeline", pipeline_id=pipeline.id)
    missed = await desk.miss(5 * HOUR)
    assert not (await desk.get(pipeline)).late
    resumed = await desk.call("ResumePipeline", pipeline_id=pipeline.id)
    assert not resumed.paused
    if policy == "CATCH_UP_SKIP":
        assert resumed.next_run_time.ToDatetime() == pipeline.next_run_time.ToDatetime()
    else:
        assert resumed.next_run_time.ToDatetime(UTC) == missed
    assert resumed.etag == pipeline.etag, "a pause is no edit"


@pytest.mark.parametrize("policy", ["CATCH_UP_SKIP", "CATCH_UP_ONE", "CATCH_UP_ALL"])
async def test_a_start_ends_a_pause_and_makes_up_for_what_was_missed(desk: Desk, policy: str) -> None:
    pipeline = await desk.pipeline(interval="3600s", catch_up=policy)
    await desk.call("PausePipeline", pipeline_id=pipeline.id)
    missed = await desk.miss(5 * HOUR)
    await desk.call("StartPipeline", pipeline_id=pipeline.id)
    current = await desk.get(pipeline)
    assert not current.paused
    expected = missed if policy == "CATCH_UP_ALL" else pipeline.next_run_time.ToDatetime(UTC)
    assert current.next_run_time.ToDatetime(UTC) == expected


async def test_a_stop_that_stops_nothing_pauses_nothing(desk: Desk) -> None:
    pipeline = await desk.pipeline()
    assert await reason_of(desk.call("StopPipeline", pipeline_id=pipeline.id)) == (
        "FAILED_PRECONDITION", "NO_RUN_IN_FLIGHT",
    )  # fmt: skip
    assert not (await desk.get(pipeline)).paused


async def test_an_edit_that_says_the_same_keeps_the_times(desk: Desk) -> None:
    pipeline = await desk.pipeline(interval="3600s")
    missed = await desk.miss(5 * HOUR)
    same = {"interval": "3600s", "catch_up": "CATCH_UP_ONE"}
    assert (await desk.call("UpdatePipeline", pipeline_id=pipeline.id, schedule=same)).etag == pipeline.etag
    assert await desk.due() == missed
    other = await desk.call("UpdatePipeline", pipeline_id=pipeline.id, schedule={"interval": "7200s"})
    assert other.next_run_time.ToDatetime(UTC) > datetime.now(UTC) + HOUR
    none = await desk.call("UpdatePipeline", pipeline_id=pipeline.id, update_mask="schedule")
    assert not none.HasField("schedule")
    assert not none.HasField("next_run_time")


async def test_pipelines_told_at_once_to_follow_each_other_do_not(desk: Desk) -> None:
    for _ in range(5):
        one, other, third = [await desk.pipeline() for _ in range(3)]
        pairs = [(one, other), (other, third), (third, one)]
        calls = [
            reason_of(desk.call("UpdatePipeline", pipeline_id=a.id, schedule={"after": {"pipeline_id": b.id}}))
            for a, b in pairs
        ]
        found = sorted(await asyncio.gather(*calls))
        assert found == [("INVALID_ARGUMENT", "INVALID_FIELDS"), ("OK", ""), ("OK", "")]


async def test_a_pipeline_is_followed_or_deleted_never_both(desk: Desk) -> None:
    for _ in range(5):
        leader, follower = await desk.pipeline(), await desk.pipeline()
        after = {"after": {"pipeline_id": leader.id}}
        followed, deleted = await asyncio.gather(
            reason_of(desk.call("UpdatePipeline", pipeline_id=follower.id, schedule=after)),
            reason_of(desk.call("DeletePipeline", pipeline_id=leader.id)),
        )
        assert (followed, deleted) in [
            (("OK", ""), ("FAILED_PRECONDITION", "IN_USE")),
            (("NOT_FOUND", "NOT_FOUND"), ("OK", "")),
        ]


async def test_another_organization_s_pipeline_is_not_to_be_followed(desk: Desk, channel: grpc.aio.Channel) -> None:
    theirs = await desk.pipeline()
    bob = await register(channel, "bob")
    source = await bob.new_source("files", "files", FILES)
    target = await bob.new_source("target", "postgres", {"host": "h", "database": "d", "user": "u"})
    ours = Desk(bob, (source, target), desk.connection)
    made = await ours.pipeline()
    after = {"after": {"pipeline_id": theirs.id}}
    refused = await reason_of(ours.call("UpdatePipeline", pipeline_id=made.id, schedule=after))
    assert refused == ("NOT_FOUND", "NOT_FOUND")
