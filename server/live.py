"""What every stream that follows something has in common: its signs of life, and how long its caller's rights hold."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from server.auth.permissions import Caller
from server.errors import Unavailable

HEARTBEAT_SECONDS = 5.0
RECHECK_SECONDS = 10.0

Renew = Callable[[Caller], Awaitable[Caller]]
"""The caller as of now; raises when they may not see any more what they follow."""

Wait = Callable[[float], Awaitable[bool]]
"""Waits for news, at most so many seconds; whether there were any."""


@dataclass(frozen=True)
class Alive:
    """There is no news."""


@dataclass(frozen=True)
class Resume:
    """The server is about to restart."""


class Authority(Protocol):
    """Who knows whether a caller may still do what the call was made for."""

    async def renew(self, caller: Caller) -> Caller:
        """The caller as of now; raises Unauthenticated when the session, key or account is gone."""
        ...


def as_member(authority: Authority, organization_id: UUID) -> Renew:
    """Renews a caller who has to be a member of an organization for as long as they follow it."""

    async def renew(caller: Caller) -> Caller:
        caller = await authority.renew(caller)
        caller.authorize(organization_id)
        return caller

    return renew


class News:
    """Wakes all who wait in one process, whenever there is news."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Waits until there is news, at most so many seconds; whether there was."""
        waiting = self._next
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await waiting.wait()
        return waiting.is_set()

    def tell(self) -> None:
        """Wakes everybody who waits."""
        told, self._next = self._next, asyncio.Event()
        told.set()


class Pace:
    """When one stream says that it lives, and when it asks whether its caller may still see what it tells."""

    def __init__(self, caller: Caller, renew: Renew) -> None:
        self.caller = caller
        self._renew = renew
        # The first time sooner: not all who came back in one moment, after a restart, ask in one moment.
        self._renew_at = time.monotonic() + random.uniform(0.5, 1) * RECHECK_SECONDS  # noqa: S311 - no secret
        self._beat_at = -math.inf

    def tell(self) -> None:
        """Notes that something is told now, which is a sign of life too."""
        self._beat_at = time.monotonic() + HEARTBEAT_SECONDS

    async def renew(self) -> None:
        """Renews the caller when it is time to; raises when they may not go on."""
        if (now := time.monotonic()) >= self._renew_at:
            self._renew_at = now + RECHECK_SECONDS
            self.caller = await self._renew(self.caller)

    async def beat(self) -> Alive | None:
        """Renews the caller when it is time to; a sign of life where nothing was told for a while, or at all."""
        await self.renew()
        if time.monotonic() < self._beat_at:
            return None
        self.tell()
        return Alive()

    async def rest(self, news: Wait, most: float = math.inf) -> Resume | None:
        """Waits for news until the next beat, at most so many seconds; what to say where the server ends meanwhile."""
        due = min(self._beat_at, self._renew_at) - time.monotonic()
        try:
            await news(max(min(due, most), 0))
        except Unavailable:
            return Resume()
        return None
