"""What the audit needs of storage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from server.audit.model import AuditEntry, AuditFilter, Denial
from server.scope import Scope


class Entries(Protocol):
    """Audit entries in a scope."""

    async def deny(self, denials: Sequence[Denial]) -> None:
        """Adds entries of denials."""
        ...

    async def head(self) -> int:
        """The newest number: no entry up to it is still to come. 0 where there is none."""
        ...

    async def before(self, wanted: AuditFilter, number: int | None, limit: int) -> list[AuditEntry]:
        """The newest entries, or those before a number, newest first."""
        ...

    async def between(self, wanted: AuditFilter, after: int, last: int, limit: int) -> list[AuditEntry]:
        """The oldest entries with numbers above one, up to another."""
        ...

    async def read_by(self, reader: str) -> int:
        """The number up to which a part of the platform has read."""
        ...

    async def read(self, reader: str, number: int) -> None:
        """Says up to which number a part of the platform has read."""
        ...


class Organizations(Protocol):
    """Organizations, as far as the audit needs them."""

    async def among(self, keys: Collection[UUID]) -> set[UUID]:
        """Which of some organizations there are."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def audit(self) -> Entries:
        """Audit entries."""
        ...

    @property
    def organizations(self) -> Organizations:
        """Organizations."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows; commits at the end unless it raises."""
        ...
