"""Checks requests against the rules that stand in the protos."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import protovalidate
from google.protobuf.message import Message

from server.errors import InvalidFields, MalformedRequest, Violation
from server.rpc.interceptors.around import Around, Call, Proceed


class Malformed:
    """Stands where a request should be whose bytes can't be read."""


class Readable(grpc.aio.ServerInterceptor):
    """Turns unreadable bytes into a request that `Validation` refuses, instead of an error with internals in it."""

    async def intercept_service(self, continuation: Any, details: grpc.HandlerCallDetails) -> Any:
        """Wraps the handler's deserializer."""
        handler = await continuation(details)
        read = handler.request_deserializer if handler else None
        if read is None:
            return handler

        def readable(data: bytes) -> Any:
            try:
                return read(data)
            except Exception:  # noqa: BLE001 - whatever the parser raises, the request is unreadable
                return Malformed()

        return handler._replace(request_deserializer=readable)


class Validation(Around):
    """Innermost: what a handler sees is valid."""

    async def around(self, call: Call, proceed: Proceed) -> Any:
        """Refuses a request that breaks rules, naming all of them."""
        if call.client_streams:
            call.request = _checked(call.request)
        else:
            check(call.request)
        return await proceed()


def check(request: Any) -> None:
    """Checks one request.

    Raises:
        MalformedRequest: its bytes can't be read.
        InvalidFields: it breaks rules; every violation has its field's path.
    """
    if isinstance(request, Malformed):
        raise MalformedRequest
    broken = [Violation(path, "must not contain a NUL character") for path in _with_nul(request)]
    broken += [
        Violation(_path(violation.proto.field), violation.proto.message)
        for violation in protovalidate.collect_violations(request)
    ]
    if broken:
        raise InvalidFields(*broken)


async def _checked(requests: AsyncIterator[Message]) -> AsyncIterator[Message]:
    async for request in requests:
        check(request)
        yield request


def _path(field: Any) -> str:
    path = ""
    for element in field.elements if field else ():
        path += f".{element.field_name}" if path else element.field_name
        if element.subscript is not None:
            path += f"[{element.subscript.value}]"
    return path


def _with_nul(message: Message, prefix: str = "") -> Iterator[str]:
    for field, value in message.ListFields():
        path = f"{prefix}{field.name}"
        if field.type == field.TYPE_STRING:
            texts = value if field.is_repeated else [value]
            if any("\x00" in text for text in texts):
                yield path
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for item in value if field.is_repeated else [value]:
                yield from _with_nul(item, f"{path}.")
