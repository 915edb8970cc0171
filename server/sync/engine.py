"""Running streams: pick the lane, load a staging table, verify both sides, publish in one transaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import asyncpg

from server.sync import publish, verify
from server.sync.connectors import files, postgres
from server.sync.connectors.base import Capability, ConnectorConfig, ConnectorContext, Wire
from server.sync.connectors.files import FilesConfig
from server.sync.connectors.postgres import PostgresConfig, SourceColumn, session, translated
from server.sync.connectors.registry import connector
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.events import (
    Checkpoint,
    Emit,
    Level,
    LogLine,
    Progress,
    StreamFailed,
    StreamFinished,
    StreamStarted,
)
from server.sync.lanes.arrow import BatchPipe
from server.sync.lanes.flow import Tally, report, together
from server.sync.lanes.raw import BinaryPipe, Side
from server.sync.model import (
    Column,
    Endpoint,
    Fence,
    Lane,
    RunIdentity,
    RunReceipt,
    StreamOutcome,
    StreamReceipt,
    StreamSpec,
    SyncJob,
    Verification,
)
from server.sync.names import check_destination_names, check_table_name
from server.sync.publish import Target, TargetColumn
from server.sync.verify import HashAlgorithm

MAX_PARALLEL = 4
CLEANUP_SECONDS = 1.5


async def run_pipeline(job: SyncJob, emit: Emit, *, fence: Fence, context: ConnectorContext) -> RunReceipt:
    """Run every stream of a job; one that fails does not keep the others from finishing.

    Raises SyncError only where the job itself is wrong (two streams for one table), and what ``fence`` raises,
    which ends all streams; any other failure stands in its stream's outcome. Cancelling the task ends it within
    two seconds: streams that were published stay, the others leave their tables as they were.
    """
    started = time.perf_counter()
    check_destination_names([spec.destination_table for spec in job.streams], "tables")
    slots = asyncio.Semaphore(max(1, min(job.parallel, MAX_PARALLEL)))

    async def run_one(spec: StreamSpec) -> StreamOutcome:
        async with slots:
            try:
                receipt = await run_stream(
                    job.source,
                    job.destination,
                    spec,
                    run=job.run,
                    fence=fence,
                    emit=emit,
                    verification=job.verification,
                    context=context,
                )
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
    source: Endpoint,
    destination: Endpoint,
    spec: StreamSpec,
    *,
    run: RunIdentity,
    fence: Fence,
    emit: Emit,
    verification: Verification,
    context: ConnectorContext,
) -> StreamReceipt:
    """Copy one stream and publish it, or raise SyncError and leave the published table as it was.

    ``fence`` is awaited inside the publishing transaction, right before the swap: it raises when the run's lease
    is gone. Receipts below COUNTS still compare what both COPY commands counted. Files have no second server that
    could hash them: CONTENT on the Arrow lane is verified as COUNTS, and the receipt says so.
    """
    try:
        check_table_name(spec.destination_table)
        check_destination_names([spec.destination_table], "tables")
        _require(source, Capability.SOURCE)
        _require(destination, Capability.DESTINATION)
        flow = _Flow(spec, run, fence, emit, verification, context, _config(destination, PostgresConfig))
        lane = _pick_lane(source, destination)
        if lane is Lane.RAW:
            return await _run_raw(flow, _config(source, PostgresConfig))
        return await _run_arrow(flow, _config(source, FilesConfig))
    except SyncError as error:
        raise error.in_stream(spec.full_name)  # noqa: B904 - the same error, with its stream


@dataclass(frozen=True, slots=True)
class _Flow:
    """What stays the same for all steps of one stream's run."""

    spec: StreamSpec
    run: RunIdentity
    fence: Fence
    emit: Emit
    verification: Verification
    context: ConnectorContext
    destination: PostgresConfig
    started: float = field(default_factory=time.perf_counter)

    @property
    def name(self) -> str:
        return self.spec.full_name

    def log(self, message: str, level: Level = Level.INFO) -> None:
        self.emit(LogLine(level, message, self.name))

    def target(self, columns: tuple[TargetColumn, ...], primary_key: tuple[str, ...]) -> Target:
        check_destination_names([column.name for column in columns], "columns")
        names = {column.name for column in columns}
        key = primary_key if names.issuperset(primary_key) else ()
        schema = self.destination.destination_schema
        return Target(schema, self.spec.destination_table, self.name, columns, key, self.run, self.spec.adopt)


