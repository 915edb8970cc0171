"""What the data sources service needs of storage."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from server.data_sources.model import DataSource, Moved
from server.organizations.ports import Requests
from server.paging import Page, PageRequest
from server.scope import Scope


class DataSources(Protocol):
    """The data sources in a scope."""

    async def get(self, key: UUID, *, lock: bool = False) -> DataSource:
        """Gets a data source or raises NotFound."""
        ...

    async def insert(self, item: DataSource) -> DataSource:
        """Adds a data source; raises AlreadyExists."""
        ...

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> DataSource:
        """Changes a data source; raises NotFound, EtagMismatch, AlreadyExists."""
        ...

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes a data source; raises NotFound, EtagMismatch, InUse."""
        ...

    async def page_of(self, organization_id: UUID, connector: str, request: PageRequest) -> Page[DataSource]:
        """An organization's data sources, newest first; of one connector unless that is empty."""
        ...

    async def note_check(self, key: UUID, *, healthy: bool) -> None:
        """Notes what a check found; no change of the version."""
        ...

    async def pipelines(self, key: UUID) -> int:
        """How many pipelines name a data source."""
        ...

    async def moved(self, key: UUID, start: datetime, end: datetime) -> Moved:
        """What runs that ended in a span moved from and into a data source."""
        ...


class Told(Protocol):
    """What the analytics store was told of runs."""

    async def moved(self, organization_id: UUID, source_id: UUID, start: datetime, end: datetime) -> Moved:
        """What runs that ended in a span moved from and into a data source; raises StoreUnavailable."""
        ...


class OrganizationKeys(Protocol):
    """The wrapped data keys of organizations."""

    async def find(self, organization_id: UUID) -> bytes | None:
        """The wrapped key, if there is one."""
        ...

    async def insert(self, organization_id: UUID, master_key_id: str, wrapped_key: bytes) -> bytes:
        """Adds a wrapped key, unless another transaction did; returns the one that counts."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def data_sources(self) -> DataSources:
        """Data sources."""
        ...

    @property
    def organization_keys(self) -> OrganizationKeys:
        """Data keys."""
        ...

    @property
    def requests(self) -> Requests:
        """Idempotent calls."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows; commits at the end unless it raises."""
        ...
