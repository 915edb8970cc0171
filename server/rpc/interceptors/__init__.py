"""The interceptors, outermost first."""

from __future__ import annotations

from grpc.aio import ServerInterceptor

from server.limits.limiter import Limiter
from server.rpc.calls import CallCounter
from server.rpc.interceptors.auditing import Auditing
from server.rpc.interceptors.authentication import Authentication, Authenticator
from server.rpc.interceptors.errors import Errors
from server.rpc.interceptors.limiting import Limiting
from server.rpc.interceptors.logging import Logging
from server.rpc.interceptors.validation import Readable, Validation


def chain(
    authenticator: Authenticator, calls: CallCounter, auditing: Auditing, limiter: Limiter
) -> list[ServerInterceptor]:
    """The chain of every call; each class says why it stands where it does."""
    return [
        Logging(calls), Errors(), auditing, Authentication(authenticator), Limiting(limiter), Validation(), Readable(),
    ]  # fmt: skip
