"""The Analytics service's handlers about realtime views: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from google.protobuf.empty_pb2 import Empty
from thedata.v1 import analytics_pb2

from server.analytics.convert_views import content_message, definition_of, point_message, view_event, view_message
from server.analytics.metric_stream import MetricStream
from server.analytics.view_feeds import ViewWatcher
from server.analytics.views import ViewsService
from server.rpc.caller import caller
from server.rpc.cursor import cursor_of_version, mark_of, version_of
from server.rpc.values import optional_id


class ViewHandlers:
    """Realtime views, and the stream of metrics."""

    def __init__(self, views: ViewsService, watcher: ViewWatcher, stream: MetricStream) -> None:
        self._views = views
        self._watcher = watcher
        self._stream = stream

    async def ListRealtimeViews(
        self, request: analytics_pb2.ListRealtimeViewsRequest, context: Any
    ) -> analytics_pb2.ListRealtimeViewsResponse:
        """Lists the views."""
        found = await self._views.list(caller(), optional_id(request.organization_id))
        return analytics_pb2.ListRealtimeViewsResponse(views=map(view_message, found))

    async def CreateRealtimeView(
        self, request: analytics_pb2.CreateRealtimeViewRequest, context: Any
    ) -> analytics_pb2.RealtimeView:
        """Defines a view."""
        shows = definition_of(request.definition)
        return view_message(
            await self._views.create(caller(), optional_id(request.organization_id), request.name, shows)
        )

    async def UpdateRealtimeView(
        self, request: analytics_pb2.UpdateRealtimeViewRequest, context: Any
    ) -> analytics_pb2.RealtimeView:
        """Defines a view anew."""
        organization = optional_id(request.organization_id)
        shows = definition_of(request.definition)
        return view_message(await self._views.update(caller(), organization, request.view_name, shows, request.etag))

    async def DeleteRealtimeView(self, request: analytics_pb2.DeleteRealtimeViewRequest, context: Any) -> Empty:
        """Deletes a view."""
        organization = optional_id(request.organization_id)
        await self._views.delete(caller(), organization, request.view_name, request.etag)
        return Empty()

    async def GetRealtimeView(
        self, request: analytics_pb2.GetRealtimeViewRequest, context: Any
    ) -> analytics_pb2.GetRealtimeViewResponse:
        """Gets a view's rows."""
        organization = optional_id(request.organization_id)
        return content_message(await self._watcher.get(caller(), organization, request.view_name))

    async def StreamRealtimeView(
        self, request: analytics_pb2.StreamRealtimeViewRequest, context: Any
    ) -> AsyncGenerator[analytics_pb2.StreamRealtimeViewResponse, None]:
        """Streams a view."""
        organization, after = optional_id(request.organization_id), mark_of(request.after)
        events = self._watcher.watch(caller(), organization, request.view_name, after)
        async with aclosing(events):
            async for mark, event in events:
                yield view_event(mark, event)

    async def StreamMetrics(
        self, request: analytics_pb2.StreamMetricsRequest, context: Any
    ) -> AsyncGenerator[analytics_pb2.StreamMetricsResponse, None]:
        """Streams the newest values of metrics."""
        interval = request.interval.ToTimedelta() if request.HasField("interval") else None
        values = self._stream.follow(
            caller(), optional_id(request.organization_id), list(request.names), interval, version_of(request.after)
        )
        async with aclosing(values):
            async for organization_id, version, points in values:
                yield analytics_pb2.StreamMetricsResponse(
                    cursor=cursor_of_version(organization_id, version), points=map(point_message, points)
                )
