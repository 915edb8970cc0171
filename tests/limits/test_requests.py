"""Requests per minute: of users, keys and organizations, over all servers."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from sqlalchemy import event
from thedata.v1 import common_pb2, data_sources_pb2, organizations_pb2

from server.app import App, build
from server.settings import Settings
from server.storage.store import Store
from tests.auth.people import Person, bearer, failure_of, log_in, reason, reason_of, register
from tests.limits.conftest import ME, Operator, early_in_a_minute, let_through


def detail(error: grpc.aio.AioRpcError, kind: Any) -> Any:
    """An error's one detail of a kind."""
    status = rpc_status.from_call(error)
    assert status is not None
    (found,) = [item for item in status.details if item.Is(kind.DESCRIPTOR)]
    return kind.FromString(found.value)


async def test_a_user_is_let_through_as_often_as_the_limit_says_and_told_when_again(
    channel: grpc.aio.Channel, operator: Operator, store: Store
) -> None:
    ann = await register(channel, "ann")
    organization = await ann.organization()
    await operator.set(organization, requests_per_minute_per_user=5)
    await early_in_a_minute(store)
    for remaining in range(4, -1, -1):
        call = ann.auth.GetCurrentUser(ME, metadata=ann.metadata)
        told = {str(key): value for key, value in await call.initial_metadata()}
        await call
        assert (told["ratelimit-limit"], told["ratelimit-remaining"]) == ("5", str(remaining))
        assert 0 < int(told["ratelimit-reset"]) <= 60
    error = await failure_of(ann.auth.GetCurrentUser(ME, metadata=ann.metadata))
    assert (error.code(), reason(error)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_REACHED")
    info = detail(error, error_details_pb2.ErrorInfo)
    assert dict(info.metadata) == {
        "limit": "requests_per_minute_per_user", "value": "5", "subject": f"user:{ann.id}",
    }  # fmt: skip
    assert [one.subject for one in detail(error, error_details_pb2.QuotaFailure).violations] == [f"user:{ann.id}"]
    assert 0 < detail(error, error_details_pb2.RetryInfo).retry_delay.ToTimedelta().total_seconds() <= 60
    told = {str(key): value for key, value in error.initial_metadata() or ()}
    assert told["ratelimit-remaining"] == "0"
    assert 0 < int(told["retry-after"]) <= 60
    assert told["x-request-id"]


async def test_without_limits_nothing_is_told_and_nothing_counted(
    channel: grpc.aio.Channel, operator: Operator
) -> None:
    ann = await register(channel, "ann")
    call = ann.auth.GetCurrentUser(ME, metadata=ann.metadata)
    told = dict(await call.initial_metadata())
    assert set(told) == {"x-request-id"}
    assert (await operator.usage(await ann.organization())).requests == 0


async def test_others_are_not_limited_by_what_one_has_used(
    channel: grpc.aio.Channel, operator: Operator, store: Store
) -> None:
    ann, bob = await register(channel, "ann"), await register(channel, "bob")
    await operator.set(await ann.organization(), requests_per_minute_per_user=3)
    await early_in_a_minute(store)
    assert await let_through(ann, 10) <= 3
    assert await let_through(bob, 2) == 2
    assert await let_through(operator.person, 20) == 20  # who sets limits can undo them


async def test_a_key_and_its_organization_have_limits_of_their_own(
    channel: grpc.aio.Channel, operator: Operator, store: Store
) -> None:
    ann = await register(channel, "ann")
    organization = await ann.organization()
    one, two = [bearer((await ann.new_key(organization, common_pb2.ROLE_VIEWER)).secret) for _ in range(2)]
    await operator.set(organization, requests_per_minute_per_key=4, requests_per_minute_per_organization=6)
    await early_in_a_minute(store)
    assert await let_through(ann, 10, one) == 4
    assert await let_through(ann, 10, two) == 2
    assert await let_through(ann, 10) == 0
    error = await failure_of(ann.auth.GetCurrentUser(ME, metadata=ann.metadata))
    assert detail(error, error_details_pb2.ErrorInfo).metadata["subject"] == f"organization:{organization}"
    assert (await operator.usage(organization)).requests == 6


async def test_an_organization_s_own_limit_is_its_own(
    channel: grpc.aio.Channel, operator: Operator, store: Store
) -> None:
    ann, bob = await register(channel, "ann"), await register(channel, "bob")
    own = {"requests_per_minute_per_organization": 2}
    await operator.set(await ann.organization(), own, requests_per_minute_per_organization=8)
    await early_in_a_minute(store)
    assert await let_through(ann, 12) == 2
    assert await let_through(bob, 12) == 8


async def test_a_member_of_two_organizations_is_charged_where_the_call_is_for(
    channel: grpc.aio.Channel, operator: Operator, store: Store
) -> None:
    ann, bob = await register(channel, "ann"), await register(channel, "bob")
    hers = await ann.organization()
    theirs = await bob.add(ann, common_pb2.ROLE_ADMIN)
    of_hers = await ann.new_files("hers")
    await operator.set(hers, {"requests_per_minute_per_organization": 3}, requests_per_minute_per_organization=100)
    await early_in_a_minute(store)

    def look(person: Person, organization: str) -> Any:
        request = organizations_pb2.GetOrganizationRequest(organization_id=organization)
        return person.organizations.GetOrganization(request, metadata=person.metadata)

    for _ in range(3):
        assert await reason_of(look(ann, hers)) == ("OK", "")
    # Used up for whatever is hers, also where the call names only what belongs to it; not for the other one.
    assert await reason_of(look(ann, hers)) == ("RESOURCE_EXHAUSTED", "LIMIT_REACHED")
    request = data_sources_pb2.GetDataSourceRequest(source_id=of_hers)
    assert (await reason_of(ann.sources.GetDataSource(request, metadata=ann.metadata)))[1] == "LIMIT_REACHED"
    for _ in range(5):
        assert await reason_of(look(ann, theirs)) == ("OK", "")
    assert (await operator.usage(hers)).requests == 3


async def test_a_change_of_a_limit_is_taken_up(channel: grpc.aio.Channel, operator: Operator, store: Store) -> None:
    ann = await register(channel, "ann")
    organization = await ann.organization()
    await operator.set(organization, requests_per_minute_per_user=3)
    await early_in_a_minute(store, 20)
    assert await let_through(ann, 5) == 3
    await operator.set(organization, requests_per_minute_per_user=10)
    assert await let_through(ann, 20) <= 10 - 3
    await operator.set(organization, requests_per_minute_per_user=2)
    assert await let_through(ann, 5) == 0
    await operator.set(organization)
    assert await let_through(ann, 5) == 5


async def test_two_servers_together_let_no_more_through_than_the_limit(
    channel: grpc.aio.Channel, operator: Operator, store: Store, settings: Settings
) -> None:
    ann = await register(channel, "ann")
    other = build(settings)
    await other.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{other.port}") as to_other:
            there = await log_in(to_other, "ann")
            await operator.set(await ann.organization(), requests_per_minute_per_user=64)
            await Operator(store, await log_in(to_other, "root", "root's own password")).set(
                await ann.organization(), requests_per_minute_per_user=64
            )
            await early_in_a_minute(store, 20)
            through = sum(await asyncio.gather(*(let_through(one, 50) for one in (ann, there, ann, there))))
            # What is not let through lies unspent in a block of one of the two.
            assert 64 - 4 <= through <= 64
            assert await let_through(ann, 5) + await let_through(there, 5) <= 64 - through
    finally:
        await other.stop()


@pytest.fixture
def statements(app: App) -> list[str]:
    """The statements about limits that the server has sent."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "rate_windows AS known" in statement:
            sent.append(statement)

    event.listen(app._foundation.database.engine.sync_engine, "before_cursor_execute", note)
    return sent


async def test_requests_are_counted_without_a_statement_for_each(
    channel: grpc.aio.Channel, operator: Operator, store: Store, statements: list[str]
) -> None:
    ann = await register(channel, "ann")
    await operator.set(await ann.organization(), requests_per_minute_per_user=160)
    await early_in_a_minute(store, 20)
    assert await let_through(ann, 100) == 100
    assert len(statements) == 10
    assert await let_through(ann, 200) == 60
    assert len(statements) == 16
    assert await let_through(ann, 100) == 0
    assert len(statements) == 16
