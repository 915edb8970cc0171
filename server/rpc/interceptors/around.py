"""What every interceptor is built on: one coroutine around a call, whatever its kind."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import grpc


@dataclass
class Call:
    """A call on its way to its handler; `request` is a message, or an iterator where the client streams."""

    method: str
    metadata: dict[str, str | bytes]
    request: Any
    context: grpc.aio.ServicerContext[Any, Any]
    client_streams: bool
    server_streams: bool

    @property
    def name(self) -> str:
        """The method without its package, such as `AuthService/Login`."""
        return self.method.rsplit(".", 1)[-1]


Proceed = Callable[[], Awaitable[Any]]


class Around(grpc.aio.ServerInterceptor):
    """An interceptor that surrounds the handler with one coroutine."""

    @abstractmethod
    async def around(self, call: Call, proceed: Proceed) -> Any:
        """Does something before and after `proceed`, and returns its answer."""

    async def intercept_service(self, continuation: Any, details: grpc.HandlerCallDetails) -> Any:
        """Wraps the handler that the rest of the chain gives."""
        handler = await continuation(details)
        if handler is None:
            return None
        metadata = dict(details.invocation_metadata or ())
        inner = _behaviour(handler)

        async def surrounded(request: Any, context: Any) -> Any:
            call = Call(
                details.method, metadata, request, context, handler.request_streaming, handler.response_streaming
            )
            return await self.around(call, lambda: _completed(inner(call.request, context), context))

        return _KINDS[handler.request_streaming, handler.response_streaming](
            surrounded,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


_KINDS: dict[tuple[bool, bool], Any] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


def _behaviour(handler: Any) -> Callable[[Any, Any], Any]:
    found = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
    assert found is not None
    return found  # type: ignore[no-any-return]  # grpc's handlers are untyped


async def _completed(result: Any, context: Any) -> Any:
    # Handlers of ours write to the context; only library handlers (reflection) are generators.
    if hasattr(result, "__aiter__"):
        async for message in result:
            await context.write(message)
        return None
    return await result
