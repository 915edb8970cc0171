"""Many who follow a run while its servers die: each is told every line once and in order (45)."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import asyncpg
import grpc
from thedata.v1 import pipelines_pb2, pipelines_pb2_grpc

from server.settings import Settings
from tests.auth.people import Person
from tests.auth.serving import served
from tests.live.conftest import Stage, stage

__all__ = ["stage"]

WATCHERS = 200
LINES = 300
OPENS = 500
BOUND = 90.0
RESUMABLE = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.INTERNAL}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def follow(channel: grpc.aio.Channel, person: Person, pipeline_id: str) -> list[str]:
    """Every line until the run has ended, over as many calls as that takes."""
    tails = pipelines_pb2_grpc.PipelinesServiceStub(channel)
    seen: list[str] = []
    after = ""
    while True:
        call = tails.TailPipelineLogs(
            pipelines_pb2.TailPipelineLogsRequest(pipeline_id=pipeline_id, after=after), metadata=person.metadata
        )
        try:
            message: Any
            while (message := await call.read()) is not grpc.aio.EOF:
                after = message.cursor
                kind = message.WhichOneof("event")
                if kind == "entry":
                    seen.append(message.entry.message)
                if kind == "ended":
                    return seen
        except grpc.aio.AioRpcError as error:
            assert error.code() in RESUMABLE, error  # noqa: PT017 - whatever else it is ends the test
        await asyncio.sleep(0.05)


async def test_45_two_hundred_watchers_while_server_and_connections_die(
    stage: Stage, settings: Settings, database_url: str
) -> None:
    run = await stage.begin()
    port = free_port()
    own = settings.model_copy(update={"grpc_port": port})
    told = asyncio.Event()

    async def write() -> None:
        for number in range(LINES):
            await stage.write(run, f"line {number}")
            if number == LINES // 4:
                told.set()
            await asyncio.sleep(0.02)
        await stage.end(run)

    async with asyncio.timeout(BOUND), grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        async with served(own):
            watching = [asyncio.create_task(follow(channel, stage.person, stage.pipeline_id)) for _ in range(WATCHERS)]
            writing = asyncio.create_task(write())
            await told.wait()
        async with served(own):  # the first has ended by SIGTERM; this one loses its database
            connection = await asyncpg.connect(database_url)
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name LIKE 'thedata-server%'"
            )
            await connection.close()
            await writing
            found = await asyncio.gather(*watching)
    assert len(found) == WATCHERS
    for seen in found:
        assert seen == [f"line {number}" for number in range(LINES)]


async def test_45_hundreds_of_streams_are_opened_at_once_and_none_is_refused(stage: Stage, settings: Settings) -> None:
    run = await stage.begin()
    await stage.write(run, "there")
    async with served(settings) as process:
        channels = [
            grpc.aio.insecure_channel(process.address, options=[("grpc.use_local_subchannel_pool", 1)])
            for _ in range(10)
        ]

        async def first(number: int) -> str:
            tails = pipelines_pb2_grpc.PipelinesServiceStub(channels[number % len(channels)])
            call = tails.TailPipelineLogs(
                pipelines_pb2.TailPipelineLogsRequest(pipeline_id=stage.pipeline_id),
                metadata=stage.person.metadata,
                timeout=BOUND,
            )
            message: Any = await call.read()
            while message.WhichOneof("event") == "heartbeat":
                message = await call.read()
            call.cancel()
            return str(message.entry.message)

        assert await asyncio.gather(*(first(number) for number in range(OPENS))) == ["there"] * OPENS
        for channel in channels:
            await channel.close()
