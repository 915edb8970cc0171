"""Messages about streams to and from the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from thedata.v1 import pipelines_pb2, streams_pb2

from server.pipelines.model import Checkpoint, RejectedRow, SchemaChange, StreamConfig, StreamReceipt
from server.rpc.values import timestamp
from server.sync.errors import SyncError
from server.sync.plan import StreamPlan
from server.sync.spec import StreamSpec

DELETES = {
    streams_pb2.DELETES_UNSPECIFIED: "ignore",
    streams_pb2.DELETES_IGNORE: "ignore",
    streams_pb2.DELETES_SOFT: "soft",
    streams_pb2.DELETES_HARD: "hard",
}
POLICIES = {
    streams_pb2.SCHEMA_CHANGE_POLICY_UNSPECIFIED: "evolve",
    streams_pb2.SCHEMA_CHANGE_POLICY_EVOLVE: "evolve",
    streams_pb2.SCHEMA_CHANGE_POLICY_FREEZE: "freeze",
    streams_pb2.SCHEMA_CHANGE_POLICY_DISCARD_COLUMNS: "discard_columns",
}
DEFAULT_MASK_KEEP = 4


def streams_of(messages: Iterable[pipelines_pb2.StreamConfig]) -> list[StreamConfig]:
    """The streams of a request."""
    return [
        StreamConfig(
            name=stream.name,
            namespace=stream.namespace,
            destination_table=stream.destination_table,
            sync_mode=_mode(stream.sync_mode),
            columns=list(stream.columns),
            cursor_column=stream.cursor_column,
            cursor_lag=stream.cursor_lag,
            key_columns=list(stream.key_columns),
            deletes=DELETES[stream.deletes],
            delete_check_seconds=stream.delete_check_interval.seconds,
            schema_change_policy=POLICIES[stream.schema_change_policy],
            allow_lossy=stream.allow_lossy,
            transforms=_transforms(stream.transforms) if stream.HasField("transforms") else {},
            reject_rows=stream.reject_limit.rows,
            reject_share=stream.reject_limit.share,
            adopt_table=stream.adopt_table,
        )
        for stream in messages
    ]


def stream_message(stream: StreamConfig) -> pipelines_pb2.StreamConfig:
    """A stream of a pipeline."""
    message = pipelines_pb2.StreamConfig(
        namespace=stream.namespace,
        name=stream.name,
        destination_table=stream.destination_table,
        sync_mode=pipelines_pb2.SyncMode.Value(f"SYNC_MODE_{stream.sync_mode.upper()}"),
        columns=stream.columns,
        cursor_column=stream.cursor_column,
        cursor_lag=stream.cursor_lag,
        key_columns=stream.key_columns,
        deletes=streams_pb2.Deletes.Value(f"DELETES_{stream.deletes.upper()}"),
        schema_change_policy=streams_pb2.SchemaChangePolicy.Value(
            f"SCHEMA_CHANGE_POLICY_{stream.schema_change_policy.upper()}"
        ),
        allow_lossy=stream.allow_lossy,
        transforms=_transforms_message(stream.transforms) if stream.transforms else None,
        adopt_table=stream.adopt_table,
    )
    if stream.delete_check_seconds:
        message.delete_check_interval.seconds = stream.delete_check_seconds
    if stream.reject_rows or stream.reject_share:
        message.reject_limit.rows = stream.reject_rows
        message.reject_limit.share = stream.reject_share
    return message


def plan_message(spec: StreamSpec, plan: StreamPlan | SyncError) -> pipelines_pb2.StreamPlan:
    """How a stream would land, or why it can't."""
    message = pipelines_pb2.StreamPlan(
        namespace=spec.namespace,
        name=spec.name,
        destination_table=spec.destination_table,
        sync_mode=pipelines_pb2.SyncMode.Value(f"SYNC_MODE_{spec.sync_mode.upper()}"),
    )
    if isinstance(plan, SyncError):
        message.failure.CopyFrom(failure_message(plan))
        return message
    message.lane = plan.lane
    message.actions.extend(plan.actions)
    message.columns.extend(
        streams_pb2.PlannedColumn(
            name=column.name,
            type=column.column.type,
            source_type=column.column.native_type,
            destination_type=column.ddl,
            nullable=column.nullable,
            loss=plan.loss.get(column.name, ""),
            note=plan.notes.get(column.name, ""),
        )
        for column in plan.target.columns
    )
    message.key_columns.extend(plan.target.key)
    if plan.read.cursor is not None:
        message.cursor = plan.read.cursor.lower or ""
    if plan.estimate.rows is not None:
        message.estimated_rows = plan.estimate.rows
    if plan.estimate.bytes is not None:
        message.estimated_bytes = plan.estimate.bytes
    message.estimate_missing = plan.estimate.reason
    message.schema_changes.extend(plan.schema_changes)
    return message


