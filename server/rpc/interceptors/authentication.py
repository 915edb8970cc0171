"""Tells who calls, and denies what the contract does not permit."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Protocol

import structlog

from server.auth.errors import Unauthenticated
from server.auth.permissions import Caller, Permission
from server.errors import PermissionDenied, Unavailable
from server.rpc.caller import set_caller
from server.rpc.interceptors.around import Around, Call, Proceed
from server.rpc.methods import PERMISSIONS

ALSO_WITHOUT_DATABASE = frozenset(
    ("/thedata.v1.AdminService/GetSystemStatus", "/thedata.v1.AdminService/WatchSystemStatus")
)
"""What tells that the database is away must not need it."""
ANSWER_SECONDS = 3.0
OPEN_PREFIXES = ("/grpc.health.v1.Health/", "/grpc.reflection.")


class Authenticator(Protocol):
    """Who can tell the bearer of a token."""

    async def authenticate(self, token: str) -> Caller:
        """The bearer, or Unauthenticated."""
        ...

    def remembered(self, token: str) -> Caller | None:
        """The bearer, if they were confirmed to be a platform administrator within the last minute."""
        ...


class Authentication(Around):
    """Before validation, so that a stranger learns nothing about what would be valid."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    async def around(self, call: Call, proceed: Proceed) -> Any:
        """Lets the call on with its caller known."""
        if call.method.startswith(OPEN_PREFIXES):
            return await proceed()
        permission = PERMISSIONS.get(call.method)
        if permission is None:
            raise PermissionDenied("UNSPECIFIED")
        if permission is not Permission.PUBLIC:
            caller = await self._caller(call)
            caller = replace(caller, permission=permission)
            set_caller(caller)
            if permission is Permission.PLATFORM_ADMIN:
                caller.require_platform_admin("call this method")
            _name_in_logs(caller, call)
        return await proceed()

    async def _caller(self, call: Call) -> Caller:
        token = _bearer(call)
        if call.method not in ALSO_WITHOUT_DATABASE:
            return await self._authenticator.authenticate(token)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._authenticator.authenticate(token)
        except (Unavailable, TimeoutError) as error:
            if (caller := self._authenticator.remembered(token)) is not None:
                return caller
            raise Unavailable from error


def _name_in_logs(caller: Caller, call: Call) -> None:
    """Has what is logged from now on say who calls, and for which organization where that is clear."""
    named = str(getattr(call.request, "organization_id", ""))
    own = {str(organization) for organization in caller.memberships}
    organization = named if named in own else next(iter(own)) if len(own) == 1 and not named else ""
    ids = {"user_id": str(caller.user_id), "organization_id": organization}
    structlog.contextvars.bind_contextvars(**{name: value for name, value in ids.items() if value})


def _bearer(call: Call) -> str:
    header = call.metadata.get("authorization", "")
    scheme, _, token = str(header).partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()
