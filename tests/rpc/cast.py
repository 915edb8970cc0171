"""The callers of the tests: an organization with a member of each role, a stranger, the platform's administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import grpc
from thedata.v1 import auth_pb2, auth_pb2_grpc, common_pb2, organizations_pb2, organizations_pb2_grpc

from tests.rpc.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, Served

ROLES: dict[str, common_pb2.Role.ValueType] = {
    "viewer": common_pb2.ROLE_VIEWER,
    "member": common_pb2.ROLE_MEMBER,
    "admin": common_pb2.ROLE_ADMIN,
}
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Cast:
    """Access tokens by who calls, and what steps may name."""

    tokens: dict[str, str]
    variables: dict[str, Any]


def gathered(channel: grpc.Channel, served: Served) -> Cast:
    """Registers everyone anew."""
    auth = auth_pb2_grpc.AuthServiceStub(channel)
    organizations = organizations_pb2_grpc.OrganizationsServiceStub(channel)
    unique = uuid4().hex[:10]
    sessions = {
        who: auth.Register(auth_pb2.RegisterRequest(email=f"{who}-{unique}@example.com", password=PASSWORD))
        for who in ("owner", "stranger", *ROLES)
    }
    tokens = {who: session.access_token for who, session in sessions.items()}
    as_owner = (("authorization", f"Bearer {tokens['owner']}"),)
    me = auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=as_owner)
    organization = me.memberships[0].organization_id
    for who, role in ROLES.items():
        # Their own organizations go, so that they need not name the one they are in.
        as_who = (("authorization", f"Bearer {tokens[who]}"),)
        own = auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=as_who).memberships[0]
        organizations.DeleteOrganization(
            organizations_pb2.DeleteOrganizationRequest(organization_id=own.organization_id), metadata=as_who
        )
        organizations.AddMember(
            organizations_pb2.AddMemberRequest(organization_id=organization, user_id=sessions[who].user.id, role=role),
            metadata=as_owner,
        )
    root = auth.Login(auth_pb2.LoginRequest(email=ADMIN_EMAIL, password=ADMIN_PASSWORD))
    variables = {
        "unique": unique,
        "password": PASSWORD,
        "org": organization,
        "files": str(served.files),
        "nowhere": "00000000-0000-7000-8000-000000000000",
        "database": postgres_config(served.database_url),
        **{f"{who}_id": session.user.id for who, session in sessions.items()},
        "owner_refresh_token": sessions["owner"].refresh_token,
    }
    return Cast({**tokens, "platform_admin": root.access_token}, variables)


def postgres_config(url: str) -> dict[str, Any]:
    """The configuration of a `postgres` data source."""
    database = urlsplit(url)
    return {
        "host": database.hostname,
        "port": database.port,
        "user": database.username,
        "password": database.password,
        "database": database.path[1:],
        "sslmode": "disable",
    }
