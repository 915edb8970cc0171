"""The rules of pipelines and their runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from server.auth.permissions import Caller
from server.clock import now
from server.data_sources.errors import ConnectorIncapable
from server.errors import InUse, InvalidFields, NotFound, Violation
from server.ids import new_id
from server.limits.quotas import DailyQuotas
from server.paging import Page, PageRequest, fingerprint
from server.pipelines.errors import NoRunInFlight, RunInFlight
from server.pipelines.model import (
    CatchUp,
    LogEntry,
    LogFilter,
    Pipeline,
    Position,
    RetryPolicy,
    Run,
    RunRules,
    RunState,
    RunTrigger,
    StreamConfig,
)
from server.pipelines.ports import Store, Transaction
from server.pipelines.runs import queued
from server.pipelines.schedules import next_after
from server.pipelines.scheduling import check_retries, scheduled
from server.sync.connectors import registry
from server.sync.connectors.base import Capability
from server.sync.spec import Deletes, SyncMode


class PipelinesService:
    """Keeps pipelines, queues and stops their runs, and reads their logs."""

    def __init__(self, store: Store, quotas: DailyQuotas) -> None:
        self._store = store
        self._quotas = quotas

    async def list(
        self, caller: Caller, organization: UUID | None, request: PageRequest
    ) -> tuple[Page[Pipeline], dict[UUID, Run]]:
        """An organization's pipelines, newest first, and the newest run of each."""
        organization_id = caller.organization(organization)
        async with self._store.begin(caller.scope) as tx:
            page = await tx.pipelines.page_of(organization_id, request)
            return page, await tx.runs.newest([pipeline.id for pipeline in page.items])

    async def create(
        self,
        caller: Caller,
        organization: UUID | None,
        name: str,
        description: str,
        source_id: UUID,
        destination_id: UUID,
        destination_namespace: str,
        streams: Sequence[StreamConfig],
        verification: str,
        rules: RunRules,
        request_id: UUID | None,
    ) -> Pipeline:
        """Adds a pipeline.

        Raises:
            InvalidFields: source and destination are the same, two streams land in one table, or the rules can't be.
            NotFound: a data source, or the pipeline that it follows, is not the organization's.
            ConnectorIncapable: the source can't be read, or the destination not written.
            AlreadyExists: the name is taken.
        """
        organization_id = caller.organization(organization)
        if source_id == destination_id:
            raise InvalidFields(Violation("destination_id", "must be another data source than source_id"))
        _check(streams, rules.retry_policy)
        pipeline_id, created = new_id(), now()
        async with self._store.begin(caller.scope) as tx:
            shape = fingerprint(
                str(organization_id), name, description, str(source_id), str(destination_id), destination_namespace,
                [asdict(stream) for stream in streams], verification, asdict(rules),
            )  # fmt: skip
            known = await tx.requests.claim(caller.user_id, "CreatePipeline", request_id, shape, pipeline_id)
            if known != pipeline_id:
                return await tx.pipelines.get(known)
            await self._require(tx, organization_id, source_id, Capability.SOURCE)
            await self._require(tx, organization_id, destination_id, Capability.DESTINATION)
            values = asdict(rules) | await scheduled(tx, organization_id, pipeline_id, rules.schedule, None)
            pipeline = await tx.pipelines.insert(
                Pipeline(
                    id=pipeline_id,
                    organization_id=organization_id,
                    name=name,
                    description=description,
                    source_id=source_id,
                    destination_id=destination_id,
                    destination_namespace=destination_namespace,
                    streams=list(streams),
                    verification=verification,
                    created_at=created,
                    updated_at=created,
                    version=1,
                    **values,
                )
            )
            await tx.schedules.wake()
            return pipeline

    async def get(self, caller: Caller, pipeline_id: UUID) -> tuple[Pipeline, Run | None]:
        """A pipeline and its newest run."""
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id)
            return pipeline, (await tx.runs.newest([pipeline_id])).get(pipeline_id)

    async def update(
        self, caller: Caller, pipeline_id: UUID, values: Mapping[str, Any], etag: str
    ) -> tuple[Pipeline, Run | None]:
        """Changes a pipeline; a run in flight goes on as it was queued.

        Raises:
            InvalidFields: two streams land in one table, or the rules can't be.
            NotFound, EtagMismatch, AlreadyExists.
        """
        _check(values.get("streams", ()), values.get("retry_policy"))
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id)
            if "schedule" in values:
                rest = {name: value for name, value in values.items() if name != "schedule"}
                organization = pipeline.organization_id
                values = rest | await scheduled(tx, organization, pipeline_id, values["schedule"], pipeline)
                await tx.schedules.wake()
            pipeline = await tx.pipelines.update(pipeline_id, values, etag=etag)
            return pipeline, (await tx.runs.newest([pipeline_id])).get(pipeline_id)

    async def delete(self, caller: Caller, pipeline_id: UUID, etag: str) -> None:
        """Deletes a pipeline with its runs and logs.

        Raises:
            RunInFlight: it runs.
            InUse: other pipelines run after it.
            NotFound, EtagMismatch.
        """
        async with self._store.begin(caller.scope) as tx:
            await self._authorized(tx, caller, pipeline_id, lock=True)
            run = await tx.runs.in_flight(pipeline_id)
            if run:
                raise RunInFlight(run.id)
            if await tx.schedules.followers(pipeline_id):
                raise InUse("pipeline", "pipelines that run after it")
            await tx.pipelines.delete(pipeline_id, etag=etag)

    async def start(self, caller: Caller, pipeline_id: UUID, request_id: UUID | None) -> Run:
        """Queues a run now, and ends a pause.

        Raises:
            RunInFlight: one is queued or running.
            LimitReached: the organization's runs or rows of today are used up.
        """
        run_id = new_id()
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id, lock=True)
            shape = fingerprint(str(pipeline_id))
            known = await tx.requests.claim(caller.user_id, "StartPipeline", request_id, shape, run_id)
            if known != run_id:
                return await tx.runs.get(known)
            running = await tx.runs.in_flight(pipeline_id)
            if running:
                raise RunInFlight(running.id)
            await self._quotas.require_run(tx, pipeline.organization_id)
            if pipeline.paused:
                await tx.pipelines.set(pipeline_id, await _started_by_hand(tx, pipeline))
                await tx.schedules.wake()
            return await tx.runs.enqueue(queued(run_id, pipeline, RunTrigger.MANUAL, caller.user_id))

    async def stop(self, caller: Caller, pipeline_id: UUID) -> Run:
        """Stops the run in flight and pauses the pipeline; stopping one that stops already changes nothing.

        Raises:
            NoRunInFlight: nothing runs.
        """
        async with self._store.begin(caller.scope) as tx:
            pipeline = await self._authorized(tx, caller, pipeline_id, lock=True)
            run = await tx.runs.in_flight(pipeline_id)
            if run is None:
                raise NoRunInFlight
            stopped = await tx.runs.stop(run)
            # Last: it locks the counter of changes, which whoever reports of the run locks after the run.
            if not pipeline.paused:
                await tx.pipelines.set(pipeline_id, {"paused": True})
            return stopped

    async def list_runs(
        self, caller: Caller, pipeline_id: UUID, states: Sequence[RunState], request: PageRequest
    ) -> Page[Run]:
        """A pipeline's runs, newest first."""
        async with self._store.begin(caller.scope) as tx:
            await self._authorized(tx, caller, pipeline_id)
            return await tx.runs.page_of(pipeline_id, states, request)

    async def get_run(self, caller: Caller, pipeline_id: UUID, run_id: UUID) -> Run:
        """A run of a pipeline."""
        async with self._store.begin(caller.scope) as tx:
            await self._authorized(tx, caller, pipeline_id)
            run = await tx.runs.get(run_id)
            if run.pipeline_id != pipeline_id:
                raise NotFound("run", run_id)
            return run

    async def chosen_run(self, caller: Caller, pipeline_id: UUID, run_id: UUID | None) -> Run:
        """The run whose log is meant: the one named, else the newest.

        Raises:
            NotFound: there is none.
        """
        if run_id is not None:
            return await self.get_run(caller, pipeline_id, run_id)
        _, newest = await self.get(caller, pipeline_id)
        if newest is None:
            raise NotFound("run", f"of pipeline {pipeline_id}")
        return newest

    async def read_log(
        self, caller: Caller, run: Run, position: Position, wanted: LogFilter, limit: int
    ) -> Sequence[LogEntry]:
        """The next entries of a run's log after a position; some of those that are not wanted are left out."""
        async with self._store.begin(caller.scope) as tx:
            return await tx.logs.read(run, position, wanted, limit)

    async def run_after(self, caller: Caller, run: Run) -> Run | None:
        """The pipeline's run that was queued next after another."""
        async with self._store.begin(caller.scope) as tx:
            await self._authorized(tx, caller, run.pipeline_id)
            return await tx.runs.run_after(run)

    async def _require(self, tx: Transaction, organization_id: UUID, source_id: UUID, capability: Capability) -> None:
        source = await tx.data_sources.get(source_id)
        if source.organization_id != organization_id:
            raise NotFound("data source", source_id)
        if capability not in registry.connector(source.connector).capabilities:
            raise ConnectorIncapable(source.connector, capability.value)

    async def _authorized(self, tx: Transaction, caller: Caller, pipeline_id: UUID, *, lock: bool = False) -> Pipeline:
        pipeline = await tx.pipelines.get(pipeline_id, lock=lock)
        caller.authorize(pipeline.organization_id)
        return pipeline


