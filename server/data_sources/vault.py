"""Secrets of data sources: sealed under the organization's key, bound to the data source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from server.data_sources.ports import OrganizationKeys
from server.keys import MasterKey, seal, unseal


class HasKeys(Protocol):
    """A transaction with the organizations' keys."""

    @property
    def organization_keys(self) -> OrganizationKeys:
        """Data keys."""
        ...


class Vault:
    """Seals and opens the secret fields of data sources."""

    def __init__(self, master_key: MasterKey) -> None:
        self._master = master_key

    async def seal(self, tx: HasKeys, organization: UUID, source: UUID, secrets: Mapping[str, str]) -> bytes | None:
        """Seals secret fields; None where there are none."""
        if not secrets:
            return None
        key = await self._data_key(tx, organization)
        return seal(key, json.dumps(dict(secrets)).encode(), _place(organization, source))

    async def open(self, tx: HasKeys, organization: UUID, source: UUID, sealed: bytes | None) -> dict[str, str]:
        """Opens secret fields.

        Raises:
            SecretUnreadable: they were sealed for another place or under another key.
        """
        if sealed is None:
            return {}
        key = await self._data_key(tx, organization)
        opened: dict[str, str] = json.loads(unseal(key, sealed, _place(organization, source)))
        return opened

    async def _data_key(self, tx: HasKeys, organization: UUID) -> bytes:
        wrapped = await tx.organization_keys.find(organization)
        if wrapped is None:
            fresh = self._master.new_data_key(organization.bytes)
            wrapped = await tx.organization_keys.insert(organization, self._master.id, fresh)
        return self._master.unwrap(wrapped, organization.bytes)


def _place(organization: UUID, source: UUID) -> bytes:
    return b"data-source-secrets|1|" + organization.bytes + source.bytes
