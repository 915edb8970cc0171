"""Who may do what: roles, permissions, and the caller of a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID

from server.errors import NotFound, OrganizationRequired, PermissionDenied
from server.scope import Scope


class Role(IntEnum):
    """A member's role; each may do what the ones before it may."""

    VIEWER = 1
    MEMBER = 2
    ADMIN = 3
    OWNER = 4


class Permission(StrEnum):
    """What a method needs; the names are those of the proto option."""

    PUBLIC = "PUBLIC"
    AUTHENTICATED = "AUTHENTICATED"
    ORGANIZATION_READ = "ORGANIZATION_READ"
    ORGANIZATION_WRITE = "ORGANIZATION_WRITE"
    ORGANIZATION_DELETE = "ORGANIZATION_DELETE"
    MEMBERS_WRITE = "MEMBERS_WRITE"
    API_KEYS_WRITE = "API_KEYS_WRITE"
    DATA_SOURCES_READ = "DATA_SOURCES_READ"
    DATA_SOURCES_WRITE = "DATA_SOURCES_WRITE"
    PIPELINES_READ = "PIPELINES_READ"
    PIPELINES_WRITE = "PIPELINES_WRITE"
    PIPELINES_RUN = "PIPELINES_RUN"
    ANALYTICS_READ = "ANALYTICS_READ"
    ANALYTICS_WRITE = "ANALYTICS_WRITE"
    AUDIT_READ = "AUDIT_READ"
    PLATFORM_ADMIN = "PLATFORM_ADMIN"
    ALERTS_READ = "ALERTS_READ"
    ALERTS_WRITE = "ALERTS_WRITE"


LEAST_ROLE = {
    Permission.ORGANIZATION_READ: Role.VIEWER,
    Permission.ORGANIZATION_WRITE: Role.ADMIN,
    Permission.ORGANIZATION_DELETE: Role.OWNER,
    Permission.MEMBERS_WRITE: Role.ADMIN,
    Permission.API_KEYS_WRITE: Role.ADMIN,
    Permission.DATA_SOURCES_READ: Role.VIEWER,
    Permission.DATA_SOURCES_WRITE: Role.MEMBER,
    Permission.PIPELINES_READ: Role.VIEWER,
    Permission.PIPELINES_WRITE: Role.MEMBER,
    Permission.PIPELINES_RUN: Role.MEMBER,
    Permission.ANALYTICS_READ: Role.VIEWER,
    Permission.ANALYTICS_WRITE: Role.MEMBER,
    Permission.AUDIT_READ: Role.ADMIN,
    Permission.ALERTS_READ: Role.VIEWER,
    Permission.ALERTS_WRITE: Role.ADMIN,
}


@dataclass(frozen=True)
class Caller:
    """Who calls, what they may see, and what the method they call needs."""

    user_id: UUID
    memberships: dict[UUID, Role]
    platform_admin: bool = False
    session_id: UUID | None = None
    api_key_id: UUID | None = None
    expires_at: float = field(default=float("inf"))
    permission: Permission = Permission.AUTHENTICATED
    # Hears of which organization the call is; raises LimitReached where that has used up its limit.
    admit: Callable[[UUID], None] = field(default=lambda _organization_id: None, compare=False, repr=False)

    @property
    def scope(self) -> Scope:
        """What the caller's transactions see."""
        return Scope(self.user_id, frozenset(self.memberships), self.platform_admin)

    def organization(self, requested: UUID | None) -> UUID:
        """Chooses the organization of a call and authorizes the caller in it.

        Raises:
            OrganizationRequired: none is named and the caller does not have exactly one.
            NotFound: the caller is not in the one named.
            PermissionDenied: the caller's role there does not suffice.
        """
        if requested is None:
            if len(self.memberships) != 1:
                raise OrganizationRequired(len(self.memberships))
            requested = next(iter(self.memberships))
        self.authorize(requested)
        return requested

    def authorize(self, organization_id: UUID) -> None:
        """Checks that the caller's role in an organization grants the method's permission.

        Raises:
            NotFound: the caller is not in it.
            PermissionDenied: the role does not suffice.
            LimitReached: the organization has used up its requests or streams.
        """
        if self.platform_admin:
            return
        role = self.memberships.get(organization_id)
        if role is None:
            raise NotFound("organization", organization_id)
        least = LEAST_ROLE.get(self.permission)
        if least is None or role < least:
            raise PermissionDenied(self.permission, organization_id=organization_id)
        self.admit(organization_id)

    def require_platform_admin(self, what: str) -> None:
        """Checks for the platform administrator's flag.

        Raises:
            PermissionDenied: the caller has it not.
        """
        if not self.platform_admin:
            raise PermissionDenied(Permission.PLATFORM_ADMIN, f"Only a platform administrator may {what}.")
