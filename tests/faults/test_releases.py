"""A deploy: the release of today and the next one side by side. No run is stranded, broken, or done by the wrong one.

The next release is a copy of this code that has moved on: its plans and its reports have more in them.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import grpc
import pytest
from thedata.v1 import pipelines_pb2, pipelines_pb2_grpc

from server.settings import Settings
from tests.auth.serving import served
from tests.conftest import ROOT, running_worker
from tests.faults.test_worker_faults import ENDED, ROWS, RUNNING, Lab, lab

__all__ = ["lab"]

SUCCEEDED = pipelines_pb2.RUN_STATE_SUCCEEDED
MODEL, EXECUTION = "server/pipelines/model.py", "server/runs/execution.py"
STARTED = '"Run started."'
ADDED = {  # a field after one of today's: of what is asked for, and of what is told
    "    adopt_table: bool = False\n": "    thinned: bool = False\n",
    "    max_backoff: float = 600.0\n": "    patience: float = 1.0\n",
    "    eta: tuple[float, float] | None = None\n": "    mood: str = 'good'\n",
}
MOVED_ON = [
    (MODEL, "PLAN_FORMAT = 1\n", "PLAN_FORMAT = 2\n"),
    *((MODEL, before, before + added) for before, added in ADDED.items()),
    (EXECUTION, STARTED, '"Run started by the next release."'),
]


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """The folder of the next release's code."""
    code = tmp_path / "next"
    code.mkdir()
    shutil.copytree(ROOT / "server", code / "server", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("generated", "migrations"):
        (code / name).symlink_to(ROOT / name)
    for name, before, after in MOVED_ON:
        text = (code / name).read_text()
        assert before in text, f"{name} has no {before!r} any more"
        (code / name).write_text(text.replace(before, after, 1))
    return code


async def second_pipeline(stub: pipelines_pb2_grpc.PipelinesServiceAsyncStub, lab: Lab) -> Lab:
    """Another pipeline between the same databases, known to the next release's server."""
    get = pipelines_pb2.GetPipelineRequest(pipeline_id=lab.pipeline_id)
    first = await stub.GetPipeline(get, metadata=lab.metadata)
    stream = pipelines_pb2.StreamConfig(namespace="public", name="aquick", destination_table="second")
    request = pipelines_pb2.CreatePipelineRequest(
        name="second", source_id=first.source_id, destination_id=first.destination_id, streams=[stream]
    )
    made = await stub.CreatePipeline(request, metadata=lab.metadata)
    return Lab(stub, lab.metadata, made.id, lab.destination_url, lab.database_url)


async def test_37_a_release_finishes_its_runs_and_leaves_those_of_the_next_to_it(
    lab: Lab, settings: Settings, next_release: Path
) -> None:
    async with (
        running_worker(settings),
        served(settings, next_release) as server,
        grpc.aio.insecure_channel(server.address) as channel,
    ):
        ours = await lab.start()
        await lab.until(ours, RUNNING, quick_landed=True)
        theirs_lab = await second_pipeline(pipelines_pb2_grpc.PipelinesServiceStub(channel), lab)
        theirs = await theirs_lab.start()
        ended = await lab.until(ours, *ENDED)
        assert (ended.state, ended.attempt) == (SUCCEEDED, 1), ended
        assert (await theirs_lab.get(theirs)).attempt == 0, "nobody who would misread it has taken it up"
        async with running_worker(settings, next_release):
            ended = await theirs_lab.until(theirs, *ENDED)
        assert (ended.state, ended.attempt) == (SUCCEEDED, 1), ended
        assert (await theirs_lab.log(theirs))[0] == "Run started by the next release."
        # Each release's server tells what the other release's worker has reported.
        for stub in (lab.stub, theirs_lab.stub):
            for one, run in ((lab, ours), (theirs_lab, theirs)):
                request = pipelines_pb2.GetRunRequest(pipeline_id=one.pipeline_id, run_id=run.id)
                assert (await stub.GetRun(request, metadata=lab.metadata)).state == SUCCEEDED
    assert await lab.landed() == (ROWS, ROWS)


async def test_37_a_run_goes_on_with_the_next_release_after_the_chunk_in_flight(
    lab: Lab, settings: Settings, next_release: Path
) -> None:
    async with running_worker(settings) as ours:
        run = await lab.start()
        await lab.until(run, RUNNING, quick_landed=True)
        async with running_worker(settings, next_release):
            await asyncio.sleep(0.5)
            assert (await lab.get(run)).attempt == 1, "it is in good hands"
            ours.terminate()
            await ours.wait()
            ended = await lab.until(run, *ENDED)
    assert (ended.state, ended.attempt) == (SUCCEEDED, 2), ended
    messages = await lab.log(run)
    assert messages[0] == "Run started."
    assert not any("into aquick" in line for line in messages[messages.index("Run goes on, attempt 2.") :])
    assert await lab.landed() == (ROWS, ROWS)
