"""How answers are printed: tables for people, JSON and YAML for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from google.protobuf.message import Message
    from rich.console import Console


class Format(StrEnum):
    """How answers are printed."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


Output = Annotated[Format, typer.Option("-o", "--output", help="How to print the answer.")]
Columns = Mapping[str, str | Callable[[Any], str]]
"""What a table shows: a field, dots before what lies deeper, or how to tell it."""


def console(*, stderr: bool = False) -> Console:
    """The terminal; without colours where NO_COLOR is set or nobody looks."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=not sys.stdout.isatty())


def plain(value: Any) -> Any:
    """A message as JSON has it, with the contract's own names."""
    from google.protobuf.json_format import MessageToDict
    from google.protobuf.message import Message

    if isinstance(value, Message):
        return MessageToDict(value, preserving_proto_field_name=True)
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def show(value: Message | Mapping[str, Any], format: Format, columns: Columns) -> None:
    """Prints one thing."""
    if format is not Format.TABLE:
        dump(plain(value), format)
        return
    from rich.table import Table

    table = Table(show_header=False, box=None, pad_edge=False)
    for name, column in columns.items():
        if cell := _cell(value, column):
            table.add_row(f"[bold]{name}[/bold]", _text(cell))
    console().print(table)


def show_all(values: Iterable[Any], format: Format, columns: Columns) -> None:
    """Prints a list."""
    if format is not Format.TABLE:
        dump([plain(value) for value in values], format)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name.upper(), overflow="fold", no_wrap=name == "id")
    for value in values:
        table.add_row(*(_text(_cell(value, column)) for column in columns.values()))
    console().print(table)


def dump(value: Any, format: Format) -> None:
    """Prints what JSON can say."""
    if format is Format.YAML:
        import yaml

        sys.stdout.write(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
    else:
        sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def say(text: str) -> None:
    """Prints a line for people."""
    console().print(text)


def _text(cell: str) -> Any:
    from rich.text import Text

    return Text(cell)  # what others have written is not markup


def _cell(value: Any, column: str | Callable[[Any], str]) -> str:
    if callable(column):
        return column(value)
    for part in column.split("."):
        value = value.get(part, "") if isinstance(value, Mapping) else _field(value, part)
    return told(value)


def _field(message: Any, name: str) -> Any:
    from thedata_client.requests import enum_name

    if message == "":
        return ""
    field = message.DESCRIPTOR.fields_by_name[name]
    if field.has_presence and not message.HasField(name):
        return ""
    value = getattr(message, name)
    return enum_name(field.enum_type, value) if field.enum_type and not field.is_repeated else value


def told(value: Any) -> str:
    """A value as people read it: times of this place, lengths of time in seconds."""
    from google.protobuf.duration_pb2 import Duration
    from google.protobuf.message import Message
    from google.protobuf.timestamp_pb2 import Timestamp

    if isinstance(value, Timestamp):
        from datetime import UTC

        return value.ToDatetime(UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, Duration):
        return f"{value.ToTimedelta().total_seconds():g} s"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, Message | Mapping):
        return json.dumps(plain(value), ensure_ascii=False)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(told, value))
    return str(value)


def examples(*lines: str) -> str:
    """The examples below a command's help."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
