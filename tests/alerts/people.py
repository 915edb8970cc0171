"""Somebody who looks after alerts."""

from __future__ import annotations

from typing import Any

import grpc
from google.protobuf import json_format
from thedata.v1 import admin_pb2, admin_pb2_grpc, alerts_pb2, auth_pb2, auth_pb2_grpc

from tests.auth.people import Person

ADMIN_EMAIL, ADMIN_PASSWORD = "root@example.com", "root's own password"


class Keeper(Person):
    """Somebody with rules of their own."""

    @property
    def admin(self) -> admin_pb2_grpc.AdminServiceAsyncStub:
        return admin_pb2_grpc.AdminServiceStub(self.channel)

    async def config(self, organization: str = "") -> alerts_pb2.AlertsConfig:
        request = admin_pb2.GetAlertsConfigRequest(organization_id=organization)
        return await self.admin.GetAlertsConfig(request, metadata=self.metadata, timeout=20)

    async def set(self, organization: str = "", **config: Any) -> alerts_pb2.AlertsConfig:
        given = json_format.ParseDict(config, alerts_pb2.AlertsConfig())
        request = admin_pb2.UpdateAlertsConfigRequest(config=given, organization_id=organization)
        return await self.admin.UpdateAlertsConfig(request, metadata=self.metadata, timeout=20)

    async def active(self, organization: str = "") -> list[alerts_pb2.Alert]:
        request = alerts_pb2.ListActiveAlertsRequest(organization_id=organization)
        return list((await self.admin.ListActiveAlerts(request, metadata=self.metadata, timeout=20)).alerts)

    async def history(self, **request: Any) -> list[alerts_pb2.Alert]:
        asked = alerts_pb2.ListAlertsRequest(**request)
        return list((await self.admin.ListAlerts(asked, metadata=self.metadata, timeout=20)).alerts)

    async def deliveries(self, **request: Any) -> list[alerts_pb2.AlertDelivery]:
        asked = alerts_pb2.ListAlertDeliveriesRequest(**request)
        return list((await self.admin.ListAlertDeliveries(asked, metadata=self.metadata, timeout=20)).deliveries)

    async def test(self, channel: str) -> alerts_pb2.AlertDelivery:
        request = alerts_pb2.TestAlertChannelRequest(channel=channel)
        return await self.admin.TestAlertChannel(request, metadata=self.metadata, timeout=30)

    async def acknowledge(self, alert: str) -> alerts_pb2.Alert:
        request = alerts_pb2.AcknowledgeAlertRequest(alert_id=alert)
        return await self.admin.AcknowledgeAlert(request, metadata=self.metadata, timeout=20)

    async def silence(self, seconds: int, **given: Any) -> alerts_pb2.AlertSilence:
        request = alerts_pb2.CreateAlertSilenceRequest(**given)
        request.end_time.GetCurrentTime()
        request.end_time.seconds += seconds
        return await self.admin.CreateAlertSilence(request, metadata=self.metadata, timeout=20)

    async def end_silence(self, silence: str) -> None:
        request = alerts_pb2.DeleteAlertSilenceRequest(silence_id=silence)
        await self.admin.DeleteAlertSilence(request, metadata=self.metadata, timeout=20)


async def root(channel: grpc.aio.Channel) -> Keeper:
    """The platform's administrator."""
    request = auth_pb2.LoginRequest(email=ADMIN_EMAIL, password=ADMIN_PASSWORD)
    return Keeper(channel, await auth_pb2_grpc.AuthServiceStub(channel).Login(request))
