"""The Auth service's handlers: convert, call, convert."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from thedata.v1 import auth_pb2, auth_pb2_grpc

from server.auth.convert import LOGOUT_SCOPES, api_key_message, membership_message, role_of, session_message
from server.auth.permissions import Role
from server.auth.service import AuthService
from server.rpc.caller import caller
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import optional_id
from server.users.convert import user_message


class AuthServicer(auth_pb2_grpc.AuthServiceServicer):
    """Sessions and API keys."""

    def __init__(self, service: AuthService) -> None:
        self._service = service

    async def Register(self, request: auth_pb2.RegisterRequest, context: Any) -> auth_pb2.Session:
        """Registers a user."""
        return session_message(
            await self._service.register(request.email, request.password, request.full_name, request.organization_name)
        )

    async def Login(self, request: auth_pb2.LoginRequest, context: Any) -> auth_pb2.Session:
        """Logs in."""
        return session_message(await self._service.login(request.email, request.password))

    async def RefreshToken(self, request: auth_pb2.RefreshTokenRequest, context: Any) -> auth_pb2.Session:
        """Exchanges a refresh token."""
        return session_message(await self._service.refresh(request.refresh_token))

    async def GetCurrentUser(self, request: auth_pb2.GetCurrentUserRequest, context: Any) -> auth_pb2.CurrentUser:
        """Gets the calling user."""
        who = caller()
        user, memberships = await self._service.current_user(who)
        return auth_pb2.CurrentUser(
            user=user_message(user),
            memberships=map(membership_message, memberships),
            api_key_id=str(who.api_key_id or ""),
        )

    async def Logout(self, request: auth_pb2.LogoutRequest, context: Any) -> Empty:
        """Ends sessions."""
        await self._service.logout(caller(), LOGOUT_SCOPES[request.scope])
        return Empty()

    async def ChangePassword(self, request: auth_pb2.ChangePasswordRequest, context: Any) -> Empty:
        """Changes the password."""
        await self._service.change_password(caller(), request.current_password, request.new_password)
        return Empty()

    async def CreateApiKey(self, request: auth_pb2.CreateApiKeyRequest, context: Any) -> auth_pb2.CreateApiKeyResponse:
        """Creates an API key."""
        lifetime = request.ttl.ToTimedelta() if request.HasField("ttl") else None
        key, secret = await self._service.create_api_key(
            caller(),
            optional_id(request.organization_id),
            request.name,
            role_of(request.role, Role.VIEWER),
            lifetime,
        )
        return auth_pb2.CreateApiKeyResponse(api_key=api_key_message(key), secret=secret)

    async def ListApiKeys(self, request: auth_pb2.ListApiKeysRequest, context: Any) -> auth_pb2.ListApiKeysResponse:
        """Lists API keys."""
        organization = optional_id(request.organization_id)
        page = await self._service.list_api_keys(caller(), organization, page_request(request))
        return auth_pb2.ListApiKeysResponse(
            api_keys=map(api_key_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def DeleteApiKey(self, request: auth_pb2.DeleteApiKeyRequest, context: Any) -> Empty:
        """Deletes an API key."""
        await self._service.delete_api_key(caller(), UUID(request.api_key_id))
        return Empty()
