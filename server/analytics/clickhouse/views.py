"""Realtime views in ClickHouse: each has a table of states, to which what comes is added batch by batch."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from server.analytics.clickhouse.client import Clickhouse, quote
from server.analytics.clickhouse.conditions import Bound, all_of, checked, on_attribute, on_label, on_text
from server.analytics.clickhouse.events import TABLE as EVENTS
from server.analytics.clickhouse.metrics import POINTS
from server.analytics.clickhouse.schema import Flavour
from server.analytics.errors import QueryTooLarge, StoreUnavailable
from server.analytics.model import Aggregation, Filter, Kind
from server.analytics.view_model import Content, Measure, RealtimeView, ViewColumn, ViewDefinition, ViewRow
from server.errors import InvalidFields, Violation

MOST_ROWS = 10_000
NO_TABLE = frozenset((60, 81, 218))  # unknown, its database is, or it was dropped meanwhile
_NAME = re.compile(r"view_([0-9a-f]{32})_(\d+)\Z")
NO_INTERVAL = "toDateTime(0, 'UTC')"
TABLES = {Kind.EVENTS: EVENTS, Kind.METRICS: POINTS}
# Columns of their own; all other names are attributes, or labels.
COLUMNS = {Kind.EVENTS: ("kind", "message"), Kind.METRICS: ("name",)}
STATES = {
    Aggregation.AVG: "avg",
    Aggregation.MIN: "min",
    Aggregation.MAX: "max",
    Aggregation.SUM: "sum",
    Aggregation.COUNT: "count",
    Aggregation.RATE: "sum",
    Aggregation.P50: "quantileTDigest(0.5)",
    Aggregation.P95: "quantileTDigest(0.95)",
    Aggregation.P99: "quantileTDigest(0.99)",
    Aggregation.COUNT_DISTINCT: "uniqExact",
}


class ViewTables:
    """The states of realtime views."""

    def __init__(self, client: Clickhouse, flavour: Flavour) -> None:
        self._client = client
        self._flavour = flavour

    async def begin(self, view: RealtimeView, generation: int, version: int, last: int, besides: Sequence[int]) -> None:
        """Makes the table of a generation, of what is there of the batches up to a number besides some."""
        bound = Bound()
        before = f"batch <= {bound.add(last, 'UInt64')}"
        if besides:
            before += f" AND batch NOT IN {bound.add(list(besides), 'Array(UInt64)')}"
        # There is one only where PostgreSQL was put back to an earlier state.
        await self.drop(view.id, generation)
        await self._client.execute(self._ddl(view, generation))
        await self._add(view, generation, before, bound, version, "all")
        await self.drop(view.id, generation - 1)

    async def add(self, view: RealtimeView, version: int, batches: Sequence[int]) -> None:
        """Adds some batches to a view; the same version again adds nothing."""
        bound = Bound()
        which = f"batch IN {bound.add(list(batches), 'Array(UInt64)')}"
        await self._add(view, view.generation, which, bound, version, str(version))

    async def drop(self, view_id: UUID, generation: int) -> None:
        """Removes the states of a generation of a view."""
        table = _table(view_id, generation)
        await self._client.execute(f"DROP TABLE IF EXISTS {table} {self._flavour.on_cluster} SYNC")

    async def states(self) -> set[tuple[UUID, int]]:
        """The views of which there are states, each with the generation."""
        rows = await self._client.rows("SELECT name FROM system.tables WHERE database = currentDatabase()")
        found = [_NAME.match(name) for (name,) in rows]
        return {(UUID(name[1]), int(name[2])) for name in found if name}

    async def content(self, view: RealtimeView, now: datetime) -> Content:
        """The rows of a view.

        Raises:
            QueryTooLarge: there are more than a view may have.
            StoreUnavailable: this generation is gone, as the view was deleted or begins again.
        """
        from clickhouse_connect.driver.exceptions import DatabaseError

        shows, bound = view.shows, Bound()
        keys = [*(["interval"] if shows.interval else []), *(f"k{n}" for n in range(len(shows.group_by)))]
        values = [_finished(measure, number, shows) for number, measure in enumerate(shows.measures)]
        where = ""
        if shows.interval and shows.window:
            first = now - shows.window
            where = f"WHERE interval > {bound.add(int(first.timestamp()), 'UInt32')}"
        grouped = f"GROUP BY {', '.join(keys)}" if keys else "GROUP BY ()"
        ordered = f"ORDER BY {', '.join(f'{key} NULLS FIRST' for key in keys)}" if keys else ""
        sql = (
            f"SELECT {', '.join([*keys, *values, 'max(version)'])} FROM {_table(view.id, view.generation)}"  # noqa: S608
            f" {where} {grouped} HAVING sum(number) > 0 {ordered} LIMIT {MOST_ROWS + 1}"
        )
        try:
            rows = await self._client.rows(sql, bound.values)
        except DatabaseError as error:
            if error.code in NO_TABLE:
                raise StoreUnavailable("The view begins again; try again.") from error
            raise
        if len(rows) > MOST_ROWS:
            raise QueryTooLarge
        found = [ViewRow(tuple(map(_value, row[:-1])), int(row[-1])) for row in rows]
        columns = columns_of(shows)
        return Content(columns, len(keys), {row.values[: len(keys)]: row for row in found}, view.applied or 0, now)

    async def _add(
        self, view: RealtimeView, generation: int, which: str, bound: Bound, version: int, token: str
    ) -> None:
        shows = view.shows
        items = selected(shows, bound)
        keys = [f"k{number}" for number in range(len(shows.group_by))]
        where = [f"organization_id = {bound.add(str(view.organization_id), 'UUID')}", which, *conditions(shows, bound)]
        grouped = ", ".join(["interval", *keys])
        sql = (
            f"INSERT INTO {_table(view.id, generation)} SELECT {', '.join(items)},"  # noqa: S608 - all is bound
            f" {bound.add(version, 'UInt64')} AS version"
            f" FROM {TABLES[shows.kind]} WHERE {all_of(where)} GROUP BY {grouped} ORDER BY {grouped}"
        )
        settings = {"insert_deduplication_token": f"view:{view.id}:{generation}:{token}"}
        await self._client.execute(sql, bound.values, settings)

    def _ddl(self, view: RealtimeView, generation: int) -> str:
        shows = view.shows
        columns = [
            "interval DateTime('UTC')",
            *(f"k{number} Nullable(String)" for number in range(len(shows.group_by))),
            "number SimpleAggregateFunction(sum, UInt64)",
            *(f"m{number} {_state_type(measure)}" for number, measure in enumerate(shows.measures)),
            "version SimpleAggregateFunction(max, UInt64)",
        ]
        order = ", ".join(["interval", *(f"k{number}" for number in range(len(shows.group_by)))])
        table = _table(view.id, generation)
        return (
            f"CREATE TABLE IF NOT EXISTS {table} {self._flavour.on_cluster} ({', '.join(columns)})"
            f" ENGINE = {self._flavour.engine('AggregatingMergeTree')} ORDER BY ({order})"
            f" SETTINGS allow_nullable_key = 1, {self._flavour.settings}"
        )


def checked_definition(shows: ViewDefinition) -> None:
    """Checks that a definition can be kept up to date.

    Raises:
        InvalidFields: it can't, by the field.
    """
    checked(shows.filters)
    conditions(shows, Bound())
    if shows.time_column:
        raise InvalidFields(Violation("definition.time_column", f"must be empty: {shows.source} have one time only"))
    names = [column.name for column in columns_of(shows)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidFields(Violation("definition.measures", f"has two columns {twice[0]!r}: give one a name"))
    for number, measure in enumerate(shows.measures):
        path = f"definition.measures[{number}]"
        if measure.aggregation is Aggregation.RATE and not shows.interval:
            raise InvalidFields(Violation(f"{path}.aggregation", "needs an interval"))
        if measure.aggregation is not Aggregation.COUNT and not measure.column:
            raise InvalidFields(Violation(f"{path}.column", "must be set"))
        of_metrics = shows.kind is Kind.METRICS and measure.aggregation is not Aggregation.COUNT_DISTINCT
        if of_metrics and measure.column not in ("", "value"):
            raise InvalidFields(Violation(f"{path}.column", "must be value: that is all that a metric has"))


def columns_of(shows: ViewDefinition) -> list[ViewColumn]:
    """The columns of a view."""
    whole = (Aggregation.COUNT, Aggregation.COUNT_DISTINCT)
    return [
        *([ViewColumn("interval", "timestamptz")] if shows.interval else []),
        *(ViewColumn(name, "text") for name in shows.group_by),
        *(ViewColumn(m.label, "integer" if m.aggregation in whole else "float") for m in shows.measures),
    ]


def selected(shows: ViewDefinition, bound: Bound) -> list[str]:
    """What is read of the source for the states of a batch."""
    if shows.interval:
        seconds = bound.add(int(shows.interval.total_seconds()), "UInt32")
        interval = f"toDateTime(intDiv(toUnixTimestamp(time), {seconds}) * {seconds}, 'UTC')"
    else:
        interval = NO_INTERVAL
    return [
        f"{interval} AS interval",
        *(f"{_key(shows.kind, name, bound)} AS k{number}" for number, name in enumerate(shows.group_by)),
        "count() AS number",
        *(f"{_state(shows.kind, measure, bound)} AS m{number}" for number, measure in enumerate(shows.measures)),
    ]


def conditions(shows: ViewDefinition, bound: Bound) -> list[str]:
    """The filters of a definition."""
    return [_condition(shows.kind, condition, bound) for condition in shows.filters]


def _condition(source: Kind, condition: Filter, bound: Bound) -> str:
    if condition.field in COLUMNS[source]:
        return on_text(condition, quote(condition.field), bound)
    return on_attribute(condition, bound) if source is Kind.EVENTS else on_label(condition, bound)


def _key(source: Kind, name: str, bound: Bound) -> str:
    if name in COLUMNS[source]:
        return f"toNullable(toString({quote(name)}))"
    if source is Kind.METRICS:
        label = bound.add(name, "String")
        return f"if(mapContains(labels, {label}), labels[{label}], NULL)"
    way = ", ".join(bound.add(part, "String") for part in name.split("."))
    kind = f"JSONType(attributes, {way})"
    text, raw = f"JSONExtractString(attributes, {way})", f"JSONExtractRaw(attributes, {way})"
    return f"multiIf({kind} = 'Null', NULL, {kind} = 'String', {text}, {raw})"


def _state(source: Kind, measure: Measure, bound: Bound) -> str:
    name, bracket, level = STATES[measure.aggregation].partition("(")
    function = f"{name}State{bracket}{level}"
    if measure.aggregation is Aggregation.COUNT and not measure.column:
        return f"{function}(toNullable(toFloat64(1)))"
    if measure.aggregation is Aggregation.COUNT_DISTINCT:
        return f"{function}({_key(source, measure.column, bound)})"
    return f"{function}({_number(source, measure, bound)})"


def _number(source: Kind, measure: Measure, bound: Bound) -> str:
    if source is Kind.METRICS:
        return "toNullable(value)"
    way = ", ".join(bound.add(part, "String") for part in measure.column.split("."))
    number = f"JSONType(attributes, {way}) IN ('Int64', 'UInt64', 'Double')"
    return f"if({number}, toNullable(JSONExtractFloat(attributes, {way})), NULL)"


def _state_type(measure: Measure) -> str:
    of = "Nullable(String)" if measure.aggregation is Aggregation.COUNT_DISTINCT else "Nullable(Float64)"
    return f"AggregateFunction({STATES[measure.aggregation]}, {of})"


def _finished(measure: Measure, number: int, shows: ViewDefinition) -> str:
    name, bracket, level = STATES[measure.aggregation].partition("(")
    merged = f"{name}Merge{bracket}{level}(m{number})"
    if measure.aggregation is Aggregation.RATE:
        assert shows.interval
        return f"{merged} / {int(shows.interval.total_seconds())}"
    return merged


def _value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _table(view_id: UUID, generation: int) -> str:
    return quote(f"view_{view_id.hex}_{generation}")
