"""What channels are told: one JSON for every channel, written once, so that it is the same at every try."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from server.alerts.model import Alert, Delivery, DeliveryKind, Rule
from server.ids import id_of

SEVERITIES = {1: "info", 2: "warning", 3: "critical"}


def deliveries_of(
    alert: Alert, rule: Rule | None, kind: DeliveryKind, channels: tuple[str, ...], at: datetime
) -> list[Delivery]:
    """The messages that tell some channels of an alert."""
    message = {
        "type": f"alert.{kind.value}",
        "timestamp": at.isoformat(),
        "data": {
            "alert_id": str(alert.id),
            "organization_id": str(alert.organization_id) if alert.organization_id.int else "",
            "rule": alert.rule,
            "condition": rule.condition if rule else "",
            "description": rule.description if rule else "",
            "severity": SEVERITIES[alert.severity],
            "state": alert.state.value,
            "message": alert.message,
            "value": alert.value,
            "threshold": alert.threshold,
            "labels": dict(alert.labels),
            "start_time": alert.started_at.isoformat(),
            "fire_time": alert.fired_at.isoformat() if alert.fired_at else None,
            "resolve_time": alert.resolved_at.isoformat() if alert.resolved_at else None,
        },
    }
    return [_delivery(alert.organization_id, alert.id, channel, kind, message, at) for channel in channels]


def trial_of(organization_id: UUID, channel: str, at: datetime) -> Delivery:
    """The message that tests a channel."""
    message = {
        "type": "alert.test",
        "timestamp": at.isoformat(),
        "data": {
            "organization_id": str(organization_id) if organization_id.int else "",
            "rule": "Test",
            "severity": "info",
            "state": "test",
            "message": "This is a test: whoever reads this is told of alerts on this channel.",
            "labels": {},
        },
    }
    return _delivery(organization_id, None, channel, DeliveryKind.TEST, message, at)


def title_of(message: dict[str, Any]) -> str:
    """A message in a line."""
    data = message["data"]
    labels = ", ".join(data["labels"].values())
    return f"[{data['state'].upper()}] {data['rule']}" + (f" ({labels})" if labels else "")


def text_of(message: dict[str, Any]) -> str:
    """A message for people to read."""
    data = message["data"]
    told = {"Severity": data["severity"], "Started": data.get("start_time"), "Ended": data.get("resolve_time")}
    lines = [data["message"], "", *(f"{name}: {value}" for name, value in told.items() if value)]
    lines += [f"{name}: {value}" for name, value in sorted(data["labels"].items())]
    if data.get("description"):
        lines += ["", data["description"]]
    return "\n".join(lines)


def _delivery(
    organization_id: UUID, alert_id: UUID | None, channel: str, kind: DeliveryKind, message: Any, at: datetime
) -> Delivery:
    return Delivery(
        id=id_of(at),
        organization_id=organization_id,
        alert_id=alert_id,
        channel=channel,
        kind=kind,
        message=message,
        created_at=at,
        next_attempt_at=at,
    )
