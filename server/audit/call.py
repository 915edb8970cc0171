"""The call that is under way: every transaction tells it to the database, which writes the audit of changes.

What the platform does by itself has no call, and is not audited.
"""

from __future__ import annotations

import json
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True)
class Call:
    """What is called, from where, and by whom as far as that is known; ``concerns`` is a kind and an id."""

    method: str
    request_id: str = ""
    address: str = ""
    user_id: UUID | None = None
    api_key_id: UUID | None = None
    concerns: tuple[str, str] | None = None


_call: ContextVar[Call | None] = ContextVar("call", default=None)


def begin(call: Call) -> None:
    """Notes what is called, for the length of the call."""
    _call.set(call)


def current() -> Call | None:
    """The call that is under way; None: the platform does something by itself."""
    return _call.get()


def known(user_id: UUID | None, api_key_id: UUID | None = None) -> None:
    """Notes who calls."""
    call = _call.get()
    if call:
        _call.set(replace(call, user_id=user_id, api_key_id=api_key_id))


def concerns(kind: str, key: UUID) -> None:
    """Notes what the call is about, where its request does not say so."""
    call = _call.get()
    if call:
        _call.set(replace(call, concerns=(kind, str(key))))


def told() -> str:
    """The call as the database is told it; empty: there is none."""
    call = _call.get()
    if call is None:
        return ""
    values = {
        "method": call.method,
        "request_id": call.request_id,
        "address": call.address,
        "user_id": call.user_id and str(call.user_id),
        "api_key_id": call.api_key_id and str(call.api_key_id),
    }
    return json.dumps(values)
