"""Stream cursors: opaque positions in the messages about a run."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from google.protobuf.message import DecodeError
from thedata.internal.v1.tokens_pb2 import RunCursor

from server.errors import InvalidCursor
from server.pipelines.model import Position

MOST_ATTEMPTS = 2**31 - 1
MOST_ENTRIES = 2**63 - 1


def cursor_of(position: Position) -> str:
    """A position as a cursor."""
    message = RunCursor(run_id=position.run_id.bytes, seen=dict(position.seen), revision=position.revision)
    return base64.urlsafe_b64encode(message.SerializeToString(deterministic=True)).decode().rstrip("=")


def position_of(cursor: str) -> Position | None:
    """The position of a cursor; None for an empty one.

    Raises:
        InvalidCursor: it is damaged.
    """
    if not cursor:
        return None
    try:
        message = RunCursor.FromString(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position = Position(UUID(bytes=message.run_id), dict(message.seen), message.revision)
    except (binascii.Error, ValueError, DecodeError) as error:
        raise InvalidCursor from error
    if any(writer > MOST_ATTEMPTS or number > MOST_ENTRIES for writer, number in position.seen.items()):
        raise InvalidCursor
    return position