def failure_message(error: SyncError) -> pipelines_pb2.Failure:
    """Why a stream can't land."""
    return pipelines_pb2.Failure(
        origin=pipelines_pb2.FailureOrigin.Value(f"FAILURE_ORIGIN_{error.origin.upper()}"),
        type=pipelines_pb2.FailureType.Value(f"FAILURE_TYPE_{error.type.upper()}"),
        code=error.code.lower(),
        message=error.message,
        advice=error.advice,
        stream=error.stream or "",
        position=error.position or "",
    )


def checkpoint_message(checkpoint: Checkpoint) -> streams_pb2.Checkpoint:
    """A position of a stream."""
    return streams_pb2.Checkpoint(
        id=str(checkpoint.id),
        namespace=checkpoint.namespace,
        stream=checkpoint.stream,
        cursor=checkpoint.cursor or "",
        origin=streams_pb2.CheckpointOrigin.Value(f"CHECKPOINT_ORIGIN_{checkpoint.origin.upper()}"),
        run_id=str(checkpoint.run_id or ""),
        rows_committed=checkpoint.rows_committed,
        create_time=timestamp(checkpoint.created_at),
    )


def schema_change_message(change: SchemaChange) -> streams_pb2.SchemaChange:
    """What a run has met at the source."""
    return streams_pb2.SchemaChange(
        id=str(change.id),
        run_id=str(change.run_id),
        namespace=change.namespace,
        stream=change.stream,
        changes=change.changes,
        create_time=timestamp(change.created_at),
    )


def rejected_row_message(row: RejectedRow, content: str) -> streams_pb2.RejectedRow:
    """A row that could not land."""
    return streams_pb2.RejectedRow(
        id=str(row.id),
        run_id=str(row.run_id),
        namespace=row.namespace,
        stream=row.stream,
        place=row.place,
        row=row.row_number,
        column=row.column_name,
        code=row.code,
        message=row.message,
        content=content,
        replayable=row.replayable,
        replay_run_id=str(row.replay_run_id or ""),
        create_time=timestamp(row.created_at),
    )


def receipt_message(kept: StreamReceipt) -> streams_pb2.StreamReceipt:
    """The proof of a stream's run."""
    receipt = kept.receipt
    return streams_pb2.StreamReceipt(
        namespace=kept.namespace,
        stream=kept.stream,
        destination_table=receipt["table"],
        algorithm=receipt["algorithm"],
        chunks=[streams_pb2.ChunkReceipt(**chunk) for chunk in receipt["chunks"]],
        rows_read=receipt["rows_read"],
        rows_committed=receipt["rows_committed"],
        rows_rejected=receipt["rows_rejected"],
        rows_inserted=receipt["rows_inserted"],
        rows_updated=receipt["rows_updated"],
        rows_deleted=receipt["rows_deleted"],
    )


def _mode(value: pipelines_pb2.SyncMode.ValueType) -> str:
    known = value or pipelines_pb2.SYNC_MODE_FULL_REFRESH_OVERWRITE
    return pipelines_pb2.SyncMode.Name(known).removeprefix("SYNC_MODE_").lower()


def _transforms(message: streams_pb2.Transforms) -> dict[str, Any]:
    return {
        "filter": message.filter,
        "casts": {cast.column: cast.type for cast in message.casts},
        "derived": [{"name": item.name, "expression": item.expression} for item in message.derived_columns],
        "protections": [_protection(item) for item in message.protections],
        "renames": dict(message.renames),
    }


def _protection(item: streams_pb2.Protection) -> dict[str, Any]:
    method = item.WhichOneof("method")
    values: dict[str, Any] = {"column": item.column, "method": method}
    if method == "mask":
        values["keep"] = item.mask.keep or DEFAULT_MASK_KEEP
    if method == "redact" and item.redact.HasField("replacement"):
        values["replacement"] = item.redact.replacement
    return values


def _transforms_message(raw: Mapping[str, Any]) -> streams_pb2.Transforms:
    return streams_pb2.Transforms(
        filter=raw["filter"],
        casts=[streams_pb2.Cast(column=column, type=type_) for column, type_ in raw["casts"].items()],
        derived_columns=[streams_pb2.DerivedColumn(**item) for item in raw["derived"]],
        protections=[_protection_message(item) for item in raw["protections"]],
        renames=raw["renames"],
    )


def _protection_message(item: Mapping[str, Any]) -> streams_pb2.Protection:
    message = streams_pb2.Protection(column=item["column"])
    match item["method"]:
        case "hash":
            message.hash.SetInParent()
        case "mask":
            message.mask.keep = item["keep"]
        case "redact":
            message.redact.SetInParent()
            if item.get("replacement") is not None:
                message.redact.replacement = item["replacement"]
        case _:
            message.encrypt.SetInParent()
    return message
