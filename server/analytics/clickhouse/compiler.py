"""Questions about tables as SQL: one SELECT of one table, whose every name is known and whose every value is bound.

Nothing that a caller writes becomes text of the statement, but for the names of measures, which are quoted. The table's
columns are always said with the table's alias: an answer's column may have the name of another one of the table's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.analytics.clickhouse.client import quote
from server.analytics.clickhouse.conditions import (
    COMPARED,
    LISTED,
    OF_TEXTS,
    WITHOUT_VALUES,
    Bound,
    all_of,
    require_few,
)
from server.analytics.clickhouse.events import TIME, moment
from server.analytics.clickhouse.values import FIRST_DAY, LAST_DAY, Unfit, bound_as, value_of
from server.analytics.model import Aggregation, Filter, Operator
from server.analytics.questions import Column, ColumnKind, Measure, Table, TableQuery
from server.errors import InvalidFields, Violation

ALIAS = "_t"
INTERVAL = "interval"
BEFORE_1970 = -(75 * 366 * 86_400 * 1_000_000)
"""Microseconds to a time before all that a column may have."""
TIMES = frozenset((ColumnKind.DATE, ColumnKind.TIMESTAMP, ColumnKind.TIMESTAMPTZ))
NUMBERS = frozenset((ColumnKind.INTEGER, ColumnKind.FLOAT, ColumnKind.DECIMAL))
UNORDERED = frozenset((ColumnKind.UUID, ColumnKind.JSON, ColumnKind.ARRAY, ColumnKind.BYTES, ColumnKind.BOOLEAN))
DOCUMENTS = frozenset((ColumnKind.JSON, ColumnKind.ARRAY))
QUANTILES = {Aggregation.P50: "0.5", Aggregation.P95: "0.95", Aggregation.P99: "0.99"}
COUNTS = frozenset((Aggregation.COUNT, Aggregation.COUNT_DISTINCT))
NEGATIVE = frozenset((Operator.NE, Operator.NOT_IN))


@dataclass(frozen=True)
class Compiled:
    """A statement with its parameters, and what its columns are."""

    sql: str
    values: dict[str, Any]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class _Item:
    """A column of the answer: what it is, how it is told, and what it is ordered by."""

    column: Column
    told: str
    order: str


@dataclass
class _Question:
    """A statement while it is written."""

    table: Table
    query: TableQuery
    arrow: bool
    bound: Bound = field(default_factory=Bound)

    def bad(self, path: str, why: str) -> InvalidFields:
        return InvalidFields(Violation(path, why))

    def column(self, name: str, path: str) -> Column:
        for column in self.table.columns:
            if column.name == name:
                return column
        raise self.bad(path, f"must be a column of {self.table.name}; there is none with this name")

    def time_column(self, path: str) -> Column:
        if self.query.time_column:
            column = self.column(self.query.time_column, "time_column")
            if column.kind not in TIMES:
                raise self.bad("time_column", "must be a column of dates or times")
            return column
        found = [column for column in self.table.columns if column.kind in TIMES]
        if len(found) != 1:
            told = ", ".join(column.name for column in found[:10]) or "none"
            raise self.bad("time_column", f"must be set for {path}: the table has not one column of times, but {told}")
        return found[0]


def compile_page(table: Table, query: TableQuery, limit: int, offset: int) -> Compiled:
    """A part of the answer, in an order in which no two rows can change places.

    Raises:
        InvalidFields: the question can't be asked of the table; by the path of its field.
    """
    question = _Question(table, query, arrow=False)
    items = _items(question)
    order = _order(question, items, whole=True)
    statement = _statement(question, items, order)
    bound = question.bound
    sql = f"{statement} LIMIT {bound.add(limit, 'UInt64')} OFFSET {bound.add(offset, 'UInt64')}"
    return Compiled(sql, bound.values, tuple(item.column for item in items))


def compile_all(table: Table, query: TableQuery, *, arrow: bool) -> Compiled:
    """The whole answer; for Arrow, without the types that it does not have.

    Raises:
        InvalidFields: the question can't be asked of the table; by the path of its field.
    """
    question = _Question(table, query, arrow)
    items = _items(question)
    sql = _statement(question, items, _order(question, items, whole=False))
    return Compiled(sql, question.bound.values, tuple(item.column for item in items))


def _statement(question: _Question, items: Sequence[_Item], order: Sequence[str]) -> str:
    table, query = question.table, question.query
    where = _where(question)
    told = ", ".join(f"{item.told} AS {quote(item.column.name)}" for item in items)
    final = " FINAL" if table.final else ""
    sql = f"SELECT {told} FROM {quote(table.database, table.table)} AS {ALIAS}{final}"  # noqa: S608 - all is quoted
    if where:
        sql += f" WHERE {all_of(where)}"
    groups = len(query.group_by) + bool(query.interval)
    if groups:
        sql += f" GROUP BY {', '.join(str(number) for number in range(1, groups + 1))}"
    return f"{sql} ORDER BY {', '.join(order)}" if order else sql


def _items(question: _Question) -> list[_Item]:
    query = question.query
    if not query.grouped:
        names = list(dict.fromkeys(query.columns))
        chosen = [question.column(name, f"columns[{query.columns.index(name)}]") for name in names]
        return [_told(question, column) for column in chosen or question.table.columns]
    if query.columns:
        raise question.bad("columns", "must be empty where rows are grouped: name them in group_by or measures")
    items = []
    if query.interval:
        items.append(_interval(question, query.interval))
    for number, name in enumerate(query.group_by):
        items.append(_told(question, question.column(name, f"group_by[{number}]")))
    measures = query.measures or (Measure(Aggregation.COUNT),)
    items += [_measured(question, measure) for measure in measures]
    paths = [*([INTERVAL] * bool(query.interval)), *(f"group_by[{n}]" for n in range(len(query.group_by)))]
    paths += [measure.path for measure in measures]
    seen: set[str] = set()
    for item, path in zip(items, paths, strict=True):
        if item.column.name in seen:
            raise question.bad(path, f"must have another name: the answer has {item.column.name} already")
        seen.add(item.column.name)
    return items


def _raw(column: Column) -> str:
    return f"{ALIAS}.{quote(column.name)}"


def _subject(column: Column) -> str:
    """A column as it is compared and ordered by."""
    word = column.native.partition("(")[0]
    if column.kind in DOCUMENTS and word != "String":
        return f"toJSONString({_raw(column)})"
    return f"toString({_raw(column)})" if word in ("Enum8", "Enum16", "IPv4", "IPv6") else _raw(column)


def _told(question: _Question, column: Column) -> _Item:
    told = order = _subject(column)
    if column.kind is ColumnKind.BYTES:
        told = f"base64Encode({order})"
    elif question.arrow and column.native in ("Int128", "Int256", "UInt128", "UInt256"):
        told = f"toString({order})"
    if question.query.grouped and told != order:
        order = f"any({order})"  # it is not what the rows are grouped by, but the same for all of a group
    return _Item(column, told, order)


def _interval(question: _Question, interval: timedelta) -> _Item:
    column = question.time_column(INTERVAL)
    instant = _raw(column)
    if column.native != TIME and not (column.native.startswith("DateTime64(6") and column.kind in TIMES):
        instant = f"toDateTime64({instant}, 6, 'UTC')"
    # By microseconds from 1970 on: the engine's own intervals don't go back beyond that.
    micros = f"toUnixTimestamp64Micro({instant})"
    length = interval // timedelta(microseconds=1)
    bound, shift = question.bound.add(length, "Int64"), question.bound.add(-(BEFORE_1970 // length) * length, "Int64")
    # What is divided is never negative, so that the engine may divide by multiplying.
    told = f"fromUnixTimestamp64Micro(intDiv({micros} + {shift}, {bound}) * {bound} - {shift}, 'UTC')"
    return _Item(Column(INTERVAL, ColumnKind.TIMESTAMPTZ, TIME, column.nullable), told, told)


def _measured(question: _Question, measure: Measure) -> _Item:
    aggregation = measure.aggregation
    name = measure.name or (f"{aggregation.value}_{measure.column}" if measure.column else aggregation.value)
    if not measure.column:
        if aggregation is not Aggregation.COUNT:
            raise question.bad(measure.path, f"{aggregation.value} needs a column")
        return _Item(Column(name, ColumnKind.INTEGER, "UInt64"), "count()", "count()")
    column = question.column(measure.column, measure.path)
    told, found = _aggregated(question, measure, column)
    return _Item(Column(name, found.kind, found.native, aggregation not in COUNTS), told, told)


def _aggregated(question: _Question, measure: Measure, column: Column) -> tuple[str, Column]:
    """An aggregation's words, and what they give."""
    raw, aggregation = _raw(column), measure.aggregation
    number = Column("", ColumnKind.FLOAT, "Float64")
    if aggregation is Aggregation.COUNT:
        return f"count({raw})", Column("", ColumnKind.INTEGER, "UInt64")
    if aggregation is Aggregation.COUNT_DISTINCT:
        return f"uniqExact({raw})", Column("", ColumnKind.INTEGER, "UInt64")
    if aggregation in (Aggregation.MIN, Aggregation.MAX):
        if column.kind in UNORDERED:
            raise question.bad(measure.path, f"{aggregation.value} needs a column whose values have an order")
        return f"{aggregation.value}({_subject(column)})", column
    if column.kind not in NUMBERS:
        raise question.bad(measure.path, f"{aggregation.value} needs a column of numbers")
    if aggregation is Aggregation.SUM:
        return _sum(question, column)
    if aggregation is Aggregation.AVG:
        return f"avg({raw})", number
    if aggregation is Aggregation.RATE:
        if not question.query.interval:
            raise question.bad(measure.path, "rate needs an interval")
        seconds = question.bound.add(question.query.interval.total_seconds(), "Float64")
        return f"sum(toFloat64({raw})) / {seconds}", number
    return f"toFloat64(quantileTDigest({QUANTILES[aggregation]})(toFloat64({raw})))", number


