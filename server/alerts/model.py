"""Rules, channels and alerts; what an administrator sets is kept as JSON, one version after the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from server.config.model import Kept


class Severity(IntEnum):
    """How urgent an alert is."""

    INFO = 1
    WARNING = 2
    CRITICAL = 3


class AlertState(StrEnum):
    """Where an alert stands."""

    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


class Comparison(StrEnum):
    """When a value is a reason to alert."""

    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"

    def holds(self, value: float, threshold: float) -> bool:
        """Whether a value is a reason to alert."""
        match self:
            case Comparison.ABOVE:
                return value > threshold
            case Comparison.AT_LEAST:
                return value >= threshold
            case Comparison.BELOW:
                return value < threshold
            case Comparison.AT_MOST:
                return value <= threshold

    @property
    def upwards(self) -> bool:
        """Whether the larger value is the worse one."""
        return self in {Comparison.ABOVE, Comparison.AT_LEAST}


class ChannelKind(StrEnum):
    """How a channel is told."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    SLACK = "slack"


class SilenceWindow(Kept):
    """A time of the week in which nobody is told; days count from 1 (Monday), none of them: every day."""

    days: tuple[int, ...] = ()
    start: str
    end: str
    time_zone: str = ""


class Rule(Kept):
    """A rule that raises alerts."""

    name: str
    condition: str
    threshold: float = 0.0
    hold_seconds: float = 0.0
    severity: Severity = Severity.WARNING
    comparison: Comparison = Comparison.ABOVE
    parameters: Mapping[str, Any] = {}
    group_by: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    silence_windows: tuple[SilenceWindow, ...] = ()
    repeat_seconds: float | None = None
    disabled: bool = False
    description: str = ""

    @property
    def hold(self) -> timedelta:
        """How long the condition must hold until the alert fires."""
        return timedelta(seconds=self.hold_seconds)


class Channel(Kept):
    """A way to tell somebody; its secret (a webhook's key, the URL of Slack's) is kept sealed, elsewhere."""

    name: str
    kind: ChannelKind
    url: str = ""
    recipients: tuple[str, ...] = ()
    host: str = ""


class Rules(Kept):
    """The rules and channels of an organization, or of the platform itself."""

    rules: tuple[Rule, ...] = ()
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True)
class GivenChannel:
    """A channel as a caller gives it, with its secret where it is given."""

    channel: Channel
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Update:
    """What a caller changes: the lists that are given, each as a whole."""

    rules: tuple[Rule, ...] = ()
    channels: tuple[GivenChannel, ...] = ()
    clear_rules: bool = False
    clear_channels: bool = False
    etag: str = ""


@dataclass(frozen=True)
class Alerting:
    """What holds of an organization, as it is shown; ``new_secrets`` are keys that were made just now, by channel."""

    organization_id: UUID
    version: int
    content: Rules
    problems: Mapping[str, str] = field(default_factory=dict)
    updated_at: datetime | None = None
    user_id: UUID | None = None
    new_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Value:
    """A condition's value of one thing, and a word about it for the reader."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True)
class Alert:
    """An alert that a rule raised; times are the database's."""

    id: UUID
    organization_id: UUID
    rule: str
    group_key: str
    labels: Mapping[str, str]
    severity: Severity
    state: AlertState
    message: str
    value: float
    threshold: float
    started_at: datetime
    updated_at: datetime
    fired_at: datetime | None = None
    resolved_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: UUID | None = None
    silenced: bool = False
    # When channels were last told that it fires, and which: those are told of its end.
    told_at: datetime | None = None
    told_channels: tuple[str, ...] = ()
    number: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", Severity(self.severity))
        object.__setattr__(self, "state", AlertState(self.state))
        object.__setattr__(self, "told_channels", tuple(self.told_channels))


def group_key(labels: Mapping[str, str]) -> str:
    """What tells the groups of a rule apart."""
    return sha256(json.dumps(dict(labels), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Silence:
    """Keeps alerts from being told for a while; no rule: of every one, no labels: whatever they are."""

    id: UUID
    organization_id: UUID
    rule: str
    labels: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    comment: str
    created_by: UUID


class DeliveryKind(StrEnum):
    """Of what a delivery tells."""

    FIRING = "firing"
    RESOLVED = "resolved"
    TEST = "test"


class DeliveryState(StrEnum):
    """How a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Delivery:
    """A message that is to be sent on a channel; ``message`` is the same for every try."""

    id: UUID
    organization_id: UUID
    alert_id: UUID | None
    channel: str
    kind: DeliveryKind
    message: Mapping[str, Any]
    created_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    error: str = ""
    delivered_at: datetime | None = None
    next_attempt_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", DeliveryKind(self.kind))
        object.__setattr__(self, "state", DeliveryState(self.state))


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts are asked for."""

    rule: str = ""
    state: AlertState | None = None
    start: datetime | None = None
    end: datetime | None = None
