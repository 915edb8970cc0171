"""The case files, over gRPC and over REST."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import grpc
import httpx
import pytest
from thedata.v1 import auth_pb2, auth_pb2_grpc, common_pb2, organizations_pb2, organizations_pb2_grpc

from tests.rpc.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, Served
from tests.rpc.story import BY_NAME, GrpcTransport, RestTransport, Story, stories

STORIES = stories()
ROLES: dict[str, common_pb2.Role.ValueType] = {
    "viewer": common_pb2.ROLE_VIEWER,
    "member": common_pb2.ROLE_MEMBER,
    "admin": common_pb2.ROLE_ADMIN,
}
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def grpc_stub_cls() -> type[auth_pb2_grpc.AuthServiceStub]:
    return auth_pb2_grpc.AuthServiceStub


@pytest.fixture
def cast(
    grpc_stub: auth_pb2_grpc.AuthServiceStub, grpc_channel: grpc.Channel, grpc_server: Served
) -> tuple[dict[str, str], dict[str, Any]]:
    """An organization with one member of each role, a stranger, and the platform's administrator."""
    unique = uuid4().hex[:10]
    sessions = {
        who: grpc_stub.Register(auth_pb2.RegisterRequest(email=f"{who}-{unique}@example.com", password=PASSWORD))
        for who in ("owner", "stranger", *ROLES)
    }
    tokens = {who: session.access_token for who, session in sessions.items()}
    as_owner = (("authorization", f"Bearer {tokens['owner']}"),)
    me = grpc_stub.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=as_owner)
    organization = me.memberships[0].organization_id
    organizations = organizations_pb2_grpc.OrganizationsServiceStub(grpc_channel)
    for who, role in ROLES.items():
        # Their own organizations go, so that they need not name the one they are in.
        as_who = (("authorization", f"Bearer {tokens[who]}"),)
        own = grpc_stub.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=as_who).memberships[0]
        organizations.DeleteOrganization(
            organizations_pb2.DeleteOrganizationRequest(organization_id=own.organization_id), metadata=as_who
        )
        organizations.AddMember(
            organizations_pb2.AddMemberRequest(organization_id=organization, user_id=sessions[who].user.id, role=role),
            metadata=as_owner,
        )
    root = grpc_stub.Login(auth_pb2.LoginRequest(email=ADMIN_EMAIL, password=ADMIN_PASSWORD))
    database = urlsplit(grpc_server.database_url)
    variables = {
        "unique": unique,
        "password": PASSWORD,
        "org": organization,
        "files": str(grpc_server.files),
        "nowhere": "00000000-0000-7000-8000-000000000000",
        "database": {
            "host": database.hostname,
            "port": database.port,
            "user": database.username,
            "password": database.password,
            "database": database.path[1:],
            "sslmode": "disable",
        },
        **{f"{who}_id": session.user.id for who, session in sessions.items()},
        "owner_refresh_token": sessions["owner"].refresh_token,
    }
    return {**tokens, "platform_admin": root.access_token}, variables


@pytest.mark.parametrize("name", STORIES)
def test_over_grpc(name: str, grpc_channel: grpc.Channel, cast: tuple[dict[str, str], dict[str, Any]]) -> None:
    tokens, variables = cast
    Story(GrpcTransport(grpc_channel), tokens, variables).run(STORIES[name])


@pytest.mark.parametrize("name", STORIES)
def test_over_rest(name: str, rest: httpx.Client, cast: tuple[dict[str, str], dict[str, Any]]) -> None:
    tokens, variables = cast
    Story(RestTransport(rest), tokens, variables).run(STORIES[name])


def test_every_method_has_a_case() -> None:
    called = {step["call"] for steps in STORIES.values() for step in steps}
    assert set(BY_NAME) <= called, f"without a case: {sorted(set(BY_NAME) - called)}"