def _sum(question: _Question, column: Column) -> tuple[str, Column]:
    """A sum that cannot wrap around."""
    raw = _raw(column)
    if column.kind is ColumnKind.FLOAT:
        return f"sum({raw})", Column("", ColumnKind.FLOAT, "Float64")
    if column.kind is ColumnKind.DECIMAL:
        digits, scale = (int(part) for part in column.native[8:-1].split(","))
        if digits <= 18:
            return f"sum({raw})", Column("", ColumnKind.DECIMAL, f"Decimal(38, {scale})")
        return f"sum(toDecimal256({raw}, {scale}))", Column("", ColumnKind.DECIMAL, f"Decimal(76, {scale})")
    signed, bits = "" if column.native[0] == "I" else "U", int(column.native.rpartition("t")[2])
    if bits <= 32:
        return f"sum({raw})", Column("", ColumnKind.INTEGER, f"{signed}Int64")
    if bits > 64:
        summed = f"sum(toInt256({raw}))"
        return f"toString({summed})" if question.arrow else summed, Column("", ColumnKind.INTEGER, "Int256")
    summed = f"sum(toInt128({raw}))"
    return f"toDecimal128({summed}, 0)" if question.arrow else summed, Column("", ColumnKind.INTEGER, "Int128")


def _order(question: _Question, items: Sequence[_Item], *, whole: bool) -> list[str]:
    """What the answer is ordered by; whole: until no two different rows are equal in it."""
    query = question.query
    by_name = {item.column.name: item.order for item in items}
    found: dict[str, str] = {}
    for number, text in enumerate(query.order_by):
        name, descending = text, False
        if name not in by_name:
            name, _, direction = text.rpartition(" ")
            descending = direction.lower() == "desc"
            if name not in by_name or direction.lower() not in ("asc", "desc"):
                raise question.bad(f"order_by[{number}]", "must be a column of the answer, with desc after it or not")
        found.setdefault(by_name[name], " DESC" if descending else "")
    if query.grouped:
        rest = [item.order for item in items[: len(query.group_by) + bool(query.interval)]]
    elif whole or not found:
        columns = {column.name: column for column in question.table.columns}
        rest = [_raw(columns[name]) for name in question.table.key if name in columns]
        rest += [item.order for item in items] if whole else []
    else:
        rest = []
    for expression in rest:
        found.setdefault(expression, "")
    return [f"{expression}{direction}" for expression, direction in found.items()]


