"""A new run of a pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from server.clock import now
from server.observability.context import TRACEPARENT, traceparent
from server.pipelines.model import PLAN_FORMAT, Pipeline, Run, RunState, RunTrigger


def queued(
    run_id: UUID,
    pipeline: Pipeline,
    trigger: RunTrigger,
    user_id: UUID | None,
    *,
    occurrence: str | None = None,
    schedule_time: datetime | None = None,
    **order: Mapping[str, Any],
) -> Run:
    """A run of the pipeline as it is now; ``order`` is what is special about it (``backfill``, ``replay``)."""
    at = now()
    plan = {
        "format": PLAN_FORMAT,
        "name": pipeline.name,
        "source_id": str(pipeline.source_id),
        "destination_id": str(pipeline.destination_id),
        "destination_namespace": pipeline.destination_namespace,
        "streams": [asdict(stream) for stream in pipeline.streams],
        "verification": pipeline.verification,
        "retry_policy": asdict(pipeline.retry_policy) if pipeline.retry_policy else None,
        "timeout_seconds": pipeline.timeout_seconds,
        **order,
        # The trace of who queued it, which the worker goes on with.
        **({TRACEPARENT: traceparent.get()} if traceparent.get() else {}),
    }
    return Run(
        id=run_id,
        organization_id=pipeline.organization_id,
        pipeline_id=pipeline.id,
        state=RunState.QUEUED,
        trigger=trigger,
        attempt=0,
        epoch=0,
        revision=1,
        queued_at=at,
        started_at=None,
        ended_at=None,
        rows_read=0,
        rows_committed=0,
        rows_rejected=0,
        bytes_read=0,
        estimated_rows=None,
        streams=[],
        failure=None,
        plan=plan,
        created_by=user_id,
        available_at=at,
        priority=pipeline.priority,
        schedule_time=schedule_time,
        occurrence=occurrence,
    )
