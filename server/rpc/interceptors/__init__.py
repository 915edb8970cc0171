"""The interceptors, outermost first."""

from __future__ import annotations

import math
from collections.abc import Callable

from grpc.aio import ServerInterceptor

from server.limits.limiter import Limiter
from server.observability.tracing import Tracing
from server.rpc.calls import CallCounter
from server.rpc.interceptors.auditing import Auditing
from server.rpc.interceptors.authentication import Authentication, Authenticator
from server.rpc.interceptors.errors import Errors
from server.rpc.interceptors.limiting import Limiting
from server.rpc.interceptors.logging import Logging
from server.rpc.interceptors.traces import Traces
from server.rpc.interceptors.validation import Readable, Validation


def chain(
    authenticator: Authenticator,
    calls: CallCounter,
    auditing: Auditing,
    limiter: Limiter,
    slow_seconds: Callable[[], float] = lambda: math.inf,
    tracing: Tracing | None = None,
) -> list[ServerInterceptor]:
    """The chain of every call; each class says why it stands where it does."""
    return [
        Logging(calls, slow_seconds),
        *([Traces(tracing)] if tracing else []),
        Errors(),
        auditing,
        Authentication(authenticator),
        Limiting(limiter),
        Validation(),
        Readable(),
    ]
