"""The Pipelines service's handlers about streams: convert, call, convert."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from thedata.v1 import pipelines_pb2, streams_pb2

from server.pipelines.convert import run_message
from server.pipelines.convert_streams import (
    checkpoint_message,
    plan_message,
    receipt_message,
    rejected_row_message,
    schema_change_message,
)
from server.pipelines.streams import StreamsService
from server.rpc.caller import caller
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import optional_id


class StreamHandlers:
    """Plans, receipts, checkpoints, schema changes and rejected rows."""

    def __init__(self, streams: StreamsService) -> None:
        self._streams = streams

    async def GetRunReceipt(self, request: pipelines_pb2.GetRunReceiptRequest, context: Any) -> streams_pb2.RunReceipt:
        """Gets the proof of a run."""
        receipts = await self._streams.receipts(caller(), UUID(request.pipeline_id), UUID(request.run_id))
        return streams_pb2.RunReceipt(run_id=request.run_id, streams=map(receipt_message, receipts))

    async def PlanPipeline(
        self, request: pipelines_pb2.PlanPipelineRequest, context: Any
    ) -> pipelines_pb2.PlanPipelineResponse:
        """Tells what a run would do."""
        plans = await self._streams.plan(caller(), UUID(request.pipeline_id))
        return pipelines_pb2.PlanPipelineResponse(streams=[plan_message(spec, plan) for spec, plan in plans])

    async def ListCheckpoints(
        self, request: pipelines_pb2.ListCheckpointsRequest, context: Any
    ) -> pipelines_pb2.ListCheckpointsResponse:
        """Lists checkpoints."""
        stream = (request.namespace, request.stream) if request.stream else None
        page = await self._streams.checkpoints(caller(), UUID(request.pipeline_id), stream, page_request(request))
        return pipelines_pb2.ListCheckpointsResponse(
            checkpoints=map(checkpoint_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def ResetStream(self, request: pipelines_pb2.ResetStreamRequest, context: Any) -> streams_pb2.Checkpoint:
        """Lets a stream start from nothing."""
        pipeline_id = UUID(request.pipeline_id)
        return checkpoint_message(await self._streams.reset(caller(), pipeline_id, request.namespace, request.stream))

    async def RewindStream(self, request: pipelines_pb2.RewindStreamRequest, context: Any) -> streams_pb2.Checkpoint:
        """Sets a stream's checkpoint."""
        return checkpoint_message(
            await self._streams.rewind(
                caller(),
                UUID(request.pipeline_id),
                request.namespace,
                request.stream,
                request.cursor,
                optional_id(request.checkpoint_id),
            )
        )

    async def BackfillStream(self, request: pipelines_pb2.BackfillStreamRequest, context: Any) -> pipelines_pb2.Run:
        """Queues a run over a range of a stream's cursor."""
        return run_message(
            await self._streams.backfill(
                caller(),
                UUID(request.pipeline_id),
                request.namespace,
                request.stream,
                request.lower,
                request.upper,
                optional_id(request.request_id),
            )
        )

    async def ListSchemaChanges(
        self, request: pipelines_pb2.ListSchemaChangesRequest, context: Any
    ) -> pipelines_pb2.ListSchemaChangesResponse:
        """Lists schema changes."""
        page = await self._streams.schema_changes(caller(), UUID(request.pipeline_id), page_request(request))
        return pipelines_pb2.ListSchemaChangesResponse(
            schema_changes=map(schema_change_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def ListRejectedRows(
        self, request: pipelines_pb2.ListRejectedRowsRequest, context: Any
    ) -> pipelines_pb2.ListRejectedRowsResponse:
        """Lists rejected rows."""
        page = await self._streams.rejected_rows(
            caller(),
            UUID(request.pipeline_id),
            optional_id(request.run_id),
            request.stream,
            replayed=request.include_replayed,
            request=page_request(request),
        )
        return pipelines_pb2.ListRejectedRowsResponse(
            rejected_rows=[rejected_row_message(row, content) for row, content in page.items],
            next_page_token=next_page_token(request, page),
        )

    async def ReplayRejectedRows(
        self, request: pipelines_pb2.ReplayRejectedRowsRequest, context: Any
    ) -> pipelines_pb2.Run:
        """Queues a run that lands rejected rows."""
        return run_message(
            await self._streams.replay(
                caller(),
                UUID(request.pipeline_id),
                request.namespace,
                request.stream,
                [UUID(row) for row in request.rejected_row_ids],
                {UUID(row): content for row, content in request.corrections.items()},
                optional_id(request.request_id),
            )
        )
