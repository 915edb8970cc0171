"""The Organizations service's handlers: convert, call, convert."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from thedata.v1 import organizations_pb2, organizations_pb2_grpc

from server.auth.convert import role_of
from server.auth.permissions import Role
from server.organizations.convert import UPDATABLE, member_message, organization_message
from server.organizations.service import OrganizationsService
from server.rpc.caller import caller
from server.rpc.field_mask import fields_to_update
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import optional_id


class OrganizationsServicer(organizations_pb2_grpc.OrganizationsServiceServicer):
    """Organizations and members."""

    def __init__(self, service: OrganizationsService) -> None:
        self._service = service

    async def ListOrganizations(
        self, request: organizations_pb2.ListOrganizationsRequest, context: Any
    ) -> organizations_pb2.ListOrganizationsResponse:
        """Lists organizations."""
        who = caller()
        page = await self._service.list(who, page_request(request))
        return organizations_pb2.ListOrganizationsResponse(
            organizations=[organization_message(item, who) for item in page.items],
            next_page_token=next_page_token(request, page),
        )

    async def CreateOrganization(
        self, request: organizations_pb2.CreateOrganizationRequest, context: Any
    ) -> organizations_pb2.Organization:
        """Creates an organization."""
        who = caller()
        organization = await self._service.create(
            who, request.name, request.description, optional_id(request.request_id)
        )
        owner = replace(who, memberships={**who.memberships, organization.id: Role.OWNER})
        return organization_message(organization, owner)

    async def GetOrganization(
        self, request: organizations_pb2.GetOrganizationRequest, context: Any
    ) -> organizations_pb2.Organization:
        """Gets an organization."""
        who = caller()
        return organization_message(await self._service.get(who, UUID(request.organization_id)), who)

    async def UpdateOrganization(
        self, request: organizations_pb2.UpdateOrganizationRequest, context: Any
    ) -> organizations_pb2.Organization:
        """Updates an organization."""
        who = caller()
        values = {name: getattr(request, name) for name in fields_to_update(request, UPDATABLE)}
        organization_id = UUID(request.organization_id)
        return organization_message(await self._service.update(who, organization_id, values, request.etag), who)

    async def DeleteOrganization(self, request: organizations_pb2.DeleteOrganizationRequest, context: Any) -> Empty:
        """Deletes an organization."""
        await self._service.delete(caller(), UUID(request.organization_id), request.etag)
        return Empty()

    async def ListMembers(
        self, request: organizations_pb2.ListMembersRequest, context: Any
    ) -> organizations_pb2.ListMembersResponse:
        """Lists members."""
        organization_id = UUID(request.organization_id)
        page = await self._service.list_members(caller(), organization_id, page_request(request))
        return organizations_pb2.ListMembersResponse(
            members=map(member_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def AddMember(self, request: organizations_pb2.AddMemberRequest, context: Any) -> organizations_pb2.Member:
        """Adds a member."""
        return member_message(
            await self._service.add_member(
                caller(),
                UUID(request.organization_id),
                optional_id(request.user_id),
                request.email or None,
                role_of(request.role, Role.MEMBER),
            )
        )

    async def UpdateMember(
        self, request: organizations_pb2.UpdateMemberRequest, context: Any
    ) -> organizations_pb2.Member:
        """Changes a member's role."""
        return member_message(
            await self._service.update_member(
                caller(), UUID(request.organization_id), UUID(request.user_id), Role(request.role)
            )
        )

    async def RemoveMember(self, request: organizations_pb2.RemoveMemberRequest, context: Any) -> Empty:
        """Removes a member."""
        await self._service.remove_member(caller(), UUID(request.organization_id), UUID(request.user_id))
        return Empty()
