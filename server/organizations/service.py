"""The rules of organizations and their members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.auth.permissions import LEAST_ROLE, Caller, Permission, Role
from server.clock import now
from server.errors import PermissionDenied
from server.ids import new_id
from server.organizations.errors import LastOwner
from server.organizations.model import Member, Organization
from server.organizations.ports import Store, Transaction
from server.paging import Page, PageRequest, fingerprint
from server.pipelines.errors import RunInFlight
from server.scope import Scope


class OrganizationsService:
    """Keeps organizations and the people in them; an organization never loses its last owner."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list(self, caller: Caller, request: PageRequest) -> Page[Organization]:
        """The caller's organizations, oldest first."""
        async with self._store.begin(caller.scope) as tx:
            return await tx.organizations.page(request)

    async def create(self, caller: Caller, name: str, description: str, request_id: UUID | None) -> Organization:
        """Adds an organization with the caller as owner; an API key can't."""
        if caller.api_key_id:
            raise PermissionDenied(Permission.AUTHENTICATED, "An API key can't create organizations; log in.")
        fresh = new_id()
        async with self._store.begin(caller.scope.including(fresh)) as tx:
            known = await tx.requests.claim(
                caller.user_id, "CreateOrganization", request_id, fingerprint(name, description), fresh
            )
            if known == fresh:
                created = now()
                item = Organization(fresh, name, description, created, created, 1)
                organization = await tx.organizations.insert(item)
                await tx.organizations.add_member(fresh, caller.user_id, Role.OWNER)
                return organization
        # It may be newer than the memberships that the caller came with.
        async with self._store.begin(caller.scope.including(known)) as tx:
            await tx.organizations.member(known, caller.user_id)  # whoever was removed since sees it no more
            return await tx.organizations.get(known)

    async def get(self, caller: Caller, organization_id: UUID) -> Organization:
        """An organization."""
        async with self._store.begin(caller.scope) as tx:
            organization = await tx.organizations.get(organization_id)
            if caller.permission is not Permission.AUTHENTICATED:
                caller.authorize(organization_id)
            return organization

    async def update(self, caller: Caller, organization_id: UUID, values: Mapping[str, Any], etag: str) -> Organization:
        """Changes an organization."""
        caller.authorize(organization_id)
        async with self._store.begin(caller.scope) as tx:
            return await tx.organizations.update(organization_id, values, etag=etag)

    async def delete(self, caller: Caller, organization_id: UUID, etag: str) -> None:
        """Deletes an organization with all it owns.

        Raises:
            RunInFlight: one of its pipelines runs.
        """
        caller.authorize(organization_id)
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id, lock=True)
            run_id = await tx.organizations.run_in_flight(organization_id)
            if run_id:
                raise RunInFlight(run_id)
            await tx.organizations.delete(organization_id, etag=etag)

    async def list_members(self, caller: Caller, organization_id: UUID, request: PageRequest) -> Page[Member]:
        """An organization's members."""
        caller.authorize(organization_id)
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id)
            return await tx.organizations.members(organization_id, request)

    async def add_member(
        self, caller: Caller, organization_id: UUID, user_id: UUID | None, email: str | None, role: Role
    ) -> Member:
        """Adds a registered user.

        Raises:
            NotFound: no such user is registered.
            AlreadyExists: they are a member already.
            PermissionDenied: the role is above the caller's own.
        """
        self._authorize_role(caller, organization_id, role)
        # The platform's scope: whoever is to be added is not in the caller's yet.
        async with self._store.begin(Scope.everything()) as tx:
            await tx.organizations.get(organization_id)
            user = await tx.users.find_registered(user_id, email.lower() if email else None)
            await tx.organizations.add_member(organization_id, user.id, role)
            return await tx.organizations.member(organization_id, user.id)

    async def update_member(self, caller: Caller, organization_id: UUID, user_id: UUID, role: Role) -> Member:
        """Changes a member's role.

        Raises:
            PermissionDenied: the member's present or new role is above the caller's own.
            LastOwner: no owner would be left.
        """
        async with self._store.begin(caller.scope) as tx:
            member = await self._changeable(tx, caller, organization_id, user_id)
            self._authorize_role(caller, organization_id, role)
            if role is not Role.OWNER:
                await self._require_other_owner(tx, member)
            await tx.organizations.set_role(organization_id, user_id, role)
            return await tx.organizations.member(organization_id, user_id)

    async def remove_member(self, caller: Caller, organization_id: UUID, user_id: UUID) -> None:
        """Removes a member; anyone may remove themselves.

        Raises:
            PermissionDenied: the caller may not manage members, or the member's role is above the caller's own.
            LastOwner: no owner would be left.
        """
        async with self._store.begin(caller.scope) as tx:
            member = await self._changeable(tx, caller, organization_id, user_id)
            role = caller.memberships.get(organization_id, Role.OWNER)
            leaves = user_id == caller.user_id and caller.api_key_id is None
            if not leaves and not caller.platform_admin and role < LEAST_ROLE[Permission.MEMBERS_WRITE]:
                raise PermissionDenied(Permission.MEMBERS_WRITE)
            await self._require_other_owner(tx, member)
            await tx.organizations.remove_member(organization_id, user_id)

    async def _changeable(self, tx: Transaction, caller: Caller, organization_id: UUID, user_id: UUID) -> Member:
        caller.authorize(organization_id)
        # Locked, so that two owners can't demote each other at once.
        await tx.organizations.get(organization_id, lock=True)
        member = await tx.organizations.member(organization_id, user_id)
        if user_id != caller.user_id:
            self._authorize_role(caller, organization_id, member.role)
        return member

    async def _require_other_owner(self, tx: Transaction, member: Member) -> None:
        if member.role is Role.OWNER and await tx.organizations.count_owners(member.organization_id) < 2:
            raise LastOwner(member.organization_id)

    def _authorize_role(self, caller: Caller, organization_id: UUID, role: Role) -> None:
        caller.authorize(organization_id)
        if not caller.platform_admin and role > caller.memberships[organization_id]:
            raise PermissionDenied(caller.permission, "You can't give, change or take a role above your own.")
