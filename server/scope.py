"""What a transaction may see: the second wall, row-level security, enforces it in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

PLATFORM = UUID(int=0)
"""The organization of what is the platform's own."""


@dataclass(frozen=True)
class Scope:
    """The user, and the organizations whose rows are visible; `platform` sees all rows."""

    user_id: UUID | None = None
    organizations: frozenset[UUID] = field(default_factory=frozenset)
    platform: bool = False

    @classmethod
    def everything(cls) -> Scope:
        """The scope of the platform itself and of its administrators."""
        return cls(platform=True)

    @classmethod
    def of(cls, organization_id: UUID, user_id: UUID | None = None) -> Scope:
        """The scope of one organization."""
        return cls(user_id, frozenset({organization_id}))

    def including(self, organization_id: UUID) -> Scope:
        """This scope and one more organization, such as one that is being created."""
        return Scope(self.user_id, self.organizations | {organization_id}, self.platform)
