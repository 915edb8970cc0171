"""A request_id makes one resource, however often and however concurrently the call is repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import pytest
from thedata.v1 import common_pb2, organizations_pb2, pipelines_pb2

from tests.auth.people import Person, reason_of, register


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Person:
    return await register(channel, "ann")


async def a_source(person: Person, request_id: str) -> str:
    return await person.new_files("files", request_id)


async def an_organization(person: Person, request_id: str) -> str:
    request = organizations_pb2.CreateOrganizationRequest(name="Second", request_id=request_id)
    return (await person.organizations.CreateOrganization(request, metadata=person.metadata)).id


async def a_pipeline(person: Person, request_id: str) -> str:
    organization = await person.organization()
    sources = await person.all_sources(organization)
    if not sources:
        sources = [await person.new_postgres("out"), await person.new_files("in")]
    destination, source = sorted(sources)
    return await person.new_pipeline("p", source, destination, request_id)


async def a_run(person: Person, request_id: str) -> str:
    pipelines = await person.pipelines.ListPipelines(pipelines_pb2.ListPipelinesRequest(), metadata=person.metadata)
    ids = [item.id for item in pipelines.pipelines] or [await a_pipeline(person, "")]
    return await person.start(ids[0], request_id)


Make = Callable[[Person, str], Awaitable[str]]
CREATIONS = pytest.mark.parametrize("make", [a_source, an_organization, a_pipeline, a_run])


@CREATIONS
async def test_a_repeated_call_returns_what_the_first_one_made(ann: Person, make: Make) -> None:
    request_id = str(uuid4())
    first = await make(ann, request_id)
    assert await make(ann, request_id) == first


@pytest.mark.parametrize("make", [a_source, an_organization, a_run])
async def test_twenty_calls_at_once_make_one(ann: Person, make: Make) -> None:
    if make is a_run:
        await a_pipeline(ann, "")
    request_id = str(uuid4())
    made = await asyncio.gather(*(make(ann, request_id) for _ in range(20)))
    assert len(set(made)) == 1


async def test_the_same_request_id_with_another_body_is_refused(ann: Person) -> None:
    request_id = str(uuid4())
    await ann.new_files("one", request_id)
    assert await reason_of(ann.new_files("another", request_id)) == ("INVALID_ARGUMENT", "REQUEST_ID_REUSED")


async def test_a_request_id_belongs_to_its_user(channel: grpc.aio.Channel, ann: Person) -> None:
    bob = await register(channel, "bob")
    request_id = str(uuid4())
    assert await a_source(ann, request_id) != await a_source(bob, request_id)


async def test_a_request_id_belongs_to_its_method(ann: Person) -> None:
    request_id = str(uuid4())
    assert await a_source(ann, request_id) != await an_organization(ann, request_id)


async def test_a_call_that_failed_leaves_its_request_id_free(ann: Person) -> None:
    await ann.new_files("taken")
    request_id = str(uuid4())
    assert await reason_of(ann.new_files("taken", request_id)) == ("ALREADY_EXISTS", "ALREADY_EXISTS")
    assert await ann.new_files("free", request_id)


async def test_whoever_was_removed_from_what_they_made_does_not_see_it_by_repeating(
    channel: grpc.aio.Channel, ann: Person
) -> None:
    bob, request_id = await register(channel, "bob"), str(uuid4())
    made = await an_organization(ann, request_id)
    add = organizations_pb2.AddMemberRequest(organization_id=made, user_id=bob.id, role=common_pb2.ROLE_OWNER)
    await ann.organizations.AddMember(add, metadata=ann.metadata)
    remove = organizations_pb2.RemoveMemberRequest(organization_id=made, user_id=ann.id)
    await bob.organizations.RemoveMember(remove, metadata=bob.metadata)
    assert await reason_of(an_organization(ann, request_id)) == ("NOT_FOUND", "NOT_FOUND")


async def test_without_a_request_id_each_call_is_a_new_one(ann: Person) -> None:
    assert await an_organization(ann, "") != await an_organization(ann, "")


async def test_ten_starts_at_once_queue_one_run(ann: Person, database_url: str) -> None:
    pipeline = await a_pipeline(ann, "")
    told = await asyncio.gather(*(reason_of(ann.start(pipeline)) for _ in range(10)))
    assert sorted(told) == [("FAILED_PRECONDITION", "RUN_IN_FLIGHT")] * 9 + [("OK", "")]
    connection = await asyncpg.connect(database_url)
    runs: Any = await connection.fetchval("SELECT count(*) FROM runs")
    queued: Any = await connection.fetchval("SELECT count(*) FROM runs WHERE state = 'queued'")
    await connection.close()
    assert (runs, queued) == (1, 1)
