"""The Admin service: its handlers stand with the features that they are of."""

from __future__ import annotations

from typing import Any

from thedata.v1 import admin_pb2

from server.audit.audit_handlers import AuditHandlers
from server.audit.service import AuditService
from server.rpc.unimplemented import unimplemented

_NOT_YET: Any = unimplemented(admin_pb2.DESCRIPTOR.services_by_name["AdminService"])


class AdminServicer(AuditHandlers, _NOT_YET):  # type: ignore[misc]  # its last base is made of the contract
    """Status, settings, alerts, audit, usage."""

    def __init__(self, audit: AuditService) -> None:
        self._audit = audit
