"""The Admin service: its handlers stand with the features that they are of."""

from __future__ import annotations

from server.alerts.alert_handlers import AlertHandlers
from server.alerts.configuring import AlertsConfigService
from server.alerts.service import AlertsService
from server.alerts.watch import AlertsWatcher
from server.audit.audit_handlers import AuditHandlers
from server.audit.service import AuditService
from server.config.config_handlers import ConfigHandlers
from server.config.service import ConfigService
from server.config.versions import ConfigVersions
from server.limits.service import UsageService
from server.limits.usage_handlers import UsageHandlers
from server.status.service import StatusService
from server.status.status_handlers import StatusHandlers


class AdminServicer(StatusHandlers, ConfigHandlers, AlertHandlers, AuditHandlers, UsageHandlers):
    """Status, settings, alerts, audit, usage."""

    def __init__(
        self,
        status: StatusService,
        config: ConfigService,
        versions: ConfigVersions,
        alerts_config: AlertsConfigService,
        alerts: AlertsService,
        alerts_watcher: AlertsWatcher,
        audit: AuditService,
        usage: UsageService,
    ) -> None:
        StatusHandlers.__init__(self, status)
        ConfigHandlers.__init__(self, config, versions)
        AlertHandlers.__init__(self, alerts_config, alerts, alerts_watcher)
        AuditHandlers.__init__(self, audit)
        UsageHandlers.__init__(self, usage)
