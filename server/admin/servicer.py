"""The Admin service: its handlers stand with the features that they are of."""

from __future__ import annotations

from typing import Any

from thedata.v1 import admin_pb2

from server.audit.audit_handlers import AuditHandlers
from server.audit.service import AuditService
from server.config.config_handlers import ConfigHandlers
from server.config.service import ConfigService
from server.config.versions import ConfigVersions
from server.limits.service import UsageService
from server.limits.usage_handlers import UsageHandlers
from server.rpc.unimplemented import unimplemented
from server.status.service import StatusService
from server.status.status_handlers import StatusHandlers

_NOT_YET: Any = unimplemented(admin_pb2.DESCRIPTOR.services_by_name["AdminService"])


class AdminServicer(StatusHandlers, ConfigHandlers, AuditHandlers, UsageHandlers, _NOT_YET):  # type: ignore[misc]  # its last base is of the contract
    """Status, settings, alerts, audit, usage."""

    def __init__(
        self,
        status: StatusService,
        config: ConfigService,
        versions: ConfigVersions,
        audit: AuditService,
        usage: UsageService,
    ) -> None:
        StatusHandlers.__init__(self, status)
        ConfigHandlers.__init__(self, config, versions)
        AuditHandlers.__init__(self, audit)
        UsageHandlers.__init__(self, usage)
