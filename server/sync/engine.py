"""Running streams: claim, plan, fill a staging table by the fastest lane, compare both sides, commit in one step."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import pyarrow as pa

from server.sync import cursors
from server.sync.arrow_lane import ArrowLane
from server.sync.connectors.base import Capability, ConnectorContext, incapable
from server.sync.connectors.registry import connector
from server.sync.crew import Crew, Share
from server.sync.destination import Claimed, Committed, Destination, StagedChunk
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.events import (
    Checkpoint,
    Emit,
    Level,
    LogLine,
    Progress,
    Quarantine,
    SchemaChanged,
    StreamFailed,
    StreamFinished,
    StreamStarted,
)
from server.sync.filling import Comparison, Filled, Filler
from server.sync.model import Stream
from server.sync.names import check_destination_names, check_table_name
from server.sync.plan import StreamPlan, plan_stream
from server.sync.postgres.destination import PostgresDestination
from server.sync.postgres.raw_lane import RawLane
from server.sync.postgres.source import PostgresSource
from server.sync.receipt import ChunkReceipt, Lane, RunReceipt, StreamOutcome, StreamReceipt
from server.sync.replay import ReplaySource
from server.sync.source import Read, Source
from server.sync.spec import Endpoint, Fence, RunIdentity, StreamSpec, SyncJob, Verification

MAX_PARALLEL = 4
CLEANUP_SECONDS = 1.5


async def run_pipeline(
    job: SyncJob, emit: Emit, *, fence: Fence, quarantine: Quarantine, context: ConnectorContext
) -> RunReceipt:
    """Run every stream of a job; one that fails does not keep the others from finishing.

    Raises SyncError only where the job itself is wrong (two streams for one table), HandedOver when ``job.draining``
    is set, and what ``fence`` raises, which ends all streams; any other failure stands in its stream's outcome.
    Cancelling the task ends it within two seconds: streams that were published stay, the others leave their tables
    as they were.
    """
    started = time.perf_counter()
    check_destination_names([spec.destination_table for spec in job.streams], "tables", max_bytes=1000)
    slots = asyncio.Semaphore(max(1, min(job.parallel, MAX_PARALLEL)))

    async def run_one(spec: StreamSpec) -> StreamOutcome:
        async with slots:
            try:
                receipt = await run_stream(job, spec, emit, fence=fence, quarantine=quarantine, context=context)
            except SyncError as error:
                emit(StreamFailed(spec.full_name, error))
                return StreamOutcome(spec, error=error)
            return StreamOutcome(spec, receipt=receipt)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run_one(spec)) for spec in job.streams]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return RunReceipt(tuple(task.result() for task in tasks), time.perf_counter() - started)


async def run_stream(
    job: SyncJob,
    spec: StreamSpec,
    emit: Emit,
    *,
    fence: Fence,
    quarantine: Quarantine,
    context: ConnectorContext,
) -> StreamReceipt:
    """Copy one stream and make it visible, or raise SyncError and leave what had landed as it was.

    ``fence`` is awaited inside the last transaction, right before its commit: it raises when the run's lease is
    gone. A run that an earlier attempt has already committed gives that attempt's receipt.
    """
    try:
        async with AsyncExitStack() as stack:
            source, destination = await _opened(stack, job.source, job.destination, context)
            if job.replay is not None:
                source = ReplaySource(source, job.replay)
            return await _StreamRun(job, spec, emit, fence, quarantine, context, source, destination).carry_out()
    except SyncError as error:
        raise error.in_stream(spec.full_name)  # noqa: B904 - the same error, with its stream


async def help_stream(job: SyncJob, spec: StreamSpec, share: Share, crew: Crew, *, context: ConnectorContext) -> None:
    """Carry out ranges of a stream for the worker that runs it, the first of them being ``share``.

    Raises SyncError, and what the crew raises. It commits nothing but staged ranges with their records.
    """

    async def nothing(_rejected: object = None) -> None:
        """A helper neither publishes nor rejects."""

    try:
        async with AsyncExitStack() as stack:
            source, destination = await _opened(stack, job.source, job.destination, context)
            helped = _StreamRun(job, spec, lambda _event: None, nothing, nothing, context, source, destination)
            await helped.help(share, crew)
    except SyncError as error:
        raise error.in_stream(spec.full_name)  # noqa: B904 - the same error, with its stream


async def plan_streams(
    source: Endpoint,
    destination: Endpoint,
    specs: list[StreamSpec],
    *,
    run: RunIdentity,
    context: ConnectorContext,
) -> list[StreamPlan | SyncError]:
    """Plan streams without writing anything: what ``run_stream`` would do now, or the error that it would end with."""
    async with AsyncExitStack() as stack:
        opened_source, opened_destination = await _opened(stack, source, destination, context)
        plans: list[StreamPlan | SyncError] = []
        for spec in specs:
            try:
                stream = await opened_source.describe(spec.namespace, spec.name)
                claimed = await opened_destination.look(spec.destination_table, run)
                same_kind = _same_kind(source, destination)
                plan = _plan(
                    spec, stream, opened_source, opened_destination, claimed, run, context, same_kind=same_kind
                )
                plans.append(replace(plan, estimate=await opened_source.estimate(plan.read)))
            except SyncError as error:
                plans.append(error.in_stream(spec.full_name))
        return plans


async def _opened(
    stack: AsyncExitStack, source: Endpoint, destination: Endpoint, context: ConnectorContext
) -> tuple[Source, Destination]:
    reading, writing = connector(source.kind), connector(destination.kind)
    for one, capability in ((reading, Capability.SOURCE), (writing, Capability.DESTINATION)):
        if capability not in one.capabilities:
            raise incapable(one, capability)
    opened_source = await stack.enter_async_context(reading.open_source(source.config, context))
    opened_destination = await stack.enter_async_context(writing.open_destination(destination.config, context))
    return opened_source, opened_destination


def _same_kind(source: Endpoint, destination: Endpoint) -> bool:
    return source.kind == destination.kind and connector(source.kind).one_system


def _plan(
    spec: StreamSpec,
    stream: Stream,
    source: Source,
    destination: Destination,
    claimed: Claimed,
    run: RunIdentity,
    context: ConnectorContext,
    *,
    same_kind: bool,
) -> StreamPlan:
    if spec.sync_mode not in destination.modes:
        raise SyncError(
            origin=Origin.DESTINATION,
            type=ErrorType.CONFIG,
            code="MODE_UNSUPPORTED",
            message=f"The destination cannot land a stream by {spec.sync_mode}",
            advice=f"Choose one of {', '.join(sorted(destination.modes))}.",
        )
    raw = isinstance(source, PostgresSource) and isinstance(destination, PostgresDestination)
    return plan_stream(
        spec, stream, destination, claimed, run, same_kind=same_kind, raw=raw, secret=context.column_secret
    )


@dataclass(slots=True)
class _StreamRun:
    """One stream's run: its steps in order."""

    job: SyncJob
    spec: StreamSpec
    emit: Emit
    fence: Fence
    quarantine: Quarantine
    context: ConnectorContext
    source: Source
    destination: Destination
    started: float = field(default_factory=time.perf_counter)

    @property
    def run(self) -> RunIdentity:
        """Who writes."""
        return self.job.run

    async def carry_out(self) -> StreamReceipt:
        """Claim, plan, fill, compare, commit."""
        stream = await self.source.describe(self.spec.namespace, self.spec.name)
        check_table_name(self.spec.destination_table)
        check_destination_names([self.spec.destination_table], "tables", self.destination.max_name_bytes)
        # What cannot land is refused before anything is written, the claim included.
        self._planned(stream, await self.destination.look(self.spec.destination_table, self.run)).compiled.close()
        claimed = await self.destination.claim(
            self.spec.destination_table, self.spec.full_name, self.run, adopt=self.spec.adopt
        )
        if claimed.state.run_id == self.run.run_id and claimed.state.receipt:
            return self._repeated(receipt_of(claimed.state.receipt))
        plan = self._planned(stream, claimed)
        self._tell(plan)
        if plan.reset and claimed.exists:
            await self.destination.empty(plan.target)
        staged = await self.destination.stage(plan.target)
        try:
            return await self._land(plan, staged)
        except (SyncError, asyncio.CancelledError):
            # Another exception is the fence's: then the staging table is a later attempt's.
            if not self.job.draining.is_set():
                await asyncio.shield(self._discard(plan))
            raise
        finally:
            plan.compiled.close()

    async def help(self, share: Share, crew: Crew) -> None:
        """Plan as the run's own worker did, and copy ranges."""
        stream = await self.source.describe(self.spec.namespace, self.spec.name)
        plan = self._planned(stream, await self.destination.look(self.spec.destination_table, self.run))
        try:
            lane = await self._filler(plan, (), None)
            assert isinstance(lane, RawLane), "only the raw lane shares"
            await lane.help(share, crew)
        finally:
            plan.compiled.close()

    def _planned(self, stream: Stream, claimed: Claimed) -> StreamPlan:
        same_kind = _same_kind(self.job.source, self.job.destination)
        return _plan(
            self.spec, stream, self.source, self.destination, claimed, self.run, self.context, same_kind=same_kind
        )

    async def _land(self, plan: StreamPlan, staged: tuple[StagedChunk, ...]) -> StreamReceipt:
        if staged:
            rows = sum(chunk.rows for chunk in staged)
            self._log(f"An earlier attempt has brought {rows:,} rows: going on after them.")
        watermark = None
        read = plan.read
        # In the raw lane's snapshot no upper bound is needed: what has landed tells the greatest value, for less.
        asks = plan.lane is not Lane.RAW or not plan.cursor_name
        if plan.cursor is not None and self.source.tells_watermark and asks:
            watermark = await self.source.watermark(read)
            if read.cursor is not None and watermark is not None:
                read = replace(read, cursor=replace(read.cursor, upper=read.cursor.upper or watermark))
        filler = await self._filler(replace(plan, read=read), staged, watermark)
        filled = await filler.fill()
        if plan.cursor is not None and filled.cursor is not None:
            cursors.refuse_last(filled.cursor, plan.cursor)
        if filled.rows_read != filled.rows_staged + filled.rows_rejected:
            raise self._unequal(f"{filled.rows_read} rows were read, {filled.rows_staged} stand in the staging table")
        comparison = await filler.compare(self.job.verification)
        if comparison.different:
            raise self._unequal(_difference(comparison))
        if plan.keys is not None:
            await self.destination.load_keys(plan.target, self._keys(plan, plan.keys))
        return await self._commit(plan, filled, comparison)

    async def _commit(self, plan: StreamPlan, filled: Filled, comparison: Comparison) -> StreamReceipt:
        change = plan.change(filled.cursor, self.run.run_id)
        receipt = StreamReceipt(
            stream=self.spec.full_name,
            table=plan.target.table,
            lane=plan.lane,
            rows_read=filled.rows_read,
            rows_committed=filled.rows_staged,
            bytes=filled.bytes,
            seconds=0.0,
            verified=comparison.level,
            rows_rejected=filled.rows_rejected,
            algorithm=comparison.algorithm,
            chunks=comparison.chunks,
            cursor=change.state.cursor,
        )
        # What the commit itself will count is not known yet: a repeated attempt is told what had been staged.
        change = replace(change, state=replace(change.state, receipt=asdict(receipt)))
        await self.source.require_intact(plan.read.stream)
        done = await self.destination.commit(plan.target, change, self.fence)
        if done.note:
            self._log(done.note)
        estimate = filled.rows_read
        self.emit(Progress(self.spec.full_name, filled.rows_read, filled.bytes, filled.rows_staged, estimate))
        self.emit(
            Checkpoint(self.spec.full_name, plan.target.table, self.run.epoch, filled.rows_staged, change.state.cursor)
        )
        return self._finished(_counted(receipt, done, time.perf_counter() - self.started))

    def _repeated(self, receipt: StreamReceipt) -> StreamReceipt:
        """Tell what an earlier attempt has committed, but nobody has heard of."""
        self.emit(
            Checkpoint(self.spec.full_name, receipt.table, self.run.epoch, receipt.rows_committed, receipt.cursor)
        )
        return self._finished(receipt)

    def _finished(self, receipt: StreamReceipt) -> StreamReceipt:
        self.emit(StreamFinished(self.spec.full_name, receipt))
        return receipt

    async def _filler(self, plan: StreamPlan, staged: tuple[StagedChunk, ...], watermark: str | None) -> Filler:
        if plan.lane is Lane.RAW:
            assert isinstance(self.source, PostgresSource)
            assert isinstance(self.destination, PostgresDestination)
            relation = await self.source.relation(self.spec.namespace, self.spec.name)
            by_name = {item.column.name: item for item in relation.columns}
            columns = [by_name[name] for name in plan.compiled.names]
            return RawLane(
                self.source,
                self.destination,
                relation,
                columns,
                plan.read,
                plan.target,
                staged,
                watermark,
                plan.cursor_name,
                self.emit,
                self.job.draining,
                self.job.crew,
            )
        return ArrowLane(
            self.source,
            self.destination,
            plan.read,
            plan.compiled,
            plan.target,
            staged,
            plan.cursor,
            watermark,
            self.spec.rejects,
            self.job.verification is Verification.CONTENT,
            self.emit,
            self.quarantine,
            self.job.draining,
        )

    async def _keys(self, plan: StreamPlan, read: Read) -> AsyncGenerator[pa.RecordBatch, None]:
        async with aclosing(self.source.read(read)) as batches:
            async for batch in batches:
                keys = plan.compiled.apply_to_key(batch.rows)
                yield self.destination.fit(keys, plan.target.key_columns).rows

    async def _discard(self, plan: StreamPlan) -> None:
        """Drop the staging tables over a connection of its own: the other one may be broken or busy."""
        try:
            to = self.job.destination
            opened = connector(to.kind).open_destination(to.config, self.context)
            async with asyncio.timeout(CLEANUP_SECONDS), opened as destination:
                await destination.discard(plan.target)
        except (SyncError, TimeoutError) as error:
            code = error.code if isinstance(error, SyncError) else "TIMEOUT"
            self._log(f"The staging table of {plan.target.table} stays until the next start ({code}).", Level.WARNING)

    def _tell(self, plan: StreamPlan) -> None:
        estimate = plan.read.stream.estimated_rows if plan.read.cursor is None or plan.read.cursor.nulls else None
        self.emit(StreamStarted(self.spec.full_name, plan.target.table, plan.lane, estimate))
        if plan.schema_changes:
            self.emit(SchemaChanged(self.spec.full_name, plan.schema_changes))
        for change in plan.schema_changes:
            self._log(f"Schema change: {change}.", Level.WARNING)
        for name, note in plan.notes.items():
            self._log(f"{name}: {note}.")
        for name, loss in plan.loss.items():
            self._log(f"Lossy: {name}: {loss}.", Level.WARNING)

    def _log(self, message: str, level: Level = Level.INFO) -> None:
        self.emit(LogLine(level, message, self.spec.full_name))

    def _unequal(self, message: str) -> SyncError:
        return SyncError(
            origin=Origin.PLATFORM,
            type=ErrorType.SYSTEM,
            code="VERIFICATION_FAILED",
            message=message,
            advice="Nothing was published. Run it again; if it stays so, report it with the run's log.",
            stream=self.spec.full_name,
        )


def receipt_of(raw: Mapping[str, Any]) -> StreamReceipt:
    """Read a receipt that a destination has kept."""
    values = dict(raw)
    chunks = tuple(ChunkReceipt(**chunk) for chunk in values.pop("chunks"))
    lane, verified = Lane(values.pop("lane")), Verification(values.pop("verified"))
    return StreamReceipt(**values, chunks=chunks, lane=lane, verified=verified)


def _counted(receipt: StreamReceipt, done: Committed, seconds: float) -> StreamReceipt:
    return replace(
        receipt, rows_inserted=done.inserted, rows_updated=done.updated, rows_deleted=done.deleted, seconds=seconds
    )


def _difference(comparison: Comparison) -> str:
    first = comparison.different[0]
    where = f"chunk {first.chunk} of {len(comparison.chunks)}" if comparison.algorithm else "the stream"
    return (
        f"The two sides differ in {len(comparison.different)} chunks, first in {where}:"
        f" {first.source_rows} rows with hash {first.source_hash or 'none'} at the source,"
        f" {first.destination_rows} with {first.destination_hash or 'none'} in the staging table"
    )
