"""Tells the analytics store what has become of runs, exactly once: frozen in PostgreSQL, then sent by its sequence."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import Any
from uuid import UUID

from server.analytics.ingest import IngestService
from server.analytics.model import PROJECTOR, Kind, Point, Sender
from server.analytics.ports import Store, Transaction
from server.analytics.prepare import events_of, points_of
from server.analytics.run_facts import Facts
from server.audit.telling import AuditTelling
from server.clock import now
from server.ids import new_id
from server.scope import Scope

MOST_ORGANIZATIONS = 100
MOST_RUNS = 200
AT_ONCE = 8


class Projector:
    """What PostgreSQL knows of runs and of the audit, as events and metrics of their organizations."""

    def __init__(self, store: Store, ingest: IngestService) -> None:
        self._store = store
        self._ingest = ingest
        self._audit = AuditTelling(store, ingest)

    async def project(self) -> bool:
        """Tells a part of what is not told yet; whether there was any."""
        async with self._store.begin(Scope.everything()) as tx:
            behind = await tx.projections.behind(MOST_ORGANIZATIONS)
        for organization_id in behind:
            await self._tell(organization_id)
        return await self._audit.tell() or bool(behind)

    async def tell_lags(self) -> None:
        """Tells how far pipelines are behind; what can't be told now is not told later."""
        async with self._store.begin(Scope.everything()) as tx:
            lags = await tx.projections.since_success()
        at, few = now(), asyncio.Semaphore(AT_ONCE)

        async def tell(organization_id: UUID, points: list[Point]) -> None:
            async with few:
                await self._ingest.take(organization_id, points_of(points, at, own=True), Sender(request_id=new_id()))

        by_organization = groupby(lags, lambda lag: lag.organization_id)
        await asyncio.gather(*[tell(key, [lag.point for lag in of_one]) for key, of_one in by_organization])

    async def _tell(self, organization_id: UUID) -> None:
        async with self._store.begin(Scope.everything()) as tx:
            frozen = await tx.projections.frozen(organization_id) or await self._frozen(tx, organization_id)
        facts = Facts.of(frozen)
        for batch in (events_of(facts.events, now(), own=True), points_of(facts.points, now(), own=True)):
            if batch.items:
                sender = Sender(f"{PROJECTOR} {batch.kind}", frozen["sequences"][batch.kind])
                await self._ingest.take(organization_id, batch, sender)
        async with self._store.begin(Scope.everything()) as tx:
            await tx.projections.sent(organization_id, frozen)

    async def _frozen(self, tx: Transaction, organization_id: UUID) -> dict[str, Any]:
        facts = Facts()
        runs = await tx.projections.untold(organization_id, MOST_RUNS)
        told = {run.id: facts.tell(run, known) for run, known in runs}
        sequences = {
            kind: (await tx.ingest.producer(organization_id, f"{PROJECTOR} {kind}")).durable_sequence + 1
            for kind in Kind
        }
        frozen = {**facts.stored(), "sequences": sequences}
        await tx.projections.freeze(organization_id, frozen, told)
        return frozen
