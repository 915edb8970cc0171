"""Denials, written before they are told. Many that are alike become few entries, so that nobody fills the audit.

The first of a minute is an entry of its own; those after it that are alike (the same caller or address, method, cause
and organization) are counted, and one more entry tells their number when the minute is over. A process tells apart at
most ``MOST_WINDOWS`` kinds at a time; beyond that callers and addresses are no longer told apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from server.audit.call import Call
from server.audit.model import Denial
from server.audit.ports import Store
from server.errors import Failure, Kind, PermissionDenied, Unavailable
from server.ids import new_id
from server.pipelines.ports import Signals
from server.scope import PLATFORM, Scope

log = structlog.get_logger("audit")

# What is missing may be somebody else's: whoever asks is not told which, and the audit can't tell it either.
DENIALS = {
    Kind.DENIED: "PERMISSION_DENIED",
    Kind.UNAUTHENTICATED: "UNAUTHENTICATED",
    Kind.MISSING: "NOT_FOUND",
}
WINDOW_SECONDS = 60.0
FLUSH_SECONDS = 10.0
MOST_WINDOWS = 1000

Alike = tuple[UUID | str, str, str, UUID]


@dataclass
class _Window:
    """Denials that are alike, since the first of them."""

    began: float
    last: Denial
    untold: int = 0


class Denials:
    """Writes the denials of one API server."""

    def __init__(self, store: Store, signals: Signals, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._signals = signals
        self._clock = clock
        self._windows: dict[Alike, _Window] = {}

    async def note(self, call: Call, failure: Failure, organization_id: UUID | None, *, attempt: bool) -> None:
        """Notes how a call has failed, where that is a denial.

        Somebody who is not known is denied only where the call is an ``attempt`` to become known: whoever sends
        anything else without a valid token is nobody, and there may be very many of them.

        Raises:
            Unavailable: it could not be written.
        """
        if failure.kind not in DENIALS:
            return
        if failure.kind is Kind.UNAUTHENTICATED and not (attempt or call.user_id or call.api_key_id):
            return
        denial = _denial(call, failure, organization_id)
        key = self._alike(denial)
        window = self._windows.get(key)
        if window and self._clock() - window.began < WINDOW_SECONDS:
            window.last, window.untold = denial, window.untold + 1
            return
        self._windows[key] = _Window(self._clock(), denial)
        due = [replace(window.last, count=window.untold)] if window and window.untold else []
        try:
            async with self._store.begin(Scope.everything()) as tx:
                await tx.audit.deny([*due, denial])
        except BaseException:
            # Nothing of it is written: the next one that is alike is the first, and tells of these too.
            self._windows[key] = _Window(self._clock() - WINDOW_SECONDS, denial, 1 + (window.untold if window else 0))
            raise

    async def run(self) -> None:
        """Tells what was counted, until the process is about to end."""
        with suppress(Unavailable):
            async with self._signals.subscribe("") as news:
                while True:
                    await news(FLUSH_SECONDS)
                    await self._tried()

    async def close(self) -> None:
        """Tells what was counted, once no more calls come."""
        await self._tried(all_of_them=True)

    async def flush(self, *, all_of_them: bool = False) -> None:
        """Writes the counts of windows that are over, or of all."""
        over = {
            key: window
            for key, window in self._windows.items()
            if all_of_them or self._clock() - window.began >= WINDOW_SECONDS
        }
        for key in over:
            del self._windows[key]
        untold = [replace(window.last, count=window.untold) for window in over.values() if window.untold]
        if not untold:
            return
        try:
            async with self._store.begin(Scope.everything()) as tx:
                await tx.audit.deny(untold)
        except BaseException:
            for key, window in over.items():
                newer = self._windows.setdefault(key, window)
                if newer is not window:
                    newer.untold += window.untold
            raise

    async def _tried(self, *, all_of_them: bool = False) -> None:
        try:
            await self.flush(all_of_them=all_of_them)
        except Failure as failure:
            log.warning("denials_not_written", reason=failure.reason)

    def _alike(self, denial: Denial) -> Alike:
        who = denial.user_id or denial.api_key_id or denial.address
        key = (who, denial.method, denial.reason, denial.organization_id)
        if key in self._windows or len(self._windows) < MOST_WINDOWS:
            return key
        return ("", denial.method, denial.reason, PLATFORM)


def _denial(call: Call, failure: Failure, organization_id: UUID | None) -> Denial:
    kind, key = call.concerns or ("", "")
    if failure.kind is Kind.MISSING:
        # Told to the platform's administrators only: whose it would be is not known.
        organization_id = None
    if isinstance(failure, PermissionDenied):
        organization_id = failure.organization_id or organization_id
    return Denial(
        id=new_id(),
        organization_id=organization_id or PLATFORM,
        user_id=call.user_id,
        api_key_id=call.api_key_id,
        method=call.method,
        resource_kind=kind,
        resource_id=key,
        result=DENIALS[failure.kind],
        reason=failure.reason,
        request_id=call.request_id,
        address=call.address,
    )
