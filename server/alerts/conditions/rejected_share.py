"""Rows that could not land."""

from __future__ import annotations

from collections.abc import Sequence

from server.alerts.conditions.base import Condition, Look, OfPipelines
from server.alerts.model import Value


class RejectedShare(Condition[OfPipelines]):
    """The share of rows that were rejected."""

    name = "rejected_share"
    description = "Which share of the rows that a pipeline's newest ended run has read was rejected, 0 to 1."
    unit = "share"
    labels = ("pipeline_id", "pipeline")
    default_threshold = 0.01
    parameters = OfPipelines

    async def evaluate(self, look: Look, parameters: OfPipelines) -> Sequence[Value]:
        """A value for each pipeline with such a run."""
        async with look.facts() as facts:
            return await facts.rejected_share(look.organization_id, parameters.pipelines)
