"""Python's own values as fields of requests."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

Request = TypeVar("Request", bound=Message)


def request_of(kind: type[Request], organization: str | None = None, /, **fields: Any) -> Request:
    """A request with the fields that are not None.

    It gets the client's organization where it names none, and a request_id of its own, so that it may be sent again.

    Raises:
        ValueError: an enum has no such value.
        TypeError: a value is not of the field's kind.
    """
    known = kind.DESCRIPTOR.fields_by_name
    given = {
        name: _value(cast("FieldDescriptor", known[name]), value) for name, value in fields.items() if value is not None
    }
    if organization and "organization_id" in known:
        given.setdefault("organization_id", organization)
    if "request_id" in known:
        given.setdefault("request_id", str(uuid.uuid4()))
    return kind(**given)


def _value(field: FieldDescriptor, value: Any) -> Any:
    if field.is_repeated and isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_single(field, one) for one in value]
    return _single(field, value)


def _single(field: FieldDescriptor, value: Any) -> Any:
    if field.enum_type and isinstance(value, str):
        return enum_value(field.enum_type, value)
    if isinstance(value, datetime):
        time = Timestamp()
        time.FromDatetime(value)
        return time
    if isinstance(value, timedelta):
        duration = Duration()
        duration.FromTimedelta(value)
        return duration
    if field.message_type and field.message_type.full_name == "google.protobuf.FieldMask":
        return FieldMask(paths=value)
    if field.message_type and field.message_type.full_name == "google.protobuf.Struct" and isinstance(value, Mapping):
        return ParseDict(dict(value), Struct())
    return value


def enum_value(enum: EnumDescriptor, name: str) -> int:
    """The number of an enum's value, by its name with or without the prefix, in letters of any case.

    Raises:
        ValueError: there is no such value.
    """
    prefix = enum.values[0].name.removesuffix("UNSPECIFIED")
    word = name.upper().replace("-", "_")
    for candidate in (word, prefix + word):
        if found := enum.values_by_name.get(candidate):
            return found.number
    known = ", ".join(value.name.removeprefix(prefix).lower() for value in enum.values[1:])
    raise ValueError(f"{enum.name} has no value {name!r}; it is one of {known}.")


def enum_name(enum: EnumDescriptor, number: int) -> str:
    """The name of an enum's value, without its prefix, in small letters."""
    prefix = enum.values[0].name.removesuffix("UNSPECIFIED")
    value = enum.values_by_number.get(number)
    return str(number) if value is None else value.name.removeprefix(prefix).lower()
