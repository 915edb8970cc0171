"""An organization never loses its last owner; the platform gets its first administrator once."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from pydantic import SecretStr
from thedata.v1 import common_pb2, organizations_pb2, users_pb2

from server.app import App, build
from server.settings import FIRST_ADMIN_FILE, Settings
from tests.auth.people import PASSWORD, Person, log_in, reason_of, register

LAST = ("FAILED_PRECONDITION", "LAST_OWNER")
DENIED = ("PERMISSION_DENIED", "PERMISSION_DENIED")
IN = ("OK", "")


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Person:
    return await register(channel, "ann")


@pytest.fixture
async def bob(channel: grpc.aio.Channel) -> Person:
    return await register(channel, "bob")


def demoted(by: Person, organization: str, whom: Person, role: common_pb2.Role.ValueType) -> Any:
    request = organizations_pb2.UpdateMemberRequest(organization_id=organization, user_id=whom.id, role=role)
    return by.organizations.UpdateMember(request, metadata=by.metadata)


def removed(by: Person, organization: str, whom: Person) -> Any:
    request = organizations_pb2.RemoveMemberRequest(organization_id=organization, user_id=whom.id)
    return by.organizations.RemoveMember(request, metadata=by.metadata)


def deleted(by: Person, whom: Person) -> Any:
    return by.users.DeleteUser(users_pb2.DeleteUserRequest(user_id=whom.id), metadata=by.metadata)


async def test_the_last_owner_can_t_step_down_leave_or_vanish(ann: Person, bob: Person) -> None:
    organization = await ann.add(bob, common_pb2.ROLE_ADMIN)
    assert await reason_of(demoted(ann, organization, ann, common_pb2.ROLE_ADMIN)) == LAST
    assert await reason_of(removed(ann, organization, ann)) == LAST
    assert await reason_of(deleted(ann, ann)) == LAST


async def test_one_of_two_owners_may_go(ann: Person, bob: Person) -> None:
    organization = await ann.add(bob, common_pb2.ROLE_OWNER)
    assert await reason_of(removed(ann, organization, ann)) == IN
    assert await reason_of(removed(bob, organization, bob)) == LAST


async def test_an_owner_alone_may_vanish_and_the_organization_with_them(ann: Person, database_url: str) -> None:
    await ann.new_files("source")
    assert await reason_of(deleted(ann, ann)) == IN
    connection = await asyncpg.connect(database_url)
    left = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM organizations), (SELECT count(*) FROM data_sources), (SELECT count(*) FROM users)"
    )
    await connection.close()
    assert tuple(left or ()) == (0, 0, 0)


async def test_an_admin_has_no_power_over_owners(ann: Person, bob: Person) -> None:
    organization = await ann.add(bob, common_pb2.ROLE_ADMIN)
    assert await reason_of(demoted(bob, organization, ann, common_pb2.ROLE_VIEWER)) == DENIED
    assert await reason_of(removed(bob, organization, ann)) == DENIED
    assert await reason_of(demoted(bob, organization, bob, common_pb2.ROLE_OWNER)) == DENIED


async def test_a_member_may_leave_but_not_send_others_away(ann: Person, bob: Person) -> None:
    organization = await ann.add(bob, common_pb2.ROLE_MEMBER)
    assert await reason_of(removed(bob, organization, ann)) == DENIED
    assert await reason_of(removed(bob, organization, bob)) == IN


@pytest.mark.parametrize("act", ["demote", "remove", "leave", "vanish"])
async def test_two_owners_who_act_at_once_leave_one(ann: Person, bob: Person, act: str, database_url: str) -> None:
    organization = await ann.add(bob, common_pb2.ROLE_OWNER)

    def acts(who: Person, other: Person) -> Any:
        match act:
            case "demote":
                return demoted(who, organization, other, common_pb2.ROLE_VIEWER)
            case "remove":
                return removed(who, organization, other)
            case "leave":
                return removed(who, organization, who)
            case _:
                return deleted(who, who)

    told = await asyncio.gather(reason_of(acts(ann, bob)), reason_of(acts(bob, ann)))
    connection = await asyncpg.connect(database_url)
    owners = await connection.fetchval(
        "SELECT count(*) FROM memberships WHERE organization_id = $1::uuid AND role = 4", organization
    )
    there = await connection.fetchval("SELECT count(*) FROM organizations WHERE id = $1::uuid", organization)
    await connection.close()
    assert owners >= there, f"an organization without an owner, after {told}"
    assert told.count(IN) >= 1


async def test_the_first_administrator_is_made_once(app: App, channel: grpc.aio.Channel) -> None:
    made = await app.auth.ensure_platform_admin("root@example.com", PASSWORD)
    assert made is not None
    assert made.password is None, "a given password is not handed back"
    assert await app.auth.ensure_platform_admin("second@example.com", PASSWORD) is None
    assert await reason_of(log_in(channel, "root")) == IN
    assert (await reason_of(log_in(channel, "second")))[0] == "UNAUTHENTICATED"


async def test_servers_that_start_at_once_make_one_administrator(app: App) -> None:
    made = await asyncio.gather(*(app.auth.ensure_platform_admin(None, None) for _ in range(4)))
    assert len([admin for admin in made if admin]) == 1


async def test_a_password_that_was_made_is_written_once_for_the_owner_s_eyes(
    empty_database_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=tmp_path, database_url=SecretStr(empty_database_url), migrate=True, grpc_port=0)
    first = build(settings)
    await first.start()
    path = tmp_path / FIRST_ADMIN_FILE
    email, password = path.read_text().split()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert await first.auth.login(email, password)
    await first.stop()
    path.unlink()
    second = build(settings)
    await second.start()
    await second.stop()
    assert not path.exists()
    assert password not in "".join(capfd.readouterr())
