"""What limits need of storage."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from server.limits.model import Subject, Taken, Usage
from server.organizations.ports import Organizations
from server.scope import Scope


class LimitRows(Protocol):
    """Windows, places and usage, by the database's clock."""

    async def take(self, subject: Subject, size: int) -> Taken:
        """Adds to what was taken of the subject's current window."""
        ...

    async def enter(self, subject: Subject, server: str, places: int, limit: int) -> bool:
        """Notes how many streams of a subject a server has, if that and those of the others are within the limit."""
        ...

    async def set_places(self, server: str, places: Mapping[Subject, int]) -> None:
        """Notes how many streams of some subjects a server has."""
        ...

    async def renew(self, server: str, lease: timedelta) -> bool:
        """Says that a server lives; False: it was taken for dead meanwhile, and what was noted of it is gone."""
        ...

    async def leave(self, server: str) -> None:
        """Forgets a server that ends, with its places."""
        ...

    async def tidy(self) -> None:
        """Forgets servers that are dead and windows that are over."""
        ...

    async def usage(self, organization_id: UUID) -> Usage:
        """What an organization has used."""
        ...


class Transaction(Protocol):
    """A transaction with the limits."""

    @property
    def limits(self) -> LimitRows:
        """Windows, places and usage."""
        ...

    @property
    def organizations(self) -> Organizations:
        """Organizations."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows."""
        ...
