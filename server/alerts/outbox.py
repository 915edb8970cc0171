"""Sends what stands in the outbox: any server does, each message at a time one, again and again until it is too old."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from server.alerts.configuring import content_of
from server.alerts.errors import NotSent
from server.alerts.model import Channel, ChannelKind, Delivery, DeliveryKind, DeliveryState
from server.alerts.ports import Store
from server.config.model import ConfigKind
from server.data_sources.vault import Vault
from server.errors import Failure, Unavailable
from server.pipelines.ports import Signals
from server.scope import Scope
from server.storage.alert_deliveries import OUTBOX_TOPIC

log = structlog.get_logger("alerts")

CLAIMED = timedelta(seconds=15)
"""After so long somebody else tries, because whoever did is taken for dead."""
TRY_SECONDS = 10.0
FIRST_WAIT, LONGEST_WAIT = 2.0, 600.0
GIVEN_UP = timedelta(hours=24)
AT_ONCE, AT_ONCE_PER_CHANNEL = 64, 4
LOOK_SECONDS = 5.0
SOONEST_SECONDS = 0.1


class Sender(Protocol):
    """Sends messages of one kind of channel."""

    async def send(self, channel: Channel, secret: str, delivery: Delivery) -> str:
        """Sends one; a remark where it was taken but something is to be said. Raises NotSent, Failure."""
        ...


@dataclass(frozen=True)
class _Outcome:
    """How a try ended; ``wait_seconds`` is until the next one, None: there is none."""

    told: str
    taken: bool = True
    wait_seconds: float | None = None


class Outbox:
    """The loop of one server, and the tests of channels that it is asked for."""

    def __init__(self, store: Store, vault: Vault, signals: Signals, senders: dict[ChannelKind, Sender]) -> None:
        self._store = store
        self._vault = vault
        self._signals = signals
        self._senders = senders
        self._sending: dict[asyncio.Task[Delivery], tuple[UUID, str]] = {}

    async def run(self) -> None:
        """Sends what is due until the process is about to end; a try that goes on then is made again elsewhere."""
        try:
            async with self._signals.subscribe(OUTBOX_TOPIC) as news:
                while True:
                    wait = LOOK_SECONDS
                    try:
                        wait = await self._send_due()
                    except Failure as failure:
                        log.warning("outbox_waits", reason=failure.reason)
                    except Exception:
                        log.exception("outbox_failed")
                    await news(wait)
        except Unavailable:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def send(self, delivery: Delivery) -> Delivery:
        """Tries once, and notes how that ended."""
        outcome = await self._tried(delivery)
        async with self._store.begin(Scope.everything()) as tx:
            settled = _settled(delivery, outcome, await tx.schedules.now())
            await tx.alert_deliveries.settle(settled)
        told = {"delivery": str(settled.id), "channel": settled.channel, "attempts": settled.attempts}
        log.info("alert_sent", **told, state=settled.state.value, error=settled.error)
        return settled

    async def _send_due(self) -> float:
        free = AT_ONCE - len(self._sending)
        if not free:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            return SOONEST_SECONDS
        busy = {channel for channel, n in Counter(self._sending.values()).items() if n > AT_ONCE_PER_CHANNEL // 2}
        async with self._store.begin(Scope.everything()) as tx:
            found = await tx.alert_deliveries.claim(free, CLAIMED, busy)
            until_next = await tx.alert_deliveries.seconds_until_next()
        for delivery in found:
            task = asyncio.create_task(self.send(delivery))
            self._sending[task] = delivery.organization_id, delivery.channel
            task.add_done_callback(self._done)
        if found:
            return SOONEST_SECONDS
        # What is due and was not claimed waits for a busy channel: the end of a try there tells.
        is_held_back = until_next is not None and until_next <= 0
        return LOOK_SECONDS if until_next is None or is_held_back else min(LOOK_SECONDS, until_next)

    def _done(self, task: asyncio.Task[Delivery]) -> None:
        del self._sending[task]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Failure):
            log.warning("delivery_not_noted", reason=error.reason)
        elif error is not None:
            log.error("delivery_failed", exc_info=error)

    async def _tried(self, delivery: Delivery) -> _Outcome:
        try:
            channel, secret = await self._channel(delivery.organization_id, delivery.channel)
            async with asyncio.timeout(TRY_SECONDS):
                return _Outcome(await self._senders[channel.kind].send(channel, secret, delivery))
        except NotSent as error:
            wait = None if error.final else max(error.wait_seconds, _pause(delivery.attempts))
            return _Outcome(error.why, taken=False, wait_seconds=wait)
        except TimeoutError:
            why = f"it was not taken within {TRY_SECONDS:g} s"
        except Failure as failure:
            why = failure.message
        return _Outcome(why, taken=False, wait_seconds=_pause(delivery.attempts))

    async def _channel(self, organization_id: UUID, name: str) -> tuple[Channel, str]:
        async with self._store.begin(Scope.everything()) as tx:
            newest = await tx.configurations.newest(organization_id, ConfigKind.ALERTS)
            content = content_of(organization_id, newest)
            sealed = newest.sealed_secrets if newest else None
            secrets = await self._vault.open_channels(tx, organization_id, sealed)
        for channel in content.channels:
            if channel.name == name:
                return channel, secrets.get(name, "")
        raise NotSent("there is no such channel any more", final=True)


def _pause(attempts: int) -> float:
    doubled = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20))
    return doubled * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def _settled(delivery: Delivery, outcome: _Outcome, at: datetime) -> Delivery:
    if outcome.taken:
        state = DeliveryState.DELIVERED
        return replace(delivery, state=state, error=outcome.told, delivered_at=at, next_attempt_at=None)
    again = at + timedelta(seconds=outcome.wait_seconds) if outcome.wait_seconds is not None else None
    if again is None or delivery.kind is DeliveryKind.TEST or again - delivery.created_at > GIVEN_UP:
        return replace(delivery, state=DeliveryState.FAILED, error=outcome.told, next_attempt_at=None)
    return replace(delivery, error=outcome.told, next_attempt_at=again)
