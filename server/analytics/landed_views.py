"""Realtime views over landed tables: each is a question, asked again once its table is another one than it was.

A commit may replace and remove rows as well as add some, so what it brings can't be added to what was there.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from server.analytics.clickhouse.compiler import TIMES, compile_page
from server.analytics.errors import AnalyticsMissing, QueryTooLarge, UnknownTable, ViewBroken
from server.analytics.ports import AnalyticsStore, Store, Tables
from server.analytics.questions import Column, Measure, Table, TableQuery
from server.analytics.view_model import Content, RealtimeView, ViewColumn, ViewDefinition, ViewRow
from server.errors import InvalidFields, Violation
from server.scope import Scope

MOST_ROWS = 10_000
QUESTION_SECONDS = 10.0
QUESTIONS_AT_ONCE = 4


class LandedViews:
    """Asks for the content of views; only so many questions at once, however many views a commit changes."""

    def __init__(self, store: Store, analytics: AnalyticsStore | None) -> None:
        self._store = store
        self._analytics = analytics
        self._free = asyncio.Semaphore(QUESTIONS_AT_ONCE)

    async def checked(self, organization_id: UUID, shows: ViewDefinition) -> ViewDefinition:
        """Checks a definition against its table; gives it with its time column, where the table has only one.

        Raises:
            InvalidFields: there is no such table, or the definition does not go with it; by the field.
        """
        try:
            table = await (await self._tables()).find(organization_id, shows.source)
        except UnknownTable as unknown:
            why = (
                "must be events, metrics, or a table that a pipeline has landed in the analytics store; run the"
                " pipeline first: ListHistoricalTables tells which there are"
            )
            raise InvalidFields(Violation("definition.source", why)) from unknown
        times = [column.name for column in table.columns if column.kind in TIMES]
        if shows.interval and not shows.time_column and len(times) == 1:
            shows = replace(shows, time_column=times[0])
        if shows.time_column and not shows.interval:
            raise InvalidFields(Violation("definition.time_column", "needs an interval"))
        try:
            compile_page(table, _question(shows, None), MOST_ROWS, 0)
        except InvalidFields as invalid:
            told = [Violation(f"definition.{found.field}", found.description) for found in invalid.violations]
            raise InvalidFields(*told) from invalid
        return shows

    async def content(self, view: RealtimeView, now: datetime, known: Content | None = None) -> Content:
        """The rows of a view; what is known of it is what it is while the table is the same.

        Raises:
            ViewBroken: its table is gone, or has no longer the columns that it needs.
            QueryTooSlow, QueryTooLarge: the question runs into its limits, or has more rows than a view may have.
            StoreUnavailable: the table is becoming another one.
        """
        shows = view.shows
        tables = await self._tables()
        try:
            # The state first: where a commit comes in between, the rows are newer than is said, and asked for again.
            table = await tables.find(view.organization_id, shows.source)
            first = _first(shows, now)
            if known and known.state == table.state:
                return _from(known, first)
            async with self._free:
                question = _question(shows, first)
                columns, rows = await tables.page(table, question, MOST_ROWS + 1, 0, QUESTION_SECONDS)
        except UnknownTable as unknown:
            raise ViewBroken(view.name, shows.source, f"there is no table {shows.source} any more") from unknown
        except InvalidFields as invalid:
            raise ViewBroken(view.name, shows.source, invalid.message) from invalid
        if len(rows) > MOST_ROWS:
            raise QueryTooLarge
        return await self._content(view, table, columns, rows, first)

    async def _content(
        self,
        view: RealtimeView,
        table: Table,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Any]],
        first: datetime | None,
    ) -> Content:
        async with self._store.begin(Scope.of(view.organization_id)) as tx:
            run = await tx.runs.find(table.run_id) if table.run_id else None
        keys = len(view.shows.group_by) + bool(view.shows.interval)
        return _of_rows(
            Content(
                [ViewColumn(column.name, column.kind.value) for column in columns],
                keys,
                # What came to the source after a run had begun may have been missed by it.
                watermark=run.started_at if run else None,
                state=table.state,
                first=first,
            ),
            (tuple(map(_comparable, row)) for row in rows),
        )

    async def _tables(self) -> Tables:
        if self._analytics is None:
            raise AnalyticsMissing
        return await self._analytics.tables()


def _question(shows: ViewDefinition, first: datetime | None) -> TableQuery:
    """A definition as a question about whole intervals from one on."""
    return TableQuery(
        table=shows.source,
        start=first,
        time_column=shows.time_column,
        filters=[replace(condition, path=f"filters[{n}]") for n, condition in enumerate(shows.filters)],
        interval=shows.interval,
        group_by=shows.group_by,
        measures=[Measure(m.aggregation, m.column, m.name, f"measures[{n}]") for n, m in enumerate(shows.measures)],
    )


def _first(shows: ViewDefinition, now: datetime) -> datetime | None:
    """The first interval that begins within the window; None: there is no window."""
    if not shows.interval or not shows.window:
        return None
    seconds = shows.interval.total_seconds()
    number = (now - shows.window).timestamp() // seconds + 1
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=number * seconds)


def _from(content: Content, first: datetime | None) -> Content:
    """What is left of a content when its window has moved on."""
    if first is None or first == content.first:
        return content
    left = (row.values for row in content.rows.values() if datetime.fromisoformat(row.values[0]) >= first)
    return _of_rows(replace(content, first=first), left)


def _of_rows(content: Content, rows: Iterable[tuple[Any, ...]]) -> Content:
    """A content with other rows, and with the version that says which these are."""
    found = {row[: content.keys]: ViewRow(row, 0) for row in rows}
    told = repr((content.columns, [row.values for row in found.values()])).encode(errors="surrogatepass")
    version = int.from_bytes(hashlib.blake2b(told, digest_size=7).digest())
    return replace(content, rows=found, version=version)


def _comparable(value: Any) -> Any:
    """A value that equals itself: NaN does not. It is told as this text anyway."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
