"""The outbox of alerts: written with what it tells of, and sent by whichever server comes first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from server.alerts.model import Delivery, DeliveryKind, DeliveryState
from server.paging import Page, PageRequest
from server.storage.alerts import ALERTS_CHANNEL
from server.storage.rows import Rows
from server.storage.tables import alert_deliveries as deliveries

OUTBOX_TOPIC = "alert outbox"
PER_CHANNEL = 2

_NOTIFY = text("SELECT pg_notify(:channel, :payload)").bindparams(channel=ALERTS_CHANNEL, payload=OUTBOX_TOPIC)
_PENDING = deliveries.c.state == DeliveryState.PENDING.value


class DeliveryRows(Rows[Delivery]):
    """Messages that are to be sent, or were."""

    table, model, resource = deliveries, Delivery, "delivery"

    async def insert_all(self, items: Sequence[Delivery]) -> None:
        """Puts messages into the outbox, where they are not there already, and wakes whoever sends them."""
        if items:
            statement = insert(deliveries).on_conflict_do_nothing(index_elements=["id"])
            await self._connection.execute(statement, [asdict(item) for item in items])
            await self._connection.execute(_NOTIFY)

    async def claim(self, limit: int, length: timedelta, busy: Collection[tuple[UUID, str]]) -> list[Delivery]:
        """Messages that are due, counted as tried, and due again after a while unless they are settled.

        What a channel is told of one alert, it is told in order; of each channel a few, and none of those that are
        busy: one that nobody answers on must not hold up all others.
        """
        channel = tuple_(deliveries.c.organization_id, deliveries.c.channel)
        place = func.row_number().over(
            partition_by=[deliveries.c.organization_id, deliveries.c.channel], order_by=deliveries.c.next_attempt_at
        )
        ranked = (
            select(deliveries.c.id, place.label("place"))
            .where(_PENDING, deliveries.c.next_attempt_at <= func.now(), _first(), self.visible())
            .where(channel.not_in(list(busy)))
            .subquery()
        )
        due = (
            select(deliveries.c.id)
            .where(deliveries.c.id.in_(select(ranked.c.id).where(ranked.c.place <= PER_CHANNEL)), _PENDING)
            .order_by(deliveries.c.next_attempt_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(deliveries)
            .where(deliveries.c.id.in_(due))
            .values(attempts=deliveries.c.attempts + 1, next_attempt_at=func.now() + length)
            .returning(*self._columns)
        )
        return [Delivery(**row) for row in (await self._connection.execute(statement)).mappings()]

    async def settle(self, delivery: Delivery) -> bool:
        """Says how a try has ended; False: somebody else has tried since."""
        values = {
            "state": delivery.state.value,
            "error": delivery.error,
            "delivered_at": delivery.delivered_at,
            "next_attempt_at": delivery.next_attempt_at,
        }
        statement = update(deliveries).where(
            deliveries.c.id == delivery.id, _PENDING, deliveries.c.attempts == delivery.attempts, self.visible()
        )
        settled = bool((await self._connection.execute(statement.values(**values))).rowcount)
        await self._connection.execute(_NOTIFY)  # it may be due soon, or the next one of the same alert
        return settled

    async def seconds_until_next(self) -> float | None:
        """How long until another message is due; None: none will be."""
        seconds = func.extract("epoch", func.min(deliveries.c.next_attempt_at) - func.now())
        found = await self._connection.scalar(select(seconds).where(_PENDING, _first(), self.visible()))
        return None if found is None else float(found)

    async def page_of(
        self, organization_id: UUID, alert_id: UUID | None, channel: str, request: PageRequest
    ) -> Page[Delivery]:
        """Messages, newest first."""
        where = [deliveries.c.organization_id == organization_id]
        if alert_id:
            where.append(deliveries.c.alert_id == alert_id)
        if channel:
            where.append(deliveries.c.channel == channel)
        return await self.page(request, *where)

    async def prune_tests(self, kept: timedelta) -> None:
        """Forgets old tests; the messages of an alert go with it."""
        old = deliveries.c.created_at < func.now() - kept
        await self._connection.execute(delete(deliveries).where(deliveries.c.kind == DeliveryKind.TEST.value, old))


def _first() -> ColumnElement[bool]:
    """What no other message waits before, of the same alert and channel."""
    earlier = deliveries.alias()
    before = select(earlier.c.id).where(
        earlier.c.alert_id == deliveries.c.alert_id,
        earlier.c.channel == deliveries.c.channel,
        earlier.c.state == DeliveryState.PENDING.value,
        earlier.c.id < deliveries.c.id,
    )
    return ~before.exists()
