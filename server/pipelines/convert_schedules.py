"""Messages about what runs by itself to and from the model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from google.protobuf.duration_pb2 import Duration
from thedata.v1 import pipelines_pb2, schedules_pb2

from server.pipelines.model import CatchUp, Priority, RetryPolicy, RunRules, Schedule
from server.pipelines.webhooks import SignedMessage
from server.rpc.values import duration

CATCH_UPS = {
    schedules_pb2.CATCH_UP_UNSPECIFIED: CatchUp.ONE,
    schedules_pb2.CATCH_UP_SKIP: CatchUp.SKIP,
    schedules_pb2.CATCH_UP_ONE: CatchUp.ONE,
    schedules_pb2.CATCH_UP_ALL: CatchUp.ALL,
}
Metadata = Sequence[tuple[str, str | bytes]]


def rules_of(request: pipelines_pb2.CreatePipelineRequest) -> RunRules:
    """When a new pipeline runs by itself, and how its runs are treated."""
    return RunRules(schedule_of(request), retry_policy_of(request), timeout_of(request), priority_of(request.priority))


def schedule_of(
    request: pipelines_pb2.CreatePipelineRequest | pipelines_pb2.UpdatePipelineRequest,
) -> Schedule | None:
    """The schedule of a request."""
    if not request.HasField("schedule"):
        return None
    message = request.schedule
    return Schedule(
        interval_seconds=_seconds(message.interval),
        cron=" ".join(message.cron.expression.split()),
        time_zone=message.cron.time_zone,
        after_pipeline_id=message.after.pipeline_id.lower(),
        also_failed=message.after.also_failed,
        catch_up=CATCH_UPS[message.catch_up],
    )


def schedule_message(schedule: Schedule | None) -> schedules_pb2.Schedule | None:
    """When a pipeline runs by itself."""
    if schedule is None:
        return None
    message = schedules_pb2.Schedule(catch_up=schedules_pb2.CatchUp.Value(f"CATCH_UP_{schedule.catch_up.name}"))
    if schedule.after_pipeline_id:
        message.after.pipeline_id = schedule.after_pipeline_id
        message.after.also_failed = schedule.also_failed
    elif schedule.cron:
        message.cron.expression = schedule.cron
        message.cron.time_zone = schedule.time_zone
    else:
        message.interval.FromTimedelta(timedelta(seconds=schedule.interval_seconds))
    return message


def retry_policy_of(
    request: pipelines_pb2.CreatePipelineRequest | pipelines_pb2.UpdatePipelineRequest,
) -> RetryPolicy | None:
    """The retry policy of a request; what is unset in it is as usual."""
    if not request.HasField("retry_policy"):
        return None
    message, usual = request.retry_policy, RetryPolicy()
    initial = _seconds(message.initial_backoff) if message.HasField("initial_backoff") else usual.initial_backoff
    longest = _seconds(message.max_backoff) if message.HasField("max_backoff") else max(usual.max_backoff, initial)
    if not message.HasField("initial_backoff"):
        initial = min(initial, longest)
    attempts = message.max_attempts if message.HasField("max_attempts") else usual.max_attempts
    return RetryPolicy(attempts, initial, longest)


def retry_policy_message(policy: RetryPolicy | None) -> schedules_pb2.RetryPolicy | None:
    """What happens when an attempt fails."""
    if policy is None:
        return None
    return schedules_pb2.RetryPolicy(
        max_attempts=policy.max_attempts,
        initial_backoff=length(policy.initial_backoff),
        max_backoff=length(policy.max_backoff),
    )


def timeout_of(request: pipelines_pb2.CreatePipelineRequest | pipelines_pb2.UpdatePipelineRequest) -> float | None:
    """How long a run may take, in seconds."""
    return _seconds(request.timeout) if request.HasField("timeout") else None


def priority_of(value: schedules_pb2.Priority.ValueType) -> Priority:
    """The priority of a request."""
    return Priority(value or schedules_pb2.PRIORITY_NORMAL)


def priority_value(priority: Priority) -> schedules_pb2.Priority.ValueType:
    """Which runs start first."""
    return schedules_pb2.Priority.Value(f"PRIORITY_{priority.name}")


def length(seconds: float | None) -> Duration | None:
    """A length of time, or no field."""
    return None if seconds is None else duration(timedelta(seconds=seconds))


def signed_message(request: pipelines_pb2.ReceivePipelineWebhookRequest, metadata: Metadata) -> SignedMessage:
    """A message of another system with its headers; one that is absent is empty."""
    headers = {name: value for name, value in metadata if isinstance(value, str)}
    return SignedMessage(
        id=headers.get("webhook-id", ""),
        timestamp=headers.get("webhook-timestamp", ""),
        signatures=headers.get("webhook-signature", ""),
        body=request.payload.data,
    )


def webhook_message(pipeline_id: UUID, secret: str) -> pipelines_pb2.PipelineWebhook:
    """A webhook as its owner is told of it."""
    return pipelines_pb2.PipelineWebhook(path=f"/api/v1/webhooks/pipelines/{pipeline_id}", secret=secret)


def _seconds(message: Duration) -> float:
    return message.ToTimedelta().total_seconds()
