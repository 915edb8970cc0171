"""The Admin service: its handlers stand with the features that they are of."""

from __future__ import annotations

from typing import Any

from thedata.v1 import admin_pb2

from server.alerts.alert_handlers import AlertHandlers
from server.alerts.configuring import AlertsConfigService
from server.alerts.service import AlertsService
from server.alerts.watch import AlertsWatcher
from server.rpc.unimplemented import unimplemented

_NOT_YET: Any = unimplemented(admin_pb2.DESCRIPTOR.services_by_name["AdminService"])


class AdminServicer(AlertHandlers, _NOT_YET):  # type: ignore[misc]  # its last base is made of the contract
    """Status, settings, alerts, audit, usage."""

    def __init__(self, configs: AlertsConfigService, alerts: AlertsService, alerts_watcher: AlertsWatcher) -> None:
        AlertHandlers.__init__(self, configs, alerts, alerts_watcher)
