"""The rules of a pipeline's streams: what a run would do, checkpoints, and rows that could not land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from server.auth.permissions import Caller
from server.clock import now
from server.data_sources.connections import Connections, in_namespace
from server.data_sources.errors import DataSourceFailed
from server.errors import InvalidFields, NotFound, Violation
from server.ids import new_id
from server.limits.quotas import DailyQuotas
from server.paging import Page, PageRequest, fingerprint
from server.pipelines.errors import RunInFlight
from server.pipelines.model import (
    Checkpoint,
    CheckpointOrigin,
    Pipeline,
    RejectedRow,
    Run,
    RunTrigger,
    SchemaChange,
    StreamConfig,
    StreamReceipt,
)
from server.pipelines.ports import Store, Transaction
from server.pipelines.runs import queued
from server.pipelines.specs import all_streams, spec_of
from server.sync import cursors, engine
from server.sync.connectors.base import within
from server.sync.errors import Origin, SyncError
from server.sync.plan import StreamPlan
from server.sync.spec import RunIdentity, StreamSpec

MOST_REPLAYED = 10_000
PLAN_SECONDS = 50.0


class StreamsService:
    """Plans, checkpoints, receipts and rejected rows of pipelines."""

    def __init__(self, store: Store, connections: Connections, quotas: DailyQuotas) -> None:
        self._store = store
        self._quotas = quotas
        self._connections = connections

    async def plan(self, caller: Caller, pipeline_id: UUID) -> list[tuple[StreamSpec, StreamPlan | SyncError]]:
        """What a run would do now; nothing is written.

        Raises:
            DataSourceFailed: one of the systems can't be used or reached.
        """
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id)
            source = await self._connections.endpoint(tx, await tx.data_sources.get(pipeline.source_id))
            target = await self._connections.endpoint(tx, await tx.data_sources.get(pipeline.destination_id))
            secret = await self._connections.vault.column_secret(tx, pipeline.organization_id)
            starts = await tx.checkpoints.set_by_somebody(pipeline_id)
        context = self._connections.context(pipeline.organization_id, secret)
        run = RunIdentity(str(pipeline_id), "", 0)
        try:
            configured = pipeline.streams or await all_streams(source, context)
            destination = in_namespace(target, pipeline.destination_namespace)
            specs = [spec_of(s, start=starts.get((s.namespace, s.name))) for s in configured]
            async with within(PLAN_SECONDS, Origin.PLATFORM):
                plans = await engine.plan_streams(source, destination, specs, run=run, context=context)
        except SyncError as error:
            raise DataSourceFailed(error) from error
        return list(zip(specs, plans, strict=True))

    async def receipts(self, caller: Caller, pipeline_id: UUID, run_id: UUID) -> list[StreamReceipt]:
        """The receipts of a run's streams, of those that have landed.

        Raises:
            NotFound: the pipeline has no such run.
        """
        async with self._store.begin(caller.scope) as tx:
            await self._authorized(tx, caller, pipeline_id)
            run = await tx.runs.get(run_id)
            if run.pipeline_id != pipeline_id:
                raise NotFound("run", run_id)
            return await tx.stream_receipts.of_run(run_id)

    async def checkpoints(
        self, caller: Caller, pipeline_id: UUID, stream: tuple[str, str] | None, request: PageRequest
    ) -> Page[Checkpoint]:
        """The checkpoints of a pipeline, or of one stream (namespace and name), newest first."""
        async with self._store.begin(caller.scope) as tx:
            await self._authorized(tx, caller, pipeline_id)
            return await tx.checkpoints.page_of(pipeline_id, stream, request)

    async def schema_changes(self, caller: Caller, pipeline_id: UUID, request: PageRequest) -> Page[SchemaChange]:
        """The schema changes that a pipeline's runs have met, newest first."""
        async with self._store.begin(caller.scope) as tx:
            await self._authorized(tx, caller, pipeline_id)
            return await tx.schema_changes.page_of(pipeline_id, request)

    async def reset(self, caller: Caller, pipeline_id: UUID, namespace: str, stream: str) -> Checkpoint:
        """Lets a stream start from nothing at its next run.

        Raises:
            InvalidFields: the pipeline has no such stream.
        """
        return await self._set(caller, pipeline_id, namespace, stream, CheckpointOrigin.RESET, None)

    async def rewind(
        self, caller: Caller, pipeline_id: UUID, namespace: str, stream: str, cursor: str, checkpoint_id: UUID | None
    ) -> Checkpoint:
        """Sets a stream's checkpoint to a cursor value, or to that of an earlier checkpoint.

        Raises:
            InvalidFields: the pipeline has no such stream, or it has no cursor, or never such a value.
            NotFound: the stream has no such checkpoint.
        """
        if checkpoint_id is not None:
            async with self._store.begin(caller.scope) as tx:
                await self._authorized(tx, caller, pipeline_id)
                earlier = await tx.checkpoints.get(checkpoint_id)
            if (earlier.pipeline_id, earlier.namespace, earlier.stream) != (pipeline_id, namespace, stream):
                raise NotFound("checkpoint", checkpoint_id)
            cursor = earlier.cursor or ""
        return await self._set(caller, pipeline_id, namespace, stream, CheckpointOrigin.REWIND, cursor or None)

    async def backfill(
        self,
        caller: Caller,
        pipeline_id: UUID,
        namespace: str,
        stream: str,
        lower: str,
        upper: str,
        request_id: UUID | None,
    ) -> Run:
        """Queues a run that reads a range of a stream's cursor again.

        Raises:
            InvalidFields: the pipeline has no such stream, or it has no cursor.
            RunInFlight: one is queued or running.
        """
        backfill = {"namespace": namespace, "stream": stream, "lower": lower or None, "upper": upper or None}
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id, lock=True)
            config = _stream(pipeline, namespace, stream)
            if not config.cursor_column:
                raise InvalidFields(Violation("stream", "has no cursor_column, and no range of it can be read"))
            run = queued(new_id(), pipeline, RunTrigger.BACKFILL, caller.user_id, backfill=backfill)
            return await self._enqueue(tx, caller, run, "BackfillStream", backfill, request_id)

    async def rejected_rows(
        self,
        caller: Caller,
        pipeline_id: UUID,
        run_id: UUID | None,
        stream: str,
        *,
        replayed: bool,
        request: PageRequest,
    ) -> Page[tuple[RejectedRow, str]]:
        """Rows that could not land, each with its content, newest first."""
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id)
            page = await tx.rejected_rows.page_of(pipeline_id, run_id, stream, replayed=replayed, request=request)
            contents = await self._connections.vault.open_rows(
                tx, pipeline.organization_id, pipeline_id, [row.content for row in page.items]
            )
        return Page(list(zip(page.items, contents, strict=True)), page.next_key)

    async def replay(
        self,
        caller: Caller,
        pipeline_id: UUID,
        namespace: str,
        stream: str,
        ids: Sequence[UUID],
        corrections: Mapping[UUID, str],
        request_id: UUID | None,
    ) -> Run:
        """Queues a run that lands rejected rows.

        Raises:
            InvalidFields: the pipeline has no such stream, or none of the rows can be replayed.
            RunInFlight: one is queued or running.
        """
        replay = {
            "namespace": namespace,
            "stream": stream,
            "corrections": {str(row): content for row, content in corrections.items()},
        }
        wanted = [*ids, *(row for row in corrections if row not in ids)] if ids else []
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id, lock=True)
            if pipeline.streams:
                _stream(pipeline, namespace, stream)
            run = queued(new_id(), pipeline, RunTrigger.REPLAY, caller.user_id, replay=replay)
            shape = {**replay, "ids": [str(row) for row in ids]}
            made = await self._enqueue(tx, caller, run, "ReplayRejectedRows", shape, request_id)
            if made.id != run.id:
                return made
            claimed = await tx.rejected_rows.claim_for(
                run.id, pipeline_id, (namespace, stream), wanted, list(corrections), MOST_REPLAYED
            )
            missing = set(wanted) - set(claimed)
            if missing or not claimed:
                raise InvalidFields(
                    Violation("rejected_row_ids", _not_replayable(missing)),
                )
            return made

    async def _enqueue(
        self, tx: Transaction, caller: Caller, run: Run, method: str, shape: Mapping[str, Any], request_id: UUID | None
    ) -> Run:
        known = await tx.requests.claim(
            caller.user_id, method, request_id, fingerprint(str(run.pipeline_id), dict(shape)), run.id
        )
        if known != run.id:
            return await tx.runs.get(known)
        running = await tx.runs.in_flight(run.pipeline_id)
        if running:
            raise RunInFlight(running.id)
        await self._quotas.require_run(tx, run.organization_id)
        return await tx.runs.enqueue(run)

    async def _set(
        self,
        caller: Caller,
        pipeline_id: UUID,
        namespace: str,
        stream: str,
        origin: CheckpointOrigin,
        cursor: str | None,
    ) -> Checkpoint:
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id, lock=True)
            config = _stream(pipeline, namespace, stream)
            if origin is CheckpointOrigin.REWIND and not config.cursor_column:
                raise InvalidFields(Violation("stream", "has no cursor_column that could be set"))
            if cursor is not None and not cursors.plausible(cursor):
                raise InvalidFields(Violation("cursor", "is no value that a cursor could have"))
            last = (await tx.checkpoints.set_by_somebody(pipeline_id)).get((namespace, stream))
            checkpoint = Checkpoint(
                id=new_id(),
                organization_id=pipeline.organization_id,
                pipeline_id=pipeline_id,
                namespace=namespace,
                stream=stream,
                cursor=cursor,
                origin=origin,
                version=(last.version or 0) + 1 if last else 1,
                run_id=None,
                rows_committed=0,
                created_at=now(),
            )
            return await tx.checkpoints.insert(checkpoint)

    async def _authorized(self, tx: Transaction, caller: Caller, pipeline_id: UUID, *, lock: bool = False) -> Pipeline:
        pipeline = await tx.pipelines.get(pipeline_id, lock=lock)
        caller.authorize(pipeline.organization_id)
        return pipeline


def _stream(pipeline: Pipeline, namespace: str, name: str) -> StreamConfig:
    for stream in pipeline.streams:
        if (stream.namespace, stream.name) == (namespace, name):
            return stream
    known = ", ".join(repr(stream.name) for stream in pipeline.streams[:5]) or "none are listed"
    raise InvalidFields(Violation("stream", f"is not one of the pipeline's streams: {known}"))


def _not_replayable(missing: set[UUID]) -> str:
    if not missing:
        return "no rejected row of this stream can be replayed without a correction"
    return f"{len(missing)} of the rows do not exist, were replayed, or need a correction: {min(map(str, missing))}"
