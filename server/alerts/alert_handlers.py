"""The Admin service's handlers about alerts: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from thedata.v1 import admin_pb2, alerts_pb2

from server.alerts.conditions.registry import CONDITIONS
from server.alerts.configuring import AlertsConfigService
from server.alerts.convert import (
    alert_message,
    alerts_event,
    condition_message,
    config_message,
    delivery_message,
    filter_of,
    silence_message,
    span_of,
    update_of,
)
from server.alerts.service import AlertsService
from server.alerts.watch import AlertsWatcher
from server.rpc.caller import caller
from server.rpc.cursor import alerts_place_of
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import optional_id


class AlertHandlers:
    """Rules and channels, alerts, silences, deliveries."""

    def __init__(self, configs: AlertsConfigService, alerts: AlertsService, watcher: AlertsWatcher) -> None:
        self._alert_configs = configs
        self._alerts = alerts
        self._alerts_watcher = watcher

    async def GetAlertsConfig(self, request: admin_pb2.GetAlertsConfigRequest, context: Any) -> alerts_pb2.AlertsConfig:
        """Gets rules and channels."""
        return config_message(await self._alert_configs.get(caller(), optional_id(request.organization_id)))

    async def UpdateAlertsConfig(
        self, request: admin_pb2.UpdateAlertsConfigRequest, context: Any
    ) -> alerts_pb2.AlertsConfig:
        """Sets rules and channels."""
        organization = optional_id(request.organization_id)
        return config_message(await self._alert_configs.update(caller(), organization, update_of(request)))

    async def ListAlertConditions(
        self, request: alerts_pb2.ListAlertConditionsRequest, context: Any
    ) -> alerts_pb2.ListAlertConditionsResponse:
        """Lists what rules can look at."""
        conditions = [condition_message(CONDITIONS[name]) for name in sorted(CONDITIONS)]
        return alerts_pb2.ListAlertConditionsResponse(conditions=conditions)

    async def ListActiveAlerts(
        self, request: alerts_pb2.ListActiveAlertsRequest, context: Any
    ) -> alerts_pb2.ListActiveAlertsResponse:
        """Lists alerts that are pending or fire."""
        page = await self._alerts.active(caller(), optional_id(request.organization_id), page_request(request))
        return alerts_pb2.ListActiveAlertsResponse(
            alerts=map(alert_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def ListAlerts(self, request: alerts_pb2.ListAlertsRequest, context: Any) -> alerts_pb2.ListAlertsResponse:
        """Lists alerts, also those that are over."""
        organization = optional_id(request.organization_id)
        page = await self._alerts.alerts(caller(), organization, filter_of(request), page_request(request))
        return alerts_pb2.ListAlertsResponse(
            alerts=map(alert_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def WatchAlerts(
        self, request: alerts_pb2.WatchAlertsRequest, context: Any
    ) -> AsyncGenerator[alerts_pb2.WatchAlertsResponse, None]:
        """Tells alerts, and their changes."""
        after = alerts_place_of(request.after)
        events = self._alerts_watcher.watch(caller(), optional_id(request.organization_id), after)
        async with aclosing(events):
            async for place, event in events:
                yield alerts_event(place, event)

    async def AcknowledgeAlert(self, request: alerts_pb2.AcknowledgeAlertRequest, context: Any) -> alerts_pb2.Alert:
        """Takes an alert on."""
        return alert_message(await self._alerts.acknowledge(caller(), UUID(request.alert_id)))

    async def ListAlertSilences(
        self, request: alerts_pb2.ListAlertSilencesRequest, context: Any
    ) -> alerts_pb2.ListAlertSilencesResponse:
        """Lists silences."""
        organization = optional_id(request.organization_id)
        page = await self._alerts.silences(caller(), organization, page_request(request), ended=request.include_ended)
        return alerts_pb2.ListAlertSilencesResponse(
            silences=map(silence_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def CreateAlertSilence(
        self, request: alerts_pb2.CreateAlertSilenceRequest, context: Any
    ) -> alerts_pb2.AlertSilence:
        """Silences alerts."""
        silence = await self._alerts.silence(
            caller(),
            optional_id(request.organization_id),
            request.rule,
            dict(request.labels),
            span_of(request),
            request.comment,
            optional_id(request.request_id),
        )
        return silence_message(silence)

    async def DeleteAlertSilence(self, request: alerts_pb2.DeleteAlertSilenceRequest, context: Any) -> Empty:
        """Ends a silence."""
        await self._alerts.end_silence(caller(), UUID(request.silence_id))
        return Empty()

    async def TestAlertChannel(
        self, request: alerts_pb2.TestAlertChannelRequest, context: Any
    ) -> alerts_pb2.AlertDelivery:
        """Tests a channel."""
        organization = optional_id(request.organization_id)
        return delivery_message(await self._alerts.test(caller(), organization, request.channel))

    async def ListAlertDeliveries(
        self, request: alerts_pb2.ListAlertDeliveriesRequest, context: Any
    ) -> alerts_pb2.ListAlertDeliveriesResponse:
        """Lists what was sent."""
        organization, alert = optional_id(request.organization_id), optional_id(request.alert_id)
        page = await self._alerts.deliveries(caller(), organization, alert, request.channel, page_request(request))
        return alerts_pb2.ListAlertDeliveriesResponse(
            deliveries=map(delivery_message, page.items), next_page_token=next_page_token(request, page)
        )
