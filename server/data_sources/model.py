"""Data sources: connections to the systems where data lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class DataSource:
    """A connection to a system; its secrets are sealed."""

    id: UUID
    organization_id: UUID
    name: str
    description: str
    connector: str
    config: Mapping[str, Any]
    sealed_secrets: bytes | None
    secret_names: list[str]
    healthy: bool | None
    checked_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class Check:
    """What a check of a connection found."""

    ok: bool
    latency_seconds: float
    server_version: str = ""
    message: str = ""
    advice: str = ""
    code: str = ""


@dataclass(frozen=True)
class Moved:
    """What the runs that ended in a span of time moved from and into a data source."""

    runs: int
    runs_succeeded: int
    runs_failed: int
    rows_read: int
    bytes_read: int
    rows_committed: int
    last_success_at: datetime | None


@dataclass(frozen=True)
class Metrics:
    """What pipelines did with a data source in a span of time."""

    start: datetime
    end: datetime
    pipelines: int
    moved: Moved
