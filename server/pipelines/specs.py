"""A pipeline's streams as the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.data_sources.connections import connector_of
from server.pipelines.model import Checkpoint, CheckpointOrigin, StreamConfig
from server.sync.connectors.base import ConnectorContext
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.spec import Backfill, Deletes, Endpoint, RejectLimit, SchemaChange, Start, StreamSpec, SyncMode
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


def replayed(spec: StreamSpec) -> StreamSpec:
    """The specification by which rejected rows land: beside what has landed, without moving the checkpoint."""
    keeps = spec.sync_mode in (SyncMode.INCREMENTAL_MERGE, SyncMode.HISTORY)
    mode = spec.sync_mode if keeps else SyncMode.FULL_REFRESH_APPEND
    return replace(spec, sync_mode=mode, cursor="", deletes=Deletes.IGNORE, start=None)


def _start(checkpoint: Checkpoint | None) -> Start | None:
    if checkpoint is None or checkpoint.version is None:
        return None
    return Start(checkpoint.version, checkpoint.cursor, reset=checkpoint.origin is CheckpointOrigin.RESET)


async def all_streams(source: Endpoint, context: ConnectorContext) -> list[StreamConfig]:
    """Every stream that a source has now, to be landed as it is.

    Raises:
        SyncError: it has none, or cannot be asked.
    """
    catalog = await connector_of(source.kind).discover(source.config, context)
    if not catalog.streams:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="NO_STREAMS",
            message="The source has no streams.",
            advice="Check the configured schemas or path, and the user's privileges.",
        )
    return [StreamConfig(stream.name, stream.namespace) for stream in catalog.streams]
