"""What an administrator sets while the platform runs, as it is kept: JSON, one version after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.settings import Settings


class ConfigKind(StrEnum):
    """The configurations that there are."""

    SYSTEM = "system"
    METRICS = "metrics"
    ALERTS = "alerts"


@dataclass(frozen=True)
class ConfigVersion:
    """A version of a configuration; the newest one holds."""

    organization_id: UUID
    kind: ConfigKind
    version: int
    content: dict[str, Any]
    created_at: datetime
    user_id: UUID | None = None
    rolled_back_to: int = 0
    # Secrets by their place in the content, sealed; None without any.
    sealed_secrets: bytes | None = field(default=None, repr=False)

    @property
    def etag(self) -> str:
        """What a caller shows to change exactly this version."""
        return etag_of(self.version)


def etag_of(version: int) -> str:
    """The etag of a version; of 0, which nobody has set, too."""
    return f'"{version}"'


@dataclass(frozen=True)
class Draft:
    """What the newest version is to hold."""

    content: dict[str, Any]
    sealed_secrets: bytes | None = field(default=None, repr=False)


class Kept(BaseModel):
    """What is kept as JSON; names that an older release does not know are left out by it."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class NetworkPolicy(Kept):
    """Which hosts connectors and notifications may reach."""

    allow_private: bool = True
    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


class Limits(Kept):
    """How much may be asked for; 0 and None: as much as wanted."""

    requests_per_minute_per_user: int | None = None
    requests_per_minute_per_key: int | None = None
    requests_per_minute_per_organization: int | None = None
    streams_per_user: int | None = None
    streams_per_organization: int | None = None
    runs_per_day: int | None = None
    rows_per_day: int | None = None

    def over(self, general: Limits) -> Limits:
        """These limits, and the general ones where these say nothing."""
        return Limits(**(general.model_dump() | self.model_dump(exclude_none=True)))


class SystemConfig(Kept):
    """The platform's settings; what nobody has set is as the environment says."""

    worker_concurrency: int
    runs_per_organization: int
    partitions_per_organization: int
    log_level: str
    log_retention_days: int
    access_token_seconds: int
    refresh_token_seconds: int
    network_policy: NetworkPolicy = NetworkPolicy()
    limits: Limits = Limits()
    organization_limits: Mapping[UUID, Limits] = Field(default_factory=dict)
    slow_call_seconds: float = 5.0
    slow_statement_seconds: float = 1.0
    slow_statement_plans: bool = False

    @classmethod
    def of(cls, settings: Settings, stored: Mapping[str, Any]) -> SystemConfig:
        """What was set, over what the environment says."""
        given = {name: getattr(settings, name) for name in cls.model_fields if name in Settings.model_fields}
        return cls.model_validate({**given, **stored})

    def limits_of(self, organization_id: UUID) -> Limits:
        """The limits of an organization."""
        own = self.organization_limits.get(organization_id)
        return own.over(self.limits) if own else self.limits


class TableRetention(Kept):
    """How long the rows of a landed table are kept."""

    organization_id: UUID
    table_name: str
    time_column: str
    seconds: int


class MetricsConfig(Kept):
    """How metrics are collected and kept; None: for ever."""

    enabled: bool = True
    interval_seconds: float = 10.0
    retention_seconds: int | None = None
    events_retention_seconds: int | None = None
    tables: tuple[TableRetention, ...] = ()

    @classmethod
    def of(cls, settings: Settings, stored: Mapping[str, Any]) -> MetricsConfig:
        """What was set, over what the environment says."""
        days = settings.analytics_retention_days
        seconds = None if days is None else days * 86400
        return cls.model_validate({"retention_seconds": seconds, "events_retention_seconds": seconds, **stored})

    @property
    def points_kept(self) -> timedelta | None:
        """How long points are kept."""
        return None if self.retention_seconds is None else timedelta(seconds=self.retention_seconds)

    @property
    def events_kept(self) -> timedelta | None:
        """How long events are kept."""
        return None if self.events_retention_seconds is None else timedelta(seconds=self.events_retention_seconds)
