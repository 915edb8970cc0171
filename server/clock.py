"""The time, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present time with its zone."""
    return datetime.now(UTC)
