"""Calls that ended with an error of the platform's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from pydantic import Field

from server.alerts.conditions.base import ONE_STEP, Condition, Look, Parameters
from server.alerts.model import Value
from server.analytics.model import Aggregation, MetricQuery, Resolution

METRIC = "thedata.calls"


class ErrorRateParameters(Parameters):
    """Which calls are looked at."""

    window_seconds: int = Field(default=300, ge=30, le=21_600, description="How far back calls count, in seconds.")
    codes: list[str] = Field(
        default=["INTERNAL", "UNAVAILABLE", "UNKNOWN", "DATA_LOSS"],
        min_length=1,
        max_length=20,
        description="The gRPC codes that count as errors.",
    )
    methods: list[str] = Field(
        default=[], max_length=200, description="Methods, such as `AuthService/Login`; none: all of them."
    )
    min_calls: int = Field(default=20, ge=1, le=1_000_000, description="Of fewer calls there is no value.")


class ErrorRate(Condition[ErrorRateParameters]):
    """The share of errors among the calls of a while."""

    name = "error_rate"
    description = "The share of calls that ended with an error of the platform's, 0 to 1; grouped by method, of each."
    unit = "share"
    labels = ("method",)
    organization, platform = False, True
    default_threshold = 0.05
    parameters = ErrorRateParameters

    async def evaluate(self, look: Look, parameters: ErrorRateParameters) -> Sequence[Value]:
        """A value for all calls, or one for each method."""
        start = look.at - timedelta(seconds=parameters.window_seconds)
        query = MetricQuery(METRIC, start, look.at, ONE_STEP, Aggregation.SUM, ("method", "code"))
        calls: defaultdict[str, float] = defaultdict(float)
        errors: defaultdict[str, float] = defaultdict(float)
        for series in await look.series(query, Resolution.RAW):
            method, count = series.labels.get("method", ""), series.points[-1][1]
            if parameters.methods and method not in parameters.methods:
                continue
            name = method if "method" in look.group_by else ""
            calls[name] += count
            errors[name] += count if series.labels.get("code") in parameters.codes else 0.0
        return [
            Value(errors[name] / count, {"method": name} if name else {}, name or f"{count:g} calls")
            for name, count in calls.items()
            if count >= parameters.min_calls
        ]
