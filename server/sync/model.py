"""What sources offer: catalogs, streams, columns. Plain values, no behaviour of a system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JsonValue = str | int | float | bool | None
JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a stream.

    ``type`` is the engine's own word: boolean, smallint, integer, bigint, real, double, decimal, decimal(p,s),
    text, bytes, date, time, timestamp, timestamptz, interval, uuid, json, array or other; ``native_type`` is the
    source's spelling. ``base_type`` is the type that another system of the same kind knows, where that is another
    one: of a domain what it is based on, of an enumeration text. ``loss`` says what the engine's type does not keep of
    some values; of a column that is read it means that this may be cut off, and without it such rows are rejected.
    """

    name: str
    type: str
    nullable: bool
    native_type: str
    base_type: str = ""
    loss: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """A table, view or file set that can be read; the estimates are None where nothing is known."""

    name: str
    namespace: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    estimated_rows: int | None = None
    estimated_bytes: int | None = None

    @property
    def full_name(self) -> str:
        """``namespace.name``, or the name alone where the source has no namespaces."""
        return f"{self.namespace}.{self.name}" if self.namespace else self.name


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every stream that a source offers."""

    streams: tuple[Stream, ...]


@dataclass(frozen=True, slots=True)
class PreviewRows:
    """The first rows of a stream; a value is JSON's, or text where JSON would lose something.

    ``truncated`` says that there are more rows, or that a long value was cut.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[JsonValue, ...], ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a connection test found; a failed test raises SyncError instead."""

    ok: bool
    server_version: str
    latency_ms: float
    message: str
    advice: str = ""
