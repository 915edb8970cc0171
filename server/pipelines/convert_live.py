"""What live streams ask and tell, as messages."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID

from thedata.v1 import pipelines_pb2, run_events_pb2

from server.errors import InvalidFields, Violation
from server.live import Alive, Resume
from server.pipelines.convert import heartbeat, level_of, log_message, pipeline_message, run_message, state_message
from server.pipelines.model import EntryKind, LogEntry, LogFilter, Pipeline, Position, Run
from server.pipelines.overview import Changed, OverviewEvent, Place, SnapshotComplete
from server.pipelines.watch import Ended, Gap, Tail, TailEvent, WatchEvent
from server.rpc.cursor import cursor_of, cursor_of_place, position_of
from server.rpc.values import optional_id, timestamp


def tail_of(request: Any, after: str) -> Tail:
    """What a request about a log wants.

    Raises:
        InvalidCursor: ``after`` is damaged.
        InvalidFields: two fields say where to begin, or `follow` and `run_id` contradict each other.
    """
    from_end, follow = getattr(request, "from_end", False), getattr(request, "follow", False)
    broken = []
    if request.after and request.HasField("since"):
        broken.append(Violation("since", "can't be given with after, which says where to begin more exactly"))
    if from_end and (request.after or request.HasField("since")):
        broken.append(Violation("from_end", "can't be given with after or since, which begin elsewhere"))
    if follow and request.run_id:
        broken.append(Violation("follow", "can't be given with run_id: it goes on with the runs after that one"))
    if broken:
        raise InvalidFields(*broken)
    since = request.since.ToDatetime(UTC) if request.HasField("since") else None
    wanted = LogFilter(level_of(request.min_level), request.stream, request.text, since)
    return Tail(UUID(request.pipeline_id), optional_id(request.run_id), position_of(after), wanted, from_end, follow)


def tail_message(position: Position, event: TailEvent) -> pipelines_pb2.TailPipelineLogsResponse:
    """What happened to a log that is followed."""
    message = pipelines_pb2.TailPipelineLogsResponse(cursor=cursor_of(position))
    match event:
        case LogEntry():
            message.entry.CopyFrom(log_message(event))
        case Ended(state):
            message.ended = state_message(state)
        case Gap():
            message.gap.CopyFrom(_gap(event))
        case Resume():
            message.resume.SetInParent()
        case Alive():
            message.heartbeat.CopyFrom(heartbeat())
    return message


def watch_message(position: Position, event: WatchEvent) -> pipelines_pb2.WatchRunResponse:
    """What happened to a run that is watched."""
    message = pipelines_pb2.WatchRunResponse(cursor=cursor_of(position))
    match event:
        case LogEntry():
            _set_entry(message, event)
        case Run():
            message.run.CopyFrom(run_message(event))
        case Gap():
            message.gap.CopyFrom(_gap(event))
        case Resume():
            message.resume.SetInParent()
        case Alive():
            message.heartbeat.CopyFrom(heartbeat())
    return message


def overview_message(place: Place, event: OverviewEvent) -> pipelines_pb2.WatchPipelinesResponse:
    """What happened to an organization's pipelines."""
    message = pipelines_pb2.WatchPipelinesResponse(cursor=cursor_of_place(place))
    match event:
        case Changed(_, pipeline_id, None):
            message.deleted_pipeline_id = str(pipeline_id)
        case Changed(_, _, Pipeline() as pipeline, run):
            message.pipeline.CopyFrom(pipeline_message(pipeline, run))
        case SnapshotComplete(pipelines):
            message.snapshot_complete.pipelines = pipelines
        case Resume():
            message.resume.SetInParent()
        case Alive():
            message.heartbeat.CopyFrom(heartbeat())
    return message


def _set_entry(message: pipelines_pb2.WatchRunResponse, entry: LogEntry) -> None:
    about: dict[str, Any] = {"stream": entry.stream, "time": timestamp(entry.time)}
    match entry.kind:
        case EntryKind.CHECKPOINT:
            message.checkpoint.CopyFrom(run_events_pb2.CheckpointReached(**about, **entry.fields))
        case EntryKind.SCHEMA_CHANGE:
            message.schema_change.CopyFrom(run_events_pb2.SchemaChangeMet(**about, **entry.fields))
        case EntryKind.REJECTS:
            message.rejects.CopyFrom(run_events_pb2.RowsPutAside(**about, **entry.fields))
        case EntryKind.VERIFICATION:
            message.verification.CopyFrom(run_events_pb2.StreamVerified(**about, **entry.fields))
        case EntryKind.LINE:
            message.log.CopyFrom(log_message(entry))


def _gap(gap: Gap) -> run_events_pb2.Gap:
    return run_events_pb2.Gap(messages=gap.entries, cursor=cursor_of(gap.after))
