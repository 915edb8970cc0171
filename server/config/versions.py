"""The versions of a configuration of any kind: a change adds one, a rollback adds one that equals an older one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from server.auth.permissions import Caller
from server.clock import now
from server.config.model import ConfigKind, ConfigVersion, Draft
from server.config.ports import Store, Transaction
from server.errors import EtagMismatch, InvalidFields, Violation
from server.paging import Page, PageRequest
from server.scope import PLATFORM

Edit = Callable[[Transaction, ConfigVersion], Awaitable[Draft]]
"""Makes the next version from the one that holds; raises InvalidFields with everything that is wrong."""


class ConfigVersions:
    """The versions that there are, and whose they are."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def owner(self, caller: Caller, kind: ConfigKind, requested: UUID | None) -> UUID:
        """Whose configuration a call is about: the platform's, or of alerts an organization's.

        Raises:
            PermissionDenied: only a platform administrator may see or set it.
            NotFound: there is no such organization, or the caller is not in it.
            OrganizationRequired: none is named, and the caller does not have exactly one.
        """
        if kind is not ConfigKind.ALERTS:
            caller.require_platform_admin(f"see or set the configuration {kind}")
            if requested not in (None, PLATFORM):
                raise InvalidFields(Violation("organization_id", f"must be left out: {kind} is the whole platform's"))
            return PLATFORM
        if caller.platform_admin and requested in (None, PLATFORM):
            return PLATFORM
        organization_id = caller.organization(requested)
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id)
        return organization_id

    async def newest(self, caller: Caller, owner: UUID, kind: ConfigKind) -> ConfigVersion:
        """The version that holds; number 0 without content where nobody has set anything."""
        async with self._store.begin(caller.scope) as tx:
            return await tx.configurations.newest(owner, kind) or _nothing(owner, kind)

    async def change(self, caller: Caller, owner: UUID, kind: ConfigKind, etag: str, edit: Edit) -> ConfigVersion:
        """Adds the version that the edit makes; where that is what holds already, nothing.

        Raises:
            EtagMismatch: the etag is given, and not that of the version that holds.
        """
        async with self._store.begin(caller.scope) as tx:
            held = await self._locked(tx, owner, kind, etag)
            return await self._add(tx, caller, held, await edit(tx, held))

    async def roll_back(self, caller: Caller, owner: UUID, kind: ConfigKind, version: int, etag: str) -> ConfigVersion:
        """Adds a version that equals an older one, with its secrets; gives it.

        Raises:
            NotFound: there is no such version.
            EtagMismatch: the etag is given, and not that of the version that holds.
        """
        async with self._store.begin(caller.scope) as tx:
            held = await self._locked(tx, owner, kind, etag)
            old = await tx.configurations.get(owner, kind, version)
            return await self._add(tx, caller, held, Draft(old.content, old.sealed_secrets), rolled_back_to=version)

    async def page(self, caller: Caller, owner: UUID, kind: ConfigKind, request: PageRequest) -> Page[ConfigVersion]:
        """Versions, newest first; raises InvalidPageToken."""
        async with self._store.begin(caller.scope) as tx:
            return await tx.configurations.page(owner, kind, request)

    async def _locked(self, tx: Transaction, owner: UUID, kind: ConfigKind, etag: str) -> ConfigVersion:
        held = await tx.configurations.newest(owner, kind, lock=True) or _nothing(owner, kind)
        if etag and etag != held.etag:
            raise EtagMismatch(held.etag)
        return held

    async def _add(
        self, tx: Transaction, caller: Caller, held: ConfigVersion, draft: Draft, rolled_back_to: int = 0
    ) -> ConfigVersion:
        if (draft.content, draft.sealed_secrets) == (held.content, held.sealed_secrets):
            return held
        return await tx.configurations.add(
            ConfigVersion(
                held.organization_id,
                held.kind,
                held.version + 1,
                draft.content,
                now(),
                caller.user_id,
                rolled_back_to,
                draft.sealed_secrets,
            )
        )


def _nothing(owner: UUID, kind: ConfigKind) -> ConfigVersion:
    return ConfigVersion(owner, kind, 0, {}, now())
