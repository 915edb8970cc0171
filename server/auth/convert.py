"""Auth messages to and from the model."""

from __future__ import annotations

from thedata.v1 import auth_pb2, common_pb2

from server.auth.model import ApiKey, Membership, Tokens
from server.auth.permissions import Role
from server.auth.service import LogoutScope
from server.rpc.values import timestamp
from server.users.convert import user_message

LOGOUT_SCOPES = {
    auth_pb2.LOGOUT_SCOPE_UNSPECIFIED: LogoutScope.THIS,
    auth_pb2.LOGOUT_SCOPE_THIS: LogoutScope.THIS,
    auth_pb2.LOGOUT_SCOPE_OTHERS: LogoutScope.OTHERS,
    auth_pb2.LOGOUT_SCOPE_ALL: LogoutScope.ALL,
}


def role_of(value: common_pb2.Role.ValueType, default: Role) -> Role:
    """A role from a message; the default where it is unspecified."""
    return Role(value) if value else default


def role_message(role: Role | None) -> common_pb2.Role.ValueType:
    """A role as a message's value."""
    return common_pb2.Role.Value(f"ROLE_{role.name}") if role else common_pb2.ROLE_UNSPECIFIED


def session_message(tokens: Tokens) -> auth_pb2.Session:
    """A session with its tokens."""
    return auth_pb2.Session(
        access_token=tokens.access_token,
        token_type="bearer",  # noqa: S106 - the kind of token, not a secret
        expires_in=tokens.expires_in,
        refresh_token=tokens.refresh_token,
        user=user_message(tokens.user),
    )


def membership_message(membership: Membership) -> auth_pb2.Membership:
    """A user's place in an organization."""
    return auth_pb2.Membership(
        organization_id=str(membership.organization_id),
        organization_name=membership.organization_name,
        role=role_message(membership.role),
    )


def api_key_message(key: ApiKey) -> auth_pb2.ApiKey:
    """An API key without its secret."""
    return auth_pb2.ApiKey(
        id=str(key.id),
        organization_id=str(key.organization_id),
        name=key.name,
        role=role_message(key.role),
        create_user_id=str(key.created_by),
        create_time=timestamp(key.created_at),
        expire_time=timestamp(key.expires_at),
        last_use_time=timestamp(key.last_used_at),
    )
