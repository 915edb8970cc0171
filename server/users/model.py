"""User accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class User:
    """A user account; the e-mail address is in lower case."""

    id: UUID
    email: str
    full_name: str
    active: bool
    platform_admin: bool
    created_at: datetime
    updated_at: datetime
    version: int
