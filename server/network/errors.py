"""Why a host is not connected to."""

from __future__ import annotations

from server.errors import Failure, Kind


class HostNotAllowed(Failure):
    """The network policy forbids the host; which rule, and what answers there, is not told: that would be a scanner."""

    kind, reason = Kind.PRECONDITION, "HOST_NOT_ALLOWED"

    def __init__(self, host: str) -> None:
        super().__init__(f"The platform's network policy does not allow connections to {host}", metadata={"host": host})


class HostNotFound(Failure):
    """The name has no address."""

    kind, reason = Kind.PRECONDITION, "HOST_NOT_FOUND"

    def __init__(self, host: str) -> None:
        super().__init__(f"The host {host} is unknown", metadata={"host": host})