def _where(question: _Question) -> list[str]:
    table, query, bound = question.table, question.query, question.bound
    found = []
    if table.organization_id:
        found.append(f"{ALIAS}.organization_id = {bound.add(str(table.organization_id), 'UUID')}")
    if query.start and query.end and query.end <= query.start:
        raise question.bad("end_time", "must be after start_time")
    for time, sign, path in ((query.start, ">=", "start_time"), (query.end, "<", "end_time")):
        if time:
            column = question.time_column(path)
            found.append(f"{_raw(column)} {sign} {_bound_time(column, time, bound)}")
    require_few(query.filters)
    return found + [_condition(question, condition) for condition in query.filters]


def _bound_time(column: Column, time: datetime, bound: Bound) -> str:
    """A time, or the first day that begins at it or later, as far as the store's types go."""
    time = time.astimezone(UTC)
    if column.kind is ColumnKind.DATE:
        day = time.date()
        if time.time() != datetime.min.time() and day < date.max:
            day += timedelta(days=1)
        return bound.add(min(max(day, FIRST_DAY), LAST_DAY).isoformat(), "Date32")
    return bound.add(moment(time), TIME)


def _condition(question: _Question, condition: Filter) -> str:
    operator = condition.operator
    column = question.column(condition.field, _at(condition, "field"))
    raw = _raw(column)
    _require_count(question, condition)
    if operator is Operator.IS_NULL:
        return f"{raw} IS NULL"
    if operator is Operator.IS_NOT_NULL:
        return f"{raw} IS NOT NULL"
    _require_meaning(question, condition, column)
    values = [_value(question, condition, column, value) for value in condition.values if value is not None]
    null = len(values) < len(condition.values)
    subject = _subject(column)
    if operator in OF_TEXTS:
        if null:
            raise question.bad(_at(condition, "values"), f"{operator.value} needs a text")
        return _text_condition(operator, subject, question.bound.add(values[0], "String"))
    if operator in LISTED or operator in (Operator.EQ, Operator.NE):
        return _equal(question, condition, column, subject, values, null=null)
    if null:
        raise question.bad(_at(condition, "values"), f"{operator.value} compares with no NULL")
    return f"{subject} {COMPARED[operator]} {question.bound.add(values[0], bound_as(column))}"


