"""The loss of the database that keeps all alerts: told from memory by the server that looked last, written down later.

What alerts then is what always does, a platform's rule over components; only where it is kept differs. Of the end
channels are told as ever, once the database is back and knows of the beginning.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog

from server.alerts.conditions.component_down import ComponentDownParameters, values_of
from server.alerts.looking import Ready
from server.alerts.messages import deliveries_of
from server.alerts.model import Alert, Channel, Delivery, Rule, Silence
from server.alerts.ports import ComponentHealth, ComponentProbe, Store
from server.alerts.sending import Address, Sending, address_of, log_try, settled
from server.alerts.transitions import Looked, Step, ended, stepped
from server.data_sources.vault import Vault
from server.scope import PLATFORM, Scope

log = structlog.get_logger("alerts")

DATABASE = "postgresql"


@dataclass(frozen=True)
class Remembered:
    """The platform's rules, channels, active alerts and silences as they were when the database answered last.

    ``at`` is the database's time then, and ``heard`` the event loop's.
    """

    rules: Sequence[Ready]
    channels: Sequence[Channel]
    active: Sequence[Alert]
    silences: Sequence[Silence]
    at: datetime
    heard: float
    sealed: bytes | None = field(default=None, repr=False)

    def time(self, moment: float | None = None) -> datetime:
        """The database's time, as it goes on without it: now, or at a moment of the event loop after ``heard``."""
        moment = asyncio.get_running_loop().time() if moment is None else moment
        return self.at + timedelta(seconds=max(0.0, moment - self.heard))


class Outage:
    """What the server that looks does while the database is away; all others remember nothing, and are silent."""

    def __init__(self, store: Store, vault: Vault, sending: Sending, probe: ComponentProbe) -> None:
        self._store = store
        self._vault = vault
        self._sending = sending
        self._probe = probe
        self._remembered: Remembered | None = None
        self._raised: dict[UUID, tuple[Alert, Rule]] = {}
        self._deliveries: dict[UUID, Delivery] = {}
        self._tries: dict[UUID, asyncio.Task[None]] = {}

    def remember(self, remembered: Remembered | None) -> None:
        """Goes by this from now on; None: another server looks, and tells."""
        self._remembered = remembered

    async def away(self) -> Sequence[ComponentHealth]:
        """What is wrong with the database, by a look with a connection of its own; empty: nothing, or others tell."""
        if self._remembered is None:
            return ()
        return [item for item in await self._probe.look() if item.component == DATABASE and not item.healthy]

    def tell(self, began: float, away: Sequence[ComponentHealth]) -> None:
        """Raises and tells what is to be, after a round without an answer that began at a time of the event loop."""
        known = self._remembered
        if known is None or not away:
            return  # our own connections are few or broken
        for at in (known.time(began), known.time()):  # it was away from when the round began
            for ready in known.rules:
                self._step(known, ready, away, at)
        for delivery in self._deliveries.values():
            if delivery.next_attempt_at and delivery.id not in self._tries:
                task = self._tries[delivery.id] = asyncio.create_task(self._send(known, delivery))
                task.add_done_callback(partial(self._done, delivery.id))

    async def write(self) -> None:
        """Writes down what was raised and sent while the database was away; raises Unavailable where it still is."""
        if not self._raised:
            return
        async with self._store.begin(Scope.everything()) as tx:
            await tx.alerts.begin_changes(PLATFORM)
            await self.stop()  # what was not taken yet is the outbox's from now on
            others = [alert for alert in await tx.alerts.active(PLATFORM) if alert.id not in self._raised]
            groups = {(alert.rule, alert.group_key) for alert in others}
            silences = await tx.alert_silences.active(PLATFORM)
            at = await tx.schedules.now()
            deliveries = list(self._deliveries.values())
            for alert, rule in self._raised.values():
                # Where another server has begun to alert of the same since, this one is over.
                is_over = (alert.rule, alert.group_key) in groups
                step = ended(alert, rule, silences, at) if is_over else Step(alert)
                await tx.alerts.save(step.alert)
                if step.tell:
                    deliveries += deliveries_of(step.alert, rule, step.tell, step.channels, at)
            await tx.alert_deliveries.insert_all(deliveries)
        log.info("outage_written", alerts=len(self._raised), deliveries=len(deliveries))
        self._raised, self._deliveries = {}, {}

    async def stop(self) -> None:
        """Ends all tries: one that was under way is made again later, as the same message."""
        tries = list(self._tries.values())
        for task in tries:
            task.cancel()
        await asyncio.gather(*tries, return_exceptions=True)

    def _step(self, known: Remembered, ready: Ready, away: Sequence[ComponentHealth], at: datetime) -> None:
        rule = ready.rule
        if not isinstance(ready.parameters, ComponentDownParameters):
            return  # it looks at what only the database knows
        values = values_of(away, ready.parameters)
        # Of other components nothing is said: what the database knows of them stays as it is.
        looked = Looked(PLATFORM, rule, values, ready.condition.unit, missing="the database is away")
        active = {alert.id: alert for alert in known.active} | {key: alert for key, (alert, _) in self._raised.items()}
        mine = [alert for alert in active.values() if alert.rule == rule.name]
        for step in stepped(looked, mine, known.silences, at):
            alert = step.alert
            self._raised[alert.id] = alert, rule
            if step.tell:
                made = deliveries_of(alert, rule, step.tell, step.channels_among(known.channels), at)
                self._deliveries |= {delivery.id: delivery for delivery in made}
            log.info("alert_changed", alert=str(alert.id), rule=rule.name, state=alert.state.value, kept="in memory")

    async def _send(self, known: Remembered, delivery: Delivery) -> None:
        async def address() -> Address:
            return address_of(known.channels, self._vault.open_platform_channels(known.sealed), delivery.channel)

        while delivery.next_attempt_at is not None:
            await asyncio.sleep(max(0.0, (delivery.next_attempt_at - known.time()).total_seconds()))
            delivery = replace(delivery, attempts=delivery.attempts + 1)
            self._deliveries[delivery.id] = delivery
            outcome = await self._sending.tried(delivery, address)
            delivery = settled(delivery, outcome, known.time())
            self._deliveries[delivery.id] = delivery
            log_try(delivery)

    def _done(self, delivery_id: UUID, task: asyncio.Task[None]) -> None:
        del self._tries[delivery_id]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("delivery_failed", exc_info=error)
