"""Sessions, memberships and API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.auth.permissions import Role
from server.users.model import User


@dataclass(frozen=True)
class Session:
    """A user's session: it lives until logout, or until it is not refreshed in time."""

    id: UUID
    user_id: UUID
    generation: int
    refreshed_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Tokens:
    """What a client gets of a session."""

    access_token: str
    expires_in: int
    refresh_token: str
    user: User


@dataclass(frozen=True)
class Membership:
    """A user's place in an organization."""

    organization_id: UUID
    organization_name: str
    role: Role


@dataclass(frozen=True)
class ApiKey:
    """A key by which a program acts in one organization."""

    id: UUID
    organization_id: UUID
    created_by: UUID
    name: str
    role: Role
    secret_hash: bytes
    expires_at: datetime
    created_at: datetime
    last_used_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", Role(self.role))


@dataclass(frozen=True)
class Account:
    """What one look-up tells about the bearer of a token."""

    user: User
    memberships: dict[UUID, Role]
