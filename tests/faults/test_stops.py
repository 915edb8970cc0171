"""A run is stopped in the middle of a COPY that hangs: soon, from any server, and the destination stays what it was."""

from __future__ import annotations

import asyncio
import time

import grpc
import pytest
from thedata.v1 import pipelines_pb2, pipelines_pb2_grpc

from server.app import build
from server.settings import Settings
from tests.conftest import running_worker
from tests.faults.lines import Lines
from tests.faults.points import MODES
from tests.faults.test_worker_faults import PATIENCE
from tests.servers.fault_proxy import PIECE

pytestmark = pytest.mark.timeout(300)

CANCELLED = pipelines_pb2.RUN_STATE_CANCELLED
STOPPING = pipelines_pb2.RUN_STATE_STOPPING
STOP_SECONDS = 2.0
REACHED_SECONDS = 60


async def test_a_run_in_a_copy_is_stopped_by_another_server_and_what_had_landed_stays(
    lines: Lines, settings: Settings
) -> None:
    made = [
        await lines.line(f"{name}_{lane}", mode, 2000, arrow=lane == "arrow")
        for name, mode in MODES.items()
        for lane in ("raw", "arrow")
    ]
    other = build(settings)
    port = await other.start()
    try:
        async with (
            running_worker(settings.model_copy(update={"worker_concurrency": 10})),
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            for line in made:
                await line.start()
            for line in made:
                await line.succeeds()
            before = [await line.ledger.landed() for line in made]
            rules = [line.destination.hold(f"row {await line.ledger.write(4000)}.".encode()) for line in made]
            for line in made:
                await line.start()
            for rule in rules:
                await asyncio.wait_for(rule.reached.wait(), REACHED_SECONDS)
                assert rule.passed > PIECE, "it is amid the rows"
            stub = pipelines_pb2_grpc.PipelinesServiceStub(channel)
            for line in made:
                begun = time.monotonic()
                stop = pipelines_pb2.StopPipelineRequest(pipeline_id=line.pipeline_id)
                assert (await stub.StopPipeline(stop, metadata=line.metadata)).state == STOPPING
                run = await line.until(CANCELLED, bound=STOP_SECONDS + PATIENCE)
                assert time.monotonic() - begun < STOP_SECONDS + PATIENCE
                assert run.failure.code == "stopped"
            assert [await line.ledger.landed() for line in made] == before
            for rule in rules:
                rule.release()
            for line in made:
                await line.start()
            for line in made:
                await line.succeeds()
    finally:
        await other.stop()
    await lines.check()
