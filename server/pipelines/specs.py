"""A pipeline's streams as the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.pipelines.model import Checkpoint, CheckpointOrigin, StreamConfig
from server.sync.spec import Backfill, Deletes, RejectLimit, SchemaChange, Start, StreamSpec, SyncMode
from server.sync.transforms import Transforms


def spec_of(
    stream: StreamConfig, *, start: Checkpoint | None = None, backfill: Mapping[str, Any] | None = None
) -> StreamSpec:
    """A stream's specification; ``start`` is the newest checkpoint that somebody has set.

    Raises:
        SyncError: a transform is not well formed.
    """
    return StreamSpec(
        name=stream.name,
        namespace=stream.namespace,
        table=stream.destination_table,
        sync_mode=SyncMode(stream.sync_mode),
        columns=tuple(stream.columns) or None,
        adopt=stream.adopt_table,
        key=tuple(stream.key_columns),
        cursor=stream.cursor_column,
        cursor_lag=stream.cursor_lag,
        deletes=Deletes(stream.deletes),
        deletes_every=stream.delete_check_seconds,
        schema_change=SchemaChange(stream.schema_change_policy),
        allow_lossy=stream.allow_lossy,
        transforms=Transforms.from_dict(stream.transforms),
        rejects=RejectLimit(stream.reject_rows, stream.reject_share),
        start=_start(start),
        backfill=Backfill(backfill["lower"], backfill["upper"]) if backfill else None,
    )


def _start(checkpoint: Checkpoint | None) -> Start | None:
    if checkpoint is None or checkpoint.version is None:
        return None
    return Start(checkpoint.version, checkpoint.cursor, reset=checkpoint.origin is CheckpointOrigin.RESET)
