"""Streams that are open at a time, over all servers, those that die included."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import grpc
import pytest
from thedata.v1 import common_pb2, pipelines_pb2

from server.ids import new_id
from server.limits.model import Subject, SubjectKind
from server.limits.places import LEASE, RENEW_SECONDS, Places
from server.scope import Scope
from server.settings import Settings
from server.storage.store import Store
from tests.auth.people import Person, failure_of, log_in, reason, register
from tests.auth.serving import served
from tests.limits.conftest import ME, Operator


def watching(person: Person, organization: str = "") -> Any:
    request = pipelines_pb2.WatchPipelinesRequest(organization_id=organization)
    return person.pipelines.WatchPipelines(request, metadata=person.metadata)


async def opened(person: Person, organization: str = "") -> Any:
    """A stream that has given its first message."""
    call = watching(person, organization)
    assert await call.read() is not grpc.aio.EOF
    return call


async def refusal(person: Person, organization: str = "") -> grpc.aio.AioRpcError:
    error = await failure_of(watching(person, organization).read())
    assert (error.code(), reason(error)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_REACHED")
    return error


async def opened_within(seconds: float, person: Person, organization: str = "") -> Any:
    """A stream as soon as there is a place for it."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                return await opened(person, organization)
            except grpc.aio.AioRpcError as error:
                if reason(error) != "LIMIT_REACHED":
                    raise
            await asyncio.sleep(0.1)


async def test_a_user_has_so_many_streams_and_a_place_again_when_one_ends(
    channel: grpc.aio.Channel, operator: Operator
) -> None:
    ann = await register(channel, "ann")
    organization = await ann.organization()
    await operator.set(organization, streams_per_user=2)
    first, second = await opened(ann), await opened(ann)
    error = await refusal(ann)
    told = {str(key): value for key, value in error.trailing_metadata() or ()}
    assert int(told["retry-after"]) >= 1
    first.cancel()
    third = await opened_within(2.0, ann)
    second.cancel()
    third.cancel()


async def test_an_organization_s_streams_are_those_of_all_its_people_and_keys(
    channel: grpc.aio.Channel, operator: Operator
) -> None:
    ann, bob = await register(channel, "ann"), await register(channel, "bob")
    organization = await ann.add(bob, common_pb2.ROLE_VIEWER)
    await operator.set(organization, {"streams_per_organization": 2})
    streams = [await opened(ann), await opened(bob, organization)]
    assert (await operator.usage(organization)).streams == 2
    await refusal(ann)
    await refusal(bob, organization)
    # Bob's own organization has no such limit.
    own = next(iter({m.organization_id for m in await memberships(bob)} - {organization}))
    streams.append(await opened(bob, own))
    for stream in streams:
        stream.cancel()
    async with asyncio.timeout(2):
        while (await operator.usage(organization)).streams:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.02)


async def memberships(person: Person) -> Any:
    return (await person.auth.GetCurrentUser(ME, metadata=person.metadata)).memberships


async def test_many_that_open_streams_at_once_get_no_more_than_the_limit(
    channel: grpc.aio.Channel, operator: Operator
) -> None:
    ann = await register(channel, "ann")
    await operator.set(await ann.organization(), streams_per_user=7)
    calls = [watching(ann) for _ in range(20)]
    answers = await asyncio.gather(*(call.read() for call in calls), return_exceptions=True)
    assert len([answer for answer in answers if not isinstance(answer, Exception)]) == 7
    for call in calls:
        call.cancel()


@pytest.mark.timeout(90)
async def test_a_server_that_is_killed_gives_its_places_back_within_its_lease(
    channel: grpc.aio.Channel, operator: Operator, settings: Settings
) -> None:
    ann = await register(channel, "ann")
    await operator.set(await ann.organization(), streams_per_user=2)
    async with served(settings) as dying, grpc.aio.insecure_channel(dying.address) as to_it:
        there = await log_in(to_it, "ann")
        await opened(there), await opened(there)
        await refusal(ann)
        dying.kill()
        killed = time.monotonic()
        stream = await opened_within(LEASE.total_seconds() + 2, ann)
        assert time.monotonic() - killed < LEASE.total_seconds() + 2
        stream.cancel()


async def test_a_server_that_ends_gives_its_places_back_at_once(
    channel: grpc.aio.Channel, operator: Operator, settings: Settings
) -> None:
    ann = await register(channel, "ann")
    await operator.set(await ann.organization(), streams_per_user=1)
    async with served(settings) as other, grpc.aio.insecure_channel(other.address) as to_it:
        await opened(await log_in(to_it, "ann"))
        await refusal(ann)
    (await opened_within(1.0, ann)).cancel()


async def test_a_server_that_was_taken_for_dead_notes_its_places_again(store: Store) -> None:
    subject = Subject(SubjectKind.ORGANIZATION, new_id())
    places = Places(store)
    keeping = asyncio.create_task(places.run())
    assert await places.enter(subject, 3)
    async with store.begin(Scope.everything()) as tx:
        await tx.limits.leave(places._server)
        assert (await tx.limits.usage(subject.id)).streams == 0
    async with asyncio.timeout(RENEW_SECONDS + 2):
        streams = 0
        while not streams:
            await asyncio.sleep(0.1)
            async with store.begin(Scope.everything()) as tx:
                streams = (await tx.limits.usage(subject.id)).streams
    assert streams == 1
    places.stop()
    await keeping
