"""Which services can serve, by the same look that the status tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.status.model import Health, Status

EVERY = ("postgresql", "migrations")
"""What no service can do without; the server itself, "", needs these too."""
ALSO = {"thedata.v1.AnalyticsService": ("analytics",)}


def readiness(status: Status, services: Iterable[str]) -> Mapping[str, bool]:
    """Whether each service can serve: nothing that it needs is down."""
    return {
        name: all(status.of(part) is not Health.DOWN for part in (*EVERY, *ALSO.get(name, ()))) for name in services
    }
