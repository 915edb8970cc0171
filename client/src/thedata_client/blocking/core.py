"""Made of the asyncio client by tools/client_code.py: DO NOT EDIT.

How every call is made: with a token, within its time, and with errors as exceptions."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from typing import Any

import grpc

from thedata_client.blocking.platform import Channel, Stream
from thedata_client.blocking.session import Session
from thedata_client.errors import Unauthenticated, Unavailable, error_of
from thedata_client.method import Answer, Method, Request


class Core:
    """Makes calls."""

    def __init__(self, channel: Channel, session: Session, *, timeout: float | None, organization: str | None) -> None:
        self._channel = channel
        self._session = session
        self._timeout = timeout
        self._calls: dict[str, Any] = {}
        self.organization = organization
        """The organization of requests that name none."""

    def unary(self, method: Method[Request, Answer], request: Request, timeout: float | None = None) -> Answer:
        """Calls a method; with a renewed token once more, where the server does not know the token any longer.

        Raises:
            ApiError: the call failed.
        """
        token = self._session.token(method)
        try:
            return self._unary(method, request, timeout, token)
        except Unauthenticated as error:
            if token is None or not self._session.renew(token, error):
                raise
        return self._unary(method, request, timeout, self._session.token(method))

    def _unary(
        self, method: Method[Request, Answer], request: Request, timeout: float | None, token: str | None
    ) -> Answer:
        try:
            return self._once(method, request, timeout, token)
        except Unavailable as error:
            # gRPC sends nothing again once an answer has begun, though what broke may be the rest of it.
            if error.reason or not method.repeatable:
                raise
        return self._once(method, request, timeout, token)

    def _once(
        self, method: Method[Request, Answer], request: Request, timeout: float | None, token: str | None
    ) -> Answer:
        call = self._callable(method, self._channel.unary_unary)
        try:
            answer: Answer = call(request, timeout=timeout or self._timeout, metadata=_metadata(token))
        except grpc.RpcError as error:
            raise error_of(error) from error
        return answer

    def send(
        self, method: Method[Request, Answer], messages: Iterable[Request], timeout: float | None = None
    ) -> Answer:
        """Sends a stream of messages and waits for the answer; raises as unary."""
        call = self._callable(method, self._channel.stream_unary)
        token = self._session.token(method)
        try:
            answer: Answer = call(messages, timeout=timeout, metadata=_metadata(token))
        except grpc.RpcError as error:
            raise error_of(error) from error
        return answer

    def receive(
        self, method: Method[Request, Answer], request: Request, timeout: float | None = None
    ) -> Generator[Answer, None, None]:
        """The messages of one call; raises as unary, amid the messages too."""
        token = self._session.token(method)
        begun = False
        try:
            with closing(self._receive(method, request, timeout, token)) as messages:
                for message in messages:
                    begun = True
                    yield message
        except Unauthenticated as error:
            if begun or token is None or not self._session.renew(token, error):
                raise
        else:
            return
        with closing(self._receive(method, request, timeout, self._session.token(method))) as messages:
            for message in messages:
                yield message

    def _receive(
        self, method: Method[Request, Answer], request: Request, timeout: float | None, token: str | None
    ) -> Generator[Answer, None, None]:
        call = self._callable(method, self._channel.unary_stream)
        stream: Stream[Answer] = call(request, timeout=timeout, metadata=_metadata(token))
        try:
            for message in stream:
                yield message
        except grpc.RpcError as error:
            raise error_of(error) from error
        finally:
            stream.cancel()

    def _callable(self, method: Method[Request, Answer], kind: Any) -> Any:
        if method.path not in self._calls:
            self._calls[method.path] = kind(
                method.path,
                request_serializer=method.request.SerializeToString,
                response_deserializer=method.answer.FromString,
            )
        return self._calls[method.path]


class Service:
    """A service of the API."""

    def __init__(self, core: Core) -> None:
        self._core = core


def _metadata(token: str | None) -> tuple[tuple[str, str], ...]:
    return () if token is None else (("authorization", f"Bearer {token}"),)
