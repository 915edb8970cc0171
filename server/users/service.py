"""The rules of user accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.auth.permissions import Caller
from server.organizations.errors import LastOwner
from server.paging import Page, PageRequest
from server.scope import Scope
from server.users.model import User
from server.users.ports import Store

ADMIN_FIELDS = frozenset({"active", "platform_admin"})


class UsersService:
    """Reads and changes user accounts: one's own, or any as a platform administrator."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list(self, caller: Caller, organization_id: UUID | None, request: PageRequest) -> Page[User]:
        """The users that the caller may see, oldest first."""
        async with self._store.begin(caller.scope) as tx:
            return await tx.users.page_of(organization_id, request)

    async def get(self, caller: Caller, user_id: UUID) -> User:
        """A user that the caller may see."""
        async with self._store.begin(caller.scope) as tx:
            return await tx.users.get(user_id)

    async def update(self, caller: Caller, user_id: UUID, values: Mapping[str, Any], etag: str) -> User:
        """Changes a user.

        Raises:
            PermissionDenied: it is another user, or a field that only a platform administrator sets.
            NotFound, EtagMismatch, AlreadyExists.
        """
        if "email" in values:
            values = {**values, "email": values["email"].lower()}
        async with self._store.begin(caller.scope) as tx:
            user = await tx.users.get(user_id)
            if user.id != caller.user_id or caller.api_key_id:
                caller.require_platform_admin("change another user")
            if ADMIN_FIELDS & {name for name in values if values[name] != getattr(user, name)}:
                caller.require_platform_admin("set active or platform_admin")
            changed = await tx.users.update(user_id, values, etag=etag)
            if user.active and not changed.active:
                await tx.users.end_access(user_id)
            return changed

    async def delete(self, caller: Caller, user_id: UUID, etag: str) -> None:
        """Deletes a user, and the organizations that have no other member.

        Raises:
            PermissionDenied: it is another user.
            LastOwner: an organization with other members would be left without an owner.
            NotFound, EtagMismatch.
        """
        async with self._store.begin(caller.scope) as tx:
            await tx.users.get(user_id)
            if user_id != caller.user_id or caller.api_key_id:
                caller.require_platform_admin("delete another user")
        # The platform's scope: the user's organizations are not all in an administrator's own.
        async with self._store.begin(Scope.everything()) as tx:
            with_others, alone = await tx.organizations.owned_alone(user_id)
            if with_others:
                raise LastOwner(with_others[0])
            for organization_id in alone:
                await tx.organizations.delete(organization_id)
            await tx.users.delete(user_id, etag=etag)
