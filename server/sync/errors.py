"""The one error that leaves the engine: whose fault it is, what kind it is, and what to do about it."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """The side on which a failure happened."""

    SOURCE = "source"
    DESTINATION = "destination"
    PLATFORM = "platform"


class ErrorType(StrEnum):
    """What has to happen before another try can succeed.

    CONFIG: the user must change something. SYSTEM: a broken disk, server or invariant. TRANSIENT: try again
    later. CANCELLED: somebody stopped the run.
    """

    CONFIG = "config"
    SYSTEM = "system"
    TRANSIENT = "transient"
    CANCELLED = "cancelled"


class SyncError(Exception):
    """A failure with its origin, type, code word, advice and, where known, stream and position.

    ``code`` is a stable upper-case word (``AUTHENTICATION_FAILED``); ``message`` says what happened and never
    holds a secret; ``advice`` says what the user can do; ``position`` is the most exact place that is known,
    such as ``flights.csv row 200001 column dep_time``.
    """

    def __init__(
        self,
        *,
        origin: Origin,
        type: ErrorType,
        code: str,
        message: str,
        advice: str = "",
        stream: str | None = None,
        position: str | None = None,
    ) -> None:
        super().__init__(message)
        self.origin = origin
        self.type = type
        self.code = code
        self.message = message
        self.advice = advice
        self.stream = stream
        self.position = position

    def __str__(self) -> str:
        """Tell all of it in one line, as it stands in a log."""
        place = f" at {self.position}" if self.position else ""
        advice = f" {self.advice}" if self.advice else ""
        return f"{self.code}: {self.message}{place}.{advice}".replace("..", ".")

    def in_stream(self, stream: str) -> SyncError:
        """Name the stream, where the place that raised did not know it."""
        self.stream = self.stream or stream
        return self


class HandedOver(Exception):  # noqa: N818 - a state, not a fault
    """The worker is about to end: what has been staged stays, and a later attempt of the run goes on after it."""
