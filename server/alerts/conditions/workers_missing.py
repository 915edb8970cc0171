"""Workers that should be there."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from server.alerts.conditions.base import Condition, Look, Parameters
from server.alerts.model import Value


class WorkersMissingParameters(Parameters):
    """How many there should be."""

    expected: int = Field(default=1, ge=1, le=10_000, description="How many workers there should be.")


class WorkersMissing(Condition[WorkersMissingParameters]):
    """How many workers are missing."""

    name = "workers_missing"
    description = "How many workers are missing of those that there should be; one counts that beat a moment ago."
    unit = "workers missing"
    organization, platform = False, True
    parameters = WorkersMissingParameters

    async def evaluate(self, look: Look, parameters: WorkersMissingParameters) -> Sequence[Value]:
        """One value."""
        async with look.facts() as facts:
            live = await facts.live_workers()
        return [Value(float(max(0, parameters.expected - live)), about=f"{live} of {parameters.expected} live")]
