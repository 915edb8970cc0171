"""The Analytics service's handlers: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from thedata.v1 import analytics_pb2

from server.analytics.convert import (
    event_query,
    events_batch,
    events_response,
    ingest_response,
    metric_query,
    metrics_response,
    points_batch,
    rejected_message,
    sender_of,
    stream_batch,
)
from server.analytics.history import HistoryService
from server.analytics.history_handlers import HistoryHandlers
from server.analytics.ingest import IngestService
from server.analytics.metric_stream import MetricStream
from server.analytics.model import Ingested
from server.analytics.service import AnalyticsService
from server.analytics.view_feeds import ViewWatcher
from server.analytics.view_handlers import ViewHandlers
from server.analytics.views import ViewsService
from server.rpc.caller import caller
from server.rpc.page_token import next_page_token, page_request, place_after, place_token
from server.rpc.unimplemented import unimplemented
from server.rpc.values import optional_id, timestamp

_NOT_YET: Any = unimplemented(analytics_pb2.DESCRIPTOR.services_by_name["AnalyticsService"])


class AnalyticsServicer(ViewHandlers, HistoryHandlers, _NOT_YET):  # type: ignore[misc]  # its last base is made of the contract
    """Metrics, events, realtime views and history."""

    def __init__(
        self,
        service: AnalyticsService,
        ingest: IngestService,
        views: ViewsService,
        watcher: ViewWatcher,
        stream: MetricStream,
        history: HistoryService,
    ) -> None:
        ViewHandlers.__init__(self, views, watcher, stream)
        self._service = service
        self._ingest = ingest
        self._history = history

    async def GetMetrics(
        self, request: analytics_pb2.GetMetricsRequest, context: Any
    ) -> analytics_pb2.GetMetricsResponse:
        """Gets a metric's points."""
        answer = await self._service.metrics(caller(), optional_id(request.organization_id), metric_query(request))
        return metrics_response(answer)

    async def GetEvents(self, request: analytics_pb2.GetEventsRequest, context: Any) -> analytics_pb2.GetEventsResponse:
        """Gets events, newest first."""
        page = page_request(request)
        found, after, facets = await self._service.events(
            caller(), optional_id(request.organization_id), event_query(request), page.size, place_after(page)
        )
        return events_response(found, facets, place_token(request, after))

    async def IngestMetrics(
        self, request: analytics_pb2.IngestMetricsRequest, context: Any
    ) -> analytics_pb2.IngestResponse:
        """Takes in a batch of points."""
        organization = await self._ingest.organization(caller(), optional_id(request.organization_id))
        batch = points_batch(request.points, self._ingest.points_kept)
        return ingest_response(await self._ingest.take(organization, batch, sender_of(request)))

    async def IngestEvents(
        self, request: analytics_pb2.IngestEventsRequest, context: Any
    ) -> analytics_pb2.IngestResponse:
        """Takes in a batch of events."""
        organization = await self._ingest.organization(caller(), optional_id(request.organization_id))
        batch = events_batch(request.events, self._ingest.events_kept)
        return ingest_response(await self._ingest.take(organization, batch, sender_of(request)))

    async def IngestStream(
        self, request_iterator: AsyncIterator[analytics_pb2.IngestStreamRequest], context: Any
    ) -> analytics_pb2.IngestResponse:
        """Takes in batches, one after the other."""
        total = Ingested(0)
        async for request in request_iterator:
            organization = await self._ingest.organization(caller(), optional_id(request.organization_id))
            batch = await stream_batch(request, self._ingest.events_kept, self._ingest.points_kept)
            total = total.plus(await self._ingest.take(organization, batch, sender_of(request)))
        return ingest_response(total)

    async def GetProducer(self, request: analytics_pb2.GetProducerRequest, context: Any) -> analytics_pb2.Producer:
        """Gets how far a producer has come."""
        found = await self._ingest.producer(caller(), optional_id(request.organization_id), request.producer)
        return analytics_pb2.Producer(
            producer=found.name, durable_sequence=found.durable_sequence, updated_at=timestamp(found.updated_at)
        )

    async def ListRejectedItems(
        self, request: analytics_pb2.ListRejectedItemsRequest, context: Any
    ) -> analytics_pb2.ListRejectedItemsResponse:
        """Lists items in quarantine."""
        page = await self._ingest.rejected(caller(), optional_id(request.organization_id), page_request(request))
        return analytics_pb2.ListRejectedItemsResponse(
            items=map(rejected_message, page.items), next_page_token=next_page_token(request, page)
        )
