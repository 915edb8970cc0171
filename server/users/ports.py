"""What the users service needs of storage."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID

from server.paging import Page, PageRequest
from server.scope import Scope
from server.users.model import User


class Users(Protocol):
    """The users in a scope."""

    async def get(self, key: UUID) -> User:
        """Gets a user or raises NotFound."""
        ...

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> User:
        """Changes a user; raises NotFound, EtagMismatch, AlreadyExists."""
        ...

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes a user; raises NotFound, EtagMismatch."""
        ...

    async def page_of(self, organization_id: UUID | None, request: PageRequest) -> Page[User]:
        """The users of an organization, or all in the scope, oldest first."""
        ...

    async def end_access(self, user_id: UUID) -> None:
        """Ends a user's sessions and API keys."""
        ...


class Organizations(Protocol):
    """Organizations, as far as deleting a user needs them."""

    async def owned_alone(self, user_id: UUID) -> tuple[list[UUID], list[UUID]]:
        """The organizations whose only owner is the user: those with other members, and those without."""
        ...

    async def delete(self, key: UUID) -> None:
        """Deletes an organization with all it owns."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def users(self) -> Users:
        """Users."""
        ...

    @property
    def organizations(self) -> Organizations:
        """Organizations."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows; commits at the end unless it raises."""
        ...
