"""Runs that land unusually many rows, or few."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pydantic import Field

from server.alerts.conditions.base import Condition, Look, OfPipelines
from server.alerts.model import Value

LEAST_HISTORY = 8
DEVIATION = 1.4826
"""What makes the median deviation of a normal distribution its standard deviation."""
LEAST_SHARE = 0.01
"""A history that never changes is taken to vary by so much of its median, and by a row at least."""


class RowCountAnomalyParameters(OfPipelines):
    """How long the history is."""

    history: int = Field(
        default=30, ge=LEAST_HISTORY, le=200, description="With how many earlier runs the newest one is compared."
    )


class RowCountAnomaly(Condition[RowCountAnomalyParameters]):
    """By how much the newest run's rows are out of the ordinary."""

    name = "row_count_anomaly"
    description = (
        "By how many deviations the rows that the newest successful run has landed are off the median of those before"
        f" it, up or down: a robust z-score, from {LEAST_HISTORY} earlier runs on. Backfills and replays do not count."
    )
    unit = "deviations"
    labels = ("pipeline_id", "pipeline")
    default_threshold = 5.0
    parameters = RowCountAnomalyParameters

    async def evaluate(self, look: Look, parameters: RowCountAnomalyParameters) -> Sequence[Value]:
        """A value for each pipeline with enough history."""
        async with look.facts() as facts:
            found = await facts.rows_of_runs(look.organization_id, parameters.pipelines, parameters.history)
        return [
            Value(
                robust_score(item.rows[0], item.rows[1:]),
                {"pipeline_id": str(item.pipeline_id), "pipeline": item.pipeline},
                f"{item.pipeline} has landed {item.rows[0]} rows, usual are {median(item.rows[1:]):g}",
            )
            for item in found
            if len(item.rows) > LEAST_HISTORY
        ]


def robust_score(newest: float, history: Sequence[float]) -> float:
    """By how many deviations a value is off the median of others; no outlier among those changes that much."""
    middle = median(history)
    deviation = DEVIATION * median(abs(value - middle) for value in history)
    return abs(newest - middle) / max(deviation, LEAST_SHARE * abs(middle), 1.0)
