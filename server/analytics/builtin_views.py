"""The views that every organization has. Another one is one more line here."""

from __future__ import annotations

from datetime import timedelta

from server.analytics.model import Aggregation, Filter, Kind, Operator
from server.analytics.view_model import Measure, ViewDefinition

COUNT = Measure(Aggregation.COUNT)

BUILT_IN = {
    "events_per_minute": ViewDefinition(
        Kind.EVENTS, group_by=["kind"], interval=timedelta(minutes=1), window=timedelta(hours=1)
    ),
    "errors_by_pipeline": ViewDefinition(
        Kind.EVENTS,
        [Filter("kind", Operator.EQ, ("thedata.run.failed",))],
        ["pipeline_id", "pipeline", "failure.code"],
        interval=timedelta(hours=1),
        window=timedelta(days=1),
    ),
    "runs_in_flight": ViewDefinition(
        Kind.METRICS,
        [Filter("name", Operator.EQ, ("thedata.runs_in_flight",))],
        ["pipeline_id", "pipeline"],
        [Measure(Aggregation.SUM, "value", "runs")],
    ),
    "source_health": ViewDefinition(
        Kind.METRICS,
        [Filter("name", Operator.EQ, ("thedata.run_failed",))],
        ["source_id"],
        [COUNT, Measure(Aggregation.AVG, "value", "failed_share")],
        timedelta(hours=1),
        timedelta(days=1),
    ),
    "rows_per_second": ViewDefinition(
        Kind.METRICS,
        [Filter("name", Operator.EQ, ("thedata.rows_committed",))],
        ["pipeline_id", "pipeline"],
        [Measure(Aggregation.RATE, "value", "rows_per_second")],
        timedelta(seconds=10),
        timedelta(minutes=10),
    ),
}