def _equal(
    question: _Question, condition: Filter, column: Column, subject: str, values: list[Any], *, null: bool
) -> str:
    """Equal to a value or to one of some, or to none: NULL is a value like any other."""
    negative = condition.operator in NEGATIVE
    if not values:
        return f"{subject} IS {'NOT ' if negative else ''}NULL"
    type_ = bound_as(column)
    if condition.operator in LISTED:
        told = f"{subject} {LISTED[condition.operator]} {question.bound.add(values, f'Array({type_})')}"
    else:
        told = f"{subject} {COMPARED[condition.operator]} {question.bound.add(values[0], type_)}"
    if not column.nullable:
        return told
    if null:
        return f"({told} {'AND' if negative else 'OR'} {subject} IS {'NOT ' if negative else ''}NULL)"
    return f"({told} OR {subject} IS NULL)" if negative else told


def _text_condition(operator: Operator, subject: str, text: str) -> str:
    if operator is Operator.CONTAINS:
        return f"positionCaseInsensitiveUTF8({subject}, {text}) > 0"
    return f"startsWith({subject}, {text})"


def _require_count(question: _Question, condition: Filter) -> None:
    count, word = len(condition.values), condition.operator.value
    if condition.operator in WITHOUT_VALUES:
        if count:
            raise question.bad(_at(condition, "values"), f"{word} takes no value")
    elif condition.operator in LISTED:
        if not count:
            raise question.bad(_at(condition, "values"), f"{word} needs at least one value")
    elif count != 1:
        raise question.bad(_at(condition, "values"), f"{word} needs exactly one value")


def _require_meaning(question: _Question, condition: Filter, column: Column) -> None:
    operator, kind = condition.operator, column.kind
    path = _at(condition, "operator")
    if operator in OF_TEXTS and kind is not ColumnKind.TEXT and kind not in DOCUMENTS:
        raise question.bad(path, f"{operator.value} is for texts, and {column.name} has none")
    if (kind in DOCUMENTS and operator not in OF_TEXTS) or kind is ColumnKind.BYTES:
        raise question.bad(path, f"{operator.value} is not for a column of {kind.value}")
    ordered = operator in COMPARED and operator not in (Operator.EQ, Operator.NE)
    if ordered and kind in UNORDERED:
        raise question.bad(path, f"{operator.value} is for values with an order, and those of {column.name} have none")


def _value(question: _Question, condition: Filter, column: Column, value: Any) -> Any:
    try:
        return value_of(column, value, loose=condition.loose)
    except Unfit as unfit:
        why = f"{unfit} for {column.name}, which has the type {column.native}"
        raise question.bad(_at(condition, "values"), why) from unfit


def _at(condition: Filter, part: str) -> str:
    return condition.path if condition.loose else f"{condition.path}.{part}"
