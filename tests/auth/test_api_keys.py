"""API keys: what a program may do with one, and when it stops working."""

from __future__ import annotations

import base64
import zlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import grpc
import pytest
from thedata.v1 import auth_pb2, common_pb2, organizations_pb2, users_pb2

from server.app import App
from server.auth.tokens import new_api_key
from tests.auth.people import PASSWORD, Person, bearer, log_in, reason_of, register

OUT = ("UNAUTHENTICATED", "UNAUTHENTICATED")
DENIED = ("PERMISSION_DENIED", "PERMISSION_DENIED")
UNKNOWN = ("NOT_FOUND", "NOT_FOUND")
IN = ("OK", "")


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Person:
    return await register(channel, "ann")


@pytest.fixture
async def key(ann: Person) -> auth_pb2.CreateApiKeyResponse:
    return await ann.new_key(await ann.organization(), common_pb2.ROLE_ADMIN)


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection with the rights of the database's owner."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def use(person: Person, secret: str, organization: str) -> tuple[str, str]:
    request = organizations_pb2.GetOrganizationRequest(organization_id=organization)
    return await reason_of(person.organizations.GetOrganization(request, metadata=bearer(secret)))


async def test_a_key_works_until_it_is_deleted(ann: Person, key: auth_pb2.CreateApiKeyResponse) -> None:
    organization = await ann.organization()
    assert await use(ann, key.secret, organization) == IN
    await ann.auth.DeleteApiKey(auth_pb2.DeleteApiKeyRequest(api_key_id=key.api_key.id), metadata=ann.metadata)
    assert await use(ann, key.secret, organization) == OUT


async def test_a_key_expires(ann: Person, key: auth_pb2.CreateApiKeyResponse, owner: asyncpg.Connection[Any]) -> None:
    await owner.execute("UPDATE api_keys SET expires_at = now()")
    assert await use(ann, key.secret, await ann.organization()) == OUT


async def test_a_key_with_a_right_checksum_and_a_wrong_secret_is_nothing(
    ann: Person, key: auth_pb2.CreateApiKeyResponse
) -> None:
    organization = await ann.organization()
    forged, _ = new_api_key(UUID(key.api_key.id))
    assert await use(ann, forged, organization) == OUT
    body = key.secret.removeprefix("td_")[:-8]
    upper = body.upper()
    assert await use(ann, f"td_{upper}{zlib.crc32(upper.encode()):08x}", organization) == OUT
    assert await use(ann, key.secret[:-1] + ("0" if key.secret[-1] != "0" else "1"), organization) == OUT


async def test_a_key_knows_no_other_organization(ann: Person, key: auth_pb2.CreateApiKeyResponse) -> None:
    bob = await register(ann.channel, "bob")
    second = await ann.organizations.CreateOrganization(
        organizations_pb2.CreateOrganizationRequest(name="Second"), metadata=ann.metadata
    )
    assert await use(ann, key.secret, await bob.organization()) == UNKNOWN
    assert await use(ann, key.secret, second.id) == UNKNOWN, "not even another one of its creator"
    me = await ann.auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=bearer(key.secret))
    assert [m.organization_id for m in me.memberships] == [key.api_key.organization_id]
    assert me.api_key_id == key.api_key.id


async def test_another_organization_s_key_can_be_neither_seen_nor_deleted(
    ann: Person, key: auth_pb2.CreateApiKeyResponse
) -> None:
    bob = await register(ann.channel, "bob")
    delete = auth_pb2.DeleteApiKeyRequest(api_key_id=key.api_key.id)
    assert await reason_of(bob.auth.DeleteApiKey(delete, metadata=bob.metadata)) == UNKNOWN
    listed = await bob.auth.ListApiKeys(auth_pb2.ListApiKeysRequest(), metadata=bob.metadata)
    assert not listed.api_keys


