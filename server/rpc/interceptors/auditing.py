"""Notes what is called and from where, and what is denied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from server.audit import call as audit
from server.audit.denials import Denials
from server.auth.permissions import Permission
from server.errors import Failure
from server.rpc.address import Network, address_of
from server.rpc.caller import is_member, request_id
from server.rpc.interceptors.around import Around, Call, Proceed
from server.rpc.methods import PERMISSIONS

KINDS = {"source_id": "data_source"}
"""Of fields whose names are not the kind of what they name."""
NO_RESOURCES = {"organization_id", "request_id"}


class Auditing(Around):
    """Outside authentication, so that it sees every denial; inside the errors, so that what it can't write is one."""

    def __init__(self, denials: Denials, gateways: Sequence[Network]) -> None:
        self._denials = denials
        self._gateways = gateways

    async def around(self, call: Call, proceed: Proceed) -> Any:
        """Lets the call on; a denial is told once it is written."""
        address = address_of(call.context.peer(), call.metadata, self._gateways)
        audit.begin(audit.Call(call.name, request_id.get(), address, concerns=_resource(call.request)))
        try:
            return await proceed()
        except Failure as failure:
            attempt = PERMISSIONS.get(call.method) is Permission.PUBLIC
            denied = audit.current()
            if denied and call.method in PERMISSIONS:
                await self._denials.note(denied, failure, _organization(call.request), attempt=attempt)
            raise


def _resource(request: Any) -> tuple[str, str] | None:
    """What a request names, the first thing first; the organization where there is nothing else."""
    ids = _ids(request)
    for name, key in ids.items():
        if name not in NO_RESOURCES:
            return KINDS.get(name, name.removesuffix("_id")), str(key)
    return ("organization", str(ids["organization_id"])) if "organization_id" in ids else None


def _organization(request: Any) -> UUID | None:
    """The organization that a request names, where the caller is in it."""
    named = _ids(request).get("organization_id")
    return named if named and is_member(named) else None


def _ids(request: Any) -> dict[str, UUID]:
    # What is denied may not be valid: it was not looked at.
    if not isinstance(request, Message):
        return {}
    found = {field.name: value for field, value in request.ListFields() if field.name.endswith("_id")}
    return {name: key for name, value in found.items() if (key := _id(value))}


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == len(str(UUID(int=0))) else None
    except ValueError:
        return None
