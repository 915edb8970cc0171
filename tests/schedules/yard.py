"""Pipelines on the real database whose runs end as the test says, without anything to synchronize."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from server.clock import now
from server.ids import new_id
from server.pipelines.model import Pipeline, Run, RunFailure, RunState, RunTrigger, Schedule
from server.pipelines.runs import queued
from server.pipelines.schedules import next_after
from server.scope import Scope
from server.storage.store import Store

HOUR = timedelta(hours=1)
FAILURE = RunFailure("source", "config", "no_such_table", "There is no such table.")


@dataclass
class Yard:
    """An organization with pipelines."""

    store: Store
    connection: asyncpg.Connection[Any]
    organization_id: UUID
    source_id: UUID

    @classmethod
    async def laid(cls, store: Store, connection: asyncpg.Connection[Any]) -> Yard:
        organization_id, source_id = new_id(), new_id()
        await connection.execute("INSERT INTO organizations (id, name) VALUES ($1, 'Yard')", organization_id)
        await connection.execute(
            "INSERT INTO data_sources (id, organization_id, name, connector, config)"
            " VALUES ($1, $2, 's', 'files', '{}')",
            source_id,
            organization_id,
        )
        return cls(store, connection, organization_id, source_id)

    async def pipeline(
        self, schedule: Schedule | None = None, missed: timedelta | None = None, **values: Any
    ) -> Pipeline:
        """A pipeline; an interval was set so that one of its times has been missed for ``missed``."""
        key, at = new_id(), now()
        if schedule and schedule.interval_seconds and missed is not None:
            schedule = replace(schedule, set_at=(at - missed - 1000 * HOUR).isoformat())
        pipeline = Pipeline(
            id=key,
            organization_id=self.organization_id,
            name=str(key),
            description="",
            source_id=self.source_id,
            destination_id=self.source_id,
            destination_namespace="",
            streams=[],
            verification="content",
            created_at=at,
            updated_at=at,
            version=1,
            schedule=schedule,
            after_pipeline_id=UUID(schedule.after_pipeline_id) if schedule and schedule.after_pipeline_id else None,
            next_run_at=None if missed is None else at - missed,
            **values,
        )
        async with self.store.begin(Scope.everything()) as tx:
            return await tx.pipelines.insert(pipeline)

    async def get(self, pipeline: Pipeline) -> Pipeline:
        async with self.store.begin(Scope.everything()) as tx:
            return await tx.pipelines.get(pipeline.id)

    async def started_by_hand(self, pipeline: Pipeline) -> Run:
        async with self.store.begin(Scope.everything()) as tx:
            await tx.pipelines.get(pipeline.id, lock=True)
            return await tx.runs.enqueue(queued(new_id(), pipeline, RunTrigger.MANUAL, None))

    async def runs(self, pipeline: Pipeline) -> list[Run]:
        """A pipeline's runs, in the order in which they were queued."""
        rows = await self.connection.fetch("SELECT id FROM runs WHERE pipeline_id = $1 ORDER BY id", pipeline.id)
        async with self.store.begin(Scope.everything()) as tx:
            return [await tx.runs.get(row["id"]) for row in rows]

    async def times(self, pipeline: Pipeline) -> list[datetime | None]:
        return [run.schedule_time for run in await self.runs(pipeline)]

    async def end_one(self, state: RunState = RunState.SUCCEEDED, pipeline: Pipeline | None = None) -> Run | None:
        """Takes up the run that waits longest, of all or of one pipeline, and ends it as a worker does."""
        async with self.store.begin(Scope.everything()) as tx:
            if pipeline is None:
                run = await tx.queue.claim_run("yard", 1000)
            else:
                waiting = await tx.runs.in_flight(pipeline.id)
                run = waiting and await tx.runs.take_up(waiting.id, "yard")
        return await self.end(run, state) if run else None

    async def end(self, run: Run, state: RunState = RunState.SUCCEEDED) -> Run:
        async with self.store.begin(Scope.of(run.organization_id)) as tx:
            await tx.schedules.followers(run.pipeline_id)
            ended = await tx.runs.finish(run, state, [], FAILURE if state is RunState.FAILED else None)
            assert ended is not None
            await tx.pipelines.want_after(ended)
        return ended


def hourly(**values: Any) -> Schedule:
    """Every hour."""
    return Schedule(interval_seconds=HOUR.total_seconds(), **values)


def following(schedule: Schedule, first: datetime, count: int) -> Sequence[datetime]:
    """A time of a schedule, and those that follow."""
    found = [first]
    while len(found) < count:
        found.append(next_after(schedule, found[-1]) or first)
    return found
