"""Pipeline messages to and from the model."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from thedata.v1 import common_pb2, pipelines_pb2

from server.clock import now
from server.pipelines.convert_schedules import (
    length,
    priority_of,
    priority_value,
    retry_policy_message,
    retry_policy_of,
    schedule_message,
    schedule_of,
    timeout_of,
)
from server.pipelines.convert_streams import stream_message, streams_of
from server.pipelines.model import (
    Attempt,
    LogEntry,
    LogLevel,
    Pipeline,
    Run,
    RunFailure,
    RunState,
    StreamRun,
)
from server.pipelines.schedules import is_late, is_stuck
from server.rpc.field_mask import fields_to_update
from server.rpc.values import duration, timestamp

UPDATABLE = (
    "name",
    "description",
    "destination_namespace",
    "streams",
    "verification",
    "schedule",
    "retry_policy",
    "timeout",
    "priority",
)
UNSET = ("schedule", "retry_policy", "timeout")

VERIFICATIONS = {
    pipelines_pb2.VERIFICATION_UNSPECIFIED: "content",
    pipelines_pb2.VERIFICATION_NONE: "none",
    pipelines_pb2.VERIFICATION_COUNTS: "counts",
    pipelines_pb2.VERIFICATION_CONTENT: "content",
}


def changes(request: pipelines_pb2.UpdatePipelineRequest) -> dict[str, Any]:
    """The values that an update sets."""
    values = {name: getattr(request, name) for name in fields_to_update(request, UPDATABLE, UNSET)}
    if "streams" in values:
        values["streams"] = streams_of(request.streams)
    if "verification" in values:
        values["verification"] = VERIFICATIONS[request.verification]
    if "schedule" in values:
        values["schedule"] = schedule_of(request)
    if "retry_policy" in values:
        values["retry_policy"] = retry_policy_of(request)
    if "priority" in values:
        values["priority"] = priority_of(request.priority)
    if "timeout" in values:
        del values["timeout"]
        values["timeout_seconds"] = timeout_of(request)
    return values


def states_of(values: Iterable[pipelines_pb2.RunState.ValueType]) -> list[RunState]:
    """The states of a filter."""
    return [RunState(pipelines_pb2.RunState.Name(value).removeprefix("RUN_STATE_").lower()) for value in values]


def level_of(value: pipelines_pb2.LogLevel.ValueType) -> LogLevel:
    """The level of a filter; unspecified lets all pass."""
    return LogLevel(value) if value else LogLevel.DEBUG


def pipeline_message(pipeline: Pipeline, last_run: Run | None) -> pipelines_pb2.Pipeline:
    """A pipeline with its newest run."""
    return pipelines_pb2.Pipeline(
        id=str(pipeline.id),
        organization_id=str(pipeline.organization_id),
        name=pipeline.name,
        description=pipeline.description,
        source_id=str(pipeline.source_id),
        destination_id=str(pipeline.destination_id),
        destination_namespace=pipeline.destination_namespace,
        streams=map(stream_message, pipeline.streams),
        verification=pipelines_pb2.Verification.Value(f"VERIFICATION_{pipeline.verification.upper()}"),
        last_run=run_in_brief(last_run) if last_run else None,
        create_time=timestamp(pipeline.created_at),
        update_time=timestamp(pipeline.updated_at),
        etag=f'"{pipeline.version}"',
        schedule=schedule_message(pipeline.schedule),
        retry_policy=retry_policy_message(pipeline.retry_policy),
        timeout=length(pipeline.timeout_seconds),
        priority=priority_value(pipeline.priority),
        paused=pipeline.paused,
        next_run_time=None if pipeline.paused else timestamp(pipeline.next_run_at),
        late=is_late(pipeline, last_run, now()),
        has_webhook=pipeline.webhook_secret is not None,
    )


def run_in_brief(run: Run) -> pipelines_pb2.Run:
    """A run as lists show it."""
    message = run_message(run)
    message.ClearField("streams")
    message.ClearField("attempts")
    return message


def run_message(run: Run) -> pipelines_pb2.Run:
    """A run with its streams and attempts."""
    return pipelines_pb2.Run(
        id=str(run.id),
        pipeline_id=str(run.pipeline_id),
        organization_id=str(run.organization_id),
        state=state_message(run.state),
        trigger=pipelines_pb2.RunTrigger.Value(f"RUN_TRIGGER_{run.trigger.name}"),
        attempt=run.attempt,
        queue_time=timestamp(run.queued_at),
        start_time=timestamp(run.started_at),
        end_time=timestamp(run.ended_at),
        rows_read=run.rows_read,
        rows_committed=run.rows_committed,
        rows_rejected=run.rows_rejected,
        bytes_read=run.bytes_read,
        estimated_rows=run.estimated_rows,
        streams=map(_stream_run, run.streams),
        failure=_failure(run.failure),
        create_user_id=str(run.created_by or ""),
        attempts=map(_attempt, run.attempts),
        retry_time=timestamp(run.retry_at),
        schedule_time=timestamp(run.schedule_time),
        priority=priority_value(run.priority),
        progress_time=timestamp(run.progress_at),
        stuck=is_stuck(run, now()),
        rows_per_second=run.rows_per_second,
        eta=_eta(run.eta),
    )


def log_message(entry: LogEntry) -> pipelines_pb2.LogEntry:
    """A line of a log."""
    return pipelines_pb2.LogEntry(
        run_id=str(entry.run_id),
        time=timestamp(entry.time),
        level=pipelines_pb2.LogLevel.Value(f"LOG_LEVEL_{entry.level.name}"),
        stream=entry.stream,
        message=entry.message,
        attempt=entry.attempt,
        worker=entry.worker,
        fields=entry.fields,
    )


def heartbeat() -> common_pb2.Heartbeat:
    """A sign of life."""
    return common_pb2.Heartbeat(time=timestamp(now()))


def state_message(state: RunState) -> pipelines_pb2.RunState.ValueType:
    """Where a run or stream stands."""
    """Where a run or stream stands."""
    return pipelines_pb2.RunState.Value(f"RUN_STATE_{state.name}")


def _stream_run(stream: StreamRun) -> pipelines_pb2.StreamRun:
    return pipelines_pb2.StreamRun(
        namespace=stream.namespace,
        name=stream.name,
        destination_table=stream.destination_table,
        state=state_message(stream.state),
        lane=stream.lane,
        rows_read=stream.rows_read,
        rows_committed=stream.rows_committed,
        rows_rejected=stream.rows_rejected,
        rows_inserted=stream.rows_inserted,
        rows_updated=stream.rows_updated,
        rows_deleted=stream.rows_deleted,
        cursor=stream.cursor,
        bytes_read=stream.bytes_read,
        estimated_rows=stream.estimated_rows,
        duration=duration(timedelta(seconds=stream.seconds)),
        verified=stream.verified,
        source_hash=stream.source_hash,
        destination_hash=stream.destination_hash,
        failure=_failure(stream.failure),
        rows_per_second=stream.rows_per_second,
        eta=_eta(stream.eta),
    )


def _attempt(attempt: Attempt) -> pipelines_pb2.Attempt:
    return pipelines_pb2.Attempt(
        number=attempt.number,
        worker=attempt.worker,
        start_time=timestamp(datetime.fromisoformat(attempt.started_at)),
        end_time=timestamp(datetime.fromisoformat(attempt.ended_at)) if attempt.ended_at else None,
        outcome=pipelines_pb2.AttemptOutcome.Value(f"ATTEMPT_OUTCOME_{attempt.outcome.name}")
        if attempt.outcome
        else pipelines_pb2.ATTEMPT_OUTCOME_UNSPECIFIED,
        failure=_failure(attempt.failure),
    )


def _eta(eta: tuple[float, float] | None) -> pipelines_pb2.Eta | None:
    return pipelines_pb2.Eta(low=length(eta[0]), high=length(eta[1])) if eta else None


def _failure(failure: RunFailure | None) -> pipelines_pb2.Failure | None:
    if failure is None:
        return None
    return pipelines_pb2.Failure(
        origin=pipelines_pb2.FailureOrigin.Value(f"FAILURE_ORIGIN_{failure.origin.upper()}"),
        type=pipelines_pb2.FailureType.Value(f"FAILURE_TYPE_{failure.type.upper()}"),
        code=failure.code,
        message=failure.message,
        advice=failure.advice,
        stream=failure.stream,
        position=failure.position,
    )
