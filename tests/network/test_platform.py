"""The policy as an administrator sets it: the API's checks and the worker's runs obey, within two seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from thedata.v1 import data_sources_pb2, pipelines_pb2

from server.clock import now
from server.config.model import ConfigKind, ConfigVersion
from server.scope import PLATFORM, Scope
from server.settings import Settings
from server.storage.session import Database
from server.storage.store import Store
from tests.auth.people import Person, register

RUN_SECONDS = 30.0
ENDED = (pipelines_pb2.RUN_STATE_SUCCEEDED, pipelines_pb2.RUN_STATE_FAILED)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    assert settings.database_url
    database = Database(settings.database_url.get_secret_value(), pool_size=2)
    yield Store(database)
    await database.close()


async def set_policy(store: Store, **policy: Any) -> None:
    async with store.begin(Scope.everything()) as tx:
        newest = await tx.configurations.newest(PLATFORM, ConfigKind.SYSTEM, lock=True)
        number = newest.version + 1 if newest else 1
        content = {"network_policy": policy}
        await tx.configurations.add(ConfigVersion(PLATFORM, ConfigKind.SYSTEM, number, content, now()))


def database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password or "",
            "database": parts.path[1:], "sslmode": "disable"}  # fmt: skip


async def check(person: Person, config: dict[str, Any]) -> str:
    """The code of a check of a configuration that is not kept; empty where it succeeds."""
    request = data_sources_pb2.CheckConnectionRequest(
        connector="postgres",
        config=json_format.ParseDict(config, Struct()),
        organization_id=await person.organization(),
    )
    answer = await person.sources.CheckConnection(request, metadata=person.metadata)
    return answer.code


async def ended(person: Person, pipeline: str) -> pipelines_pb2.Run:
    request = pipelines_pb2.ListRunsRequest(pipeline_id=pipeline)
    async with asyncio.timeout(RUN_SECONDS):
        while True:
            (run, *_) = (await person.pipelines.ListRuns(request, metadata=person.metadata)).runs
            if run.state in ENDED:
                return run
            await asyncio.sleep(0.1)


async def test_a_policy_holds_for_checks_and_runs_and_its_end_too(
    channel: grpc.aio.Channel,
    store: Store,
    worker: asyncio.subprocess.Process,
    settings: Settings,
    empty_database_url: str,
) -> None:
    assert worker.pid
    ann = await register(channel, "ann")
    (settings.file_roots[0] / "people.csv").write_text("id,name\n1,Ann\n")
    config = database(empty_database_url)
    source = await ann.new_source("files", "files", {"path": str(settings.file_roots[0])})
    pipeline = await ann.new_pipeline("p", source, await ann.new_source("to", "postgres", config))
    assert await check(ann, config) == ""

    await set_policy(store, allow_private=False)
    async with asyncio.timeout(2):
        while await check(ann, config) != "host_not_allowed":  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.02)
    await asyncio.sleep(2)  # what the worker is given to take it up
    await ann.start(pipeline)
    run = await ended(ann, pipeline)
    assert run.state == pipelines_pb2.RUN_STATE_FAILED
    failure = run.failure
    assert (failure.origin, failure.type) == (
        pipelines_pb2.FAILURE_ORIGIN_DESTINATION, pipelines_pb2.FAILURE_TYPE_CONFIG,
    )  # fmt: skip
    assert failure.code == "host_not_allowed"
    assert "administrator" in failure.advice

    await set_policy(store, allow_private=False, allowed=[f"{config['host']}/32"])
    async with asyncio.timeout(2):
        while await check(ann, config):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.02)
    await asyncio.sleep(2)  # as above
    await ann.start(pipeline)
    assert (await ended(ann, pipeline)).state == pipelines_pb2.RUN_STATE_SUCCEEDED
