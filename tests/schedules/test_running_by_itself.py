"""Pipelines that run by themselves, with a server and a worker as processes; and what their logs don't tell."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from typing import Any

import asyncpg
import grpc
import pytest
from google.api import httpbody_pb2
from google.protobuf.duration_pb2 import Duration
from thedata.v1 import pipelines_pb2, schedules_pb2

from server.settings import Settings
from server.stack.postgres import EmbeddedPostgres
from tests.auth.people import Person, register
from tests.auth.serving import served
from tests.conftest import TEMPLATE, new_database, running_worker
from tests.rpc.cast import postgres_config

BOUND = 60.0
BODY = b'{"loaded": true}'


def signature(secret: str, message_id: str, timestamp: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + BODY, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


async def send(person: Person, pipeline_id: str, signed: str, message_id: str, timestamp: str) -> str:
    headers = (("webhook-id", message_id), ("webhook-timestamp", timestamp), ("webhook-signature", signed))
    request = pipelines_pb2.ReceivePipelineWebhookRequest(
        pipeline_id=pipeline_id, payload=httpbody_pb2.HttpBody(content_type="application/json", data=BODY)
    )
    answer = await person.pipelines.ReceivePipelineWebhook(request, metadata=headers)
    return answer.run_id


async def pipeline(person: Person, name: str, ends: tuple[str, str], **rules: Any) -> pipelines_pb2.Pipeline:
    request = pipelines_pb2.CreatePipelineRequest(name=name, source_id=ends[0], destination_id=ends[1], **rules)
    return await person.pipelines.CreatePipeline(request, metadata=person.metadata)


async def succeeded(person: Person, pipeline_id: str) -> list[pipelines_pb2.Run]:
    """A pipeline's runs once the newest has succeeded, in brief."""
    async with asyncio.timeout(BOUND):
        while True:
            request = pipelines_pb2.ListRunsRequest(pipeline_id=pipeline_id)
            runs = list((await person.pipelines.ListRuns(request, metadata=person.metadata)).runs)
            if runs and runs[0].state == pipelines_pb2.RUN_STATE_SUCCEEDED:
                return runs
            await asyncio.sleep(0.05)


async def person_with_files(channel: grpc.aio.Channel, settings: Settings, url: str) -> tuple[Person, tuple[str, str]]:
    (settings.home / "files" / "people.csv").write_text("id,name\n1,Ann\n")
    ann = await register(channel, "ann")
    source = await ann.new_source("files", "files", {"path": str(settings.home / "files"), "format": "csv"})
    return ann, (source, await ann.new_source("warehouse", "postgres", postgres_config(url)))


async def test_by_the_clock_after_another_and_for_a_message(
    channel: grpc.aio.Channel, settings: Settings, empty_database_url: str
) -> None:
    ann, ends = await person_with_files(channel, settings, empty_database_url)
    interval = schedules_pb2.Schedule(interval=Duration(seconds=3600))
    clock = await pipeline(ann, "clock", ends, schedule=interval, destination_namespace="a")
    after = schedules_pb2.Schedule(after=schedules_pb2.After(pipeline_id=clock.id))
    follower = await pipeline(ann, "follower", ends, schedule=after, destination_namespace="b")
    connection = await asyncpg.connect(str(settings.database_url.get_secret_value() if settings.database_url else ""))
    due = await connection.fetchval(
        "UPDATE pipelines SET next_run_at = now() - interval '90 s' WHERE next_run_at IS NOT NULL RETURNING next_run_at"
    )
    await connection.close()
    late = await ann.pipelines.GetPipeline(
        pipelines_pb2.GetPipelineRequest(pipeline_id=clock.id), metadata=ann.metadata
    )
    assert late.late
    async with running_worker(settings):
        [run] = await succeeded(ann, clock.id)
        assert run.trigger == pipelines_pb2.RUN_TRIGGER_SCHEDULE
        assert run.schedule_time.ToDatetime(due.tzinfo) == due
        assert not run.attempts, "lists leave them out"
        [following] = await succeeded(ann, follower.id)
        assert following.trigger == pipelines_pb2.RUN_TRIGGER_PIPELINE
        request = pipelines_pb2.RotatePipelineWebhookRequest(pipeline_id=clock.id)
        webhook = await ann.pipelines.RotatePipelineWebhook(request, metadata=ann.metadata)
        timestamp = str(int(time.time()))
        run_id = await send(ann, clock.id, signature(webhook.secret, "msg_1", timestamp), "msg_1", timestamp)
        assert run_id == (await succeeded(ann, clock.id))[0].id
    whole = await ann.pipelines.GetRun(
        pipelines_pb2.GetRunRequest(pipeline_id=clock.id, run_id=run_id), metadata=ann.metadata
    )
    assert [attempt.outcome for attempt in whole.attempts] == [pipelines_pb2.ATTEMPT_OUTCOME_SUCCEEDED]
    assert whole.attempts[0].end_time.ToDatetime() >= whole.attempts[0].start_time.ToDatetime()
    current = await ann.pipelines.GetPipeline(
        pipelines_pb2.GetPipelineRequest(pipeline_id=clock.id), metadata=ann.metadata
    )
    assert current.next_run_time.ToDatetime(due.tzinfo) > due
    assert not current.late


@pytest.mark.parametrize("level", ["info", "debug"])
async def test_secrets_and_signatures_show_nowhere(cluster: EmbeddedPostgres, settings: Settings, level: str) -> None:
    async with new_database(cluster, TEMPLATE) as warehouse:
        async with (
            served(settings, THEDATA_LOG_LEVEL=level) as process,
            grpc.aio.insecure_channel(process.address) as channel,
        ):
            ann, ends = await person_with_files(channel, settings, warehouse)
            made = await pipeline(ann, "p", ends)
            request = pipelines_pb2.RotatePipelineWebhookRequest(pipeline_id=made.id)
            webhook = await ann.pipelines.RotatePipelineWebhook(request, metadata=ann.metadata)
            timestamp = str(int(time.time()))
            right, wrong = (signature(webhook.secret, message, timestamp) for message in ("msg_1", "msg_2"))
            assert await send(ann, made.id, right, "msg_1", timestamp)
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await send(ann, made.id, wrong, "msg_3", timestamp)
        assert settings.database_url is not None
        connection = await asyncpg.connect(settings.database_url.get_secret_value())
        kept = "".join([str(row) for row in await connection.fetch("SELECT pipelines::text FROM pipelines")])
        kept += "".join([str(row) for row in await connection.fetch("SELECT runs::text FROM runs")])
        sealed = await connection.fetchval("SELECT webhook_secret FROM pipelines")
        await connection.close()
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    assert key not in sealed
    assert webhook.secret.encode() not in sealed
    for secret in (webhook.secret, webhook.secret.removeprefix("whsec_"), key.hex(), right[3:], wrong[3:]):
        for place in (process.log, str(refused.value), kept):
            assert secret not in place
