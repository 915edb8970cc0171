"""Organizations and members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.auth.permissions import Role


@dataclass(frozen=True)
class Organization:
    """The owner of data sources, pipelines and data."""

    id: UUID
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class Member:
    """A user in an organization."""

    organization_id: UUID
    user_id: UUID
    email: str
    full_name: str
    role: Role
    created_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", Role(self.role))
