"""Messages of alerts, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from thedata.v1 import admin_pb2, alerts_pb2, common_pb2, run_events_pb2

from server.alerts.conditions.base import ANY_LABELS
from server.alerts.conditions.registry import AnyCondition
from server.alerts.model import (
    Alert,
    AlertFilter,
    Alerting,
    AlertState,
    Channel,
    ChannelKind,
    Comparison,
    Delivery,
    DeliveryKind,
    DeliveryState,
    GivenChannel,
    Rule,
    Severity,
    Silence,
    SilenceWindow,
    Update,
)
from server.alerts.watch import AlertsEvent, AlertsPlace, SnapshotComplete
from server.clock import now
from server.config.model import etag_of
from server.live import Alive, Resume
from server.rpc.cursor import cursor_of_alerts
from server.rpc.values import duration, length, moment, plain, struct, timestamp
from server.scope import PLATFORM

COMPARISONS = {alerts_pb2.COMPARISON_UNSPECIFIED: Comparison.ABOVE} | {
    alerts_pb2.Comparison.Value(f"COMPARISON_{item.name}"): item for item in Comparison
}
STATES = {alerts_pb2.AlertState.Value(f"ALERT_STATE_{item.name}"): item for item in AlertState}


def update_of(request: admin_pb2.UpdateAlertsConfigRequest) -> Update:
    """What a caller changes; raises InvalidFields."""
    config = request.config
    return Update(
        rules=tuple(_rule(rule, f"config.rules[{number}]") for number, rule in enumerate(config.rules)),
        channels=tuple(map(_channel, config.channels)),
        clear_rules=config.clear_rules,
        clear_channels=config.clear_channels,
        etag=config.etag,
    )


def config_message(found: Alerting) -> alerts_pb2.AlertsConfig:
    """The rules and channels that hold, without secrets but those that were made just now."""
    return alerts_pb2.AlertsConfig(
        rules=[_rule_message(rule, found.problems) for rule in found.content.rules],
        channels=[_channel_message(channel, found.new_secrets) for channel in found.content.channels],
        etag=etag_of(found.version),
        update_time=timestamp(found.updated_at),
        update_user_id=str(found.user_id) if found.user_id else "",
        organization_id=_owner(found.organization_id),
    )


def condition_message(condition: AnyCondition) -> alerts_pb2.AlertCondition:
    """A condition."""
    return alerts_pb2.AlertCondition(
        name=condition.name,
        description=condition.description,
        unit=condition.unit,
        parameters_schema=struct(condition.schema()),
        labels=() if condition.labels == ANY_LABELS else condition.labels,
        organization=condition.organization,
        platform=condition.platform,
        default_threshold=condition.default_threshold,
    )


def filter_of(request: alerts_pb2.ListAlertsRequest) -> AlertFilter:
    """Which alerts are asked for; raises InvalidFields."""
    return AlertFilter(
        rule=request.rule,
        state=STATES.get(request.state),
        start=moment(request.start_time, "start_time") if request.HasField("start_time") else None,
        end=moment(request.end_time, "end_time") if request.HasField("end_time") else None,
    )


def span_of(request: alerts_pb2.CreateAlertSilenceRequest) -> tuple[datetime | None, datetime]:
    """When a silence begins and ends; raises InvalidFields."""
    start = moment(request.start_time, "start_time") if request.HasField("start_time") else None
    return start, moment(request.end_time, "end_time")


def alert_message(alert: Alert) -> alerts_pb2.Alert:
    """An alert."""
    return alerts_pb2.Alert(
        id=str(alert.id),
        rule=alert.rule,
        severity=_severity(alert.severity),
        message=alert.message,
        fire_time=timestamp(alert.fired_at),
        acknowledge_time=timestamp(alert.acknowledged_at),
        acknowledge_user_id=str(alert.acknowledged_by) if alert.acknowledged_by else "",
        organization_id=_owner(alert.organization_id),
        state=alerts_pb2.AlertState.Value(f"ALERT_STATE_{alert.state.name}"),
        value=alert.value,
        threshold=alert.threshold,
        labels=dict(alert.labels),
        start_time=timestamp(alert.started_at),
        resolve_time=timestamp(alert.resolved_at),
        silenced=alert.silenced,
    )


def silence_message(silence: Silence) -> alerts_pb2.AlertSilence:
    """A silence."""
    return alerts_pb2.AlertSilence(
        id=str(silence.id),
        organization_id=_owner(silence.organization_id),
        rule=silence.rule,
        labels=dict(silence.labels),
        start_time=timestamp(silence.starts_at),
        end_time=timestamp(silence.ends_at),
        comment=silence.comment,
        user_id=str(silence.created_by),
    )


def delivery_message(delivery: Delivery) -> alerts_pb2.AlertDelivery:
    """A message that was sent, or is to be."""
    return alerts_pb2.AlertDelivery(
        id=str(delivery.id),
        alert_id=str(delivery.alert_id) if delivery.alert_id else "",
        channel=delivery.channel,
        kind=KINDS[delivery.kind],
        state=DELIVERY_STATES[delivery.state],
        attempts=delivery.attempts,
        error=delivery.error,
        create_time=timestamp(delivery.created_at),
        deliver_time=timestamp(delivery.delivered_at),
        next_attempt_time=timestamp(delivery.next_attempt_at),
    )


KINDS = {item: alerts_pb2.AlertDeliveryKind.Value(f"ALERT_DELIVERY_KIND_{item.name}") for item in DeliveryKind}
DELIVERY_STATES = {
    item: alerts_pb2.AlertDeliveryState.Value(f"ALERT_DELIVERY_STATE_{item.name}") for item in DeliveryState
}


def alerts_event(place: AlertsPlace, event: AlertsEvent) -> alerts_pb2.WatchAlertsResponse:
    """A message about alerts."""
    cursor = cursor_of_alerts(place)
    match event:
        case Alert():
            return alerts_pb2.WatchAlertsResponse(cursor=cursor, alert=alert_message(event))
        case SnapshotComplete(count):
            complete = alerts_pb2.AlertsSnapshotComplete(alerts=count)
            return alerts_pb2.WatchAlertsResponse(cursor=cursor, snapshot_complete=complete)
        case Alive():
            heartbeat = common_pb2.Heartbeat(time=timestamp(now()))
            return alerts_pb2.WatchAlertsResponse(cursor=cursor, heartbeat=heartbeat)
        case Resume():
            return alerts_pb2.WatchAlertsResponse(cursor=cursor, resume=run_events_pb2.Resume())


def _rule(rule: alerts_pb2.AlertRule, path: str) -> Rule:
    repeats = rule.HasField("repeat_interval")
    return Rule(
        name=rule.name,
        condition=rule.condition,
        threshold=rule.threshold,
        hold_seconds=length(rule.hold, f"{path}.hold").total_seconds(),
        severity=Severity(rule.severity or Severity.WARNING),
        comparison=COMPARISONS[rule.comparison],
        parameters=plain(rule.parameters, f"{path}.parameters"),
        group_by=tuple(dict.fromkeys(rule.group_by)),
        channels=tuple(dict.fromkeys(rule.channels)),
        silence_windows=tuple(
            SilenceWindow(
                days=tuple(sorted(window.days)), start=window.start, end=window.end, time_zone=window.time_zone
            )
            for window in rule.silence_windows
        ),
        repeat_seconds=length(rule.repeat_interval, f"{path}.repeat_interval").total_seconds() if repeats else None,
        disabled=rule.disabled,
        description=rule.description,
    )


def _channel(channel: alerts_pb2.AlertChannel) -> GivenChannel:
    match channel.WhichOneof("kind"):
        case "webhook":
            kept = Channel(name=channel.name, kind=ChannelKind.WEBHOOK, url=channel.webhook.url)
            return GivenChannel(kept, channel.webhook.secret)
        case "email":
            recipients = tuple(dict.fromkeys(channel.email.recipients))
            return GivenChannel(Channel(name=channel.name, kind=ChannelKind.EMAIL, recipients=recipients))
        case _:
            return GivenChannel(Channel(name=channel.name, kind=ChannelKind.SLACK), channel.slack.url)


def _rule_message(rule: Rule, problems: Mapping[str, str]) -> alerts_pb2.AlertRule:
    return alerts_pb2.AlertRule(
        name=rule.name,
        condition=rule.condition,
        threshold=rule.threshold,
        hold=duration(rule.hold) if rule.hold_seconds else None,
        severity=_severity(rule.severity),
        comparison=alerts_pb2.Comparison.Value(f"COMPARISON_{rule.comparison.name}"),
        parameters=struct(rule.parameters) if rule.parameters else None,
        group_by=rule.group_by,
        channels=rule.channels,
        silence_windows=[
            alerts_pb2.SilenceWindow(days=item.days, start=item.start, end=item.end, time_zone=item.time_zone)
            for item in rule.silence_windows
        ],
        repeat_interval=None if rule.repeat_seconds is None else duration(timedelta(seconds=rule.repeat_seconds)),
        disabled=rule.disabled,
        description=rule.description,
        problem=problems.get(rule.name, ""),
    )


def _channel_message(channel: Channel, made: Mapping[str, str]) -> alerts_pb2.AlertChannel:
    match channel.kind:
        case ChannelKind.WEBHOOK:
            webhook = alerts_pb2.WebhookChannel(url=channel.url, new_secret=made.get(channel.name, ""))
            return alerts_pb2.AlertChannel(name=channel.name, webhook=webhook)
        case ChannelKind.EMAIL:
            email = alerts_pb2.EmailChannel(recipients=channel.recipients)
            return alerts_pb2.AlertChannel(name=channel.name, email=email)
        case ChannelKind.SLACK:
            slack = alerts_pb2.SlackChannel(host=channel.host)
            return alerts_pb2.AlertChannel(name=channel.name, slack=slack)


def _severity(severity: Severity) -> alerts_pb2.AlertSeverity.ValueType:
    return alerts_pb2.AlertSeverity.Value(f"ALERT_SEVERITY_{severity.name}")


def _owner(organization_id: object) -> str:
    return "" if organization_id == PLATFORM else str(organization_id)
