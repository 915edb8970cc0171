"""Following an organization's pipelines: a snapshot, then every change in order, resumed without loss or repeat."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from thedata.v1 import auth_pb2, pipelines_pb2

from server.app import build
from server.settings import Settings
from tests.auth.people import Person, reason_of, register
from tests.live.conftest import Stage

BOUND = 20.0
Message = pipelines_pb2.WatchPipelinesResponse


def watch(person: Person, after: str = "") -> Any:
    request = pipelines_pb2.WatchPipelinesRequest(after=after)
    return person.pipelines.WatchPipelines(request, metadata=person.metadata, timeout=BOUND)


async def told(call: Any, until: str) -> list[Message]:
    """The next messages without heartbeats, up to one of a kind, or with a state of the newest run."""
    found: list[Message] = []
    async for message in call:
        kind = message.WhichOneof("event")
        if kind != "heartbeat":
            found.append(message)
        state = pipelines_pb2.RunState.Name(message.pipeline.last_run.state) if kind == "pipeline" else ""
        if until in (kind, state):
            break
    return found


async def test_a_snapshot_then_what_changes_then_what_is_deleted(stage: Stage) -> None:
    call = watch(stage.person)
    snapshot = await told(call, "snapshot_complete")
    assert [message.pipeline.id for message in snapshot[:-1]] == [stage.pipeline_id]
    assert snapshot[-1].snapshot_complete.pipelines == 1
    run = await stage.begin()
    (*_, running) = await told(call, "RUN_STATE_RUNNING")
    assert running.pipeline.last_run.id == str(run.id)
    await stage.end(run)
    await told(call, "RUN_STATE_SUCCEEDED")
    await stage.person.pipelines.DeletePipeline(
        pipelines_pb2.DeletePipelineRequest(pipeline_id=stage.pipeline_id), metadata=stage.person.metadata
    )
    (*_, deleted) = await told(call, "deleted_pipeline_id")
    assert deleted.deleted_pipeline_id == stage.pipeline_id
    call.cancel()


async def test_what_was_missed_is_told_once_also_by_another_server(stage: Stage, settings: Settings) -> None:
    call = watch(stage.person)
    (*_, complete) = await told(call, "snapshot_complete")
    call.cancel()
    run = await stage.begin()
    await stage.end(run)
    other = build(settings)
    port = await other.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            there = Person(channel, stage.person.session)
            again = watch(there, complete.cursor)
            missed = await told(again, "RUN_STATE_SUCCEEDED")
            assert [message.WhichOneof("event") for message in missed] == ["pipeline"]
            again.cancel()
            third = watch(there, missed[-1].cursor)
            second_run = await stage.begin()
            (*rest, _running) = await told(third, "RUN_STATE_RUNNING")
            assert all(message.pipeline.last_run.id == str(second_run.id) for message in rest)
            third.cancel()
    finally:
        await other.stop()


async def test_a_snapshot_goes_on_where_it_was_left(stage: Stage) -> None:
    source, destination = await stage.person.all_sources(await stage.person.organization())
    made = {stage.pipeline_id}
    for number in range(5):
        made.add(await stage.person.new_pipeline(f"p{number}", source, destination))
    seen: list[str] = []
    after = ""
    for _ in range(20):
        call = watch(stage.person, after)
        message = (await told(call, "pipeline" if len(seen) < len(made) else "snapshot_complete"))[0]
        call.cancel()
        after = message.cursor
        if message.WhichOneof("event") == "snapshot_complete":
            break
        seen.append(message.pipeline.id)
    assert sorted(seen) == sorted(made)


async def test_another_organization_sees_nothing_of_it(stage: Stage) -> None:
    bob = await register(stage.person.channel, "bob")
    call = watch(bob)
    assert [message.WhichOneof("event") for message in await told(call, "snapshot_complete")] == ["snapshot_complete"]
    call.cancel()


async def test_who_ends_the_session_sees_no_more_of_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.live.RECHECK_SECONDS", 0.1)
    monkeypatch.setattr("server.live.HEARTBEAT_SECONDS", 0.1)
    call = watch(stage.person)
    await told(call, "snapshot_complete")
    await stage.person.auth.Logout(auth_pb2.LogoutRequest(), metadata=stage.person.metadata)
    assert await reason_of(told(call, "nothing")) == ("UNAUTHENTICATED", "UNAUTHENTICATED")
