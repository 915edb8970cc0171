"""Values of answers as Python's own, by the types of their columns."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import ListValue

from thedata_client.types import ResultColumn

if TYPE_CHECKING:
    import pyarrow

CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "integer": int,  # a double as JSON has it, or a text where a double would not hold it
    "float": float,
    "decimal": lambda value: Decimal(str(value)),
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "timestamptz": datetime.fromisoformat,
    "uuid": UUID,
    "json": lambda value: json.loads(value) if isinstance(value, str) else value,
    "bytes": base64.b64decode,
}


def row_of(columns: Sequence[ResultColumn], row: ListValue) -> dict[str, Any]:
    """A row by the names of its columns: int, float, Decimal, date, datetime, UUID, bytes, str, bool, list, dict."""
    values = MessageToDict(row)
    return {column.name: _value(column.type, value) for column, value in zip(columns, values, strict=True)}


def _value(kind: str, value: Any) -> Any:
    convert = CONVERSIONS.get(kind)
    return value if value is None or convert is None else convert(value)


def arrow_of(pieces: Sequence[bytes]) -> pyarrow.Table:
    """The table of an Arrow IPC stream."""
    import pyarrow

    with pyarrow.ipc.open_stream(b"".join(pieces)) as reader:
        return reader.read_all()
