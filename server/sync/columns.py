"""Choosing columns of a stream by name."""

from __future__ import annotations

from collections.abc import Sequence

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column, Stream


def choose(stream: Stream, names: Sequence[str] | None) -> tuple[Column, ...]:
    """Pick columns in the asked order, or all; raises SyncError COLUMN_NOT_FOUND, NO_COLUMNS."""
    by_name = {column.name: column for column in stream.columns}
    for name in names or ():
        if name not in by_name:
            raise missing(stream, name, "column")
    chosen = stream.columns if names is None else tuple(by_name[name] for name in names)
    if not chosen:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="NO_COLUMNS",
            message=f"{stream.full_name} has no columns to read",
            advice="Choose another stream, or select at least one column.",
            stream=stream.full_name,
        )
    return chosen


def find(stream: Stream, name: str, role: str) -> Column:
    """Find one column that a stream needs in a role (such as "cursor"); raises SyncError COLUMN_NOT_FOUND."""
    for column in stream.columns:
        if column.name == name:
            return column
    raise missing(stream, name, f"{role} column")


def missing(stream: Stream, name: str, role: str) -> SyncError:
    """Make the error of a column that is not there."""
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code="COLUMN_NOT_FOUND",
        message=f"{stream.full_name} has no {role} {name!r}",
        advice="Discover the source again and choose existing columns.",
        stream=stream.full_name,
        position=f"column {name}",
    )
