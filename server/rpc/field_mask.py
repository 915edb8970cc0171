"""Partial updates: which fields of an update request count."""

from __future__ import annotations

from collections.abc import Collection

from google.protobuf.message import Message

from server.errors import InvalidFields, Violation


def fields_to_update(request: Message, allowed: Collection[str], unset: Collection[str] = ()) -> list[str]:
    """Names the fields that an update changes: those of `update_mask`, or without one those that are given.

    Raises:
        InvalidFields: the mask names a field that can't be updated, or one without a value; only a list may be
            left out, which empties it, and a field of ``unset``, which unsets it.
    """
    mask = list(request.update_mask.paths)  # type: ignore[attr-defined]  # every Update has it
    given = {field.name for field, _ in request.ListFields()}
    if not mask:
        return [name for name in allowed if name in given]
    if mask == ["*"]:
        mask = list(allowed)
    unknown = [path for path in mask if path not in allowed]
    if unknown:
        can = ", ".join(sorted(allowed))
        raise InvalidFields(*(Violation("update_mask", f"{path!r} can't be updated; use {can}") for path in unknown))
    fields = request.DESCRIPTOR.fields_by_name
    absent = [name for name in mask if not (name in given or name in unset or fields[name].is_repeated)]
    if absent:
        raise InvalidFields(*(Violation(name, "must be given: update_mask names it") for name in absent))
    return [name for name in allowed if name in mask]