async def test_a_key_s_role_is_never_above_its_creator_s(ann: Person) -> None:
    bob = await register(ann.channel, "bob")
    organization = await ann.add(bob, common_pb2.ROLE_ADMIN)
    assert await reason_of(bob.new_key(organization, common_pb2.ROLE_OWNER)) == DENIED
    key = await bob.new_key(organization, common_pb2.ROLE_ADMIN)
    rename = organizations_pb2.UpdateOrganizationRequest(organization_id=organization, name="X")
    assert await reason_of(bob.organizations.UpdateOrganization(rename, metadata=bearer(key.secret))) == IN
    demote = organizations_pb2.UpdateMemberRequest(
        organization_id=organization, user_id=bob.id, role=common_pb2.ROLE_MEMBER
    )
    await ann.organizations.UpdateMember(demote, metadata=ann.metadata)
    assert await reason_of(bob.organizations.UpdateOrganization(rename, metadata=bearer(key.secret))) == DENIED
    assert await use(bob, key.secret, organization) == IN


async def test_a_key_does_what_its_role_says_and_no_more(ann: Person) -> None:
    organization = await ann.organization()
    viewer = await ann.new_key(organization, common_pb2.ROLE_VIEWER)
    rename = organizations_pb2.UpdateOrganizationRequest(organization_id=organization, name="X")
    assert await use(ann, viewer.secret, organization) == IN
    assert await reason_of(ann.organizations.UpdateOrganization(rename, metadata=bearer(viewer.secret))) == DENIED


async def test_a_key_can_t_act_as_the_person_who_made_it(ann: Person) -> None:
    key = await ann.new_key(await ann.organization(), common_pb2.ROLE_OWNER)
    as_key = bearer(key.secret)
    new = organizations_pb2.CreateOrganizationRequest(name="X")
    password = auth_pb2.ChangePasswordRequest(current_password=PASSWORD, new_password="another password")
    rename = users_pb2.UpdateUserRequest(user_id=ann.id, full_name="X")
    delete = users_pb2.DeleteUserRequest(user_id=ann.id)
    assert await reason_of(ann.organizations.CreateOrganization(new, metadata=as_key)) == DENIED
    assert (await reason_of(ann.auth.ChangePassword(password, metadata=as_key)))[0] != "OK"
    assert await reason_of(ann.users.UpdateUser(rename, metadata=as_key)) == DENIED
    assert await reason_of(ann.users.DeleteUser(delete, metadata=as_key)) == DENIED
    assert await reason_of(log_in(ann.channel, "ann")) == IN


async def test_a_platform_administrator_s_key_is_no_platform_administrator(app: App, channel: grpc.aio.Channel) -> None:
    await app.auth.ensure_platform_admin("root@example.com", PASSWORD)
    root, ann = await log_in(channel, "root"), await register(channel, "ann")
    mine = await root.organizations.CreateOrganization(
        organizations_pb2.CreateOrganizationRequest(name="X"), metadata=root.metadata
    )
    key = await root.new_key(mine.id, common_pb2.ROLE_OWNER)
    theirs = organizations_pb2.GetOrganizationRequest(organization_id=await ann.organization())
    assert await reason_of(root.organizations.GetOrganization(theirs, metadata=root.metadata)) == IN
    assert await reason_of(root.organizations.GetOrganization(theirs, metadata=bearer(key.secret))) == UNKNOWN


async def test_the_secret_is_told_once_and_stored_nowhere(
    ann: Person, key: auth_pb2.CreateApiKeyResponse, owner: asyncpg.Connection[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    await use(ann, key.secret, await ann.organization())
    listed = await ann.auth.ListApiKeys(auth_pb2.ListApiKeysRequest(), metadata=ann.metadata)
    names = await owner.fetch(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'"
    )
    rows = [str(await owner.fetch(f"SELECT t::text FROM {name[0]} t")) for name in names]
    everything = "".join([str(listed), *rows, *capfd.readouterr()])
    random = key.secret.removeprefix("td_").split("_")[1]
    for form in (random, random.encode().hex(), base64.b64encode(random.encode()).decode()):
        assert form not in everything
    assert listed.api_keys[0].HasField("last_use_time")
