"""The conditions that there are: a module each, and a line here."""

from __future__ import annotations

from typing import Any

from server.alerts.conditions.base import Condition
from server.alerts.conditions.component_down import ComponentDown
from server.alerts.conditions.disk_free import DiskFree
from server.alerts.conditions.error_rate import ErrorRate
from server.alerts.conditions.freshness_lag import FreshnessLag
from server.alerts.conditions.metric import Metric
from server.alerts.conditions.pipeline_failed import PipelineFailed
from server.alerts.conditions.pipeline_late import PipelineLate
from server.alerts.conditions.queue_age import QueueAge
from server.alerts.conditions.rejected_share import RejectedShare
from server.alerts.conditions.row_count_anomaly import RowCountAnomaly
from server.alerts.conditions.schema_changed import SchemaChanged
from server.alerts.conditions.source_unhealthy import SourceUnhealthy
from server.alerts.conditions.workers_missing import WorkersMissing

AnyCondition = Condition[Any]

CONDITIONS: dict[str, AnyCondition] = {
    condition.name: condition
    for condition in (
        ComponentDown(),
        DiskFree(),
        ErrorRate(),
        FreshnessLag(),
        Metric(),
        PipelineFailed(),
        PipelineLate(),
        QueueAge(),
        RejectedShare(),
        RowCountAnomaly(),
        SchemaChanged(),
        SourceUnhealthy(),
        WorkersMissing(),
    )
}
