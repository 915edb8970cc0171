"""Stream cursors: opaque positions in the messages about a run, or about an organization's pipelines."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from google.protobuf.message import DecodeError, Message
from thedata.internal.v1.tokens_pb2 import (
    AlertsCursor,
    AuditCursor,
    MetricsCursor,
    PipelinesCursor,
    RunCursor,
    ViewCursor,
)

from server.alerts.watch import AlertsPlace
from server.analytics.view_feeds import Mark
from server.audit.model import AuditPlace
from server.errors import InvalidCursor
from server.pipelines.model import Position
from server.pipelines.overview import Place

MOST_ATTEMPTS = 2**31 - 1
MOST_ENTRIES = 2**63 - 1

Placed = PipelinesCursor | AlertsCursor


def cursor_of(position: Position) -> str:
    """A position as a cursor."""
    message = RunCursor(
        run_id=position.run_id.bytes, seen=dict(position.seen), revision=position.revision, complete=position.complete
    )
    return _encoded(message)


def position_of(cursor: str) -> Position | None:
    """The position of a cursor; None for an empty one.

    Raises:
        InvalidCursor: it is damaged.
    """
    if not cursor:
        return None
    with _undamaged():
        message = RunCursor.FromString(_decoded(cursor))
        position = Position(UUID(bytes=message.run_id), dict(message.seen), message.revision, message.complete)
    if any(writer > MOST_ATTEMPTS or number > MOST_ENTRIES for writer, number in position.seen.items()):
        raise InvalidCursor
    return position


def cursor_of_place(place: Place) -> str:
    """A place in the messages about an organization's pipelines as a cursor."""
    return _encoded(_placed(PipelinesCursor(), place))


def place_of(cursor: str) -> Place | None:
    """The place of a cursor; None for an empty one.

    Raises:
        InvalidCursor: it is damaged.
    """
    if not cursor:
        return None
    with _undamaged():
        message = PipelinesCursor.FromString(_decoded(cursor))
        return Place(UUID(bytes=message.organization_id), message.number, _snapshot_after(message))


def cursor_of_alerts(place: AlertsPlace) -> str:
    """A place in the messages about alerts as a cursor."""
    return _encoded(_placed(AlertsCursor(), place))


def alerts_place_of(cursor: str) -> AlertsPlace | None:
    """The place of a cursor; None for an empty one.

    Raises:
        InvalidCursor: it is damaged.
    """
    if not cursor:
        return None
    with _undamaged():
        message = AlertsCursor.FromString(_decoded(cursor))
        place = AlertsPlace(UUID(bytes=message.organization_id), message.number, _snapshot_after(message))
    if place.number < 0:
        raise InvalidCursor
    return place


def cursor_of_mark(mark: Mark) -> str:
    """A place in the messages about a view as a cursor."""
    message = ViewCursor(
        view_id=mark.view_id.bytes, generation=mark.generation, version=mark.version, cutoff=mark.cutoff
    )
    return _encoded(message)


def mark_of(cursor: str) -> Mark | None:
    """The place of a cursor; None for an empty one.

    Raises:
        InvalidCursor: it is damaged.
    """
    if not cursor:
        return None
    with _undamaged():
        message = ViewCursor.FromString(_decoded(cursor))
        return Mark(UUID(bytes=message.view_id), message.generation, message.version, message.cutoff)


def cursor_of_version(organization_id: UUID, version: int) -> str:
    """A place in the messages about an organization's metrics as a cursor."""
    return _encoded(MetricsCursor(organization_id=organization_id.bytes, version=version))


def version_of(cursor: str) -> tuple[UUID, int] | None:
    """The organization and version of a cursor; None for an empty one.

    Raises:
        InvalidCursor: it is damaged.
    """
    if not cursor:
        return None
    with _undamaged():
        message = MetricsCursor.FromString(_decoded(cursor))
        return UUID(bytes=message.organization_id), message.version


def cursor_of_audit(place: AuditPlace) -> str:
    """A place in the audit as a cursor."""
    organization = place.organization_id.bytes if place.organization_id else b""
    return _encoded(AuditCursor(organization_id=organization, number=place.number))


def audit_place_of(cursor: str) -> AuditPlace | None:
    """The place of a cursor; None for an empty one.

    Raises:
        InvalidCursor: it is damaged.
    """
    if not cursor:
        return None
    with _undamaged():
        message = AuditCursor.FromString(_decoded(cursor))
        organization = UUID(bytes=message.organization_id) if message.organization_id else None
    return AuditPlace(organization, message.number)


@contextmanager
def _undamaged() -> Iterator[None]:
    try:
        yield
    except (binascii.Error, ValueError, DecodeError) as error:
        raise InvalidCursor from error


def _placed(message: Placed, place: Place | AlertsPlace) -> Placed:
    message.organization_id = place.organization_id.bytes
    message.number = place.number
    message.snapshot_after = UUID(place.snapshot_after).bytes if place.snapshot_after else b""
    message.in_snapshot = place.snapshot_after is not None
    return message


def _snapshot_after(message: Placed) -> str | None:
    after = str(UUID(bytes=message.snapshot_after)) if message.snapshot_after else ""
    return after if message.in_snapshot else None


def _encoded(message: Message) -> str:
    return base64.urlsafe_b64encode(message.SerializeToString(deterministic=True)).decode().rstrip("=")


def _decoded(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
