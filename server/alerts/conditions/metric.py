"""Any metric of the analytics store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from pydantic import Field

from server.alerts.conditions.base import ANY_LABELS, ONE_STEP, Condition, Look, Parameters
from server.alerts.model import Value
from server.analytics.model import Aggregation, Filter, MetricQuery, Operator, Resolution

RAW_SECONDS = 21_600
RATE = "rate"


class MetricParameters(Parameters):
    """Which metric, and how its points become one value."""

    name: str = Field(min_length=1, max_length=200, description="The metric's name.")
    labels: dict[str, str] = Field(default={}, max_length=20, description="Labels that points must have; none: any.")
    aggregation: Literal["avg", "min", "max", "sum", "count", "rate", "p50", "p95", "p99"] = Field(
        default="avg", description="How the points of the window become one value; rate: the sum by second."
    )
    window_seconds: int = Field(default=300, ge=10, le=86_400, description="How far back points count, in seconds.")


class Metric(Condition[MetricParameters]):
    """A metric's value over a window, by the labels that the rule groups by."""

    name = "metric"
    description = (
        "A metric of the organization's, or of the platform's own, over a window; without a point there is no value."
        " The labels are the metric's own."
    )
    unit = ""
    labels = ANY_LABELS
    organization, platform = True, True
    parameters = MetricParameters

    async def evaluate(self, look: Look, parameters: MetricParameters) -> Sequence[Value]:
        """A value for each combination of the labels that the rule groups by."""
        seconds = parameters.window_seconds
        # A rate would be by the second of the long step.
        word = "sum" if parameters.aggregation == RATE else parameters.aggregation
        filters = [Filter(label, Operator.EQ, (value,)) for label, value in parameters.labels.items()]
        query = MetricQuery(
            parameters.name,
            look.at - timedelta(seconds=seconds),
            look.at,
            ONE_STEP,
            Aggregation(word),
            tuple(look.group_by),
            filters,
        )
        resolution = Resolution.RAW if seconds <= RAW_SECONDS else Resolution.MINUTE
        found = []
        for series in await look.series(query, resolution):
            value = series.points[-1][1] / (seconds if parameters.aggregation == RATE else 1)
            if math.isfinite(value):
                named = ", ".join(f"{label} {name}" for label, name in series.labels.items())
                found.append(Value(value, series.labels, f"{parameters.name} {named}".strip()))
        return found
