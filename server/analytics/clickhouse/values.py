"""Values of filters against the types of columns: what does not fit is refused before the store sees it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from server.analytics.clickhouse.events import FIRST, LAST, TIME, moment
from server.analytics.questions import Column, ColumnKind

FIRST_DAY, LAST_DAY = FIRST.date(), LAST.date()

_KINDS: Mapping[str, ColumnKind] = {
    "Bool": ColumnKind.BOOLEAN, "Float32": ColumnKind.FLOAT, "Float64": ColumnKind.FLOAT, "String": ColumnKind.TEXT,
    "BFloat16": ColumnKind.FLOAT, "FixedString": ColumnKind.BYTES, "UUID": ColumnKind.UUID, "Date": ColumnKind.DATE,
    "Date32": ColumnKind.DATE, "DateTime": ColumnKind.TIMESTAMPTZ, "DateTime64": ColumnKind.TIMESTAMPTZ,
    "Decimal": ColumnKind.DECIMAL, "Enum8": ColumnKind.TEXT, "Enum16": ColumnKind.TEXT, "IPv4": ColumnKind.TEXT,
    "IPv6": ColumnKind.TEXT, "Array": ColumnKind.ARRAY,
}  # fmt: skip
_TOLD = {kind.value: kind for kind in (ColumnKind.BYTES, ColumnKind.JSON, ColumnKind.ARRAY, ColumnKind.TIMESTAMP)}
_INTEGER = re.compile(r"(U?)Int(\d+)\Z")
_WHOLE = re.compile(r"[+-]?\d{1,80}\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,80}(\.\d{1,80})?\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?\Z", re.ASCII)


class Unfit(ValueError):  # noqa: N818 - it says what would be right
    """A value that its column can't have; the text says what would be right."""


def column_of(name: str, type_: str, comment: str = "") -> Column:
    """A column by its type in the store, and by what it was landed as where that tells more."""
    bare, nullable = type_, False
    while (wrapper := bare.partition("(")[0]) in ("LowCardinality", "Nullable"):
        nullable = nullable or wrapper == "Nullable"
        bare = bare[len(wrapper) + 1 : -1]
    word = bare.partition("(")[0]
    kind = ColumnKind.INTEGER if _INTEGER.match(bare) else _KINDS.get(word, ColumnKind.JSON)
    if kind in (ColumnKind.TEXT, ColumnKind.TIMESTAMPTZ):
        kind = _TOLD.get(comment, kind)
    return Column(name, kind, bare, nullable)


def bound_as(column: Column) -> str:
    """The type of a parameter that is compared with a column."""
    match column.kind:
        case ColumnKind.DATE:
            return "Date32"
        case ColumnKind.TIMESTAMP | ColumnKind.TIMESTAMPTZ:
            return TIME
        case ColumnKind.TEXT | ColumnKind.JSON | ColumnKind.ARRAY | ColumnKind.BYTES:
            return "String"
    return column.native


def value_of(column: Column, value: Any, *, loose: bool) -> Any:
    """A value as it is bound; a loose one is a text whatever the column is.

    Raises:
        Unfit: the column can't have it.
    """
    return _READERS[column.kind](column, value, loose)


def _text(_column: Column, value: Any, _loose: bool) -> str:
    if not isinstance(value, str):
        raise Unfit("must be a text")
    return value


def _boolean(_column: Column, value: Any, loose: bool) -> bool:
    if loose and value in ("true", "false"):
        return bool(value == "true")
    if not isinstance(value, bool):
        raise Unfit("must be true or false")
    return value


def _integer(column: Column, value: Any, _loose: bool) -> int:
    if isinstance(value, str) and _WHOLE.match(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit("must be a whole number, as a text where it is beyond 2^53")
    found = _INTEGER.match(column.native)
    assert found
    bits = int(found[2])
    least, most = (0, 2**bits - 1) if found[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if not least <= value <= most:
        raise Unfit(f"must be from {least} to {most}")
    return value


def _float(_column: Column, value: Any, _loose: bool) -> float:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise Unfit("must be a number") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unfit("must be a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Unfit("must be a finite number")
    return number


def _decimal(column: Column, value: Any, _loose: bool) -> str:
    shown = value if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Unfit("must be a number, or one as a text")
    try:
        number = Decimal(shown) if not isinstance(value, str) or _NUMBER.match(shown) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise Unfit("must be a number, or one as a text")
    digits, scale = (int(part) for part in column.native[8:-1].split(","))
    written = f"{number:f}"
    whole, _, fraction = written.lstrip("+-").partition(".")
    if len(fraction.rstrip("0")) > scale or len(whole.lstrip("0")) > digits - scale:
        raise Unfit(f"must have at most {digits - scale} digits before and {scale} after the point")
    return written


def _date(_column: Column, value: Any, _loose: bool) -> str:
    if not isinstance(value, str) or not _DAY.match(value):
        raise Unfit("must be a date such as 2026-01-31")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Unfit("must be a date that there is") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unfit(f"must be from {FIRST_DAY} to {LAST_DAY}")
    return value


def _timestamp(column: Column, value: Any, _loose: bool) -> str:
    found = _TIME.match(value) if isinstance(value, str) else None
    if not found or (column.kind is ColumnKind.TIMESTAMPTZ and not found[2]):
        raise Unfit("must be a time such as 2026-01-31T12:30:00.5Z, with at most six digits of a second")
    try:
        time = datetime.fromisoformat(value)
        time = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("must be a time that there is") from None
    if not FIRST_DAY <= time.date() <= LAST_DAY:
        raise Unfit(f"must be from {FIRST_DAY} to {LAST_DAY}")
    return moment(time)


def _uuid(_column: Column, value: Any, _loose: bool) -> str:
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise Unfit("must be a UUID") from None


def _nothing(column: Column, _value: Any, _loose: bool) -> Any:
    raise Unfit(f"a column of {column.kind.value} can only be asked for NULL")


_READERS: Mapping[ColumnKind, Callable[[Column, Any, bool], Any]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.BOOLEAN: _boolean,
    ColumnKind.INTEGER: _integer,
    ColumnKind.FLOAT: _float,
    ColumnKind.DECIMAL: _decimal,
    ColumnKind.DATE: _date,
    ColumnKind.TIMESTAMP: _timestamp,
    ColumnKind.TIMESTAMPTZ: _timestamp,
    ColumnKind.UUID: _uuid,
    ColumnKind.JSON: _text,
    ColumnKind.ARRAY: _text,
    ColumnKind.BYTES: _nothing,
}
