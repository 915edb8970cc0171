"""Pipelines that do not start when they should."""

from __future__ import annotations

from collections.abc import Sequence

from server.alerts.conditions.base import Condition, Look, OfPipelines
from server.alerts.model import Value


class PipelineLate(Condition[OfPipelines]):
    """For how long a run should have started that has not."""

    name = "pipeline_late"
    description = (
        "For how many seconds a run should have started that has not: its schedule's time has passed, or it waits for a"
        " worker. Paused pipelines are not late."
    )
    unit = "seconds late"
    labels = ("pipeline_id", "pipeline")
    default_threshold = 300.0
    parameters = OfPipelines

    async def evaluate(self, look: Look, parameters: OfPipelines) -> Sequence[Value]:
        """A value for each pipeline."""
        async with look.facts() as facts:
            return await facts.late(look.organization_id, parameters.pipelines)
