"""The Admin service: its handlers stand with the features that they are of."""

from __future__ import annotations

from typing import Any

from thedata.v1 import admin_pb2

from server.limits.usage_handlers import UsageHandlers
from server.rpc.unimplemented import unimplemented

_NOT_YET: Any = unimplemented(admin_pb2.DESCRIPTOR.services_by_name["AdminService"])


class AdminServicer(UsageHandlers, _NOT_YET):  # type: ignore[misc]  # its last base is made of the contract
    """Status, settings, alerts, audit, usage."""
