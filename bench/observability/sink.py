"""`python -m bench.observability.sink`: takes what is sent by OTLP and throws it away, unread; says its port."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import grpc

EXPORTS = (
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
)


class Sink(grpc.GenericRpcHandler):
    """Answers every sending with an empty message, which says that all was taken."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        async def take(_request: bytes, _context: Any) -> bytes:
            return b""

        known = handler_call_details.method in EXPORTS
        return grpc.unary_unary_rpc_method_handler(take) if known else None


async def main() -> None:
    """Serve until the parent closes standard input."""
    server = grpc.aio.server(handlers=[Sink()])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    try:
        await asyncio.to_thread(input)
    finally:
        await server.stop(None)


if __name__ == "__main__":
    with suppress(EOFError):
        asyncio.run(main())
