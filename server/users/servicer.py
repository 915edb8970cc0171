"""The Users service's handlers: convert, call, convert."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from thedata.v1 import users_pb2, users_pb2_grpc

from server.rpc.caller import caller
from server.rpc.field_mask import fields_to_update
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import optional_id
from server.users.convert import UPDATABLE, user_message
from server.users.service import UsersService


class UsersServicer(users_pb2_grpc.UsersServiceServicer):
    """User accounts."""

    def __init__(self, service: UsersService) -> None:
        self._service = service

    async def ListUsers(self, request: users_pb2.ListUsersRequest, context: Any) -> users_pb2.ListUsersResponse:
        """Lists users."""
        organization = optional_id(request.organization_id)
        page = await self._service.list(caller(), organization, page_request(request))
        return users_pb2.ListUsersResponse(
            users=map(user_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def GetUser(self, request: users_pb2.GetUserRequest, context: Any) -> users_pb2.User:
        """Gets a user."""
        return user_message(await self._service.get(caller(), UUID(request.user_id)))

    async def UpdateUser(self, request: users_pb2.UpdateUserRequest, context: Any) -> users_pb2.User:
        """Updates a user."""
        values = {name: getattr(request, name) for name in fields_to_update(request, UPDATABLE)}
        return user_message(await self._service.update(caller(), UUID(request.user_id), values, request.etag))

    async def DeleteUser(self, request: users_pb2.DeleteUserRequest, context: Any) -> Empty:
        """Deletes a user."""
        await self._service.delete(caller(), UUID(request.user_id), request.etag)
        return Empty()
