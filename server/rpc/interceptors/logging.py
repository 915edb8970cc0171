"""The outermost interceptor: gives the call an id and writes one line about it."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from typing import Any

import grpc
import structlog

from server.ids import new_id
from server.observability.context import TRACEPARENT, trace_id, traceparent
from server.rpc import headers
from server.rpc.caller import request_id
from server.rpc.calls import CallCounter
from server.rpc.interceptors.around import Around, Call, Proceed

log = structlog.get_logger("rpc")

SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
QUIET = ("/grpc.health.", "/grpc.reflection.")


class Logging(Around):
    """Outermost, so that it sees the status which the others decided."""

    def __init__(self, calls: CallCounter, slow_seconds: Callable[[], float] = lambda: math.inf) -> None:
        self._calls = calls
        self._slow_seconds = slow_seconds

    async def around(self, call: Call, proceed: Proceed) -> Any:
        """Logs method, status and duration under the request's id; a slow call that is no stream once more, aloud."""
        given = call.metadata.get("x-request-id", "")
        known = given if isinstance(given, str) and SAFE_ID.fullmatch(given) else str(new_id())
        request_id.set(known)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=known)
        _go_on_with_trace(call)
        headers.begin("x-request-id", known)
        if call.server_streams:
            # Headers go with the first message: an error before it is then still an error to REST clients.
            call.context.set_trailing_metadata(headers.collected())
        started, stream = time.perf_counter(), call.server_streams or call.client_streams
        self._calls.begin(call.name, stream=stream)
        try:
            answer = await proceed()
            if not call.server_streams:
                await call.context.send_initial_metadata(headers.collected())
            return answer
        finally:
            # None where all went well; a number where `abort_with_status` set it.
            code: object = call.context.code()
            name = code.name if isinstance(code, grpc.StatusCode) else str(code or "OK")
            seconds = time.perf_counter() - started
            self._calls.add(call.name, name, seconds)
            write = log.debug if call.method.startswith(QUIET) else log.info
            write("call", method=call.name, code=name, ms=round(seconds * 1000, 1))
            if not stream and seconds >= self._slow_seconds():
                log.warning("slow_call", method=call.name, code=name, ms=round(seconds * 1000, 1))


def _go_on_with_trace(call: Call) -> None:
    given = str(call.metadata.get(TRACEPARENT, ""))
    trace = trace_id(given)
    traceparent.set(given if trace else "")
    if trace:
        structlog.contextvars.bind_contextvars(trace_id=trace)
