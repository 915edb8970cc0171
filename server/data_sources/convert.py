"""Data source messages to and from the model."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from thedata.v1 import data_sources_pb2, pipelines_pb2

from server.clock import now
from server.data_sources.connections import AnyConnector
from server.data_sources.model import Check, DataSource, Metrics
from server.rpc.field_mask import fields_to_update
from server.rpc.values import duration, list_value, plain, struct, timestamp
from server.sync.connectors import registry
from server.sync.connectors.base import Capability
from server.sync.cursors import suggested
from server.sync.model import Catalog, Column, PreviewRows, Stream
from server.sync.spec import SyncMode

UPDATABLE = ("name", "description", "config")

HEALTH = {
    None: data_sources_pb2.DATA_SOURCE_HEALTH_UNSPECIFIED,
    True: data_sources_pb2.DATA_SOURCE_HEALTH_OK,
    False: data_sources_pb2.DATA_SOURCE_HEALTH_FAILED,
}


def changes(request: data_sources_pb2.UpdateDataSourceRequest) -> dict[str, Any]:
    """The values that an update sets."""
    values = {name: getattr(request, name) for name in fields_to_update(request, UPDATABLE)}
    if "config" in values:
        values["config"] = plain(request.config, "config")
    return values


def connector_message(connector: AnyConnector) -> data_sources_pb2.Connector:
    """A connector with the schema of its configuration."""
    return data_sources_pb2.Connector(
        kind=connector.kind,
        title=connector.title,
        description=(type(connector).__doc__ or "").strip().split("\n")[0],
        source=Capability.SOURCE in connector.capabilities,
        destination=Capability.DESTINATION in connector.capabilities,
        config_schema=struct(connector.json_schema()),
        sync_modes=[
            pipelines_pb2.SyncMode.Value(f"SYNC_MODE_{mode.upper()}") for mode in SyncMode if mode in connector.modes
        ],
        extra=connector.requires,
    )


def data_source_message(source: DataSource) -> data_sources_pb2.DataSource:
    """A data source without its secrets."""
    capabilities = registry.connector(source.connector).capabilities
    return data_sources_pb2.DataSource(
        id=str(source.id),
        organization_id=str(source.organization_id),
        name=source.name,
        description=source.description,
        connector=source.connector,
        config=struct(source.config),
        stored_secrets=source.secret_names,
        source=Capability.SOURCE in capabilities,
        destination=Capability.DESTINATION in capabilities,
        health=HEALTH[source.healthy],
        check_time=timestamp(source.checked_at),
        create_time=timestamp(source.created_at),
        update_time=timestamp(source.updated_at),
        etag=f'"{source.version}"',
    )


def check_message(check: Check) -> data_sources_pb2.ConnectionCheck:
    """What a check found."""
    return data_sources_pb2.ConnectionCheck(
        ok=check.ok,
        server_version=check.server_version,
        latency=duration(timedelta(seconds=check.latency_seconds)),
        message=check.message,
        advice=check.advice,
        code=check.code,
    )


def catalog_message(catalog: Catalog) -> data_sources_pb2.Catalog:
    """A catalog that was read just now."""
    return data_sources_pb2.Catalog(streams=map(_stream, catalog.streams), discover_time=timestamp(now()))


def preview_message(preview: PreviewRows) -> data_sources_pb2.PreviewRowsResponse:
    """Rows of a stream."""
    return data_sources_pb2.PreviewRowsResponse(
        columns=map(_column, preview.columns),
        rows=[list_value(list(row)) for row in preview.rows],
        truncated=preview.truncated,
    )


def metrics_message(source_id: str, metrics: Metrics) -> data_sources_pb2.DataSourceMetrics:
    """What pipelines moved."""
    return data_sources_pb2.DataSourceMetrics(
        source_id=source_id,
        start_time=timestamp(metrics.start),
        end_time=timestamp(metrics.end),
        pipelines=metrics.pipelines,
        runs=metrics.moved.runs,
        runs_succeeded=metrics.moved.runs_succeeded,
        runs_failed=metrics.moved.runs_failed,
        rows_read=metrics.moved.rows_read,
        bytes_read=metrics.moved.bytes_read,
        rows_committed=metrics.moved.rows_committed,
        last_success_time=timestamp(metrics.moved.last_success_at),
    )


def _stream(stream: Stream) -> data_sources_pb2.Stream:
    return data_sources_pb2.Stream(
        namespace=stream.namespace,
        name=stream.name,
        columns=map(_column, stream.columns),
        primary_key=stream.primary_key,
        estimated_rows=stream.estimated_rows,
        estimated_bytes=stream.estimated_bytes,
        suggested_cursor=suggested(stream),
    )


def _column(column: Column) -> data_sources_pb2.Column:
    return data_sources_pb2.Column(
        name=column.name, type=column.type, native_type=column.native_type, nullable=column.nullable
    )
