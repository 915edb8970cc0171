"""Helping with a run of another worker: partitions of a large table."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from server.errors import Failure
from server.observability.runs import RunTelemetry
from server.pipelines.model import LogLevel, Partition, Run, RunFailure, RunState
from server.runs.crew import RunCrew
from server.runs.database_clock import DatabaseClock
from server.runs.log_writer import LogWriter
from server.runs.orders import Orders
from server.runs.patience import FencedOff, patiently
from server.runs.progress import failure_of, platform_failure
from server.scope import Scope
from server.storage.signals import Signals
from server.storage.store import Store
from server.sync import engine
from server.sync.crew import Share
from server.sync.errors import HandedOver, SyncError
from server.sync.spec import RunIdentity, SyncJob

log = structlog.get_logger("helping")

POLL_SECONDS = 2.0


class PartitionExecution:
    """Carries out partitions, one after the other as long as the stream has some."""

    def __init__(self, store: Store, orders: Orders, signals: Signals, telemetry: RunTelemetry) -> None:
        self._store = store
        self._orders = orders
        self._signals = signals
        self._telemetry = telemetry

    async def carry_out(self, partition: Partition, draining: asyncio.Event) -> None:
        """Does a partition and those that follow; what can't be done here is left to the run's own worker."""
        async with self._store.begin(Scope.of(partition.organization_id)) as tx:
            run = await tx.runs.get(partition.run_id)
            clock = DatabaseClock(await tx.schedules.now())
        with self._telemetry.help(run, partition.number):
            await self._carry_out(run, partition, clock, draining)

    async def _carry_out(self, run: Run, partition: Partition, clock: DatabaseClock, draining: asyncio.Event) -> None:
        executor = partition.executor_id or ""
        crew = RunCrew(self._store, self._signals, run, executor, 0, partition)
        writer = LogWriter(self._store, run, clock.now, worker=executor, helper=partition.number + 1)
        log.info("helping", run_id=str(run.id), stream=partition.stream, partition=partition.number)
        helping = asyncio.create_task(self._help(run, partition, crew, writer, draining))
        watching = asyncio.create_task(self._until_over(run, draining))
        try:
            await asyncio.wait({helping, watching}, return_when=asyncio.FIRST_COMPLETED)
            if helping.done():
                helping.result()
        except (SyncError, Failure) as error:
            told = failure_of(error) if isinstance(error, SyncError) else platform_failure(error)
            failure = writer.redaction.failure(told)
            writer.write(LogLevel.WARNING, f"A helping worker has failed: {failure.message}.", partition.stream)
            with suppress(Failure):
                await writer.flush()
            await self._fail(crew, failure)
        except (FencedOff, HandedOver):
            log.info("helped_enough", run_id=str(run.id), stream=partition.stream)
        finally:
            for task in (helping, watching):
                task.cancel()
            await asyncio.gather(helping, watching, return_exceptions=True)
        await self._give_back(crew)

    async def _help(
        self, run: Run, partition: Partition, crew: RunCrew, writer: LogWriter, draining: asyncio.Event
    ) -> None:
        order = await self._orders.open(run)
        writer.redaction = order.redaction
        spec = next(spec for spec in await self._orders.streams(order) if spec.full_name == partition.stream)
        identity = RunIdentity(str(run.pipeline_id), str(run.id), partition.epoch)
        job = SyncJob(identity, order.source, order.destination, (spec,), draining=draining)
        share = Share(partition.number, dict(partition.work))
        await engine.help_stream(job, spec, share, crew, context=order.context)

    async def _until_over(self, run: Run, draining: asyncio.Event) -> None:
        """Ends when the run no longer wants help: it stops, has ended, or has begun another attempt."""
        async with self._signals.subscribe(str(run.id)) as news:
            while not draining.is_set():
                current = await patiently(lambda: self._current(run))
                if current.epoch != run.epoch or current.state is not RunState.RUNNING:
                    return
                await news(POLL_SECONDS)

    async def _current(self, run: Run) -> Run:
        async with self._store.begin(Scope.of(run.organization_id)) as tx:
            return await tx.runs.get(run.id)

    async def _fail(self, crew: RunCrew, failure: RunFailure) -> None:
        for partition in crew.taken:
            async with self._store.begin(Scope.of(partition.organization_id)) as tx:
                await tx.queue.end_partition(partition, None, failure)

    async def _give_back(self, crew: RunCrew) -> None:
        for partition in crew.taken:
            async with self._store.begin(Scope.of(partition.organization_id)) as tx:
                await tx.queue.give_back(partition)
