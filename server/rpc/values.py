"""Values in and out of messages: ids, times, JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from google.protobuf import json_format
from google.protobuf.duration_pb2 import Duration
from google.protobuf.struct_pb2 import ListValue, Struct
from google.protobuf.timestamp_pb2 import Timestamp

from server.errors import InvalidFields, Violation

LARGEST_EXACT_INTEGER = 2**53


def optional_id(text: str) -> UUID | None:
    """An id that may be left out."""
    return UUID(text) if text else None


def timestamp(time: datetime | None) -> Timestamp | None:
    """A time, or no field."""
    if time is None:
        return None
    message = Timestamp()
    message.FromDatetime(time)
    return message


def moment(message: Timestamp, field: str) -> datetime:
    """A time from a message.

    Raises:
        InvalidFields: it is outside the years 1 to 9999.
    """
    try:
        return message.ToDatetime(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidFields(Violation(field, "must be a time between the years 1 and 9999")) from error


def length(message: Duration, field: str) -> timedelta:
    """A length of time from a message.

    Raises:
        InvalidFields: it is longer than ten thousand years, or its two parts don't go together.
    """
    try:
        return message.ToTimedelta()
    except (ValueError, OverflowError) as error:
        raise InvalidFields(Violation(field, "must be a length of time of at most ten thousand years")) from error


def duration(length: timedelta) -> Duration:
    """A length of time."""
    message = Duration()
    message.FromTimedelta(length)
    return message


def struct(values: Mapping[str, Any]) -> Struct:
    """A JSON object as a Struct."""
    message = Struct()
    message.update(values)
    return message


def list_value(values: list[Any]) -> ListValue:
    """A JSON array as a ListValue; an integer that a double can't hold exactly becomes text."""
    message = ListValue()
    add = message.values.add
    for value in map(_exact, values):
        # Thousands of rows: what they mostly hold is set directly, which takes a third of the time.
        if isinstance(value, str):
            add().string_value = value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            add().number_value = value
        else:
            message.append(value)
    return message


def plain(message: Struct, field: str) -> dict[str, Any]:
    """A Struct as a JSON object, whole numbers as int.

    Raises:
        InvalidFields: it holds a number that JSON can't, or is nested too deeply.
    """
    try:
        return {key: _whole(value) for key, value in json_format.MessageToDict(message).items()}
    except (ValueError, RecursionError, json_format.Error) as error:
        raise InvalidFields(Violation(field, "must hold finite numbers and not be nested deeply")) from error


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_EXACT_INTEGER:
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value


def _exact(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) > LARGEST_EXACT_INTEGER:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
