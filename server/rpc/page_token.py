"""Page tokens: opaque, and bound to the query that made them."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from google.protobuf.message import DecodeError, Message
from thedata.internal.v1.tokens_pb2 import PageToken

from server.errors import InvalidPageToken
from server.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page, PageRequest, fingerprint

PAGE_FIELDS = ("page_size", "page_token")


def page_request(request: Message) -> PageRequest:
    """Reads the page that a List request asks for.

    Raises:
        InvalidPageToken: the token is damaged, or belongs to another query.
    """
    size = min(request.page_size or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)  # type: ignore[attr-defined]  # every List has it
    text = request.page_token  # type: ignore[attr-defined]
    if not text:
        return PageRequest(size)
    try:
        token = PageToken.FromString(base64.urlsafe_b64decode(text.encode()))
    except (binascii.Error, ValueError, DecodeError) as error:
        raise InvalidPageToken from error
    if token.query != _query(request) or not token.key:
        raise InvalidPageToken
    return PageRequest(size, token.key)


def next_page_token(request: Message, page: Page[object]) -> str:
    """The token of the page after this one; empty at the end."""
    if page.next_key is None:
        return ""
    token = PageToken(query=_query(request), key=page.next_key)
    return base64.urlsafe_b64encode(token.SerializeToString()).decode()


def place_after(request: PageRequest) -> tuple[datetime, UUID] | None:
    """The place, by time and id, after which a page starts; None at the beginning.

    Raises:
        InvalidPageToken: the token was not made here.
    """
    if not request.after:
        return None
    try:
        time, _, key = request.after.partition(" ")
        return datetime.fromisoformat(time), UUID(key)
    except ValueError as error:
        raise InvalidPageToken from error


def place_token(request: Message, place: tuple[datetime, UUID] | None) -> str:
    """The token of the page after a place; empty at the end."""
    return next_page_token(request, Page((), f"{place[0].isoformat()} {place[1]}" if place else None))


def _query(request: Message) -> bytes:
    shape = type(request)()
    shape.CopyFrom(request)
    for field in PAGE_FIELDS:
        shape.ClearField(field)
    return fingerprint(request.DESCRIPTOR.full_name, shape.SerializeToString(deterministic=True).hex())
