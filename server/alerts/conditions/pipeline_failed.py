"""Pipelines whose runs fail, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from server.alerts.conditions.base import Condition, Look, OfPipelines
from server.alerts.model import Value


class PipelineFailed(Condition[OfPipelines]):
    """How many runs have failed since the last one that succeeded."""

    name = "pipeline_failed"
    description = "How many runs of a pipeline have failed since the last one that succeeded, at most 100."
    unit = "failed runs"
    labels = ("pipeline_id", "pipeline")
    parameters = OfPipelines

    async def evaluate(self, look: Look, parameters: OfPipelines) -> Sequence[Value]:
        """A value for each pipeline."""
        async with look.facts() as facts:
            return await facts.failed_in_a_row(look.organization_id, parameters.pipelines)
