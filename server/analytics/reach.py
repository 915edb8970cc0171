"""Whose analytics a call is about."""

from __future__ import annotations

from uuid import UUID

from server.analytics.ports import Store
from server.auth.permissions import Caller
from server.scope import PLATFORM


async def organization_of(store: Store, caller: Caller, requested: UUID | None) -> UUID:
    """The organization of a question, which is there; for platform administrators also the platform's own.

    Raises:
        NotFound: the caller may not see it.
        PermissionDenied: the caller's role in it does not suffice.
    """
    organization_id = caller.organization(requested)
    # A member's organization is there: the memberships were read for this call, and go with it.
    if organization_id != PLATFORM and organization_id not in caller.memberships:
        async with store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id)
    return organization_id
