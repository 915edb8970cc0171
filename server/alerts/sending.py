"""One try to send a message, and what follows from how it ended: the same for every message, wherever it is kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from server.alerts.errors import NotSent
from server.alerts.model import Channel, ChannelKind, Delivery, DeliveryKind, DeliveryState
from server.errors import Failure

log = structlog.get_logger("alerts")

TRY_SECONDS = 10.0
FIRST_WAIT, LONGEST_WAIT = 2.0, 600.0
GIVEN_UP = timedelta(hours=24)

Address = tuple[Channel, str]
"""A channel, and its secret."""


class Sender(Protocol):
    """Sends messages of one kind of channel."""

    async def send(self, channel: Channel, secret: str, delivery: Delivery) -> str:
        """Sends one; a remark where it was taken but something is to be said. Raises NotSent, Failure."""
        ...


@dataclass(frozen=True)
class Outcome:
    """How a try ended; ``wait_seconds`` is until the next one, None: there is none."""

    told: str
    taken: bool = True
    wait_seconds: float | None = None


class Sending:
    """Tries to send messages, each by what its channel's kind asks for."""

    def __init__(self, senders: Mapping[ChannelKind, Sender]) -> None:
        self._senders = senders

    async def tried(self, delivery: Delivery, find: Callable[[], Awaitable[Address]]) -> Outcome:
        """Tries once, counted already; ``find`` gives where to, or raises NotSent or a Failure."""
        try:
            channel, secret = await find()
            async with asyncio.timeout(TRY_SECONDS):
                return Outcome(await self._senders[channel.kind].send(channel, secret, delivery))
        except NotSent as error:
            wait = None if error.final else max(error.wait_seconds, _pause(delivery.attempts))
            return Outcome(error.why, taken=False, wait_seconds=wait)
        except TimeoutError:
            why = f"it was not taken within {TRY_SECONDS:g} s"
        except Failure as failure:
            why = failure.message
        return Outcome(why, taken=False, wait_seconds=_pause(delivery.attempts))


def address_of(channels: Sequence[Channel], secrets: Mapping[str, str], name: str) -> Address:
    """The channel of a name; raises NotSent."""
    for channel in channels:
        if channel.name == name:
            return channel, secrets.get(name, "")
    raise NotSent("there is no such channel any more", final=True)


def settled(delivery: Delivery, outcome: Outcome, at: datetime) -> Delivery:
    """A message after a try."""
    if outcome.taken:
        state = DeliveryState.DELIVERED
        return replace(delivery, state=state, error=outcome.told, delivered_at=at, next_attempt_at=None)
    again = at + timedelta(seconds=outcome.wait_seconds) if outcome.wait_seconds is not None else None
    if again is None or delivery.kind is DeliveryKind.TEST or again - delivery.created_at > GIVEN_UP:
        return replace(delivery, state=DeliveryState.FAILED, error=outcome.told, next_attempt_at=None)
    return replace(delivery, error=outcome.told, next_attempt_at=again)


def log_try(delivery: Delivery) -> None:
    """Tells the log how a try has ended."""
    told = {"delivery": str(delivery.id), "channel": delivery.channel, "attempts": delivery.attempts}
    log.info("alert_sent", **told, state=delivery.state.value, error=delivery.error)


def _pause(attempts: int) -> float:
    doubled = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20))
    return doubled * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
