"""Telling the state of the platform, also while its database is away."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator
from typing import Protocol

from server.auth.permissions import Caller
from server.errors import InvalidCursor, Unavailable
from server.pipelines.ports import Authority, Signals
from server.pipelines.watch import HEARTBEAT_SECONDS, RECHECK_SECONDS, Alive, Resume
from server.status.model import Status
from server.status.ports import CHANGED

ANSWER_SECONDS = 3.0
UNCHECKED_SECONDS = 600.0
CURSOR = re.compile(r"[0-9a-f]{32}")

StatusEvent = Status | Alive | Resume


class Looker(Protocol):
    """Who looks at everything."""

    async def status(self) -> Status:
        """The state of late."""
        ...


class StatusService:
    """For platform administrators."""

    def __init__(self, looker: Looker, signals: Signals, authority: Authority) -> None:
        self._looker = looker
        self._signals = signals
        self._authority = authority

    async def status(self) -> Status:
        """The state of late."""
        return await self._looker.status()

    async def watch(self, caller: Caller, after: str) -> AsyncGenerator[tuple[str, StatusEvent], None]:
        """The state, unless ``after`` is its cursor, then each change of it.

        Raises:
            InvalidCursor: ``after`` is none.
            Unauthenticated, PermissionDenied: the caller may not see it any more.
            Unavailable: nobody could tell for ten minutes whether they may.
        """
        if after and not CURSOR.fullmatch(after):
            raise InvalidCursor
        mark, told, checked, confirmed = after, time.monotonic(), time.monotonic(), time.monotonic()
        async with self._signals.subscribe(CHANGED) as news:
            while True:
                status = await self._looker.status()
                if status.mark != mark:
                    mark, told = status.mark, time.monotonic()
                    yield mark, status
                if time.monotonic() - checked >= RECHECK_SECONDS:
                    checked = time.monotonic()
                    caller, confirmed = await self._checked(caller, confirmed)
                if time.monotonic() - told >= HEARTBEAT_SECONDS:
                    told = time.monotonic()
                    yield mark, Alive()
                try:
                    await news(HEARTBEAT_SECONDS)
                except Unavailable:
                    yield mark, Resume()
                    return

    async def _checked(self, caller: Caller, confirmed: float) -> tuple[Caller, float]:
        """The caller as of now, and when that was confirmed: not while the database is away, which is to be told."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                caller = await self._authority.renew(caller)
        except (Unavailable, TimeoutError):
            if time.monotonic() - confirmed > UNCHECKED_SECONDS:
                raise Unavailable from None
            return caller, confirmed
        caller.require_platform_admin("watch the state of the platform")
        return caller, time.monotonic()
