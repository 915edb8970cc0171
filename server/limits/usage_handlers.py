"""The Admin service's handler about usage: convert, call, convert."""

from __future__ import annotations

from typing import Any

from thedata.v1 import admin_pb2

from server.limits.service import UsageService
from server.rpc.caller import caller
from server.rpc.values import optional_id


class UsageHandlers:
    """What an organization has used of its limits."""

    def __init__(self, usage: UsageService) -> None:
        self._usage = usage

    async def GetUsage(self, request: admin_pb2.GetUsageRequest, context: Any) -> admin_pb2.Usage:
        """Gets it."""
        organization, limits, usage = await self._usage.get(caller(), optional_id(request.organization_id))
        requests = min(usage.requests, limits.requests_per_minute_per_organization or usage.requests)
        return admin_pb2.Usage(
            organization_id=str(organization),
            limits=admin_pb2.Limits(**limits.model_dump(exclude_none=True)),
            requests=requests,
            streams=usage.streams,
            runs_today=usage.runs,
            rows_today=usage.rows,
        )
