"""Whose alerts a call is about."""

from __future__ import annotations

from uuid import UUID

from server.alerts.ports import Transaction
from server.auth.permissions import Caller
from server.scope import PLATFORM


async def owner_of(tx: Transaction, caller: Caller, requested: UUID | None) -> UUID:
    """The organization of a call, which is there; left out by a platform administrator, the platform itself.

    Raises:
        OrganizationRequired: none is named and the caller does not have exactly one.
        NotFound: the caller may not see it.
        PermissionDenied: the caller's role in it does not suffice.
    """
    if requested is None and caller.platform_admin:
        return PLATFORM
    organization_id = caller.organization(requested)
    if organization_id != PLATFORM:
        await tx.organizations.get(organization_id)
    return organization_id
