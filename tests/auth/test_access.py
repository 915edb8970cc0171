"""Who gets in, who stays out, and how access ends."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from thedata.v1 import (
    auth_pb2,
    auth_pb2_grpc,
    common_pb2,
    data_sources_pb2,
    data_sources_pb2_grpc,
    organizations_pb2,
    organizations_pb2_grpc,
    pipelines_pb2,
    pipelines_pb2_grpc,
)

from server.auth.permissions import Permission
from server.rpc.methods import METHODS, PERMISSIONS

CANARY = "c4n4ry-s3cret-value"
Metadata = tuple[tuple[str, str], ...]


class Person:
    """Somebody with a session."""

    def __init__(self, channel: grpc.aio.Channel, session: auth_pb2.Session) -> None:
        self.auth = auth_pb2_grpc.AuthServiceStub(channel)
        self.organizations = organizations_pb2_grpc.OrganizationsServiceStub(channel)
        self.session = session

    @property
    def metadata(self) -> Metadata:
        return bearer(self.session.access_token)

    async def organization(self) -> str:
        me = await self.auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=self.metadata)
        return me.memberships[0].organization_id

    async def refreshed(self, token: str) -> auth_pb2.Session:
        return await self.auth.RefreshToken(auth_pb2.RefreshTokenRequest(refresh_token=token))

    async def is_in(self) -> bool:
        code = await status(self.auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=self.metadata))
        assert code in {grpc.StatusCode.OK, grpc.StatusCode.UNAUTHENTICATED}
        return code is grpc.StatusCode.OK


def bearer(token: str) -> Metadata:
    return (("authorization", f"Bearer {token}"),)


async def register(channel: grpc.aio.Channel, name: str) -> Person:
    request = auth_pb2.RegisterRequest(email=f"{name}@example.com", password="correct horse")
    return Person(channel, await auth_pb2_grpc.AuthServiceStub(channel).Register(request))


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Person:
    return await register(channel, "ann")


async def status(call: Any) -> grpc.StatusCode:
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return error.code()
    return grpc.StatusCode.OK


@pytest.mark.parametrize("header", [(), bearer("garbage"), bearer("td_garbage"), (("authorization", "Basic YTpi"),)])
async def test_every_method_but_the_public_ones_needs_a_token(channel: grpc.aio.Channel, header: Metadata) -> None:
    raw: Any = channel
    told = set()
    for path, method in METHODS.items():
        if PERMISSIONS[path] is Permission.PUBLIC:
            continue
        if method.client_streaming:
            call = raw.stream_unary(path)(iter([b""]), metadata=header, timeout=10)
        elif method.server_streaming:
            call = anext(aiter(raw.unary_stream(path)(b"", metadata=header, timeout=10)))
        else:
            call = raw.unary_unary(path)(b"", metadata=header, timeout=10)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        told.add((caught.value.code(), caught.value.details()))
    assert len(told) == 1
    assert told.pop()[0] is grpc.StatusCode.UNAUTHENTICATED


async def test_a_lost_answer_to_a_refresh_can_be_asked_for_again(ann: Person) -> None:
    first = ann.session.refresh_token
    second = (await ann.refreshed(first)).refresh_token
    assert (await ann.refreshed(first)).refresh_token == second
    assert (await ann.refreshed(second)).refresh_token not in {first, second}


async def test_a_stolen_refresh_token_ends_the_session_for_both(ann: Person) -> None:
    first = ann.session.refresh_token
    second = (await ann.refreshed(first)).refresh_token
    third = (await ann.refreshed(second)).refresh_token
    assert await status(ann.refreshed(first)) is grpc.StatusCode.UNAUTHENTICATED
    assert await status(ann.refreshed(third)) is grpc.StatusCode.UNAUTHENTICATED
    assert not await ann.is_in()


async def test_twenty_refreshes_at_once_give_one_successor(ann: Person) -> None:
    answers = await asyncio.gather(*(ann.refreshed(ann.session.refresh_token) for _ in range(20)))
    assert len({answer.refresh_token for answer in answers}) == 1


@pytest.mark.parametrize(
    ("scope", "here", "elsewhere"),
    [
        (auth_pb2.LOGOUT_SCOPE_THIS, False, True),
        (auth_pb2.LOGOUT_SCOPE_OTHERS, True, False),
        (auth_pb2.LOGOUT_SCOPE_ALL, False, False),
    ],
)
async def test_logout_ends_access_at_once(
    channel: grpc.aio.Channel, ann: Person, scope: auth_pb2.LogoutScope.ValueType, here: bool, elsewhere: bool
) -> None:
    login = auth_pb2.LoginRequest(email="ann@example.com", password="correct horse")
    other = Person(channel, await ann.auth.Login(login))
    await ann.auth.Logout(auth_pb2.LogoutRequest(scope=scope), metadata=ann.metadata)
    assert (await ann.is_in(), await other.is_in()) == (here, elsewhere)


async def test_failed_logins_slow_an_address_down_whether_it_is_known_or_not(ann: Person) -> None:
    told = []
    for email in ("ann@example.com", "nobody@example.com"):
        request = auth_pb2.LoginRequest(email=email, password="wrong")
        codes = [await status(ann.auth.Login(request)) for _ in range(6)]
        told.append(codes)
    assert told[0] == told[1]
    assert told[0][:5] == [grpc.StatusCode.UNAUTHENTICATED] * 5
    assert told[0][5] is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert await ann.is_in()


async def test_a_removed_member_is_out_at_once_and_so_is_their_key(channel: grpc.aio.Channel, ann: Person) -> None:
    bob = await register(channel, "bob")
    organization = await ann.organization()
    add = organizations_pb2.AddMemberRequest(
        organization_id=organization, user_id=bob.session.user.id, role=common_pb2.ROLE_ADMIN
    )
    await ann.organizations.AddMember(add, metadata=ann.metadata)
    key = await bob.auth.CreateApiKey(
        auth_pb2.CreateApiKeyRequest(organization_id=organization, name="k", role=common_pb2.ROLE_ADMIN),
        metadata=bob.metadata,
    )
    get = organizations_pb2.GetOrganizationRequest(organization_id=organization)
    assert await status(bob.organizations.GetOrganization(get, metadata=bearer(key.secret))) is grpc.StatusCode.OK
    demote = organizations_pb2.UpdateMemberRequest(
        organization_id=organization, user_id=bob.session.user.id, role=common_pb2.ROLE_VIEWER
    )
    await ann.organizations.UpdateMember(demote, metadata=ann.metadata)
    rename = organizations_pb2.UpdateOrganizationRequest(organization_id=organization, name="Bob's")
    denied = await status(bob.organizations.UpdateOrganization(rename, metadata=bearer(key.secret)))
    assert denied is grpc.StatusCode.PERMISSION_DENIED, "a key is never stronger than its creator is now"
    remove = organizations_pb2.RemoveMemberRequest(organization_id=organization, user_id=bob.session.user.id)
    await ann.organizations.RemoveMember(remove, metadata=ann.metadata)
    assert await status(bob.organizations.GetOrganization(get, metadata=bob.metadata)) is grpc.StatusCode.NOT_FOUND
    gone = await status(bob.organizations.GetOrganization(get, metadata=bearer(key.secret)))
    assert gone is grpc.StatusCode.UNAUTHENTICATED


async def test_two_owners_who_demote_each_other_at_once_leave_one(channel: grpc.aio.Channel, ann: Person) -> None:
    bob = await register(channel, "bob")
    organization = await ann.organization()
    add = organizations_pb2.AddMemberRequest(
        organization_id=organization, user_id=bob.session.user.id, role=common_pb2.ROLE_OWNER
    )
    await ann.organizations.AddMember(add, metadata=ann.metadata)

    def demote(by: Person, whom: Person) -> Any:
        request = organizations_pb2.UpdateMemberRequest(
            organization_id=organization, user_id=whom.session.user.id, role=common_pb2.ROLE_VIEWER
        )
        return by.organizations.UpdateMember(request, metadata=by.metadata)

    codes = await asyncio.gather(status(demote(ann, bob)), status(demote(bob, ann)))
    assert codes.count(grpc.StatusCode.OK) == 1
    members = organizations_pb2.ListMembersRequest(organization_id=organization)
    listed = await ann.organizations.ListMembers(members, metadata=ann.metadata)
    assert [member.role for member in listed.members].count(common_pb2.ROLE_OWNER) == 1


async def test_ten_starts_at_once_are_one_run(channel: grpc.aio.Channel, ann: Person, tmp_path: Path) -> None:
    sources = data_sources_pb2_grpc.DataSourcesServiceStub(channel)
    ids = []
    for connector, config in (("files", {"path": str(tmp_path)}), ("postgres", postgres(CANARY))):
        request = data_sources_pb2.CreateDataSourceRequest(
            name=connector, connector=connector, config=json_format.ParseDict(config, Struct())
        )
        ids.append((await sources.CreateDataSource(request, metadata=ann.metadata)).id)
    pipelines = pipelines_pb2_grpc.PipelinesServiceStub(channel)
    create = pipelines_pb2.CreatePipelineRequest(name="p", source_id=ids[0], destination_id=ids[1])
    pipeline = await pipelines.CreatePipeline(create, metadata=ann.metadata)
    start = pipelines_pb2.StartPipelineRequest(pipeline_id=pipeline.id)
    codes = await asyncio.gather(*(status(pipelines.StartPipeline(start, metadata=ann.metadata)) for _ in range(10)))
    assert sorted(codes, key=str) == sorted([grpc.StatusCode.OK] + [grpc.StatusCode.FAILED_PRECONDITION] * 9, key=str)


def postgres(password: str) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": 1, "database": "d", "user": "u", "password": password, "sslmode": "disable"}


async def test_a_secret_is_nowhere_to_be_found(
    channel: grpc.aio.Channel, ann: Person, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    sources = data_sources_pb2_grpc.DataSourcesServiceStub(channel)
    config = json_format.ParseDict(postgres(CANARY), Struct())
    made = await sources.CreateDataSource(
        data_sources_pb2.CreateDataSourceRequest(name="s", connector="postgres", config=config), metadata=ann.metadata
    )
    check = data_sources_pb2.CheckDataSourceRequest(source_id=made.id)
    answers = [made, await sources.CheckDataSource(check, metadata=ann.metadata)]
    connection = await asyncpg.connect(database_url)
    tables = [row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    rows = [str(await connection.fetch(f'SELECT t::text FROM "{table}" t')) for table in tables]
    await connection.close()
    out, err = capfd.readouterr()
    everything = "\n".join([*map(str, answers), *rows, out, err])
    for form in (CANARY, base64.b64encode(CANARY.encode()).decode(), CANARY.encode().hex(), "correct horse"):
        assert form not in everything
