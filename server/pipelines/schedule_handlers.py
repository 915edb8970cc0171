"""The Pipelines service's handlers about what runs by itself: convert, call, convert."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from thedata.v1 import pipelines_pb2

from server.pipelines.convert import pipeline_message
from server.pipelines.convert_schedules import signed_message, webhook_message
from server.pipelines.scheduling import SchedulingService
from server.rpc.caller import caller


class ScheduleHandlers:
    """Pauses and webhooks."""

    def __init__(self, scheduling: SchedulingService) -> None:
        self._scheduling = scheduling

    async def PausePipeline(self, request: pipelines_pb2.PausePipelineRequest, context: Any) -> pipelines_pb2.Pipeline:
        """Pauses a pipeline."""
        return pipeline_message(*await self._scheduling.pause(caller(), UUID(request.pipeline_id)))

    async def ResumePipeline(
        self, request: pipelines_pb2.ResumePipelineRequest, context: Any
    ) -> pipelines_pb2.Pipeline:
        """Ends a pause."""
        return pipeline_message(*await self._scheduling.resume(caller(), UUID(request.pipeline_id)))

    async def RotatePipelineWebhook(
        self, request: pipelines_pb2.RotatePipelineWebhookRequest, context: Any
    ) -> pipelines_pb2.PipelineWebhook:
        """Makes a new webhook."""
        pipeline_id = UUID(request.pipeline_id)
        return webhook_message(pipeline_id, await self._scheduling.rotate_webhook(caller(), pipeline_id))

    async def DeletePipelineWebhook(self, request: pipelines_pb2.DeletePipelineWebhookRequest, context: Any) -> Empty:
        """Removes a webhook."""
        await self._scheduling.delete_webhook(caller(), UUID(request.pipeline_id))
        return Empty()

    async def ReceivePipelineWebhook(
        self, request: pipelines_pb2.ReceivePipelineWebhookRequest, context: Any
    ) -> pipelines_pb2.ReceivePipelineWebhookResponse:
        """Queues a run for a signed message."""
        message = signed_message(request, context.invocation_metadata())
        run = await self._scheduling.receive_webhook(UUID(request.pipeline_id), message)
        return pipelines_pb2.ReceivePipelineWebhookResponse(run_id=str(run.id) if run else "")
