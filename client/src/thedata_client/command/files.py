"""Files that people write: YAML or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from thedata_client.command.environment import filled
from thedata_client.command.exits import Failure

if TYPE_CHECKING:
    from google.protobuf.message import Message

Kind = TypeVar("Kind", bound="Message")


def mapping_of(path: Path) -> dict[str, Any]:
    """The fields of a file, with the environment's values; `-` is stdin.

    Raises:
        Failure: it can't be read, or has no fields.
    """
    try:
        loaded = yaml.safe_load(sys.stdin.read() if str(path) == "-" else path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise Failure(f"{path} can't be read: {error}") from error
    if not isinstance(loaded, dict):
        raise Failure(f"{path} has no fields.")
    filled_: dict[str, Any] = filled(loaded)
    return filled_


def message_of(path: Path, kind: type[Kind]) -> Kind:
    """The file as a message of the API; raises Failure."""
    return parsed(mapping_of(path), kind, str(path))


def parsed(fields: Any, kind: type[Kind], place: str) -> Kind:
    """Fields as a message of the API; enums by their names, with or without prefix, in letters of any case.

    Raises:
        Failure: a field is unknown, or its value is not of its kind.
    """
    from google.protobuf.json_format import ParseDict, ParseError

    try:
        return ParseDict(_with_numbers(fields, kind.DESCRIPTOR), kind())
    except (ParseError, ValueError) as error:
        raise Failure(f"{place}: {error}") from error


def _with_numbers(value: Any, message: Any) -> Any:
    from thedata_client.requests import enum_value

    if not isinstance(value, dict) or message.full_name.startswith("google.protobuf."):
        return value
    changed: dict[str, Any] = {}
    for name, one in value.items():
        field = message.fields_by_name.get(name)
        if field is None:
            known = ", ".join(each.name for each in message.fields)
            raise ValueError(f"{message.name} has no field {name!r}; it has {known}.")
        if field.enum_type and isinstance(one, str):
            changed[name] = enum_value(field.enum_type, one)
        elif field.message_type and isinstance(one, list):
            changed[name] = [_with_numbers(each, field.message_type) for each in one]
        elif field.message_type and not field.message_type.GetOptions().map_entry:
            changed[name] = _with_numbers(one, field.message_type)
        else:
            changed[name] = one
    return changed
