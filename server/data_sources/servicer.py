"""The Data Sources service's handlers: convert, call, convert."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from thedata.v1 import data_sources_pb2, data_sources_pb2_grpc

from server.data_sources.convert import (
    catalog_message,
    changes,
    check_message,
    connector_message,
    data_source_message,
    metrics_message,
    preview_message,
)
from server.data_sources.service import DataSourcesService
from server.rpc.caller import caller
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import moment, optional_id, plain


class DataSourcesServicer(data_sources_pb2_grpc.DataSourcesServiceServicer):
    """Connections to the systems where data lives."""

    def __init__(self, service: DataSourcesService) -> None:
        self._service = service

    async def ListConnectors(
        self, request: data_sources_pb2.ListConnectorsRequest, context: Any
    ) -> data_sources_pb2.ListConnectorsResponse:
        """Lists connectors."""
        return data_sources_pb2.ListConnectorsResponse(connectors=map(connector_message, self._service.connectors()))

    async def ListDataSources(
        self, request: data_sources_pb2.ListDataSourcesRequest, context: Any
    ) -> data_sources_pb2.ListDataSourcesResponse:
        """Lists data sources."""
        organization = optional_id(request.organization_id)
        page = await self._service.list(caller(), organization, request.connector, page_request(request))
        return data_sources_pb2.ListDataSourcesResponse(
            data_sources=map(data_source_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def CreateDataSource(
        self, request: data_sources_pb2.CreateDataSourceRequest, context: Any
    ) -> data_sources_pb2.DataSource:
        """Creates a data source."""
        return data_source_message(
            await self._service.create(
                caller(),
                optional_id(request.organization_id),
                request.name,
                request.description,
                request.connector,
                plain(request.config, "config"),
                optional_id(request.request_id),
            )
        )

    async def GetDataSource(
        self, request: data_sources_pb2.GetDataSourceRequest, context: Any
    ) -> data_sources_pb2.DataSource:
        """Gets a data source."""
        return data_source_message(await self._service.get(caller(), UUID(request.source_id)))

    async def UpdateDataSource(
        self, request: data_sources_pb2.UpdateDataSourceRequest, context: Any
    ) -> data_sources_pb2.DataSource:
        """Updates a data source."""
        source_id = UUID(request.source_id)
        return data_source_message(await self._service.update(caller(), source_id, changes(request), request.etag))

    async def DeleteDataSource(self, request: data_sources_pb2.DeleteDataSourceRequest, context: Any) -> Empty:
        """Deletes a data source."""
        await self._service.delete(caller(), UUID(request.source_id), request.etag)
        return Empty()

    async def CheckDataSource(
        self, request: data_sources_pb2.CheckDataSourceRequest, context: Any
    ) -> data_sources_pb2.ConnectionCheck:
        """Checks a data source."""
        return check_message(await self._service.check(caller(), UUID(request.source_id)))

    async def CheckConnection(
        self, request: data_sources_pb2.CheckConnectionRequest, context: Any
    ) -> data_sources_pb2.ConnectionCheck:
        """Checks a configuration."""
        organization = optional_id(request.organization_id)
        config = plain(request.config, "config")
        return check_message(await self._service.check_config(caller(), organization, request.connector, config))

    async def DiscoverCatalog(
        self, request: data_sources_pb2.DiscoverCatalogRequest, context: Any
    ) -> data_sources_pb2.Catalog:
        """Reads a catalog."""
        return catalog_message(await self._service.discover(caller(), UUID(request.source_id)))

    async def PreviewRows(
        self, request: data_sources_pb2.PreviewRowsRequest, context: Any
    ) -> data_sources_pb2.PreviewRowsResponse:
        """Reads some rows."""
        source_id = UUID(request.source_id)
        return preview_message(
            await self._service.preview(caller(), source_id, request.namespace, request.stream, request.limit)
        )

    async def GetDataSourceMetrics(
        self, request: data_sources_pb2.GetDataSourceMetricsRequest, context: Any
    ) -> data_sources_pb2.DataSourceMetrics:
        """Gets what pipelines moved."""
        start = moment(request.start_time, "start_time") if request.HasField("start_time") else None
        end = moment(request.end_time, "end_time") if request.HasField("end_time") else None
        metrics = await self._service.metrics(caller(), UUID(request.source_id), start, end)
        return metrics_message(request.source_id, metrics)
