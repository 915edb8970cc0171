"""Starts what runs by itself: by the clock, after another pipeline, and for a webhook that met a run in flight."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog

from server.errors import Failure
from server.ids import id_of
from server.pipelines.model import Pipeline, RunTrigger
from server.pipelines.runs import queued
from server.pipelines.schedules import decided
from server.scope import Scope
from server.storage.runs import SCHEDULES_CHANNEL
from server.storage.schedules import Due
from server.storage.signals import Signals
from server.storage.store import Store, Transaction

log = structlog.get_logger("scheduler")

POLL_SECONDS = 5.0
SOONEST_SECONDS = 0.01
AT_ONCE = 20
PUT_OFF_SECONDS = 60.0


class Scheduler:
    """Any number of these share the schedules: who locks a pipeline queues its run and moves its time on, or neither.

    Only the database's clock counts; that of this process may be wrong.
    """

    def __init__(self, store: Store, signals: Signals) -> None:
        self._store = store
        self._signals = signals
        self._put_off: dict[UUID, float] = {}

    async def run(self) -> None:
        """Starts what is due, for ever."""
        async with self._signals.subscribe(SCHEDULES_CHANNEL) as news:
            while True:
                wait = POLL_SECONDS
                try:
                    wait = await self.start_due()
                except Failure as failure:
                    log.warning("not_scheduling", reason=failure.reason)
                except Exception:
                    log.exception("bug")
                await news(wait)

    async def start_due(self) -> float:
        """Starts whatever is due now; gives the seconds until it should look again."""
        while True:
            async with self._store.begin(Scope.everything()) as tx:
                found = await tx.schedules.due(AT_ONCE, self._failing())
                # In one order of organizations: they number their changes, each locked from its first on.
                for due in sorted(found, key=lambda due: due.pipeline.organization_id):
                    await self._apart(tx, due)
                if len(found) == AT_ONCE:
                    continue
                seconds = await tx.schedules.seconds_until_next()
            return POLL_SECONDS if seconds is None else min(POLL_SECONDS, max(SOONEST_SECONDS, seconds))

    async def _apart(self, tx: Transaction, due: Due) -> None:
        """Starts one pipeline; one that can't be started does not stop the others."""
        try:
            async with tx.step():
                await _start(tx, due)
        except Exception:
            await tx.schedules.now()  # raises where the connection is lost: that is no fault of the pipeline
            self._put_off[due.pipeline.id] = time.monotonic() + PUT_OFF_SECONDS
            log.exception("not_started", pipeline_id=str(due.pipeline.id))

    def _failing(self) -> list[UUID]:
        self._put_off = {key: until for key, until in self._put_off.items() if until > time.monotonic()}
        return list(self._put_off)


async def _start(tx: Transaction, due: Due) -> None:
    pipeline, at = due.pipeline, due.at
    if pipeline.wanted and not due.in_flight:
        await tx.schedules.satisfy(pipeline)
        await _enqueue(tx, pipeline, at, RunTrigger(pipeline.wanted["trigger"]), pipeline.wanted["occurrence"])
    elif pipeline.schedule and pipeline.next_run_at and pipeline.next_run_at <= at:
        decision = decided(pipeline.schedule, pipeline.next_run_at, at, in_flight=due.in_flight)
        if decision.run_for is None:
            await tx.schedules.leave_out(pipeline, decision.next_run_at)
            return
        await tx.schedules.advance(pipeline, decision.next_run_at)
        occurrence = decision.run_for.astimezone(UTC).isoformat().replace("+00:00", "Z")
        await _enqueue(tx, pipeline, at, RunTrigger.SCHEDULE, occurrence, schedule_time=decision.run_for)


async def _enqueue(
    tx: Transaction, pipeline: Pipeline, at: datetime, trigger: RunTrigger, occurrence: str, **more: Any
) -> None:
    if await tx.runs.has_occurred(pipeline.id, occurrence):
        return
    run = await tx.runs.enqueue(queued(id_of(at), pipeline, trigger, None, occurrence=occurrence, **more))
    log.info("run_queued", pipeline_id=str(pipeline.id), run_id=str(run.id), trigger=trigger.value)
