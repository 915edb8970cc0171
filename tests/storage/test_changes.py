"""The order of changes: numbered at the end of a transaction, so that nobody waits for a lock in the wrong order."""

from __future__ import annotations

import asyncio
from uuid import UUID

from server.pipelines.model import RunState
from server.scope import Scope
from tests.live.conftest import Stage, stage

__all__ = ["stage"]


async def test_whoever_changes_a_pipeline_and_whoever_ends_its_run_do_not_wait_for_each_other(stage: Stage) -> None:
    run = await stage.begin()
    everything = Scope.everything()
    async with asyncio.timeout(10), stage.store.begin(everything) as one, stage.store.begin(everything) as other:
        await one.pipelines.set(UUID(stage.pipeline_id), {"paused": True})
        assert await other.runs.report(run, [])
        stopping = asyncio.create_task(one.runs.stop(run))
        await asyncio.sleep(0)  # it waits for the run's row, which the other one has changed
        assert await other.runs.report(run, [])
        await other.changes.write()
        await other._connection.commit()
        assert (await stopping).state is RunState.STOPPING


async def test_each_pipeline_gets_one_number_of_a_transaction(stage: Stage) -> None:
    run = await stage.begin()
    async with stage.store.begin(Scope.everything()) as tx:
        before = await tx.changes.newest(run.organization_id)
        await tx.runs.report(run, [])
        await tx.pipelines.set(run.pipeline_id, {"paused": True})
    async with stage.store.begin(Scope.everything()) as tx:
        assert await tx.changes.newest(run.organization_id) == before + 1