async def _run_raw(flow: _Flow, source: PostgresConfig) -> StreamReceipt:
    seconds = flow.context.timeout_seconds
    async with AsyncExitStack() as stack:
        reading = await stack.enter_async_context(session(source, Origin.SOURCE, timeout=seconds))
        with translated(source, Origin.SOURCE):
            # One snapshot for the rows, their description and their hash.
            await reading.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            relation = await postgres.read_relation(reading, flow.spec.namespace, flow.spec.name)
        columns = postgres.choose_columns(relation, flow.spec.columns)
        _tell_casts(flow, columns)
        target = flow.target(
            tuple(TargetColumn(item.column.name, item.ddl, item.column.nullable) for item in columns),
            relation.primary_key,
        )
        query = relation.select(columns)
        flow.emit(StreamStarted(flow.name, target.table, Lane.RAW, relation.estimated_rows))
        control = await stack.enter_async_context(_staged(flow, target))
        loading = await stack.enter_async_context(session(flow.destination, Origin.DESTINATION, timeout=seconds))
        tally = Tally()
        pipe = BinaryPipe(
            Side(reading, source, Origin.SOURCE), Side(loading, flow.destination, Origin.DESTINATION), tally
        )
        stop = asyncio.Event()

        async def write() -> None:
            await pipe.write(target.schema, target.staging_name, target.column_names)
            stop.set()

        def abort() -> None:
            reading.terminate()
            loading.terminate()

        copied = partial(_rows_copied, control, loading.get_server_pid())
        await together(
            pipe.read(query),
            write(),
            report(tally, flow.name, relation.estimated_rows, flow.emit, copied, stop),
            abort=abort,
        )
        await _complete_staging(flow, control, target, pipe.rows_read, pipe.rows_written)
        hashes = None
        if flow.verification is Verification.CONTENT:
            hashes = await _hash_both(reading, source, query, control, flow.destination, target, columns)
        return await _publish(flow, control, target, pipe.rows_read, tally.bytes, Lane.RAW, hashes)


async def _run_arrow(flow: _Flow, source: FilesConfig) -> StreamReceipt:
    seconds = flow.context.timeout_seconds
    async with AsyncExitStack() as stack:
        loading = await stack.enter_async_context(session(flow.destination, Origin.DESTINATION, timeout=seconds))
        tally = Tally()
        pipe = BatchPipe(Side(loading, flow.destination, Origin.DESTINATION), tally)
        stack.callback(pipe.close)
        reader = await pipe.open(partial(files.open_stream, source, flow.context, flow.spec.name, flow.spec.columns))
        stream = reader.stream
        target = flow.target(
            tuple(TargetColumn(column.name, _ddl(column), column.nullable) for column in stream.columns),
            stream.primary_key,
        )
        flow.emit(StreamStarted(flow.name, target.table, Lane.ARROW, stream.estimated_rows))
        control = await stack.enter_async_context(_staged(flow, target))
        stop = asyncio.Event()

        async def write() -> None:
            await pipe.write(reader, target.schema, target.staging_name, target.column_names)
            stop.set()

        async def parsed() -> int:
            return tally.rows

        await together(
            write(),
            report(tally, flow.name, stream.estimated_rows, flow.emit, parsed, stop),
            abort=loading.terminate,
        )
        await _complete_staging(flow, control, target, tally.rows, pipe.rows_written)
        return await _publish(flow, control, target, tally.rows, tally.bytes, Lane.ARROW, None)


