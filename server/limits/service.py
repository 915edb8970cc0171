"""The rules of what an organization is told of its limits."""

from __future__ import annotations

from uuid import UUID

from server.auth.permissions import Caller
from server.config.live import LiveConfig
from server.config.model import Limits
from server.limits.model import Usage
from server.limits.ports import Store
from server.scope import Scope


class UsageService:
    """Tells what an organization has used."""

    def __init__(self, store: Store, config: LiveConfig) -> None:
        self._store = store
        self._config = config

    async def get(self, caller: Caller, organization: UUID | None) -> tuple[UUID, Limits, Usage]:
        """An organization, its limits, and what it has used of them.

        Raises:
            OrganizationRequired, NotFound, PermissionDenied.
        """
        organization_id = caller.organization(organization)
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id)
        async with self._store.begin(Scope.everything()) as tx:
            usage = await tx.limits.usage(organization_id)
        return organization_id, self._config.system.limits_of(organization_id), usage
