"""The scenario over the generated Python stubs, blocking and by asyncio: one text, for both have the same methods."""

from __future__ import annotations

import asyncio
import time
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
    return _sync(address, email, folder)


def _sync(address: str, email: str, folder: str) -> Seen:
    password = "correct horse"
    with grpc.insecure_channel(address) as first:
        auth_pb2_grpc.AuthServiceStub(first).Register(_who(email, password), timeout=SECONDS)
    # README
    channel = grpc.insecure_channel(address)
    auth = auth_pb2_grpc.AuthServiceStub(channel)
    session = auth.Login(auth_pb2.LoginRequest(email=email, password=password))
    token = (("authorization", f"Bearer {session.access_token}"),)
    # README ends
    sources = data_sources_pb2_grpc.DataSourcesServiceStub(channel)
    source = sources.CreateDataSource(_source(folder), metadata=token)
    store = sources.CreateDataSource(_store(), metadata=token)
    # README
    pipelines = pipelines_pb2_grpc.PipelinesServiceStub(channel)
    listed = pipelines.ListPipelines(pipelines_pb2.ListPipelinesRequest(), metadata=token).pipelines
    pipeline = pipelines.CreatePipeline(
        pipelines_pb2.CreatePipelineRequest(name="copy", source_id=source.id, destination_id=store.id), metadata=token
    )
    run = pipelines.StartPipeline(pipelines_pb2.StartPipelineRequest(pipeline_id=pipeline.id), metadata=token)

    # Follows the log to its end; `after` goes on where a broken stream ended, without a line lost or told twice.
    lines, breaks, after, ended = [], 0, "", ""
    while not ended:
        request = pipelines_pb2.TailPipelineLogsRequest(pipeline_id=pipeline.id, run_id=run.id, after=after)
        try:
            for message in pipelines.TailPipelineLogs(request, metadata=token):
                after = message.cursor
                if message.HasField("entry"):
                    lines.append(message.entry.message)
                if message.HasField("ended"):
                    ended = pipelines_pb2.RunState.Name(message.ended)
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            breaks += 1
            time.sleep(0.2)
    # README ends
    assert not listed
    history = analytics_pb2_grpc.AnalyticsServiceStub(channel).GetHistoricalData(_question(), metadata=token)
    try:
        pipelines.CreatePipeline(pipelines_pb2.CreatePipelineRequest(source_id="no id"), metadata=token)
    except grpc.RpcError as error:
        return {"lines": lines, "ended": ended, "breaks": breaks, "names": _names(history), **_details(error)}
    finally:
        channel.close()
    raise AssertionError("the request was refused by nobody")


async def _aio(address: str, email: str, folder: str) -> Seen:
    async with grpc.aio.insecure_channel(address) as channel:
        auth: auth_pb2_grpc.AuthServiceAsyncStub = auth_pb2_grpc.AuthServiceStub(channel)
        session = await auth.Register(_who(email, "correct horse"), timeout=SECONDS)
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
            request = pipelines_pb2.TailPipelineLogsRequest(pipeline_id=pipeline.id, run_id=run_.id, after=after)
            try:
                async for message in pipelines.TailPipelineLogs(request, metadata=token, timeout=SECONDS):
                    after = message.cursor
                    if message.HasField("entry"):
                        lines.append(message.entry.message)
                    if message.HasField("ended"):
                        ended = pipelines_pb2.RunState.Name(message.ended)
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE:
                    raise
                breaks += 1
                await asyncio.sleep(0.2)
        analytics: analytics_pb2_grpc.AnalyticsServiceAsyncStub = analytics_pb2_grpc.AnalyticsServiceStub(channel)
        history = await analytics.GetHistoricalData(_question(), metadata=token)
        try:
            await pipelines.CreatePipeline(pipelines_pb2.CreatePipelineRequest(source_id="no id"), metadata=token)
        except grpc.aio.AioRpcError as error:
            return {"lines": lines, "ended": ended, "breaks": breaks, "names": _names(history), **_details(error)}
        raise AssertionError("the request was refused by nobody")


def _who(email: str, password: str) -> auth_pb2.RegisterRequest:
    return auth_pb2.RegisterRequest(email=email, password=password)


def _source(folder: str) -> data_sources_pb2.CreateDataSourceRequest:
    config = Struct()
    config.update({"path": folder, "format": "csv"})
    return data_sources_pb2.CreateDataSourceRequest(name="files", connector="files", config=config)


def _store() -> data_sources_pb2.CreateDataSourceRequest:
    return data_sources_pb2.CreateDataSourceRequest(name="analytics", connector="analytics", config=Struct())


def _pipeline(source_id: str, destination_id: str) -> pipelines_pb2.CreatePipelineRequest:
    return pipelines_pb2.CreatePipelineRequest(name="copy", source_id=source_id, destination_id=destination_id)


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
