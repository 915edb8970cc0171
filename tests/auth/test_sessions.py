"""Sessions: how they go on, and how access ends at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from thedata.v1 import auth_pb2, common_pb2, users_pb2

from server.app import App
from server.settings import Settings
from tests.auth.people import PASSWORD, Person, failure_of, log_in, reason, reason_of, register
from tests.auth.serving import served

REFUSED = ("UNAUTHENTICATED", "INVALID_REFRESH_TOKEN")
OUT = ("UNAUTHENTICATED", "UNAUTHENTICATED")
WRONG = ("UNAUTHENTICATED", "INVALID_CREDENTIALS")
IN = ("OK", "")
CANARY = "c4n4ry-p4ssw0rd"


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Person:
    return await register(channel, "ann")


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection with the rights of the database's owner."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def admin(app: App, channel: grpc.aio.Channel) -> Person:
    await app.auth.ensure_platform_admin("root@example.com", PASSWORD)
    return await log_in(channel, "root")


def refreshed(person: Person, token: str) -> Any:
    return person.auth.RefreshToken(auth_pb2.RefreshTokenRequest(refresh_token=token))


async def access(person: Person) -> tuple[str, str]:
    return await reason_of(person.auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=person.metadata))


async def test_a_reuse_after_the_window_ends_the_session_and_that_is_committed(
    ann: Person, owner: asyncpg.Connection[Any]
) -> None:
    first = ann.session.refresh_token
    second = (await refreshed(ann, first)).refresh_token
    await owner.execute("UPDATE sessions SET refreshed_at = refreshed_at - interval '11 seconds'")
    assert await reason_of(refreshed(ann, first)) == REFUSED
    assert await owner.fetchval("SELECT count(*) FROM sessions") == 0
    assert await reason_of(refreshed(ann, second)) == REFUSED
    assert await access(ann) == OUT


async def test_a_reuse_ends_only_the_session_that_was_stolen(channel: grpc.aio.Channel, ann: Person) -> None:
    other = await log_in(channel, "ann")
    first = ann.session.refresh_token
    await refreshed(ann, (await refreshed(ann, first)).refresh_token)
    assert await reason_of(refreshed(ann, first)) == REFUSED
    assert (await access(ann), await access(other)) == (OUT, IN)


async def test_twenty_refreshes_at_once_are_one_step(ann: Person, owner: asyncpg.Connection[Any]) -> None:
    answers = await asyncio.gather(*(refreshed(ann, ann.session.refresh_token) for _ in range(20)))
    (new,) = {answer.refresh_token for answer in answers}
    assert await owner.fetchval("SELECT generation FROM sessions") == 1
    assert await reason_of(refreshed(ann, new)) == IN


async def test_each_refresh_lengthens_the_session(ann: Person, owner: asyncpg.Connection[Any]) -> None:
    await owner.execute("UPDATE sessions SET expires_at = now() + interval '1 minute'")
    await refreshed(ann, ann.session.refresh_token)
    left = await owner.fetchval("SELECT expires_at - now() FROM sessions")
    assert timedelta(days=29) < left <= timedelta(days=30)


async def test_a_session_that_was_not_refreshed_in_time_is_over(ann: Person, owner: asyncpg.Connection[Any]) -> None:
    await owner.execute("UPDATE sessions SET expires_at = now()")
    assert await access(ann) == OUT
    assert await reason_of(refreshed(ann, ann.session.refresh_token)) == REFUSED


async def test_tokens_of_one_kind_are_nothing_as_the_other(ann: Person) -> None:
    assert await reason_of(refreshed(ann, ann.session.access_token)) != IN
    ann.session.access_token = ann.session.refresh_token
    assert await access(ann) == OUT


async def test_a_session_that_logged_out_can_t_be_refreshed(ann: Person) -> None:
    await ann.auth.Logout(auth_pb2.LogoutRequest(), metadata=ann.metadata)
    assert await reason_of(refreshed(ann, ann.session.refresh_token)) == REFUSED


async def test_a_disabled_user_is_out_at_once_and_stays_out_of_old_sessions(ann: Person, admin: Person) -> None:
    key = await ann.new_key(await ann.organization(), common_pb2.ROLE_VIEWER)

    def active(value: bool) -> Any:
        request = users_pb2.UpdateUserRequest(user_id=ann.id, active=value)
        return admin.users.UpdateUser(request, metadata=admin.metadata)

    await active(False)
    assert await access(ann) == OUT
    assert await reason_of(refreshed(ann, ann.session.refresh_token)) == REFUSED
    assert await reason_of(log_in(ann.channel, "ann")) == WRONG, "the same words as for a wrong password"
    await active(True)
    assert await access(ann) == OUT
    ann.session.access_token = key.secret
    assert await access(ann) == OUT
    assert await reason_of(log_in(ann.channel, "ann")) == IN


async def test_a_deleted_user_is_out_at_once(ann: Person) -> None:
    await ann.users.DeleteUser(users_pb2.DeleteUserRequest(user_id=ann.id), metadata=ann.metadata)
    assert await access(ann) == OUT
    assert await reason_of(refreshed(ann, ann.session.refresh_token)) == REFUSED
    assert await reason_of(log_in(ann.channel, "ann")) == WRONG


async def test_a_user_can_t_make_themselves_an_administrator(ann: Person) -> None:
    request = users_pb2.UpdateUserRequest(user_id=ann.id, platform_admin=True)
    denied = await reason_of(ann.users.UpdateUser(request, metadata=ann.metadata))
    assert denied == ("PERMISSION_DENIED", "PERMISSION_DENIED")


async def test_a_new_password_ends_the_other_sessions(channel: grpc.aio.Channel, ann: Person) -> None:
    other = await log_in(channel, "ann")
    wrong = auth_pb2.ChangePasswordRequest(current_password="wrong", new_password="new password")
    assert await reason_of(ann.auth.ChangePassword(wrong, metadata=ann.metadata)) == WRONG
    assert await access(other) == IN
    right = auth_pb2.ChangePasswordRequest(current_password=PASSWORD, new_password="new password")
    await ann.auth.ChangePassword(right, metadata=ann.metadata)
    assert (await access(ann), await access(other)) == (IN, OUT)
    assert await reason_of(log_in(channel, "ann")) == WRONG
    assert await reason_of(log_in(channel, "ann", "new password")) == IN


async def test_a_stranger_can_t_tell_whether_an_address_is_known(ann: Person, admin: Person) -> None:
    disable = users_pb2.UpdateUserRequest(user_id=ann.id, active=False)
    known = await failure_of(log_in(ann.channel, "root", "wrong password"))
    await admin.users.UpdateUser(disable, metadata=admin.metadata)
    disabled = await failure_of(log_in(ann.channel, "ann"))
    unknown = await failure_of(log_in(ann.channel, "nobody", "wrong password"))
    told = {(error.code(), error.details(), reason(error)) for error in (known, disabled, unknown)}
    assert len(told) == 1


async def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(
    ann: Person, owner: asyncpg.Connection[Any]
) -> None:
    waits = []
    for _ in range(16):
        await failure_of(log_in(ann.channel, "ann", "wrong password"))
        waits.append(await owner.fetchval("SELECT extract(epoch FROM blocked_until - now()) FROM login_failures"))
        await owner.execute("UPDATE login_failures SET blocked_until = now()")
    assert all(wait <= 0 for wait in waits[:4])
    for wait, expected in zip(waits[4:], [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900], strict=True):
        assert expected - 2 < wait <= expected


async def test_a_blocked_address_is_told_how_long_to_wait_and_other_addresses_are_not_blocked(
    ann: Person, owner: asyncpg.Connection[Any]
) -> None:
    await register(ann.channel, "bob")
    for _ in range(5):
        await failure_of(log_in(ann.channel, "ANN", "wrong password"))
    error = await failure_of(log_in(ann.channel, "ann"))
    status = rpc_status.from_call(error)
    assert status is not None
    (retry,) = [item for item in status.details if item.Is(error_details_pb2.RetryInfo.DESCRIPTOR)]
    wait = error_details_pb2.RetryInfo.FromString(retry.value).retry_delay.ToTimedelta()
    assert (error.code(), reason(error)) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_REACHED")
    assert timedelta(0) < wait <= timedelta(seconds=2)
    assert await reason_of(log_in(ann.channel, "bob")) == IN
    await owner.execute("UPDATE login_failures SET blocked_until = now()")
    assert await reason_of(log_in(ann.channel, "ann")) == IN
    assert await owner.fetchval("SELECT count(*) FROM login_failures") == 0, "a success forgets the failures"


@pytest.mark.parametrize("log_json", ["true", "false"])
async def test_a_password_is_in_no_log_whatever_happens(
    settings: Settings, owner: asyncpg.Connection[Any], log_json: str
) -> None:
    async with (
        served(settings, THEDATA_LOG_JSON=log_json) as process,
        grpc.aio.insecure_channel(process.address) as channel,
    ):
        await register(channel, "ann")
        await failure_of(log_in(channel, "nobody", CANARY))
        broken = await failure_of(log_in(channel, "no address", CANARY))
        await owner.execute("ALTER TABLE login_failures RENAME TO away")
        bug = await failure_of(log_in(channel, "ann", CANARY))
    assert bug.code() is grpc.StatusCode.INTERNAL
    assert "Traceback" in process.log, "the server logged the bug"
    for secret in (CANARY, PASSWORD):
        assert secret not in process.log
    assert CANARY not in f"{broken.details()} {bug.details()}"
    assert "login_failures" not in str(bug.details())
