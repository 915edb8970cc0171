"""Organization messages from the model."""

from __future__ import annotations

from thedata.v1 import organizations_pb2

from server.auth.convert import role_message
from server.auth.permissions import Caller
from server.organizations.model import Member, Organization
from server.rpc.values import timestamp

UPDATABLE = ("name", "description")


def organization_message(organization: Organization, caller: Caller) -> organizations_pb2.Organization:
    """An organization, with the caller's role in it."""
    return organizations_pb2.Organization(
        id=str(organization.id),
        name=organization.name,
        description=organization.description,
        caller_role=role_message(caller.memberships.get(organization.id)),
        create_time=timestamp(organization.created_at),
        update_time=timestamp(organization.updated_at),
        etag=f'"{organization.version}"',
    )


def member_message(member: Member) -> organizations_pb2.Member:
    """A user in an organization."""
    return organizations_pb2.Member(
        organization_id=str(member.organization_id),
        user_id=str(member.user_id),
        email=member.email,
        full_name=member.full_name,
        role=role_message(member.role),
        create_time=timestamp(member.created_at),
    )
