"""A platform of one's own: its database, the API server in this process, workers in theirs, and pipelines."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from pydantic import SecretStr
from thedata.v1 import (
    auth_pb2,
    auth_pb2_grpc,
    data_sources_pb2,
    data_sources_pb2_grpc,
    pipelines_pb2,
    pipelines_pb2_grpc,
)

from bench.sync.contender import ROOT
from bench.sync.server import Server
from server import logs
from server.app import App, build
from server.settings import Settings
from server.stack.supervisor import variables
from server.storage import schema

READY_SECONDS = 60
POLL_SECONDS = 0.01
PLATFORM, SOURCE, DESTINATION = "platform", "source", "destination"
ENDED = {pipelines_pb2.RUN_STATE_SUCCEEDED, pipelines_pb2.RUN_STATE_FAILED, pipelines_pb2.RUN_STATE_CANCELLED}


@dataclass
class Worker:
    """A worker process, and the id by which the platform knows it."""

    process: asyncio.subprocess.Process
    executor_id: str


@dataclass
class Platform:
    """What a user has: the API, as somebody who is logged in; and what only a bench has: the server beneath."""

    server: Server
    settings: Settings
    app: App
    channel: grpc.aio.Channel
    metadata: tuple[tuple[str, str], ...]
    source_id: str
    destination_id: str

    @property
    def pipelines(self) -> pipelines_pb2_grpc.PipelinesServiceAsyncStub:
        return pipelines_pb2_grpc.PipelinesServiceStub(self.channel)

    async def pipeline(self, name: str) -> str:
        """A pipeline of one stream, which is a table or view of the source."""
        stream = pipelines_pb2.StreamConfig(namespace="public", name=name)
        request = pipelines_pb2.CreatePipelineRequest(
            name=name, source_id=self.source_id, destination_id=self.destination_id, streams=[stream]
        )
        made: pipelines_pb2.Pipeline = await self.pipelines.CreatePipeline(request, metadata=self.metadata)
        return made.id

    async def start(self, pipeline_id: str) -> str:
        """Starts a run; gives its id."""
        request = pipelines_pb2.StartPipelineRequest(pipeline_id=pipeline_id)
        run: pipelines_pb2.Run = await self.pipelines.StartPipeline(request, metadata=self.metadata)
        return run.id

    async def stop(self, pipeline_id: str) -> None:
        """Stops the run in flight."""
        request = pipelines_pb2.StopPipelineRequest(pipeline_id=pipeline_id)
        await self.pipelines.StopPipeline(request, metadata=self.metadata)

    async def until(
        self, pipeline_id: str, run_id: str, states: Collection[int], seconds: float = 60
    ) -> pipelines_pb2.Run:
        """The run once it is in one of the states."""
        request = pipelines_pb2.GetRunRequest(pipeline_id=pipeline_id, run_id=run_id)
        deadline = time.monotonic() + seconds
        while True:
            run: pipelines_pb2.Run = await self.pipelines.GetRun(request, metadata=self.metadata)
            if run.state in states:
                return run
            if time.monotonic() > deadline:
                raise TimeoutError(f"the run is still {pipelines_pb2.RunState.Name(run.state)}")
            await asyncio.sleep(POLL_SECONDS)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """A worker that is up."""
        paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
        told = self.settings.model_copy(update={"log_level": "info"})
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", "worker",
            env={**os.environ, **variables(told), "PYTHONPATH": paths},
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stderr
        try:
            async with asyncio.timeout(READY_SECONDS):
                while b"worker_ready" not in (line := await process.stderr.readline()):
                    if not line:
                        raise ChildProcessError("the worker ended before it was up")
            reading = asyncio.create_task(process.stderr.read())
            yield Worker(process, re.findall(r"executor=(\S+)", line.decode())[0])
            if process.returncode is None:
                process.terminate()
            await asyncio.wait_for(process.wait(), READY_SECONDS)
            await reading
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@asynccontextmanager
async def opened(server: Server, home: Path) -> AsyncIterator[Platform]:
    """Makes the databases, serves, and registers a user with a source and a destination."""
    for name in (PLATFORM, SOURCE, DESTINATION):
        await server.create(name)
    await schema.upgrade(server.url(PLATFORM))
    home.mkdir()
    settings = Settings(
        home=home, database_url=SecretStr(server.url(PLATFORM)), grpc_port=0, log_level="warning", stop_grace_seconds=1
    )
    logs.configure(settings)
    app = build(settings)
    await app.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{app.port}") as channel:
            auth = auth_pb2_grpc.AuthServiceStub(channel)
            session = await auth.Register(auth_pb2.RegisterRequest(email="bench@example.com", password="correct horse"))
            metadata = (("authorization", f"Bearer {session.access_token}"),)
            sources = data_sources_pb2_grpc.DataSourcesServiceStub(channel)
            ids = []
            for name in (SOURCE, DESTINATION):
                config = json_format.ParseDict(server.config(name), Struct())
                request = data_sources_pb2.CreateDataSourceRequest(name=name, connector="postgres", config=config)
                ids.append((await sources.CreateDataSource(request, metadata=metadata)).id)
            yield Platform(server, settings, app, channel, metadata, ids[0], ids[1])
    finally:
        await app.stop()
