"""Runs that wait for a worker."""

from __future__ import annotations

from collections.abc import Sequence

from server.alerts.conditions.base import Condition, Look, Parameters
from server.alerts.model import Value
from server.scope import PLATFORM


class QueueAge(Condition[Parameters]):
    """For how long the run waits that waits longest."""

    name = "queue_age"
    description = "For how many seconds the run that waits longest could have been taken by a worker; 0: none waits."
    unit = "seconds"
    platform = True
    default_threshold = 300.0
    parameters = Parameters

    async def evaluate(self, look: Look, parameters: Parameters) -> Sequence[Value]:  # noqa: ARG002 - it has none
        """One value."""
        whose = None if look.organization_id == PLATFORM else look.organization_id
        async with look.facts() as facts:
            return [Value(await facts.queue_age(whose))]
