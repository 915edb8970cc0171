"""Carrying out one attempt of a run: plan, sync, report, end."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from server.data_sources.connections import Connections
from server.errors import Failure
from server.ids import id_of
from server.observability.runs import RunTelemetry
from server.pipelines.model import (
    AttemptOutcome,
    LogLevel,
    RejectedRow,
    RetryPolicy,
    Run,
    RunFailure,
    RunState,
    built,
)
from server.runs.crew import RunCrew
from server.runs.database_clock import DatabaseClock
from server.runs.log_writer import LogWriter
from server.runs.orders import Order, Orders
from server.runs.patience import FencedOff, patiently
from server.runs.progress import RunProgress, failure_of, platform_failure, told_of
from server.runs.results import keep_results
from server.runs.retries import may_pass, wait_before_next
from server.scope import Scope
from server.storage.runs import STOPPED
from server.storage.signals import Signals
from server.storage.store import Store
from server.sync import engine
from server.sync.errors import HandedOver, SyncError
from server.sync.events import Event, RowsRejected
from server.sync.spec import RunIdentity, StreamSpec, SyncJob, Verification

log = structlog.get_logger("runs")

REPORT_SECONDS = 0.5
STOP_POLL_SECONDS = 2.0
PARALLEL_STREAMS = 2
DRAIN_SECONDS = 1.2

BUG = RunFailure("platform", "system", "internal", "The run met a bug; the worker's log has it.", "Start it again.")


@dataclass(frozen=True)
class Verdict:
    """What an attempt has come to: the run's state, or ``wait`` until the next attempt."""

    state: RunState
    failure: RunFailure | None = None
    wait: timedelta | None = None
    handed_over: bool = False


