"""Goes on with the caller's trace: a span for every call, which the statements and runs of the call are below."""

from __future__ import annotations

from typing import Any

import grpc
import structlog

from server.observability.context import trace_id, traceparent
from server.observability.tracing import Tracing
from server.rpc.interceptors.around import Around, Call, Proceed
from server.rpc.interceptors.logging import QUIET

# What OpenTelemetry's conventions call the server's fault; all else is the caller's.
FAULTS = frozenset({"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"})


class Traces(Around):
    """Right inside the log, so that the line about a call has the trace's id, and the span its final status."""

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing

    async def around(self, call: Call, proceed: Proceed) -> Any:
        """Puts the call into a span; health checks and reflection have none."""
        if call.method.startswith(QUIET):
            return await proceed()
        service, _, method = call.method.strip("/").partition("/")
        attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": method}
        with self._tracing.served(call.method.strip("/"), traceparent.get(), attributes) as span:
            if span.recorded:
                structlog.contextvars.bind_contextvars(trace_id=trace_id(traceparent.get()))
            try:
                return await proceed()
            finally:
                code: object = call.context.code()
                name = code.name if isinstance(code, grpc.StatusCode) else str(code or "OK")
                span.end_as(name, failed=name in FAULTS)
