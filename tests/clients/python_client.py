"""The scenario over the generated Python stubs, blocking and by asyncio: one text, for both have the same methods."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
from google.protobuf.struct_pb2 import Struct
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from thedata.v1 import (
    analytics_pb2,
    analytics_pb2_grpc,
    auth_pb2,
    auth_pb2_grpc,
    data_sources_pb2,
    data_sources_pb2_grpc,
    pipelines_pb2,
    pipelines_pb2_grpc,
)

Seen = dict[str, Any]
SECONDS = 60
TITLES = {"INVALID_ARGUMENT": "InvalidArgument"}


def run(kind: str, address: str, email: str, folder: str) -> Seen:
    """Goes through the scenario over a blocking channel, or over one of asyncio."""
    if kind == "aio":
        return asyncio.run(_aio(address, email, folder))
    with grpc.insecure_channel(address) as channel:
        return _sync(channel, email, folder)


def _sync(channel: grpc.Channel, email: str, folder: str) -> Seen:
    session = auth_pb2_grpc.AuthServiceStub(channel).Register(_who(email), timeout=SECONDS)
    token = (("authorization", f"Bearer {session.access_token}"),)
    pipelines = pipelines_pb2_grpc.PipelinesServiceStub(channel)
    sources = data_sources_pb2_grpc.DataSourcesServiceStub(channel)
    source = sources.CreateDataSource(_source(folder), metadata=token)
    store = sources.CreateDataSource(_store(), metadata=token)
    pipeline = pipelines.CreatePipeline(_pipeline(source.id, store.id), metadata=token)
    run_ = pipelines.StartPipeline(pipelines_pb2.StartPipelineRequest(pipeline_id=pipeline.id), metadata=token)
    lines, after, ended, breaks = [], "", "", 0
    while not ended:
        stream = pipelines.TailPipelineLogs(_tail(pipeline.id, run_.id, after), metadata=token, timeout=SECONDS)
        for message in stream:
            after = message.cursor
            line, ended = _told(message)
            lines += line
            if line and not breaks:
                breaks += 1
                break
        stream.cancel()
    history = analytics_pb2_grpc.AnalyticsServiceStub(channel).GetHistoricalData(_question(), metadata=token)
    try:
        pipelines.CreatePipeline(pipelines_pb2.CreatePipelineRequest(source_id="no id"), metadata=token)
    except grpc.RpcError as error:
        return {"lines": lines, "ended": ended, "breaks": breaks, "names": _names(history), **_details(error)}
    raise AssertionError("the request was refused by nobody")


async def _aio(address: str, email: str, folder: str) -> Seen:
    async with grpc.aio.insecure_channel(address) as channel:
        auth: auth_pb2_grpc.AuthServiceAsyncStub = auth_pb2_grpc.AuthServiceStub(channel)
        session = await auth.Register(_who(email), timeout=SECONDS)
        token = (("authorization", f"Bearer {session.access_token}"),)
        pipelines: pipelines_pb2_grpc.PipelinesServiceAsyncStub = pipelines_pb2_grpc.PipelinesServiceStub(channel)
        sources: data_sources_pb2_grpc.DataSourcesServiceAsyncStub
        sources = data_sources_pb2_grpc.DataSourcesServiceStub(channel)
        source = await sources.CreateDataSource(_source(folder), metadata=token)
        store = await sources.CreateDataSource(_store(), metadata=token)
        pipeline = await pipelines.CreatePipeline(_pipeline(source.id, store.id), metadata=token)
        start = pipelines_pb2.StartPipelineRequest(pipeline_id=pipeline.id)
        run_ = await pipelines.StartPipeline(start, metadata=token)
        lines, after, ended, breaks = [], "", "", 0
        while not ended:
            stream = pipelines.TailPipelineLogs(_tail(pipeline.id, run_.id, after), metadata=token, timeout=SECONDS)
            async for message in stream:
                after = message.cursor
                line, ended = _told(message)
                lines += line
                if line and not breaks:
                    breaks += 1
                    break
            stream.cancel()
        analytics: analytics_pb2_grpc.AnalyticsServiceAsyncStub = analytics_pb2_grpc.AnalyticsServiceStub(channel)
        history = await analytics.GetHistoricalData(_question(), metadata=token)
        try:
            await pipelines.CreatePipeline(pipelines_pb2.CreatePipelineRequest(source_id="no id"), metadata=token)
        except grpc.aio.AioRpcError as error:
            return {"lines": lines, "ended": ended, "breaks": breaks, "names": _names(history), **_details(error)}
        raise AssertionError("the request was refused by nobody")


def _who(email: str) -> auth_pb2.RegisterRequest:
    return auth_pb2.RegisterRequest(email=email, password="correct horse")


def _source(folder: str) -> data_sources_pb2.CreateDataSourceRequest:
    config = Struct()
    config.update({"path": folder, "format": "csv"})
    return data_sources_pb2.CreateDataSourceRequest(name="files", connector="files", config=config)


def _store() -> data_sources_pb2.CreateDataSourceRequest:
    return data_sources_pb2.CreateDataSourceRequest(name="analytics", connector="analytics", config=Struct())


def _pipeline(source_id: str, destination_id: str) -> pipelines_pb2.CreatePipelineRequest:
    return pipelines_pb2.CreatePipelineRequest(name="copy", source_id=source_id, destination_id=destination_id)


def _tail(pipeline_id: str, run_id: str, after: str) -> pipelines_pb2.TailPipelineLogsRequest:
    return pipelines_pb2.TailPipelineLogsRequest(pipeline_id=pipeline_id, run_id=run_id, after=after)


def _told(message: pipelines_pb2.TailPipelineLogsResponse) -> tuple[list[str], str]:
    """The line of a message, and the state in which the run has ended."""
    kind = message.WhichOneof("event")
    line = [message.entry.message] if kind == "entry" else []
    return line, pipelines_pb2.RunState.Name(message.ended) if kind == "ended" else ""


def _question() -> analytics_pb2.GetHistoricalDataRequest:
    return analytics_pb2.GetHistoricalDataRequest(table_name="people", columns=["id", "name"], order_by=["id"])


def _names(answer: analytics_pb2.GetHistoricalDataResponse) -> list[str]:
    return [row.values[1].string_value for row in answer.rows]


def _details(error: Any) -> Seen:
    found: Seen = {"code": TITLES[error.code().name], "fields": []}
    for detail in rpc_status.from_call(error).details:
        info, broken = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            found["reason"] = info.reason
        if detail.Unpack(broken):
            found["fields"] = [violation.field for violation in broken.field_violations]
    return found
