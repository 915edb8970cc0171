"""Who calls and under which id, for the length of a call."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

from server.audit import call as audit
from server.auth.permissions import Caller

request_id: ContextVar[str] = ContextVar("request_id", default="")

_caller: ContextVar[Caller] = ContextVar("caller")


def set_caller(caller: Caller) -> None:
    """Notes who calls; the authentication interceptor does."""
    _caller.set(caller)
    audit.known(caller.user_id, caller.api_key_id)


def known_caller() -> Caller | None:
    """Who calls; None where the method asks for nobody."""
    return _caller.get(None)


def caller() -> Caller:
    """Who calls; a method with PERMISSION_PUBLIC has none."""
    return _caller.get()


def is_member(organization_id: UUID) -> bool:
    """Whether somebody calls who is known, and is in an organization."""
    known = _caller.get(None)
    return known is not None and organization_id in known.memberships
