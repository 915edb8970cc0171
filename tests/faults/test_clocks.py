"""42: clocks of workers are wrong by ten minutes, and jump. Leases and schedules go by the database's clock alone."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from thedata.v1 import pipelines_pb2, schedules_pb2

from server.settings import Settings
from tests.conftest import running_worker
from tests.faults.ledger import APPEND, MERGE
from tests.faults.lines import SUCCEEDED, Line, Lines
from tests.faults.test_worker_faults import NOTICED_SECONDS, PATIENCE, resumed_after
from tests.servers.wrong_clock import WrongClock

pytestmark = pytest.mark.timeout(300)

REACHED_SECONDS = 60
INTERVAL = 10
OFF = 600


async def runs_of(line: Line) -> list[pipelines_pb2.Run]:
    """The line's runs that have succeeded, the oldest first."""
    request = pipelines_pb2.ListRunsRequest(pipeline_id=line.pipeline_id, states=[SUCCEEDED])
    return list(reversed((await line.stub.ListRuns(request, metadata=line.metadata)).runs))


async def times_of_log(line: Line, run: pipelines_pb2.Run) -> list[float]:
    request = pipelines_pb2.ListPipelineLogsRequest(pipeline_id=line.pipeline_id, run_id=run.id)
    return [when(entry.time) for entry in (await line.stub.ListPipelineLogs(request, metadata=line.metadata)).entries]


async def another_run_by_the_clock(line: Line) -> None:
    """Waits until one run more has succeeded, and writes rows meanwhile."""
    before = len(await runs_of(line))
    async with asyncio.timeout(3 * INTERVAL):
        while len(await runs_of(line)) == before:
            await line.ledger.write(5, 2)
            await asyncio.sleep(0.5)


async def test_42_workers_whose_clocks_are_wrong_and_jump(
    lines: Lines, settings: Settings, tmp_path: Path, chaos: bool
) -> None:
    ahead, behind = WrongClock(tmp_path / "ahead", OFF), WrongClock(tmp_path / "behind", -OFF)
    held, scheduled = await lines.line("held", MERGE, 4000), await lines.line("scheduled", APPEND, 100)
    rule = held.destination.hold(b"row 2000.")
    async with running_worker(settings, environment=ahead.environment) as one:
        await held.start()
        await asyncio.wait_for(rule.reached.wait(), REACHED_SECONDS)
        async with running_worker(settings, environment=behind.environment):
            schedule = schedules_pb2.Schedule(interval=Duration(seconds=INTERVAL))
            update = pipelines_pb2.UpdatePipelineRequest(pipeline_id=scheduled.pipeline_id, schedule=schedule)
            set_at = time.time()
            await scheduled.stub.UpdatePipeline(update, metadata=scheduled.metadata)
            for offset in (OFF, -OFF, OFF) if chaos else (-OFF,):
                ahead.jump(offset)
                await another_run_by_the_clock(scheduled)
            assert (await held.run()).attempt == 1, "both live, whatever their clocks tell"
            gone = time.time()
            one.kill()
            rule.release()
            run = await held.succeeds()
            assert run.attempt == 2
            assert resumed_after(run, gone) < NOTICED_SECONDS + PATIENCE
            await another_run_by_the_clock(scheduled)
            unset = pipelines_pb2.UpdatePipelineRequest(
                pipeline_id=scheduled.pipeline_id, update_mask=FieldMask(paths=["schedule"])
            )
            await scheduled.stub.UpdatePipeline(unset, metadata=scheduled.metadata)
            found = await runs_of(scheduled)
            scheduled.runs = [run.id for run in found]
            times = [when(run.schedule_time) for run in found]
            # Each time of the schedule once, none before it came; what came while nobody could start is one run.
            assert all((moment - set_at + 1) % INTERVAL < 2 for moment in times)
            assert len(set(times)) == len(times)
            for run, moment in zip(found, times, strict=True):
                assert -0.1 < when(run.queue_time) - moment < INTERVAL
            for run in found:
                assert all(abs(moment - when(run.end_time)) < INTERVAL for moment in await times_of_log(scheduled, run))
            await scheduled.ledger.write(5)
            await scheduled.start()
            await scheduled.succeeds()
    await lines.check()


def when(moment: object) -> float:
    told: datetime = moment.ToDatetime(UTC)  # type: ignore[attr-defined]  # a Timestamp
    return told.timestamp()