async def _started_by_hand(tx: Transaction, pipeline: Pipeline) -> dict[str, Any]:
    """The end of a pause by a run that makes up for what was missed, unless each time is to have its own."""
    if pipeline.schedule and pipeline.schedule.catch_up is CatchUp.ALL:
        return {"paused": False}
    following = next_after(pipeline.schedule, await tx.schedules.now()) if pipeline.schedule else None
    return {"paused": False, "next_run_at": following, "wanted": None}


def _check(streams: Sequence[StreamConfig], retry_policy: RetryPolicy | None) -> None:
    broken = list(check_retries(retry_policy))
    tables = [stream.destination_table or stream.name for stream in streams]
    for index, (stream, table) in enumerate(zip(streams, tables, strict=True)):
        if table in tables[:index]:
            where = f"streams[{index}].destination_table"
            broken.append(Violation(where, f"{table!r} is the table of another stream already"))
        broken += [Violation(f"streams[{index}].{name}", what) for name, what in _contradictions(stream)]
    if broken:
        raise InvalidFields(*broken)


def _contradictions(stream: StreamConfig) -> Iterator[tuple[str, str]]:
    """The settings of a stream that its mode needs, and those that would have no effect in it."""
    mode = SyncMode(stream.sync_mode)
    if mode.needs_cursor and not stream.cursor_column:
        yield "cursor_column", f"must name the cursor's column: {mode} needs one"
    if stream.cursor_column and mode in (SyncMode.FULL_REFRESH_OVERWRITE, SyncMode.FULL_REFRESH_APPEND):
        yield "cursor_column", f"must be empty: {mode} reads everything"
    if stream.cursor_lag and not stream.cursor_column:
        yield "cursor_lag", "must be 0 without a cursor_column"
    deletes = stream.deletes != Deletes.IGNORE
    if deletes and not mode.needs_key:
        yield "deletes", f"must be DELETES_IGNORE: {mode} does not find rows again; merge and history do"
    if stream.delete_check_seconds and not (deletes and stream.cursor_column):
        yield "delete_check_interval", "must be unset without deletes and a cursor_column: no keys are read apart"
