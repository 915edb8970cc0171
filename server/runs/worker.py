"""The worker process: claims what waits in the queue, carries it out, and hands it over when it must end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from server.errors import Failure
from server.ids import new_id
from server.limits.quotas import DailyQuotas
from server.pipelines.model import Run
from server.runs.execution import RunExecution
from server.runs.heartbeat import Heartbeat
from server.runs.helping import PartitionExecution
from server.scope import Scope
from server.storage.runs import QUEUE_CHANNEL
from server.storage.signals import Signals
from server.storage.store import Store

log = structlog.get_logger("worker")

POLL_SECONDS = 5.0


@dataclass(frozen=True)
class Limits:
    """What is carried out at a time: by one worker, and for one organization by all of them."""

    concurrency: int
    runs_per_organization: int
    partitions_per_organization: int


class Worker:
    """Any number of workers share the queue. A claim takes milliseconds: NOTIFY wakes them, a slow poll is the net.

    ``limits`` are those that hold now: work that is begun is never given up when there is less to be.

    Beside that each does its part of what the loops care for, such as schedules.
    """

    def __init__(
        self,
        url: str,
        store: Store,
        signals: Signals,
        limits: Callable[[], Limits],
        quotas: DailyQuotas,
        execution: RunExecution,
        helping: PartitionExecution,
        loops: Sequence[Callable[[], Coroutine[Any, Any, None]]],
    ) -> None:
        self._store = store
        self._signals = signals
        self._limits = limits
        self._quotas = quotas
        self._execution = execution
        self._helping = helping
        self._loops = loops
        # A new one for every process: what a dead one has left must not look like a living one's.
        self.executor_id = f"{socket.gethostname()}-{new_id()}"
        self._heartbeat = Heartbeat(url, self.executor_id, lambda: (len(self._working), self._limits().concurrency))
        self._working: set[asyncio.Task[None]] = set()
        self._carried: set[UUID] = set()
        self._unsure = False
        self._draining = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until told to stop; then hands over what is in flight, its current chunk committed."""
        await self._heartbeat.first_beat(self._store)
        self._heartbeat.start()
        log.info("worker_ready", executor=self.executor_id, concurrency=self._limits().concurrency)
        tasks = [asyncio.create_task(loop()) for loop in (self._keep_claiming, *self._loops)]
        try:
            await stop.wait()
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            self._draining.set()
            await asyncio.gather(*self._working, return_exceptions=True)
            # The heart beats on until everything is handed over, else another worker would take it.
            await asyncio.to_thread(self._heartbeat.stop)
            log.info("worker_stopped")

    async def _keep_claiming(self) -> None:
        async with self._signals.subscribe(QUEUE_CHANNEL) as news:
            while True:
                wait = POLL_SECONDS
                try:
                    while len(self._working) < self._limits().concurrency and (work := await self._claimed()):
                        self._begin(work)
                    wait = await self._wait_for_next()
                except Failure as failure:
                    # The claim may have been made all the same, and only its answer be lost.
                    self._unsure = True
                    log.warning("not_claiming", reason=failure.reason)
                except Exception:
                    log.exception("bug")
                await news(wait)

    async def _claimed(self) -> Coroutine[Any, Any, None] | None:
        async with self._store.begin(Scope.everything()) as tx:
            run = await tx.queue.unheard_run(self.executor_id, self._carried) if self._unsure else None
            self._unsure = self._unsure and run is not None
            run = run or await tx.queue.claim_run(
                self.executor_id, self._limits().runs_per_organization, self._quotas.of_claims()
            )
        if run:
            self._carried.add(run.id)
            return self._carry_out(run)
        async with self._store.begin(Scope.everything()) as tx:
            partition = await tx.queue.claim_partition(self.executor_id, self._limits().partitions_per_organization)
        return self._helping.carry_out(partition, self._draining) if partition else None

    async def _carry_out(self, run: Run) -> None:
        try:
            await self._execution.carry_out(run, self._draining)
        finally:
            self._carried.discard(run.id)

    async def _wait_for_next(self) -> float:
        if len(self._working) >= self._limits().concurrency:
            return POLL_SECONDS
        async with self._store.begin(Scope.everything()) as tx:
            seconds = await tx.queue.seconds_until_next()
        return POLL_SECONDS if seconds is None else min(POLL_SECONDS, max(0.01, seconds))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("bug", exc_info=error)
        self._signals.tell(QUEUE_CHANNEL)
