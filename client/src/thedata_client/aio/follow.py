"""Streams that outlive their connection."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message

from thedata_client.aio.platform import sleep
from thedata_client.errors import ApiError, Cancelled, DeadlineExceeded, InternalError, Unauthenticated, Unavailable

if TYPE_CHECKING:
    from thedata_client.aio.core import AsyncCore
    from thedata_client.method import Method

Told = TypeVar("Told", bound=Message)

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0
BROKEN = (Unavailable, InternalError, Cancelled)
"""How gRPC tells that a connection broke: INTERNAL and CANCELLED without a reason of the platform's."""


QUIET = ("heartbeat", "resume", "")


class AsyncFollow(Generic[Told]):
    """The messages of a stream. It goes on where it was when the connection breaks or the server restarts: nothing
    is lost, and nothing is told twice.

    Heartbeats and the server's own words about restarts are left out. Iterating raises what a call raises, but for
    what passes: that is tried again, after pauses that grow to ten seconds, until the stream's `timeout` (seconds;
    None: for as long as it takes).
    """

    def __init__(
        self,
        core: AsyncCore,
        method: Method[Any, Told],
        request: Any,
        timeout: float | None = None,
        *,
        endless: bool = True,
    ) -> None:
        self._core = core
        self._method = method
        self._request = request
        self._timeout = timeout
        self._endless = endless
        self._again = False
        self.reconnects = 0
        """How often it had to begin again."""

    @property
    def cursor(self) -> str:
        """Where the stream stands: `after` of a later call goes on behind the last message that was told."""
        return str(self._request.after)

    def go_back(self, cursor: str) -> None:
        """Lets the next connection begin behind another message."""
        self._moved_to(cursor)
        self._again = True

    async def __aiter__(self) -> AsyncIterator[Told]:
        end = None if self._timeout is None else time.monotonic() + self._timeout
        failures = 0
        while True:
            resumed = heard = False
            try:
                async with aclosing(self._core.receive(self._method, self._request, _left(end))) as messages:
                    async for message in messages:
                        place: str = message.cursor  # type: ignore[attr-defined]
                        failures, heard = 0, True
                        event = _event(message)
                        if event not in QUIET:
                            # The place moves before the message is told: who stops amid it has seen it.
                            self._moved_to(place)
                            yield message
                        elif place:
                            self._moved_to(place)
                        resumed = event == "resume" or self._again
                        if resumed:
                            break
                self._again = False
                if not resumed and not self._endless:
                    return
            except Unauthenticated:
                # Amid a stream it may be the token that is over, not the session; the next call renews it.
                if not heard:
                    raise
            except BROKEN as error:
                if isinstance(error, InternalError | Cancelled) and error.reason:
                    raise
                failures += 1
                await sleep(_pause(failures, error, end))
            else:
                if not resumed:
                    failures += 1
                    await sleep(_pause(failures, None, end))
            self.reconnects += 1

    def _moved_to(self, cursor: str) -> None:
        self._request.after = cursor
        names = self._request.DESCRIPTOR.fields_by_name
        for beginning in ("since", "from_end"):  # `after` says it more exactly, and goes without them
            if beginning in names:
                self._request.ClearField(beginning)


def _event(message: Message) -> str:
    """What a message tells; empty: only where the stream stands."""
    fields = [field.name for field, _value in message.ListFields() if field.name != "cursor"]
    return fields[0] if fields else ""


def _left(end: float | None) -> float | None:
    return None if end is None else max(0.001, end - time.monotonic())


def _pause(failures: int, error: ApiError | None, end: float | None) -> float:
    """How long to wait, with some chance in it so that clients do not come all at once.

    Raises:
        DeadlineExceeded: the stream's time is over before.
    """
    pause: float = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** min(failures - 1, 10)) * random.uniform(0.5, 1)  # noqa: S311
    if error is not None and error.retry_after is not None:
        pause = max(pause, error.retry_after.total_seconds())
    if end is not None and time.monotonic() + pause > end:
        raise DeadlineExceeded("The stream's time is over.") from error
    return pause
