"""Questions about the tables that pipelines have landed, and about events and metrics as tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from server.analytics.errors import AnalyticsMissing
from server.analytics.model import Kind
from server.analytics.ports import AnalyticsStore, Store, Tables, Transaction
from server.analytics.questions import Form, Freshness, Table, TableAnswer, TableQuery
from server.analytics.reach import organization_of
from server.auth.permissions import Caller
from server.errors import InvalidFields, LimitReached, Violation
from server.scope import Scope

DEEPEST = 100_000


@dataclass(frozen=True)
class HistoryLimits:
    """What questions may take; whole answers hold on to a part of the store, so only some are written at once."""

    page_seconds: float = 30.0
    whole_seconds: float = 3600.0
    wholes_at_once: int = 4


class HistoryService:
    """Answers from tables, for who may see the organization."""

    def __init__(self, store: Store, analytics: AnalyticsStore | None, limits: HistoryLimits | None = None) -> None:
        self._store = store
        self._analytics = analytics
        self._limits = limits or HistoryLimits()
        self._free = asyncio.Semaphore(self._limits.wholes_at_once)

    async def tables(self, caller: Caller, requested: UUID | None) -> list[tuple[Table, Freshness]]:
        """All tables, by name."""
        organization_id, tables = await self._reached(caller, requested)
        found = await tables.all(organization_id)
        async with self._store.begin(Scope.of(organization_id)) as tx:
            return [(table, await _freshness(tx, organization_id, table)) for table in found]

    async def page(
        self, caller: Caller, requested: UUID | None, query: TableQuery, size: int, offset: int
    ) -> TableAnswer:
        """Some rows of an answer.

        How fresh they are is looked up first: a run that lands meanwhile makes them fresher than is said, never older.

        Raises:
            UnknownTable: there is no such table.
            InvalidFields: the question can't be asked of it, or it goes too deep.
            QueryTooSlow, QueryTooLarge: it runs into its limits.
        """
        if offset > DEEPEST:
            why = f"must not go beyond {DEEPEST} rows: ask for a narrower part, or for all rows as a stream or a file"
            raise InvalidFields(Violation("page_token", why))
        organization_id, tables = await self._reached(caller, requested)
        table = await tables.find(organization_id, query.table)
        async with self._store.begin(Scope.of(organization_id)) as tx:
            freshness = await _freshness(tx, organization_id, table)
        columns, rows = await tables.page(table, query, size + 1, offset, self._limits.page_seconds)
        return TableAnswer(columns, rows[:size], offset + size if len(rows) > size else None, freshness)

    async def stream(
        self, caller: Caller, requested: UUID | None, query: TableQuery, form: Form
    ) -> AsyncGenerator[bytes, None]:
        """All rows of an answer, in pieces of a form; who leaves ends the query.

        Raises:
            UnknownTable: there is no such table.
            InvalidFields: the question can't be asked of it.
            LimitReached: as many as may be are being written.
            QueryTooSlow, QueryTooLarge: it runs into its limits.
        """
        organization_id, tables = await self._reached(caller, requested)
        table = await tables.find(organization_id, query.table)
        if self._free.locked():
            raise LimitReached("downloads", "Too many answers are being downloaded.", timedelta(seconds=5))
        found = tables.stream(table, query, form, self._limits.whole_seconds)
        async with self._free, aclosing(found) as pieces:
            async for piece in pieces:
                yield piece

    async def _reached(self, caller: Caller, requested: UUID | None) -> tuple[UUID, Tables]:
        if self._analytics is None:
            raise AnalyticsMissing
        return await organization_of(self._store, caller, requested), await self._analytics.tables()


async def _freshness(tx: Transaction, organization_id: UUID, table: Table) -> Freshness:
    if table.organization_id:
        return Freshness(await tx.ingest.newest(organization_id, Kind(table.name)))
    run = await tx.runs.find(table.run_id) if table.run_id else None
    # What came to the source after a run had begun may have been missed by it.
    return Freshness(run.started_at if run else None, table.run_id)
