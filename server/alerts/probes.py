"""Components of the platform as the alerts see them: by the same look as the system's status."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from server.alerts.ports import ComponentHealth
from server.status.model import Component, Health

OF_THEIR_OWN = frozenset({"workers", "queue", "disk"})
"""Components that have conditions of their own."""


class StatusProbe:
    """Tells which of the components are down."""

    def __init__(self, components: Callable[[], Awaitable[Sequence[Component]]]) -> None:
        self._components = components

    async def look(self) -> Sequence[ComponentHealth]:
        """The components of which something is known."""
        return [
            ComponentHealth(item.name, healthy=item.health is not Health.DOWN, message=item.message)
            for item in await self._components()
            if item.health is not Health.UNSPECIFIED and item.name not in OF_THEIR_OWN
        ]
