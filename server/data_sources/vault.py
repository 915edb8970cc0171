"""Secrets, sealed under the organization's key and bound to the data source or pipeline that they are of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.data_sources.ports import OrganizationKeys
from server.keys import MasterKey, seal, unseal
from server.observability import redaction
from server.scope import PLATFORM


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
        redaction.known.register(opened.values(), str(organization))
        return opened

    async def seal_rows(self, tx: HasKeys, organization: UUID, pipeline: UUID, contents: Sequence[str]) -> list[bytes]:
        """Seals the contents of rejected rows."""
        key = await self._data_key(tx, organization)
        return [seal(key, content.encode(), _rows_of(organization, pipeline)) for content in contents]

    async def open_rows(self, tx: HasKeys, organization: UUID, pipeline: UUID, sealed: Sequence[bytes]) -> list[str]:
        """Opens the contents of rejected rows.

        Raises:
            SecretUnreadable: one was sealed for another pipeline or under another key.
        """
        key = await self._data_key(tx, organization)
        return [unseal(key, content, _rows_of(organization, pipeline)).decode() for content in sealed]

    async def seal_webhook(self, tx: HasKeys, organization: UUID, pipeline: UUID, secret: str) -> bytes:
        """Seals the secret of a pipeline's webhook."""
        return seal(await self._data_key(tx, organization), secret.encode(), _webhook_of(organization, pipeline))

    async def open_webhook(self, tx: HasKeys, organization: UUID, pipeline: UUID, sealed: bytes) -> str:
        """Opens the secret of a pipeline's webhook.

        Raises:
            SecretUnreadable: it was sealed for another pipeline or under another key.
        """
        key = await self._data_key(tx, organization)
        secret = unseal(key, sealed, _webhook_of(organization, pipeline)).decode()
        redaction.known.register([secret], str(organization))
        return secret

    async def column_secret(self, tx: HasKeys, organization: UUID) -> bytes:
        """The organization's key for hashing and encrypting columns: the same for all its pipelines, for ever."""
        key = await self._data_key(tx, organization)
        return HKDF(SHA256(), 32, None, b"columns|1").derive(key)

    async def seal_channels(self, tx: HasKeys, organization: UUID, secrets: Mapping[str, str]) -> bytes | None:
        """Seals the secrets of an organization's alert channels, by channel; None where there are none."""
        if not secrets:
            return None
        return seal(await self._data_key(tx, organization), json.dumps(dict(secrets)).encode(), _channels(organization))

    async def open_channels(self, tx: HasKeys, organization: UUID, sealed: bytes | None) -> dict[str, str]:
        """Opens the secrets of an organization's alert channels.

        Raises:
            SecretUnreadable: they were sealed for another organization or under another key.
        """
        if sealed is None:
            return {}
        return _opened_channels(await self._data_key(tx, organization), organization, sealed)

    def open_platform_channels(self, sealed: bytes | None) -> dict[str, str]:
        """Opens the secrets of the platform's own alert channels, for which the database need not be there.

        Raises:
            SecretUnreadable: they were sealed for an organization or under another key.
        """
        return _opened_channels(self._platform_key, PLATFORM, sealed) if sealed is not None else {}

    @property
    def _platform_key(self) -> bytes:
        return self._master.derive("platform data key")  # it is no organization, and has no row for a key

    async def _data_key(self, tx: HasKeys, organization: UUID) -> bytes:
        if organization == PLATFORM:
            return self._platform_key
        wrapped = await tx.organization_keys.find(organization)
        if wrapped is None:
            fresh = self._master.new_data_key(organization.bytes)
            wrapped = await tx.organization_keys.insert(organization, self._master.id, fresh)
        return self._master.unwrap(wrapped, organization.bytes)


def _opened_channels(key: bytes, organization: UUID, sealed: bytes) -> dict[str, str]:
    opened: dict[str, str] = json.loads(unseal(key, sealed, _channels(organization)))
    redaction.known.register(opened.values(), str(organization))
    return opened


def _rows_of(organization: UUID, pipeline: UUID) -> bytes:
    return b"rejected-rows|1|" + organization.bytes + pipeline.bytes


def _webhook_of(organization: UUID, pipeline: UUID) -> bytes:
    return b"webhook|1|" + organization.bytes + pipeline.bytes


def _channels(organization: UUID) -> bytes:
    return b"alert-channels|1|" + organization.bytes


def _place(organization: UUID, source: UUID) -> bytes:
    return b"data-source-secrets|1|" + organization.bytes + source.bytes
