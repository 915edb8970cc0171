"""The Pipelines service's handlers: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from thedata.v1 import pipelines_pb2, pipelines_pb2_grpc

from server.paging import Page
from server.pipelines.convert import (
    VERIFICATIONS,
    changes,
    log_message,
    pipeline_message,
    run_in_brief,
    run_message,
    states_of,
)
from server.pipelines.convert_live import overview_message, tail_message, tail_of, watch_message
from server.pipelines.convert_schedules import rules_of
from server.pipelines.convert_streams import streams_of
from server.pipelines.overview import PipelinesWatcher
from server.pipelines.schedule_handlers import ScheduleHandlers
from server.pipelines.scheduling import SchedulingService
from server.pipelines.service import PipelinesService
from server.pipelines.stream_handlers import StreamHandlers
from server.pipelines.streams import StreamsService
from server.pipelines.watch import RunWatcher, Tail
from server.rpc.caller import caller
from server.rpc.cursor import cursor_of, place_of
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import optional_id


class PipelinesServicer(StreamHandlers, ScheduleHandlers, pipelines_pb2_grpc.PipelinesServiceServicer):
    """Pipelines, runs, logs and streams."""

    def __init__(
        self,
        service: PipelinesService,
        streams: StreamsService,
        scheduling: SchedulingService,
        watcher: RunWatcher,
        overview: PipelinesWatcher,
    ) -> None:
        StreamHandlers.__init__(self, streams)
        ScheduleHandlers.__init__(self, scheduling)
        self._service = service
        self._watcher = watcher
        self._overview = overview

    async def ListPipelines(
        self, request: pipelines_pb2.ListPipelinesRequest, context: Any
    ) -> pipelines_pb2.ListPipelinesResponse:
        """Lists pipelines."""
        organization = optional_id(request.organization_id)
        page, newest = await self._service.list(caller(), organization, page_request(request))
        return pipelines_pb2.ListPipelinesResponse(
            pipelines=[pipeline_message(item, newest.get(item.id)) for item in page.items],
            next_page_token=next_page_token(request, page),
        )

    async def CreatePipeline(
        self, request: pipelines_pb2.CreatePipelineRequest, context: Any
    ) -> pipelines_pb2.Pipeline:
        """Creates a pipeline."""
        pipeline = await self._service.create(
            caller(),
            optional_id(request.organization_id),
            request.name,
            request.description,
            UUID(request.source_id),
            UUID(request.destination_id),
            request.destination_namespace,
            streams_of(request.streams),
            VERIFICATIONS[request.verification],
            rules_of(request),
            optional_id(request.request_id),
        )
        return pipeline_message(pipeline, None)

    async def GetPipeline(self, request: pipelines_pb2.GetPipelineRequest, context: Any) -> pipelines_pb2.Pipeline:
        """Gets a pipeline."""
        return pipeline_message(*await self._service.get(caller(), UUID(request.pipeline_id)))

    async def UpdatePipeline(
        self, request: pipelines_pb2.UpdatePipelineRequest, context: Any
    ) -> pipelines_pb2.Pipeline:
        """Updates a pipeline."""
        pipeline_id = UUID(request.pipeline_id)
        return pipeline_message(*await self._service.update(caller(), pipeline_id, changes(request), request.etag))

    async def DeletePipeline(self, request: pipelines_pb2.DeletePipelineRequest, context: Any) -> Empty:
        """Deletes a pipeline."""
        await self._service.delete(caller(), UUID(request.pipeline_id), request.etag)
        return Empty()

    async def StartPipeline(self, request: pipelines_pb2.StartPipelineRequest, context: Any) -> pipelines_pb2.Run:
        """Queues a run."""
        request_id = optional_id(request.request_id)
        return run_message(await self._service.start(caller(), UUID(request.pipeline_id), request_id))

    async def StopPipeline(self, request: pipelines_pb2.StopPipelineRequest, context: Any) -> pipelines_pb2.Run:
        """Stops the run in flight."""
        return run_message(await self._service.stop(caller(), UUID(request.pipeline_id)))

    async def ListRuns(self, request: pipelines_pb2.ListRunsRequest, context: Any) -> pipelines_pb2.ListRunsResponse:
        """Lists runs."""
        page = await self._service.list_runs(
            caller(), UUID(request.pipeline_id), states_of(request.states), page_request(request)
        )
        return pipelines_pb2.ListRunsResponse(
            runs=map(run_in_brief, page.items),
            next_page_token=next_page_token(request, page),
        )

    async def GetRun(self, request: pipelines_pb2.GetRunRequest, context: Any) -> pipelines_pb2.Run:
        """Gets a run."""
        return run_message(await self._service.get_run(caller(), UUID(request.pipeline_id), UUID(request.run_id)))

    async def WatchRun(  # type: ignore[override]  # writes to the context: a generator is not closed on an error
        self, request: pipelines_pb2.WatchRunRequest, context: Any
    ) -> None:
        """Streams a run."""
        tail = tail_of(request, request.after)
        await _told(context, self._watcher.watch(caller(), tail), watch_message)
        await _say_if_complete(context, tail)

    async def WatchPipelines(  # type: ignore[override]  # as WatchRun
        self, request: pipelines_pb2.WatchPipelinesRequest, context: Any
    ) -> None:
        """Streams an organization's pipelines."""
        organization, after = optional_id(request.organization_id), place_of(request.after)
        await _told(context, self._overview.watch(caller(), organization, after), overview_message)

    async def ListPipelineLogs(
        self, request: pipelines_pb2.ListPipelineLogsRequest, context: Any
    ) -> pipelines_pb2.ListPipelineLogsResponse:
        """Lists log entries."""
        page = page_request(request)
        tail = tail_of(request, page.after or request.after)
        entries, position, more = await self._watcher.page(caller(), tail, page.size)
        cursor = cursor_of(position)
        return pipelines_pb2.ListPipelineLogsResponse(
            entries=map(log_message, entries),
            next_page_token=next_page_token(request, Page(entries, cursor if more else None)),
            cursor=cursor,
        )

    async def TailPipelineLogs(  # type: ignore[override]  # as WatchRun
        self, request: pipelines_pb2.TailPipelineLogsRequest, context: Any
    ) -> None:
        """Streams log entries."""
        tail = tail_of(request, request.after)
        await _told(context, self._watcher.tail(caller(), tail), tail_message)
        await _say_if_complete(context, tail)


async def _told(
    context: Any, events: AsyncGenerator[tuple[Any, Any], None], message: Callable[[Any, Any], Message]
) -> None:
    async with aclosing(events):
        async for place, event in events:
            await context.write(message(place, event))


async def _say_if_complete(context: Any, tail: Tail) -> None:
    if tail.after is not None and tail.after.complete:
        await context.send_initial_metadata((("x-stream-complete", "true"),))
