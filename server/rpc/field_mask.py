"""Partial updates: which fields of an update request count."""

from __future__ import annotations

from collections.abc import Collection

from google.protobuf.message import Message

from server.errors import InvalidFields, Violation


def fields_to_update(request: Message, allowed: Collection[str]) -> list[str]:
    """Names the fields that an update changes: those of `update_mask`, or without one those that are given.

    Raises:
        InvalidFields: the mask names a field that can't be updated.
    """
    mask = list(request.update_mask.paths)  # type: ignore[attr-defined]  # every Update has it
    if mask == ["*"]:
        return list(allowed)
    if not mask:
        given = {field.name for field, _ in request.ListFields()}
        return [name for name in allowed if name in given]
    unknown = [path for path in mask if path not in allowed]
    if unknown:
        can = ", ".join(sorted(allowed))
        raise InvalidFields(*(Violation("update_mask", f"{path!r} can't be updated; use {can}") for path in unknown))
    return [name for name in allowed if name in mask]