class RunExecution:
    """Carries out runs; one instance serves all runs of a worker."""

    def __init__(
        self,
        store: Store,
        connections: Connections,
        orders: Orders,
        signals: Signals,
        share_from_bytes: int,
        telemetry: RunTelemetry,
    ) -> None:
        self._store = store
        self._connections = connections
        self._orders = orders
        self._signals = signals
        self._share_from_bytes = share_from_bytes
        self._telemetry = telemetry
        self._chance = random.Random()  # noqa: S311 - spreads waits, keeps no secret

    async def carry_out(self, run: Run, draining: asyncio.Event) -> None:
        """Brings an attempt of a run to an end: of the run, or of this worker's part in it."""
        with self._telemetry.attempt(run):
            await self._carry_out(run, draining)

    async def _carry_out(self, run: Run, draining: asyncio.Event) -> None:
        log.info("run_taken_up", run_id=str(run.id), attempt=run.attempt)
        writer = LogWriter(self._store, run, DatabaseClock(_began(run)).now)
        flushing = asyncio.create_task(writer.keep_flushing())
        try:
            await self._attempt(run, writer, draining)
        except FencedOff:
            log.warning("run_fenced_off", run_id=str(run.id), attempt=run.attempt)
        finally:
            flushing.cancel()
            with suppress(asyncio.CancelledError):
                await flushing

    async def _attempt(self, run: Run, writer: LogWriter, draining: asyncio.Event) -> None:
        writer.write(LogLevel.INFO, "Run started." if run.attempt == 1 else f"Run goes on, attempt {run.attempt}.")
        progress = RunProgress([], run.streams, writer)
        try:
            order = await self._orders.open(run)
            writer.redaction = order.redaction
            specs = await self._orders.streams(order)
            progress = RunProgress(specs, run.streams, writer)
            await self._sync(order, specs, progress, draining)
            verdict = self._judged(run, progress.failures)
        except SyncError as error:
            verdict = self._judged(run, [writer.redaction.failure(failure_of(error))])
        except Failure as error:
            verdict = self._judged(run, [platform_failure(error)])
        except HandedOver:
            verdict = Verdict(RunState.QUEUED, handed_over=True)
        except _Stopped:
            verdict = Verdict(RunState.CANCELLED, STOPPED)
        except _TimedOut as error:
            verdict = Verdict(RunState.FAILED, error.failure)
        except FencedOff:
            raise
        except Exception:
            # A bug ends the run as failed: nothing would ever take it up again.
            log.exception("bug", run_id=str(run.id))
            verdict = Verdict(RunState.FAILED, BUG)
        progress.end(verdict.state)
        _say_how_it_ended(writer, run, progress, verdict)
        # However long it takes: a run that nobody ends stays with this worker, which lives, for good.
        await patiently(lambda: self._end(run, writer, progress, verdict), math.inf)

    def _judged(self, run: Run, failures: Sequence[RunFailure]) -> Verdict:
        if not failures:
            return Verdict(RunState.SUCCEEDED)
        # One stream that may land is worth another attempt; those that can't are left out of it.
        failure = next(filter(may_pass, failures), failures[0])
        policy = built(RetryPolicy, run.plan.get("retry_policy") or {})
        wait = wait_before_next(policy, run.attempts, failure, self._chance)
        return Verdict(RunState.FAILED if wait is None else RunState.QUEUED, failure, wait)

    async def _sync(
        self, order: Order, specs: Sequence[StreamSpec], progress: RunProgress, draining: asyncio.Event
    ) -> None:
        run = order.run
        job = SyncJob(
            run=RunIdentity(str(run.pipeline_id), str(run.id), run.epoch),
            source=order.source,
            destination=order.destination,
            streams=tuple(progress.to_do(specs)),
            verification=Verification(run.plan["verification"]),
            parallel=PARALLEL_STREAMS,
            replay=order.replay,
            draining=draining,
            crew=RunCrew(self._store, self._signals, run, run.executor_id or "", self._share_from_bytes),
        )

        async def fence() -> None:
            await patiently(lambda: self._report(run, progress))

        redaction = order.redaction

        async def quarantine(rejected: RowsRejected) -> None:
            rows = tuple(replace(row, message=redaction.text(row.message)) for row in rejected.rows)
            rejected = replace(rejected, rows=rows)
            progress.put_aside(rejected)
            await patiently(lambda: self._keep(run, progress, rejected))

        meter = self._telemetry.sync(order.source.kind, order.destination.kind)

        def emit(event: Event) -> None:
            progress.take(event)
            meter(event)

        syncing = asyncio.create_task(
            engine.run_pipeline(job, emit, fence=fence, quarantine=quarantine, context=order.context)
        )
        watching = asyncio.create_task(self._watch(run, progress))
        leaving = asyncio.create_task(_has_drained(draining))
        try:
            await asyncio.wait({syncing, watching, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                watching.result()  # raises _Stopped, _TimedOut or FencedOff; `syncing` is unwound below
            if leaving.done() and not syncing.done():
                raise HandedOver
            await syncing
        finally:
            await _ended(syncing, watching, leaving)

    async def _keep(self, run: Run, progress: RunProgress, rejected: RowsRejected) -> None:
        namespace, stream = progress.place(rejected.stream)
        at = progress.now()
        async with self._store.begin(Scope.of(run.organization_id)) as tx:
            contents = await self._connections.vault.seal_rows(
                tx, run.organization_id, run.pipeline_id, [row.content for row in rejected.rows]
            )
            await tx.rejected_rows.put(
                [
                    RejectedRow(
                        id=id_of(at),
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
                        created_at=at,
                    )
                    for number, (row, content) in enumerate(zip(rejected.rows, contents, strict=True))
                ]
            )

    async def _watch(self, run: Run, progress: RunProgress) -> None:
        """Reports progress twice a second; raises when the run is to stop, takes too long, or is another's."""
        deadline = _deadline(run)
        async with self._signals.subscribe(str(run.id)) as news:
            current = await patiently(lambda: self._report(run, progress))
            while current.state is not RunState.STOPPING:
                waited = 0.0
                while waited < STOP_POLL_SECONDS and not progress.changed and not await news(REPORT_SECONDS):
                    waited += REPORT_SECONDS
                if time.monotonic() > deadline:
                    raise _TimedOut(run)
                await asyncio.sleep(REPORT_SECONDS / 5)
                current = await patiently(lambda: self._read_or_report(run, progress))
            raise _Stopped

    async def _read_or_report(self, run: Run, progress: RunProgress) -> Run:
        if progress.changed:
            return await self._report(run, progress)
        async with self._store.begin(Scope.of(run.organization_id)) as tx:
            current = await tx.runs.get(run.id)
        if (current.epoch, current.executor_id) != (run.epoch, run.executor_id):
            raise FencedOff
        return current

    async def _report(self, run: Run, progress: RunProgress) -> Run:
        async with progress.reporting:
            # Of one instant: a stream that is told to have landed is not done again, and its results are these.
            progress.changed, streams, results = False, progress.streams, list(progress.results)
            async with self._store.begin(Scope.of(run.organization_id)) as tx:
                current = await tx.runs.report(run, streams)
                if current is None:
                    raise FencedOff
                await keep_results(tx, run, streams, results, progress.place)
            del progress.results[: len(results)]
            return current

    async def _end(self, run: Run, writer: LogWriter, progress: RunProgress, verdict: Verdict) -> None:
        # The log before the state: whoever sees the end has seen everything.
        await writer.flush()
        async with self._store.begin(Scope.of(run.organization_id)) as tx:
            await tx.schedules.followers(run.pipeline_id)
            if verdict.state is RunState.QUEUED:
                outcome = AttemptOutcome.HANDED_OVER if verdict.handed_over else AttemptOutcome.FAILED
                wait = verdict.wait or timedelta()
                ended = await tx.runs.put_back(run, outcome, progress.streams, verdict.failure, wait)
                # It was asked to stop meanwhile: its work has unwound, so that is its end.
                ended = ended or await tx.runs.finish(run, RunState.CANCELLED, progress.streams, STOPPED)
            else:
                ended = await tx.runs.finish(run, verdict.state, progress.streams, verdict.failure)
            if ended is None:
                raise FencedOff
            await keep_results(tx, run, progress.streams, progress.results, progress.place)
            if ended.state.ended and ended.state is not RunState.SUCCEEDED and "replay" in run.plan:
                await tx.rejected_rows.release(run.id)
            if ended.state.ended:
                await tx.queue.forget(run.id)
                await tx.pipelines.want_after(ended)
        self._telemetry.ended(ended.state)
        log.info("run_ended", run_id=str(run.id), state=ended.state.value)


class _Stopped(Exception):  # noqa: N818
    """The run was asked to stop."""


class _TimedOut(Exception):  # noqa: N818
    """The run has taken longer than it may."""

    def __init__(self, run: Run) -> None:
        self.failure = RunFailure(
            "platform",
            "config",
            "timed_out",
            f"The run has taken longer than the {run.plan['timeout_seconds']:g} seconds that it may",
            "Give the pipeline a longer timeout, or find out what has become slow: the log tells each stream's time.",
        )


def _deadline(run: Run) -> float:
    """The end of a run's time by this process's clock; both times are the database's, whose clock may be another."""
    if run.deadline_at is None:
        return math.inf
    return time.monotonic() + (run.deadline_at - _began(run)).total_seconds()


def _began(run: Run) -> datetime:
    """When the attempt began, by the database's clock."""
    return datetime.fromisoformat(run.attempts[-1].started_at)


async def _has_drained(draining: asyncio.Event) -> None:
    """Ends when a worker that leaves has waited long enough for chunks in flight."""
    await draining.wait()
    await asyncio.sleep(DRAIN_SECONDS)


def _say_how_it_ended(writer: LogWriter, run: Run, progress: RunProgress, verdict: Verdict) -> None:
    if verdict.handed_over:
        writer.write(LogLevel.INFO, "The worker ends; another one goes on.")
    elif verdict.state is RunState.SUCCEEDED:
        rows = sum(stream.rows_committed for stream in progress.streams)
        writer.write(LogLevel.INFO, f"Run succeeded: {rows:,} rows in {len(progress.streams)} streams.")
    elif verdict.state is RunState.CANCELLED:
        writer.write(LogLevel.WARNING, "Run cancelled; what was published before stays.")
    elif verdict.failure:
        what = f"Attempt {run.attempt}" if verdict.wait is not None else "Run"
        again = f" The next attempt begins in {verdict.wait.total_seconds():.1f} s." if verdict.wait is not None else ""
        told = f"{what} failed: {verdict.failure.message}. {verdict.failure.advice}".replace("..", ".").strip()
        writer.write(LogLevel.ERROR, told + again, **told_of(verdict.failure))


async def _ended(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
