"""What the configurations need of storage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from server.config.model import ConfigKind, ConfigVersion
from server.organizations.model import Organization
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


class Organizations(Protocol):
    """The organizations in a scope."""

    async def get(self, key: UUID, *, lock: bool = False) -> Organization:
        """Gets an organization or raises NotFound."""
        ...

    async def among(self, keys: Collection[UUID]) -> set[UUID]:
        """Which of some organizations there are."""
        ...


class Transaction(Protocol):
    """A transaction with the configurations."""

    @property
    def organizations(self) -> Organizations:
        """Organizations."""
        ...

    @property
    def configurations(self) -> Configurations:
        """The versions of configurations."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows."""
        ...


class LandedColumns(Protocol):
    """Who knows the tables that pipelines have landed in the analytics store."""

    async def times(self, organization_id: UUID, table: str) -> Mapping[str, bool] | None:
        """A table's columns, each with whether it holds dates or times; None: there is no such table yet.

        Raises:
            AnalyticsMissing: this installation has no analytics store.
            StoreUnavailable: it can't be reached.
        """
        ...
