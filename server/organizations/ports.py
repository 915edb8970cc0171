"""What the organizations service needs of storage."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID

from server.auth.permissions import Role
from server.organizations.model import Member, Organization
from server.paging import Page, PageRequest
from server.scope import Scope
from server.users.model import User


class Organizations(Protocol):
    """The organizations in a scope, and their members."""

    async def get(self, key: UUID, *, lock: bool = False) -> Organization:
        """Gets an organization or raises NotFound."""
        ...

    async def insert(self, item: Organization) -> Organization:
        """Adds an organization."""
        ...

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> Organization:
        """Changes an organization; raises NotFound, EtagMismatch."""
        ...

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes an organization with all it owns; raises NotFound, EtagMismatch."""
        ...

    async def page(self, request: PageRequest) -> Page[Organization]:
        """The scope's organizations, oldest first."""
        ...

    async def add_member(self, organization_id: UUID, user_id: UUID, role: Role) -> None:
        """Adds a member; raises AlreadyExists."""
        ...

    async def member(self, organization_id: UUID, user_id: UUID) -> Member:
        """Gets a member or raises NotFound."""
        ...

    async def members(self, organization_id: UUID, request: PageRequest) -> Page[Member]:
        """An organization's members, oldest account first."""
        ...

    async def set_role(self, organization_id: UUID, user_id: UUID, role: Role) -> None:
        """Changes a member's role."""
        ...

    async def remove_member(self, organization_id: UUID, user_id: UUID) -> None:
        """Removes a member with their API keys of that organization."""
        ...

    async def count_owners(self, organization_id: UUID) -> int:
        """How many owners there are."""
        ...

    async def run_in_flight(self, organization_id: UUID) -> UUID | None:
        """A run of the organization that is queued or running."""
        ...


class Users(Protocol):
    """Users, as far as adding members needs them."""

    async def find_registered(self, user_id: UUID | None, email: str | None) -> User:
        """Gets an active user by id or address, or raises NotFound."""
        ...


class Requests(Protocol):
    """What idempotent calls made before."""

    async def claim(self, user_id: UUID, method: str, request_id: UUID | None, fingerprint: bytes, new: UUID) -> UUID:
        """The id that the request's resource has: `new`, or that of the first call; raises RequestIdReused."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def organizations(self) -> Organizations:
        """Organizations."""
        ...

    @property
    def users(self) -> Users:
        """Users."""
        ...

    @property
    def requests(self) -> Requests:
        """Idempotent calls."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows; commits at the end unless it raises."""
        ...
