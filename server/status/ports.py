"""What the state of the platform is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from server.scope import Scope
from server.status.model import Facts, Finding, Totals

CHANGED = "status"
"""What a process is told when the state has changed."""


class StatusRows(Protocol):
    """What PostgreSQL knows."""

    async def facts(self, totals: Totals) -> Facts:
        """Workers and queue as they are now, beside totals that are known already."""
        ...

    async def totals(self) -> Totals:
        """What was synchronized in the last 24 hours."""
        ...


class Transaction(Protocol):
    """A transaction with what PostgreSQL knows."""

    @property
    def status(self) -> StatusRows:
        """What PostgreSQL knows."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows."""
        ...


class Engine(Protocol):
    """The analytics engine."""

    async def ping(self) -> None:
        """Has it answer; raises StoreUnavailable."""
        ...


class Probe(Protocol):
    """Looks at components. Where it fails or takes too long, the first is DOWN, and of the others nothing is known."""

    @property
    def names(self) -> tuple[str, ...]:
        """The components that it looks at."""
        ...

    @property
    def seconds(self) -> float:
        """How long it may take."""
        ...

    async def look(self) -> Mapping[str, Finding]:
        """What it has found, by the components' names."""
        ...
