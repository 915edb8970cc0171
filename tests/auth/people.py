"""Somebody with a session, and what they do through the API."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from google.rpc import error_details_pb2
from grpc_status import rpc_status
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
    users_pb2_grpc,
)

PASSWORD = "correct horse"
POSTGRES = {"host": "127.0.0.1", "port": 1, "database": "d", "user": "u", "password": "hidden", "sslmode": "disable"}
Metadata = tuple[tuple[str, str], ...]


class Person:
    """Somebody with a session."""

    def __init__(self, channel: grpc.aio.Channel, session: auth_pb2.Session) -> None:
        self.channel = channel
        self.session = session
        self.auth = auth_pb2_grpc.AuthServiceStub(channel)
        self.users = users_pb2_grpc.UsersServiceStub(channel)
        self.organizations = organizations_pb2_grpc.OrganizationsServiceStub(channel)
        self.sources = data_sources_pb2_grpc.DataSourcesServiceStub(channel)
        self.pipelines = pipelines_pb2_grpc.PipelinesServiceStub(channel)

    @property
    def id(self) -> str:
        return self.session.user.id

    @property
    def metadata(self) -> Metadata:
        return bearer(self.session.access_token)

    async def organization(self) -> str:
        me = await self.auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=self.metadata)
        return me.memberships[0].organization_id

    async def new_source(self, name: str, connector: str, config: dict[str, Any], request_id: str = "") -> str:
        request = data_sources_pb2.CreateDataSourceRequest(
            organization_id=await self.organization(),
            name=name,
            connector=connector,
            config=json_format.ParseDict(config, Struct()),
            request_id=request_id,
        )
        return (await self.sources.CreateDataSource(request, metadata=self.metadata)).id

    async def new_files(self, name: str, request_id: str = "") -> str:
        return await self.new_source(name, "files", {"path": "somewhere"}, request_id)

    async def new_postgres(self, name: str, **changes: Any) -> str:
        return await self.new_source(name, "postgres", {**POSTGRES, **changes})

    async def all_sources(self, organization: str) -> list[str]:
        request = data_sources_pb2.ListDataSourcesRequest(organization_id=organization)
        listed = await self.sources.ListDataSources(request, metadata=self.metadata)
        return [item.id for item in listed.data_sources]

    async def new_pipeline(self, name: str, source: str, destination: str, request_id: str = "") -> str:
        request = pipelines_pb2.CreatePipelineRequest(
            organization_id=await self.organization(),
            name=name,
            source_id=source,
            destination_id=destination,
            request_id=request_id,
        )
        return (await self.pipelines.CreatePipeline(request, metadata=self.metadata)).id

    async def start(self, pipeline: str, request_id: str = "") -> str:
        request = pipelines_pb2.StartPipelineRequest(pipeline_id=pipeline, request_id=request_id)
        return (await self.pipelines.StartPipeline(request, metadata=self.metadata)).id

    async def add(self, other: Person, role: common_pb2.Role.ValueType) -> str:
        organization = await self.organization()
        request = organizations_pb2.AddMemberRequest(organization_id=organization, user_id=other.id, role=role)
        await self.organizations.AddMember(request, metadata=self.metadata)
        return organization

    async def new_key(self, organization: str, role: common_pb2.Role.ValueType) -> auth_pb2.CreateApiKeyResponse:
        request = auth_pb2.CreateApiKeyRequest(organization_id=organization, name="k", role=role)
        return await self.auth.CreateApiKey(request, metadata=self.metadata)


def bearer(token: str) -> Metadata:
    return (("authorization", f"Bearer {token}"),)


async def register(channel: grpc.aio.Channel, name: str) -> Person:
    request = auth_pb2.RegisterRequest(email=f"{name}@example.com", password=PASSWORD)
    return Person(channel, await auth_pb2_grpc.AuthServiceStub(channel).Register(request))


async def log_in(channel: grpc.aio.Channel, name: str, password: str = PASSWORD) -> Person:
    request = auth_pb2.LoginRequest(email=f"{name}@example.com", password=password)
    return Person(channel, await auth_pb2_grpc.AuthServiceStub(channel).Login(request))


async def failure_of(call: Awaitable[Any]) -> grpc.aio.AioRpcError:
    """The error that a call ends with; it must end with one."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return error
    raise AssertionError("the call succeeded")


async def reason_of(call: Awaitable[Any]) -> tuple[str, str]:
    """A call's code and reason; ("OK", "") where it succeeds."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return error.code().name, reason(error)
    return "OK", ""


def reason(error: grpc.aio.AioRpcError) -> str:
    """The reason of an error's one ErrorInfo."""
    status = rpc_status.from_call(error)
    assert status is not None
    infos = [detail for detail in status.details if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR)]
    assert len(infos) == 1
    return error_details_pb2.ErrorInfo.FromString(infos[0].value).reason


def violations(error: grpc.aio.AioRpcError) -> list[str]:
    """The paths of the fields that an error names."""
    status = rpc_status.from_call(error)
    assert status is not None
    found = [detail for detail in status.details if detail.Is(error_details_pb2.BadRequest.DESCRIPTOR)]
    return [v.field for detail in found for v in error_details_pb2.BadRequest.FromString(detail.value).field_violations]
