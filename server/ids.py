"""Ids: UUIDv7, so that their order is the order of creation."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """Makes a UUIDv7."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
