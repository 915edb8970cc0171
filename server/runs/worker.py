"""The worker process: takes runs from the durable queue and carries them out."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import structlog
from dbos import DBOS

from server.ids import new_id
from server.runs.execution import RunExecution
from server.runs.heartbeat import Heartbeat
from server.scope import Scope
from server.storage.pipelines import RUN_QUEUE, RUN_VERSION, RUN_WORKFLOW
from server.storage.schema import RUNS_SCHEMA
from server.storage.store import Store

log = structlog.get_logger("worker")

POLL_SECONDS = 0.2
PARTITIONS_SECONDS = 3600.0
MOST_RECOVERIES = 5


class Worker:
    """DBOS behind it: a run is a workflow under the run's id, recovered on another worker when this one dies."""

    def __init__(self, url: str, store: Store, execution: RunExecution, concurrency: int) -> None:
        self._store = store
        self._execution = execution
        self._concurrency = concurrency
        # A new one for every process: two live processes of one id would strand work.
        self._executor_id = f"{socket.gethostname()}-{new_id()}"
        self._heartbeat = Heartbeat(url, self._executor_id, _recover)
        self._url = url

    async def run(self, stop: asyncio.Event, grace_seconds: float) -> None:
        """Works until told to stop; then waits for runs in flight, at most so many seconds."""
        DBOS(
            config={
                "name": "thedata",
                "system_database_url": self._url,
                "dbos_system_schema": RUNS_SCHEMA,
                "executor_id": self._executor_id,
                # Pinned: its default is a hash of the code, with which a deploy would strand queued runs.
                "application_version": RUN_VERSION,
                "run_migrations": False,
                "log_level": "WARNING",
            }
        )
        # Before the first run is taken: whoever has work and no heartbeat is taken for dead.
        await self._heartbeat.first_beat(self._store)
        DBOS.workflow(name=RUN_WORKFLOW, max_recovery_attempts=MOST_RECOVERIES)(self._workflow())
        DBOS.launch()
        await DBOS.register_queue_async(
            RUN_QUEUE, worker_concurrency=self._concurrency, polling_interval_sec=POLL_SECONDS
        )
        self._heartbeat.start()
        log.info("worker_ready", executor=self._executor_id, concurrency=self._concurrency)
        partitions = asyncio.create_task(self._keep_partitions())
        try:
            await stop.wait()
        finally:
            partitions.cancel()
            # The heart beats on while runs end, else another worker would take them.
            await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=int(grace_seconds))
            self._heartbeat.stop()
            log.info("worker_stopped")

    def _workflow(self) -> Callable[[str, str], Coroutine[Any, Any, None]]:
        execution = self._execution

        async def run(organization_id: str, run_id: str) -> None:
            await execution.carry_out(UUID(organization_id), UUID(run_id))

        return run

    async def _keep_partitions(self) -> None:
        while True:
            async with self._store.begin(Scope.everything()) as tx:
                await tx.logs.ensure_partitions()
            await asyncio.sleep(PARTITIONS_SECONDS)


def _recover(executor_ids: list[str]) -> None:
    # DBOS offers this only through its hosted conductor; the pinned version and a test keep it honest.
    DBOS._recover_pending_workflows(executor_ids)
