"""Audit entries, and which of them are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

AUDIT_CHANNEL = "thedata_audit"


@dataclass(frozen=True)
class AuditEntry:
    """A change or a denial; numbers rise in the order in which entries can be read."""

    number: int
    id: UUID
    created_at: datetime
    organization_id: UUID
    user_id: UUID | None
    api_key_id: UUID | None
    method: str
    resource_kind: str
    resource_id: str
    result: str
    reason: str
    request_id: str
    address: str
    changes: Mapping[str, Any]
    before: Mapping[str, Any] | None
    count: int

    @property
    def resource(self) -> str:
        """The resource's kind and id; empty where there is none."""
        return f"{self.resource_kind}/{self.resource_id}" if self.resource_id else self.resource_kind


@dataclass(frozen=True)
class Denial:
    """What is written of a denial, or of several that were alike."""

    id: UUID
    organization_id: UUID
    user_id: UUID | None
    api_key_id: UUID | None
    method: str
    resource_kind: str
    resource_id: str
    result: str
    reason: str
    request_id: str
    address: str
    count: int = 1


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are wanted; what is empty filters nothing."""

    organization_id: UUID | None = None
    user_id: UUID | None = None
    method: str = ""
    resource_kind: str = ""
    resource_id: str = ""
    result: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class AuditPlace:
    """What a watcher has seen: entries up to a number, of an organization or of the whole platform."""

    organization_id: UUID | None
    number: int
