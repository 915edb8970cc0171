"""What the auth service needs of storage."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from server.auth.model import Account, ApiKey, Membership, Session
from server.auth.permissions import Role
from server.organizations.model import Organization
from server.paging import Page, PageRequest
from server.scope import Scope
from server.users.model import User


class Credentials(Protocol):
    """Accounts with their secrets, sessions and failed logins."""

    async def by_email(self, email: str) -> tuple[User, str] | None:
        """The user of an e-mail address with the password's hash."""
        ...

    async def user(self, user_id: UUID) -> User:
        """A user, or raises NotFound."""
        ...

    async def password_hash(self, user_id: UUID) -> str:
        """The password's hash of a user."""
        ...

    async def insert_user(self, user_id: UUID, email: str, full_name: str, password_hash: str, *, admin: bool) -> User:
        """Adds an account; raises AlreadyExists when the address is taken."""
        ...

    async def set_password(self, user_id: UUID, password_hash: str) -> None:
        """Replaces the password's hash."""
        ...

    async def has_platform_admin(self) -> bool:
        """Whether there is any platform administrator; until the transaction ends nobody else is told."""
        ...

    async def memberships(self, user_id: UUID) -> list[Membership]:
        """A user's memberships, by the organizations' names."""
        ...

    async def account_of_session(self, session_id: UUID, user_id: UUID) -> Account | None:
        """The active account behind a session that is not over."""
        ...

    async def account_of_api_key(self, key_id: UUID) -> tuple[ApiKey, Account] | None:
        """The active account behind an API key that has not expired, with the key; notes the use."""
        ...

    async def insert_session(self, session: Session) -> None:
        """Adds a session."""
        ...

    async def lock_session(self, session_id: UUID) -> Session | None:
        """Gets a session that is not over; no other transaction changes it until this one ends."""
        ...

    async def advance_session(self, session_id: UUID, expires_at: datetime) -> None:
        """Starts the next generation of a session."""
        ...

    async def end_sessions(self, user_id: UUID, *, only: UUID | None = None, but: UUID | None = None) -> None:
        """Ends a user's sessions: all, only one, or all but one."""
        ...

    async def blocked_until(self, email: str) -> datetime | None:
        """Until when logins for an address are refused."""
        ...

    async def count_failure(self, email: str) -> None:
        """Counts a failed login; from the fifth on each doubles the wait, up to a quarter of an hour."""
        ...

    async def forget_failures(self, email: str) -> None:
        """Forgets failed logins."""
        ...


class ApiKeys(Protocol):
    """An organization's API keys."""

    async def insert(self, item: ApiKey) -> ApiKey:
        """Adds a key."""
        ...

    async def get(self, key: UUID) -> ApiKey:
        """Gets a key or raises NotFound."""
        ...

    async def delete(self, key: UUID) -> None:
        """Deletes a key or raises NotFound."""
        ...

    async def page_of(self, organization_id: UUID, request: PageRequest) -> Page[ApiKey]:
        """An organization's keys, newest first."""
        ...


class Organizations(Protocol):
    """Organizations, as far as registering needs them."""

    async def insert(self, item: Organization) -> Organization:
        """Adds an organization."""
        ...

    async def add_member(self, organization_id: UUID, user_id: UUID, role: Role) -> None:
        """Adds a member; raises AlreadyExists."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def credentials(self) -> Credentials:
        """Accounts with their secrets."""
        ...

    @property
    def api_keys(self) -> ApiKeys:
        """API keys."""
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
