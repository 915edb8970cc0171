"""A platform administrator, and what they do through the API."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from thedata.v1 import admin_pb2, admin_pb2_grpc

from server.app import App
from tests.auth.people import PASSWORD, Person, log_in

TAKEN_UP_SECONDS = 2.0


class Operator(Person):
    """A platform administrator."""

    @property
    def admin(self) -> admin_pb2_grpc.AdminServiceAsyncStub:
        return admin_pb2_grpc.AdminServiceStub(self.channel)

    async def status(self) -> admin_pb2.SystemStatus:
        request = admin_pb2.GetSystemStatusRequest()
        return await self.admin.GetSystemStatus(request, metadata=self.metadata, timeout=15)

    async def set_system(self, **config: Any) -> admin_pb2.SystemConfig:
        request = json_format.ParseDict({"config": config}, admin_pb2.UpdateSystemConfigRequest())
        return await self.admin.UpdateSystemConfig(request, metadata=self.metadata)

    async def set_metrics(self, **config: Any) -> admin_pb2.MetricsConfig:
        request = json_format.ParseDict({"config": config}, admin_pb2.UpdateMetricsConfigRequest())
        return await self.admin.UpdateMetricsConfig(request, metadata=self.metadata)


async def operator_of(app: App, channel: grpc.aio.Channel) -> Operator:
    """The first platform administrator, logged in."""
    await app.auth.ensure_platform_admin("root@example.com", PASSWORD)
    return Operator(channel, (await log_in(channel, "root")).session)


@pytest.fixture
async def operator(app: App, channel: grpc.aio.Channel) -> Operator:
    """A platform administrator of the server."""
    return await operator_of(app, channel)
