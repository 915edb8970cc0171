"""Data that gets old."""

from __future__ import annotations

from collections.abc import Sequence

from server.alerts.conditions.base import Condition, Look, OfPipelines
from server.alerts.model import Value


class FreshnessLag(Condition[OfPipelines]):
    """How long ago data has landed."""

    name = "freshness_lag"
    description = (
        "Seconds since the last run that succeeded has ended; without one, since the pipeline was made. Paused"
        " pipelines have no value."
    )
    unit = "seconds"
    labels = ("pipeline_id", "pipeline")
    default_threshold = 86_400.0
    parameters = OfPipelines

    async def evaluate(self, look: Look, parameters: OfPipelines) -> Sequence[Value]:
        """A value for each pipeline."""
        async with look.facts() as facts:
            return await facts.lag(look.organization_id, parameters.pipelines)
