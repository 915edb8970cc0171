"""Ids: UUIDv7, so that their order is the order of creation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """Makes a UUIDv7."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def id_of(at: datetime) -> UUID:
    """Makes a UUIDv7 of another clock's time."""
    return UUID(bytes=uuid_utils.uuid7(nanoseconds=int(at.timestamp() * 1e6) * 1000).bytes)
