"""Telling the state of the platform, also while its database is away."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator
from typing import Protocol

from server.auth.permissions import Caller
from server.errors import InvalidCursor, Unavailable
from server.live import Alive, Authority, Pace, Renew, Resume
from server.pipelines.ports import Signals
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
        mark, pace = after, Pace(caller, self._as_administrator())
        pace.tell()
        async with self._signals.subscribe(CHANGED) as news:
            while True:
                status = await self._looker.status()
                if status.mark != mark:
                    mark = status.mark
                    pace.tell()
                    yield mark, status
                if alive := await pace.beat():
                    yield mark, alive
                if resume := await pace.rest(news):
                    yield mark, resume
                    return

    def _as_administrator(self) -> Renew:
        """Renews a platform administrator; while the database is away, which is to be told, who was one is one."""
        confirmed = time.monotonic()

        async def renew(caller: Caller) -> Caller:
            nonlocal confirmed
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    caller = await self._authority.renew(caller)
            except (Unavailable, TimeoutError):
                if time.monotonic() - confirmed > UNCHECKED_SECONDS:
                    raise Unavailable from None
                return caller
            caller.require_platform_admin("watch the state of the platform")
            confirmed = time.monotonic()
            return caller

        return renew
