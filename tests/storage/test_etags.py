"""Etags: of two who change what they both read, one wins and the other is told."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest
from thedata.v1 import data_sources_pb2, organizations_pb2, pipelines_pb2, users_pb2

from tests.auth.people import Person, reason_of, register

LOST = ("ABORTED", "ETAG_MISMATCH")


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Person:
    return await register(channel, "ann")


@pytest.fixture
async def source(ann: Person) -> str:
    return await ann.new_files("first")


def renamed(ann: Person, source: str, name: str, etag: str) -> Any:
    request = data_sources_pb2.UpdateDataSourceRequest(source_id=source, name=name, etag=etag)
    return ann.sources.UpdateDataSource(request, metadata=ann.metadata)


async def read(ann: Person, source: str) -> data_sources_pb2.DataSource:
    return await ann.sources.GetDataSource(
        data_sources_pb2.GetDataSourceRequest(source_id=source), metadata=ann.metadata
    )


async def test_of_ten_concurrent_changes_one_wins(ann: Person, source: str) -> None:
    etag = (await read(ann, source)).etag
    told = await asyncio.gather(*(reason_of(renamed(ann, source, f"n{n}", etag)) for n in range(10)))
    assert sorted(told) == [LOST] * 9 + [("OK", "")]
    assert (await read(ann, source)).name == f"n{told.index(('OK', ''))}"


async def test_without_an_etag_the_last_one_wins_and_no_version_is_skipped(ann: Person, source: str) -> None:
    told = await asyncio.gather(*(reason_of(renamed(ann, source, f"n{n}", "")) for n in range(10)))
    assert told == [("OK", "")] * 10
    assert (await read(ann, source)).etag == '"11"'


async def test_a_change_that_changes_nothing_keeps_the_etag(ann: Person, source: str) -> None:
    etag = (await read(ann, source)).etag
    assert (await renamed(ann, source, "first", etag)).etag == etag


async def test_an_old_etag_deletes_nothing(ann: Person, source: str) -> None:
    old = (await read(ann, source)).etag
    await renamed(ann, source, "second", "")
    delete = data_sources_pb2.DeleteDataSourceRequest(source_id=source, etag=old)
    assert await reason_of(ann.sources.DeleteDataSource(delete, metadata=ann.metadata)) == LOST
    assert (await read(ann, source)).name == "second"


async def test_every_kind_of_resource_has_etags(ann: Person, source: str) -> None:
    organization = await ann.organization()
    pipeline = await ann.new_pipeline("p", source, await ann.new_postgres("out"))
    old = '"0"'
    calls: list[Any] = [
        ann.organizations.UpdateOrganization(
            organizations_pb2.UpdateOrganizationRequest(organization_id=organization, name="x", etag=old),
            metadata=ann.metadata,
        ),
        ann.organizations.DeleteOrganization(
            organizations_pb2.DeleteOrganizationRequest(organization_id=organization, etag=old), metadata=ann.metadata
        ),
        ann.pipelines.UpdatePipeline(
            pipelines_pb2.UpdatePipelineRequest(pipeline_id=pipeline, name="x", etag=old), metadata=ann.metadata
        ),
        ann.pipelines.DeletePipeline(
            pipelines_pb2.DeletePipelineRequest(pipeline_id=pipeline, etag=old), metadata=ann.metadata
        ),
        ann.users.UpdateUser(
            users_pb2.UpdateUserRequest(user_id=ann.id, full_name="x", etag=old), metadata=ann.metadata
        ),
        ann.users.DeleteUser(users_pb2.DeleteUserRequest(user_id=ann.id, etag=old), metadata=ann.metadata),
    ]
    assert [await reason_of(call) for call in calls] == [LOST] * len(calls)
