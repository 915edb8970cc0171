"""Filters as SQL conditions: names are quoted by us, values are always bound parameters."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.analytics.model import Filter, Operator
from server.errors import InvalidFields, Violation

COMPARED = {
    Operator.EQ: "=",
    Operator.NE: "!=",
    Operator.LT: "<",
    Operator.LE: "<=",
    Operator.GT: ">",
    Operator.GE: ">=",
}
LISTED = {Operator.IN: "IN", Operator.NOT_IN: "NOT IN"}
WITHOUT_VALUES = frozenset((Operator.IS_NULL, Operator.IS_NOT_NULL))
OF_TEXTS = frozenset((Operator.CONTAINS, Operator.STARTS_WITH))
MOST_VALUES = 10_000
MOST_TEXT = 256 * 1024


@dataclass
class Bound:
    """The parameters of one statement, each named when it is bound."""

    values: dict[str, Any] = field(default_factory=dict)

    def add(self, value: Any, type_: str) -> str:
        """Binds a value; gives the placeholder."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{type_}}}"


def checked(filters: Sequence[Filter]) -> None:
    """Checks that each condition has as many values as its operator takes, and that all together have not too many.

    Raises:
        InvalidFields: one has not, or they have; by the path in the request.
    """
    require_few(filters)
    for condition in filters:
        count = len(condition.values)
        if condition.operator in WITHOUT_VALUES:
            if count:
                raise refused(condition, "takes no value")
        elif condition.operator in LISTED:
            if not count:
                raise refused(condition, "needs at least one value")
        elif count != 1:
            raise refused(condition, "needs exactly one value")


def require_few(filters: Sequence[Filter]) -> None:
    """Checks that conditions have not more values together than a statement may have.

    Raises:
        InvalidFields: they have; by the path of the list in which they are too many.
    """
    values = size = 0
    for condition in filters:
        path = condition.path.rpartition("[")[0]
        values += len(condition.values)
        if values > MOST_VALUES:
            raise InvalidFields(Violation(path, f"must have at most {MOST_VALUES} values together"))
        size += sum(len(value.encode()) for value in condition.values if isinstance(value, str))
        if size > MOST_TEXT:
            raise InvalidFields(Violation(path, f"must have values of at most {MOST_TEXT // 1024} KiB together"))


def refused(condition: Filter, why: str) -> InvalidFields:
    """What is told of a condition that can't be."""
    return InvalidFields(Violation(f"{condition.path}.values", f"{condition.operator.value} {why}"))


def on_label(condition: Filter, bound: Bound) -> str:
    """A condition on a label of a metric: labels are texts."""
    label = bound.add(condition.field, "String")
    match condition.operator:
        case Operator.IS_NULL:
            return f"NOT mapContains(labels, {label})"
        case Operator.IS_NOT_NULL:
            return f"mapContains(labels, {label})"
        case Operator.LT | Operator.LE | Operator.GT | Operator.GE:
            raise InvalidFields(Violation(f"{condition.path}.operator", "must be one for texts: labels have no order"))
    return on_text(condition, f"labels[{label}]", bound)


def on_text(condition: Filter, read: str, bound: Bound) -> str:
    """A condition on an expression of a text that is always there."""
    if condition.operator in WITHOUT_VALUES:
        raise InvalidFields(Violation(f"{condition.path}.operator", f"{condition.field} is always there"))
    texts = [_text(condition, value) for value in condition.values]
    return _compared(condition.operator, read, texts, bound, "String")


def on_attribute(condition: Filter, bound: Bound) -> str:
    """A condition on an attribute of an event, by the JSON type of its values."""
    way = ", ".join(bound.add(part, "String") for part in condition.field.split("."))
    kind = f"JSONType(attributes, {way})"
    if condition.operator is Operator.IS_NULL:
        return f"{kind} = 'Null'"
    if condition.operator is Operator.IS_NOT_NULL:
        return f"{kind} != 'Null'"
    negative = condition.operator in (Operator.NE, Operator.NOT_IN)
    found = []
    for type_, values in _by_type(condition).items():
        read, types, native = _ATTRIBUTES[type_]
        compared = _compared(condition.operator, f"{read}(attributes, {way})", values, bound, native)
        found.append(f"({kind} {'NOT IN' if negative else 'IN'} {types} {'OR' if negative else 'AND'} {compared})")
    return f"({(' AND ' if negative else ' OR ').join(found)})"


_ATTRIBUTES: Mapping[type, tuple[str, str, str]] = {
    str: ("JSONExtractString", "('String')", "String"),
    bool: ("JSONExtractBool", "('Bool')", "Bool"),
    float: ("JSONExtractFloat", "('Int64', 'UInt64', 'Double')", "Float64"),
}


def _by_type(condition: Filter) -> dict[type, list[Any]]:
    found: dict[type, list[Any]] = {}
    for value in condition.values:
        if condition.loose:
            for each in (value, _as_json(value)):
                found.setdefault(float if type(each) is int else type(each), []).append(each)
        elif isinstance(value, bool):
            found.setdefault(bool, []).append(value)
        elif isinstance(value, (int, float)):
            found.setdefault(float, []).append(float(value))
        elif isinstance(value, str):
            found.setdefault(str, []).append(value)
        else:
            raise refused(condition, "compares texts, numbers and booleans; use is_null for what is not there")
    if condition.operator in OF_TEXTS and condition.loose:
        return {str: found[str]}
    if condition.operator in OF_TEXTS and found.keys() != {str}:
        raise refused(condition, "needs a text")
    return found


def _as_json(text: str) -> Any:
    """A number or a boolean that is written like one; else the text itself."""
    try:
        value = json.loads(text)
        return value if isinstance(value, (bool, int, float)) and math.isfinite(value) else text
    except (ValueError, OverflowError, RecursionError):  # a whole number that no double comes near to, too
        return text


def _compared(operator: Operator, read: str, values: Sequence[Any], bound: Bound, native: str) -> str:
    if operator in LISTED:
        return f"{read} {LISTED[operator]} {bound.add(list(values), f'Array({native})')}"
    if operator is Operator.CONTAINS:
        return f"positionCaseInsensitiveUTF8({read}, {bound.add(values[0], 'String')}) > 0"
    if operator is Operator.STARTS_WITH:
        return f"startsWith({read}, {bound.add(values[0], 'String')})"
    return f"{read} {COMPARED[operator]} {bound.add(values[0], native)}"


def _text(condition: Filter, value: Any) -> str:
    if not isinstance(value, str):
        raise refused(condition, "compares texts")
    return value


def all_of(conditions: Sequence[str]) -> str:
    """Conditions that hold together."""
    return " AND ".join(conditions)
