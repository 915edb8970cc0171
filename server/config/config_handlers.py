"""The Admin service's handlers about settings: convert, call, convert."""

from __future__ import annotations

from typing import Any

from thedata.v1 import admin_pb2

from server.config.convert import metrics_change, metrics_message, system_change, system_message, version_message
from server.config.model import ConfigKind
from server.config.service import ConfigService
from server.config.versions import ConfigVersions
from server.rpc.caller import caller
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import optional_id


class ConfigHandlers:
    """The platform's settings, how metrics are kept, and the versions of every configuration."""

    def __init__(self, config: ConfigService, versions: ConfigVersions) -> None:
        self._config = config
        self._versions = versions

    async def GetSystemConfig(self, request: admin_pb2.GetSystemConfigRequest, context: Any) -> admin_pb2.SystemConfig:
        """Gets the platform's settings."""
        return system_message(*await self._config.system(caller()), self._config.environment)

    async def UpdateSystemConfig(
        self, request: admin_pb2.UpdateSystemConfigRequest, context: Any
    ) -> admin_pb2.SystemConfig:
        """Updates the platform's settings."""
        updated = await self._config.update_system(caller(), system_change(request))
        return system_message(*updated, self._config.environment)

    async def GetMetricsConfig(
        self, request: admin_pb2.GetMetricsConfigRequest, context: Any
    ) -> admin_pb2.MetricsConfig:
        """Gets how metrics are collected and kept."""
        return metrics_message(*await self._config.metrics(caller()))

    async def UpdateMetricsConfig(
        self, request: admin_pb2.UpdateMetricsConfigRequest, context: Any
    ) -> admin_pb2.MetricsConfig:
        """Updates how metrics are collected and kept."""
        return metrics_message(*await self._config.update_metrics(caller(), metrics_change(request)))

    async def ListConfigVersions(
        self, request: admin_pb2.ListConfigVersionsRequest, context: Any
    ) -> admin_pb2.ListConfigVersionsResponse:
        """Lists the versions of a configuration."""
        kind = ConfigKind(request.kind)
        owner = await self._versions.owner(caller(), kind, optional_id(request.organization_id))
        page = await self._versions.page(caller(), owner, kind, page_request(request))
        return admin_pb2.ListConfigVersionsResponse(
            versions=map(version_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def RollBackConfig(self, request: admin_pb2.RollBackConfigRequest, context: Any) -> admin_pb2.ConfigVersion:
        """Makes an earlier version the newest one."""
        kind = ConfigKind(request.kind)
        owner = await self._versions.owner(caller(), kind, optional_id(request.organization_id))
        return version_message(await self._versions.roll_back(caller(), owner, kind, request.version, request.etag))
