"""Sends what stands in the outbox: any server does, each message at a time one, again and again until it is too old."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog

from server.alerts.configuring import content_of
from server.alerts.model import Delivery
from server.alerts.ports import Store
from server.alerts.sending import Address, Sending, address_of, log_try, settled
from server.config.model import ConfigKind
from server.data_sources.vault import Vault
from server.errors import Failure, Unavailable
from server.pipelines.ports import Signals
from server.scope import Scope
from server.storage.alert_deliveries import OUTBOX_TOPIC

log = structlog.get_logger("alerts")

CLAIMED = timedelta(seconds=15)
"""After so long somebody else tries, because whoever did is taken for dead."""
AT_ONCE, AT_ONCE_PER_CHANNEL = 64, 4
LOOK_SECONDS = 5.0
SOONEST_SECONDS = 0.1


class Outbox:
    """The loop of one server, and the tests of channels that it is asked for."""

    def __init__(self, store: Store, vault: Vault, signals: Signals, sending: Sending) -> None:
        self._store = store
        self._vault = vault
        self._signals = signals
        self._tries = sending
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
        outcome = await self._tries.tried(delivery, partial(self._address, delivery))
        async with self._store.begin(Scope.everything()) as tx:
            after = settled(delivery, outcome, await tx.schedules.now())
            await tx.alert_deliveries.settle(after)
        log_try(after)
        return after

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

    async def _address(self, delivery: Delivery) -> Address:
        organization_id = delivery.organization_id
        async with self._store.begin(Scope.everything()) as tx:
            newest = await tx.configurations.newest(organization_id, ConfigKind.ALERTS)
            content = content_of(organization_id, newest)
            sealed = newest.sealed_secrets if newest else None
            secrets = await self._vault.open_channels(tx, organization_id, sealed)
        return address_of(content.channels, secrets, delivery.channel)