@asynccontextmanager
async def _staged(flow: _Flow, target: Target) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection with the staging table made; whatever goes wrong after that, the staging table goes away."""
    try:
        async with session(flow.destination, Origin.DESTINATION, timeout=flow.context.timeout_seconds) as control:
            await publish.prepare(control, target)
            yield control
    except BaseException:
        await asyncio.shield(_discard(flow, target))
        raise


async def _discard(flow: _Flow, target: Target) -> None:
    """Drop the staging table over a fresh connection: the others may be broken or busy."""
    try:
        async with (
            asyncio.timeout(CLEANUP_SECONDS),
            session(flow.destination, Origin.DESTINATION, timeout=CLEANUP_SECONDS) as connection,
        ):
            await publish.drop_staging(connection, target)
    except (SyncError, TimeoutError) as error:
        code = error.code if isinstance(error, SyncError) else "TIMEOUT"
        flow.log(f"The staging table {target.staging} stays until the next start ({code}).", Level.WARNING)


async def _complete_staging(
    flow: _Flow, control: asyncpg.Connection, target: Target, rows_read: int, rows_written: int
) -> None:
    """Compare the counts, build the key, and give the planner its statistics before anybody reads the table."""
    with translated(flow.destination, Origin.DESTINATION):
        standing = rows_written
        if flow.verification is not Verification.NONE:
            standing = await publish.count_rows(control, target)
        if not rows_read == rows_written == standing:
            raise _unequal(
                flow, f"{rows_read} rows were read, {rows_written} written, {standing} stand in the staging table"
            )
        await publish.add_primary_key(control, target)
        await publish.analyze(control, target)


async def _hash_both(
    reading: asyncpg.Connection,
    source: PostgresConfig,
    query: str,
    control: asyncpg.Connection,
    destination: PostgresConfig,
    target: Target,
    columns: Sequence[SourceColumn],
) -> tuple[str, str]:
    """Hash the rows on both servers at the same time."""
    row = verify.row_expression(target.column_names, [item.hashable for item in columns])

    async def hash_source(algorithm: HashAlgorithm) -> str:
        with translated(source, Origin.SOURCE):
            return await verify.content_hash(reading, f"({query}) AS rows", row, algorithm)

    async def hash_staging(algorithm: HashAlgorithm) -> str:
        with translated(destination, Origin.DESTINATION):
            return await verify.content_hash(control, target.staging, row, algorithm)

    algorithm = await verify.choose_algorithm(reading, control)
    ours, theirs = await asyncio.gather(hash_source(algorithm), hash_staging(algorithm))
    return ours, theirs


async def _publish(
    flow: _Flow,
    control: asyncpg.Connection,
    target: Target,
    rows: int,
    size: int,
    lane: Lane,
    hashes: tuple[str, str] | None,
) -> StreamReceipt:
    source_hash, destination_hash = hashes or (None, None)
    if source_hash != destination_hash:
        raise _unequal(
            flow, f"The content differs: {source_hash} at the source, {destination_hash} in the staging table"
        )
    swapped = await publish.publish(control, target, rows, destination_hash, flow.fence)
    if not swapped:
        flow.log("The table has views, indexes, grants or comments of others: it was refilled in place to keep them.")
    flow.emit(Progress(flow.name, rows, size, rows, rows))
    flow.emit(Checkpoint(flow.name, target.table, flow.run.epoch, rows))
    verified = flow.verification
    if verified is Verification.CONTENT and hashes is None:
        verified = Verification.COUNTS
    receipt = StreamReceipt(
        stream=flow.name,
        table=target.table,
        rows_read=rows,
        rows_committed=rows,
        rows_rejected=0,
        bytes=size,
        source_hash=source_hash,
        destination_hash=destination_hash,
        lane=lane,
        seconds=time.perf_counter() - flow.started,
        verified=verified,
    )
    flow.emit(StreamFinished(flow.name, receipt))
    return receipt


async def _rows_copied(control: asyncpg.Connection, pid: int) -> int:
    """Ask the destination how many rows a COPY has taken in; 0 where the server does not tell (before 14)."""
    known = await control.fetchval("SELECT to_regclass('pg_catalog.pg_stat_progress_copy') IS NOT NULL")
    if not known:
        return 0
    return int(await control.fetchval("SELECT tuples_processed FROM pg_stat_progress_copy WHERE pid = $1", pid) or 0)


def _tell_casts(flow: _Flow, columns: Sequence[SourceColumn]) -> None:
    for item in columns:
        if item.ddl in ("text", "text[]") and item.ddl != item.column.native_type:
            flow.log(
                f"{item.column.name}: {item.column.native_type} exists on the source only and lands as {item.ddl}."
            )


_DDL = {
    "double": "double precision",
    "bytes": "bytea",
    "json": "jsonb",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "time": "time without time zone",
    "decimal": "numeric",
}
_SAME_DDL = frozenset(("boolean", "smallint", "integer", "bigint", "real", "text", "date", "interval", "uuid"))


def _ddl(column: Column) -> str:
    """Spell an engine type in PostgreSQL's words; raises SyncError TYPE_UNSUPPORTED."""
    if column.type in _SAME_DDL:
        return column.type
    if column.type.startswith("decimal("):
        return column.type.replace("decimal", "numeric")
    if column.type not in _DDL:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.CONFIG,
            code="TYPE_UNSUPPORTED",
            message=f"The column {column.name!r} has the type {column.native_type}, which has no place in PostgreSQL",
            advice="Leave the column out.",
        )
    return _DDL[column.type]


def _pick_lane(source: Endpoint, destination: Endpoint) -> Lane:
    offered, taken = connector(source.kind).produces, connector(destination.kind).accepts
    for wire in Wire:
        if wire in offered and wire in taken:
            return Lane.RAW if wire is Wire.POSTGRES_BINARY else Lane.ARROW
    raise _wrong_job(f"Rows cannot go from {source.kind} to {destination.kind}")


def _require(endpoint: Endpoint, capability: Capability) -> None:
    if capability not in connector(endpoint.kind).capabilities:
        raise _wrong_job(f"{endpoint.kind} cannot be a {capability}")


Config = TypeVar("Config", bound=ConnectorConfig)


def _config(endpoint: Endpoint, model: type[Config]) -> Config:
    if not isinstance(endpoint.config, model):
        raise _wrong_job(f"A {endpoint.kind} configuration is no {model.__name__}")
    return endpoint.config


def _wrong_job(message: str) -> SyncError:
    return SyncError(
        origin=Origin.PLATFORM,
        type=ErrorType.CONFIG,
        code="PIPELINE_IMPOSSIBLE",
        message=message,
        advice="Choose another source or destination.",
    )


def _unequal(flow: _Flow, message: str) -> SyncError:
    return SyncError(
        origin=Origin.PLATFORM,
        type=ErrorType.SYSTEM,
        code="VERIFICATION_FAILED",
        message=message,
        advice="Nothing was published. Run it again; if it stays so, report it with the run's log.",
        stream=flow.name,
    )
