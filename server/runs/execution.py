"""Carrying out one attempt of a run: plan, sync, report, end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import structlog

from server.clock import now
from server.data_sources.connections import Connections, in_namespace
from server.errors import Failure, Unavailable
from server.ids import new_id
from server.pipelines.model import (
    Checkpoint,
    LogLevel,
    RejectedRow,
    Run,
    RunFailure,
    RunState,
    StreamConfig,
)
from server.pipelines.specs import all_streams, replayed, spec_of
from server.runs.log_writer import LogWriter
from server.runs.progress import RunProgress, failure_of
from server.runs.results import keep_results
from server.runs.signals import RunSignals
from server.scope import Scope
from server.storage.pipelines import STOPPED
from server.storage.store import Store, Transaction
from server.sync import engine
from server.sync.connectors.base import ConnectorContext
from server.sync.errors import SyncError
from server.sync.events import RowsRejected
from server.sync.spec import Endpoint, ReplayedRow, RunIdentity, StreamSpec, SyncJob, Verification

log = structlog.get_logger("runs")

REPORT_SECONDS = 0.5
STOP_POLL_SECONDS = 2.0
PARALLEL_STREAMS = 2
PATIENCE_SECONDS = 300.0
RETRY_SECONDS = 0.5

BUG = RunFailure("platform", "system", "internal", "The run met a bug; the worker's log has it.", "Start it again.")

T = TypeVar("T")


class FencedOff(Exception):  # noqa: N818 - a state, not a fault
    """A later attempt of the run, or its end, has made this attempt void."""


@dataclass(frozen=True)
class Order:
    """What an attempt has to do: the run, both ends opened, and what the organization grants."""

    run: Run
    source: Endpoint
    destination: Endpoint
    context: ConnectorContext
    starts: Mapping[tuple[str, str], Checkpoint]
    replay: tuple[ReplayedRow, ...] | None


class RunExecution:
    """Carries out runs; one instance serves all runs of a worker."""

    def __init__(self, store: Store, connections: Connections, signals: RunSignals) -> None:
        self._store = store
        self._connections = connections
        self._signals = signals

    async def carry_out(self, organization_id: UUID, run_id: UUID) -> None:
        """Takes a run up and brings it to an end; does nothing for one that has ended."""
        run = await _patiently(lambda: self._take_up(organization_id, run_id))
        if run is None:
            log.info("run_not_taken_up", run_id=str(run_id))
            return
        log.info("run_taken_up", run_id=str(run_id), attempt=run.attempt)
        writer = LogWriter(self._store, run)
        flushing = asyncio.create_task(writer.keep_flushing())
        try:
            await self._attempt(run, writer)
        except FencedOff:
            log.warning("run_fenced_off", run_id=str(run_id), attempt=run.attempt)
        finally:
            flushing.cancel()
            with suppress(asyncio.CancelledError):
                await flushing

    async def _attempt(self, run: Run, writer: LogWriter) -> None:
        writer.write(LogLevel.INFO, "Run started." if run.attempt == 1 else f"Run goes on, attempt {run.attempt}.")
        progress = RunProgress([], run.streams, writer)
        try:
            order = await self._open(run)
            specs = await self._streams(order)
            progress = RunProgress(specs, run.streams, writer)
            failure = await self._sync(order, specs, progress)
            state = RunState.FAILED if failure else RunState.SUCCEEDED
        except SyncError as error:
            failure, state = failure_of(error), RunState.FAILED
        except Failure as error:
            failure, state = _platform_failure(error), RunState.FAILED
        except _Stopped:
            failure, state = STOPPED, RunState.CANCELLED
        except FencedOff:
            raise
        except Exception:
            # A bug ends the run as failed: nothing would ever take it up again.
            log.exception("bug", run_id=str(run.id))
            failure, state = BUG, RunState.FAILED
        progress.end(state)
        _say_how_it_ended(writer, progress, state, failure)
        await _patiently(lambda: self._end(run, writer, progress, state, failure))

    async def _take_up(self, organization_id: UUID, run_id: UUID) -> Run | None:
        async with self._store.begin(Scope.of(organization_id)) as tx:
            return await tx.runs.take_up(run_id)

    async def _open(self, run: Run) -> Order:
        organization = run.organization_id
        async with self._store.begin(Scope.of(organization)) as tx:
            source = await tx.data_sources.get(UUID(run.plan["source_id"]))
            destination = await tx.data_sources.get(UUID(run.plan["destination_id"]))
            opened = await self._connections.endpoint(tx, destination)
            secret = await self._connections.vault.column_secret(tx, organization)
            return Order(
                run,
                await self._connections.endpoint(tx, source),
                in_namespace(opened, run.plan["destination_namespace"]),
                self._connections.context(organization, secret),
                await tx.checkpoints.set_by_somebody(run.pipeline_id),
                await self._replayed(tx, run),
            )

    async def _replayed(self, tx: Transaction, run: Run) -> tuple[ReplayedRow, ...] | None:
        if "replay" not in run.plan:
            return None
        rows = await tx.rejected_rows.replayed_by(run.id)
        contents = await self._connections.vault.open_rows(
            tx, run.organization_id, run.pipeline_id, [row.content for row in rows]
        )
        corrections = run.plan["replay"]["corrections"]
        return tuple(
            ReplayedRow(corrections.get(str(row.id), content), row.place, row.row_number)
            for row, content in zip(rows, contents, strict=True)
        )

    async def _streams(self, order: Order) -> list[StreamSpec]:
        plan = order.run.plan
        configured = [StreamConfig(**stream) for stream in plan["streams"]]
        if not configured:
            configured = await all_streams(order.source, order.context)
        backfill, replay = plan.get("backfill"), plan.get("replay")
        only = backfill or replay
        if only:
            configured = [s for s in configured if (s.namespace, s.name) == (only["namespace"], only["stream"])]
        specs = [
            spec_of(stream, start=order.starts.get((stream.namespace, stream.name)), backfill=backfill)
            for stream in configured
        ]
        return [replayed(spec) for spec in specs] if replay else specs

    async def _sync(self, order: Order, specs: Sequence[StreamSpec], progress: RunProgress) -> RunFailure | None:
        run = order.run
        job = SyncJob(
            run=RunIdentity(str(run.pipeline_id), str(run.id), run.epoch),
            source=order.source,
            destination=order.destination,
            streams=tuple(progress.to_do(specs)),
            verification=Verification(run.plan["verification"]),
            parallel=PARALLEL_STREAMS,
            replay=order.replay,
        )

        async def fence() -> None:
            await _patiently(lambda: self._report(run, progress))

        async def quarantine(rejected: RowsRejected) -> None:
            await _patiently(lambda: self._keep(run, progress, rejected))

        syncing = asyncio.create_task(
            engine.run_pipeline(job, progress.take, fence=fence, quarantine=quarantine, context=order.context)
        )
        watching = asyncio.create_task(self._watch(run, progress))
        try:
            await asyncio.wait({syncing, watching}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                watching.result()  # raises _Stopped or FencedOff; `syncing` is unwound below
            receipt = await syncing
        finally:
            await _ended(syncing, watching)
        return failure_of(receipt.error) if receipt.error else None

    async def _keep(self, run: Run, progress: RunProgress, rejected: RowsRejected) -> None:
        namespace, stream = progress.place(rejected.stream)
        async with self._store.begin(Scope.of(run.organization_id)) as tx:
            contents = await self._connections.vault.seal_rows(
                tx, run.organization_id, run.pipeline_id, [row.content for row in rejected.rows]
            )
            await tx.rejected_rows.put(
                [
                    RejectedRow(
                        id=new_id(),
                        organization_id=run.organization_id,
                        pipeline_id=run.pipeline_id,
                        namespace=namespace,
                        stream=stream,
                        run_id=run.id,
                        chunk=rejected.chunk,
                        number=number,
                        place=row.place,
                        row_number=row.row,
                        column_name=row.column,
                        code=row.code,
                        message=row.message,
                        content=content,
                        replayable=row.whole,
                        replay_run_id=None,
                        created_at=now(),
                    )
                    for number, (row, content) in enumerate(zip(rejected.rows, contents, strict=True))
                ]
            )

    async def _watch(self, run: Run, progress: RunProgress) -> None:
        """Reports progress twice a second, and raises when the run was asked to stop or is another's."""
        async with self._signals.subscribe(run.id) as news:
            current = await _patiently(lambda: self._report(run, progress))
            while current.state is not RunState.STOPPING:
                waited = 0.0
                while waited < STOP_POLL_SECONDS and not progress.changed and not await news(REPORT_SECONDS):
                    waited += REPORT_SECONDS
                await asyncio.sleep(REPORT_SECONDS / 5)
                current = await _patiently(lambda: self._read_or_report(run, progress))
            raise _Stopped

    async def _read_or_report(self, run: Run, progress: RunProgress) -> Run:
        if progress.changed:
            return await self._report(run, progress)
        async with self._store.begin(Scope.of(run.organization_id)) as tx:
            current = await tx.runs.get(run.id)
        if current.epoch != run.epoch or current.state.ended:
            raise FencedOff
        return current

    async def _report(self, run: Run, progress: RunProgress) -> Run:
        progress.changed = False
        results = list(progress.results)
        async with self._store.begin(Scope.of(run.organization_id)) as tx:
            current = await tx.runs.report(run, progress.streams)
            if current is None or current.state.ended:
                raise FencedOff
            await keep_results(tx, run, progress, results)
        del progress.results[: len(results)]
        return current

    async def _end(
        self, run: Run, writer: LogWriter, progress: RunProgress, state: RunState, failure: RunFailure | None
    ) -> None:
        # The log before the state: whoever sees the end has seen everything.
        await writer.flush()
        async with self._store.begin(Scope.of(run.organization_id)) as tx:
            if await tx.runs.finish(run, state, progress.streams, failure) is None:
                raise FencedOff
            await keep_results(tx, run, progress, progress.results)
            if state is not RunState.SUCCEEDED and "replay" in run.plan:
                await tx.rejected_rows.release(run.id)
        log.info("run_ended", run_id=str(run.id), state=state.value)


class _Stopped(Exception):  # noqa: N818
    """The run was asked to stop."""


def _say_how_it_ended(writer: LogWriter, progress: RunProgress, state: RunState, failure: RunFailure | None) -> None:
    if state is RunState.SUCCEEDED:
        rows = sum(stream.rows_committed for stream in progress.streams)
        writer.write(LogLevel.INFO, f"Run succeeded: {rows:,} rows in {len(progress.streams)} streams.")
    elif state is RunState.CANCELLED:
        writer.write(LogLevel.WARNING, "Run cancelled; what was published before stays.")
    elif failure:
        writer.write(LogLevel.ERROR, f"Run failed: {failure.message}. {failure.advice}".replace("..", ".").strip())


async def _ended(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _patiently(step: Callable[[], Awaitable[T]]) -> T:
    """Repeats a step for as long as the platform's database may take to come back."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await step()
        except Unavailable:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(RETRY_SECONDS)


def _platform_failure(error: Failure) -> RunFailure:
    transient = error.retry_after is not None
    return RunFailure("platform", "transient" if transient else "config", error.reason.lower(), error.message)
