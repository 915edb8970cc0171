"""What the configurations need of storage."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from server.config.model import ConfigKind, ConfigVersion
from server.paging import Page, PageRequest
from server.scope import Scope


class Configurations(Protocol):
    """The versions of configurations."""

    async def newest(self, organization_id: UUID, kind: ConfigKind, *, lock: bool = False) -> ConfigVersion | None:
        """The version that holds; with `lock` nobody else adds one until the transaction has ended."""
        ...

    async def get(self, organization_id: UUID, kind: ConfigKind, version: int) -> ConfigVersion:
        """A version; raises NotFound."""
        ...

    async def add(self, version: ConfigVersion) -> ConfigVersion:
        """Adds the newest version, and tells every process."""
        ...

    async def page(self, organization_id: UUID, kind: ConfigKind, request: PageRequest) -> Page[ConfigVersion]:
        """Versions, newest first; raises InvalidPageToken."""
        ...


class Transaction(Protocol):
    """A transaction with the configurations."""

    @property
    def configurations(self) -> Configurations:
        """The versions of configurations."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows."""
        ...
