"""Leases: of several processes one does something, and another one soon after that one has died."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

import structlog

from server.errors import Failure
from server.scope import Scope

log = structlog.get_logger("leases")


class Leases(Protocol):
    """Who does what only one may do."""

    async def held(self, name: str) -> bool:
        """Whether somebody holds a lease."""
        ...

    async def hold(self, name: str, holder: str, length: timedelta) -> bool:
        """Takes a lease that is free, or makes one's own longer; whether it is one's own."""
        ...

    async def release(self, name: str, holder: str) -> None:
        """Gives a lease back."""
        ...


class Transaction(Protocol):
    """A transaction in which leases can be held."""

    @property
    def leases(self) -> Leases:
        """Leases."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction."""
        ...


class Lease:
    """A lease, and one that would hold it; it is lost when it has not been held anew for its length."""

    def __init__(self, store: Store, name: str, length: timedelta) -> None:
        self._store = store
        self._name = name
        self._length = length
        self._holder = uuid4().hex

    async def hold(self, tx: Transaction) -> bool:
        """Takes it where it is free, or makes it longer, with a transaction; whether it is one's own.

        Nobody else can take it before the transaction has ended.
        """
        return await tx.leases.hold(self._name, self._holder, self._length)

    async def renew(self) -> bool:
        """Takes it or makes it longer, in a transaction of its own; whether it is one's own. Raises Unavailable."""
        async with self._store.begin(Scope.everything()) as tx:
            return await self.hold(tx)

    async def leave(self, tx: Transaction) -> None:
        """Gives it back with a transaction; somebody else's stays."""
        await tx.leases.release(self._name, self._holder)

    async def release(self) -> None:
        """Gives it back, so that another one need not wait; where that can't be done in its length, it is lost then."""
        try:
            async with asyncio.timeout(self._length.total_seconds()), self._store.begin(Scope.everything()) as tx:
                await self.leave(tx)
        except (Failure, TimeoutError) as error:
            log.info("lease_not_released", lease=self._name, reason=getattr(error, "reason", "TIMEOUT"))
