"""Taking batches in: each counts once, and is acknowledged when it is durable."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from server.analytics.errors import AnalyticsMissing, BatchReused, SequenceGap
from server.analytics.model import MOST_TOLD, Batch, Ingested, Kind, Producer, RejectedItem, Rejection, Sender
from server.analytics.ports import AnalyticsStore, Store, Transaction
from server.analytics.prepare import ID, Prepared
from server.auth.permissions import Caller
from server.config.live import LiveConfig
from server.ids import new_id
from server.paging import Page, PageRequest
from server.scope import Scope

GATHER_SECONDS = 0.2
MOST_AT_ONCE = 50_000


@dataclass
class _Waiting:
    """Batches without a name that wait to be stored together, and who waits for them."""

    parts: list[Prepared] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    failure: BaseException | None = None

    @property
    def items(self) -> int:
        """How many items wait."""
        return sum(part.items for part in self.parts)


class IngestService:
    """Takes in events and metrics of organizations."""

    def __init__(self, store: Store, analytics: AnalyticsStore | None, config: LiveConfig) -> None:
        self._store = store
        self._analytics = analytics
        self._config = config
        self._waiting: dict[tuple[UUID, Kind], _Waiting] = {}

    @property
    def events_kept(self) -> timedelta | None:
        """How long events are kept; older ones are not taken. None: for ever."""
        return self._config.metrics.events_kept

    @property
    def points_kept(self) -> timedelta | None:
        """How long points are kept, as `events_kept`."""
        return self._config.metrics.points_kept

    async def organization(self, caller: Caller, requested: UUID | None) -> UUID:
        """The organization that a batch is for, which is there.

        Raises:
            AnalyticsMissing: there is no analytics store.
        """
        if self._analytics is None:
            raise AnalyticsMissing
        organization_id = caller.organization(requested)
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id)
        return organization_id

    async def take(self, organization_id: UUID, batch: Prepared, sender: Sender) -> Ingested:
        """Stores a batch; what it tells is durable.

        Raises:
            SequenceGap: batches of the producer are missing before it.
            BatchReused: its name was that of another batch.
            StoreUnavailable: nothing is acknowledged; the same batch may be sent again.
        """
        token = sender.token or _token_of_ids(batch)
        if token is None:
            return await self._together(organization_id, batch)
        return await self._named(organization_id, batch, sender, token)

    async def producer(self, caller: Caller, requested: UUID | None, name: str) -> Producer:
        """How far a producer has come."""
        organization_id = caller.organization(requested)
        async with self._store.begin(caller.scope) as tx:
            await tx.organizations.get(organization_id)
            return await tx.ingest.producer(organization_id, name)

    async def rejected(self, caller: Caller, requested: UUID | None, page: PageRequest) -> Page[RejectedItem]:
        """Items in quarantine, newest first."""
        organization_id = caller.organization(requested)
        async with self._store.begin(Scope.of(organization_id, caller.user_id)) as tx:
            await tx.organizations.get(organization_id)
            return await tx.rejected_items.page(page)

    async def _together(self, organization_id: UUID, batch: Prepared) -> Ingested:
        """Stores a batch with others that come at about the same time: many small inserts are dear."""
        key = (organization_id, batch.kind)
        waiting = self._waiting.get(key)
        if waiting and waiting.items + batch.items <= MOST_AT_ONCE:
            waiting.parts.append(batch)
            await waiting.done.wait()
        else:
            waiting = self._waiting[key] = _Waiting([batch])
            # Whoever comes first stores for all; that goes on when its caller leaves, because others wait.
            await asyncio.shield(asyncio.ensure_future(self._store_all(key, waiting)))
        if waiting.failure:
            raise waiting.failure
        return Ingested(len(batch.rows), len(batch.rejections), rejections=batch.rejections[:MOST_TOLD])

    async def _store_all(self, key: tuple[UUID, Kind], waiting: _Waiting) -> None:
        organization_id, kind = key
        try:
            await asyncio.sleep(GATHER_SECONDS)
            if self._waiting.get(key) is waiting:
                del self._waiting[key]
            rows = pa.concat_tables(part.rows for part in waiting.parts)
            rejections = [rejection for part in waiting.parts for rejection in part.rejections]
            async with self._store.begin(Scope.everything()) as tx:
                batch = await tx.ingest.reserve(organization_id, kind, None, len(rows) + len(rejections))
            await self._insert(batch, rows)
            async with self._store.begin(Scope.everything()) as tx:
                await self._commit(tx, batch, Prepared(kind, rows, rejections), Sender(), 0)
        except BaseException as error:
            waiting.failure = error
            raise
        finally:
            waiting.done.set()

    async def _named(self, organization_id: UUID, batch: Prepared, sender: Sender, token: str) -> Ingested:
        async with self._store.begin(Scope.everything()) as tx:
            durable = 0
            if sender.producer:
                durable = (await tx.ingest.producer(organization_id, sender.producer)).durable_sequence
                if sender.sequence > durable + 1:
                    raise SequenceGap(sender.producer, sender.sequence, durable)
                if sender.sequence <= durable:
                    return Ingested(0, duplicates=batch.items, durable_sequence=durable)
            reserved = await tx.ingest.reserve(organization_id, batch.kind, token, batch.items)
        if reserved.items != batch.items:
            raise BatchReused
        if reserved.version is not None:
            return Ingested(0, duplicates=batch.items, durable_sequence=durable)
        if batch.ids:
            return await self._once_by_id(reserved, batch, sender)
        await self._insert(reserved, batch.rows)
        async with self._store.begin(Scope.everything()) as tx:
            return await self._commit(tx, reserved, batch, sender, 0)

    async def _once_by_id(self, reserved: Batch, batch: Prepared, sender: Sender) -> Ingested:
        """Stores the events whose ids are not there yet; meanwhile nobody else looks which are."""
        assert self._analytics
        async with self._store.begin(Scope.everything()) as tx:
            await tx.ingest.lock_ids(reserved.organization_id)
            first, last = _span(batch.rows)
            events = await self._analytics.events()
            known = await events.known(reserved.organization_id, batch.ids, first, last, reserved.id)
            fresh = batch.without(known)
            await self._insert(reserved, fresh.rows)
            return await self._commit(tx, reserved, fresh, sender, len(batch.rows) - len(fresh.rows))

    async def _insert(self, batch: Batch, rows: pa.Table) -> None:
        assert self._analytics
        if not len(rows):
            return
        owner = pa.repeat(pa.scalar(batch.organization_id.bytes, ID), len(rows))
        table = await (self._analytics.events() if batch.kind is Kind.EVENTS else self._analytics.metrics())
        await table.insert(rows.append_column("organization_id", owner), batch.id)

    async def _commit(
        self, tx: Transaction, reserved: Batch, batch: Prepared, sender: Sender, duplicates: int
    ) -> Ingested:
        if not await tx.ingest.commit(reserved, len(batch.rows), len(batch.rejections), duplicates):
            return Ingested(0, duplicates=reserved.items, durable_sequence=sender.sequence)
        if batch.rejections:
            await tx.rejected_items.insert_all(
                [_quarantined(reserved, sender, rejection) for rejection in batch.rejections]
            )
        if sender.producer:
            await tx.ingest.advance(reserved.organization_id, sender.producer, sender.sequence)
        return Ingested(
            len(batch.rows),
            len(batch.rejections),
            duplicates,
            sender.sequence,
            batch.rejections[:MOST_TOLD],
        )


def _token_of_ids(batch: Prepared) -> str | None:
    """A batch whose events all have ids is named by them: sent again, it is the same one."""
    if not batch.ids or len(batch.ids) < len(batch.rows):
        return None if not batch.ids else f"i:{new_id()}"
    return "i:" + hashlib.sha256(b"".join(key.bytes for key in batch.ids)).hexdigest()


def _span(rows: pa.Table) -> tuple[datetime, datetime]:
    found = pc.min_max(rows["time"]).as_py()
    return found["min"], found["max"]


def _quarantined(batch: Batch, sender: Sender, rejection: Rejection) -> RejectedItem:
    return RejectedItem(
        new_id(), batch.organization_id, batch.kind, sender.producer, rejection.index, rejection.field,
        rejection.reason, rejection.content,
    )  # fmt: skip
