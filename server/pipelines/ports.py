"""What the pipelines service needs of storage and signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from server.data_sources.ports import DataSources, OrganizationKeys
from server.limits.ports import LimitRows
from server.live import Wait
from server.organizations.ports import Requests
from server.paging import Page, PageRequest
from server.pipelines.model import (
    Change,
    Checkpoint,
    LogEntry,
    LogFilter,
    Pipeline,
    Position,
    RejectedRow,
    Run,
    RunState,
    SchemaChange,
    StreamReceipt,
)
from server.scope import Scope


class Pipelines(Protocol):
    """The pipelines in a scope."""

    async def get(self, key: UUID, *, lock: bool = False) -> Pipeline:
        """Gets a pipeline or raises NotFound."""
        ...

    async def find(self, key: UUID, *, lock: bool = False) -> Pipeline | None:
        """Gets a pipeline, or None."""
        ...

    async def of_ids(self, ids: Sequence[UUID]) -> list[Pipeline]:
        """Those of some pipelines that there are."""
        ...

    async def insert(self, item: Pipeline) -> Pipeline:
        """Adds a pipeline; raises AlreadyExists."""
        ...

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> Pipeline:
        """Changes a pipeline; raises NotFound, EtagMismatch, AlreadyExists."""
        ...

    async def set(self, key: UUID, values: Mapping[str, Any]) -> Pipeline:
        """Changes what is no edit of a pipeline: its version stays."""
        ...

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes a pipeline with its runs; raises NotFound, EtagMismatch."""
        ...

    async def page_of(self, organization_id: UUID, request: PageRequest) -> Page[Pipeline]:
        """An organization's pipelines, newest first."""
        ...


class Changes(Protocol):
    """What has changed of an organization's pipelines."""

    async def after(self, organization_id: UUID, number: int, limit: int) -> Sequence[Change]:
        """The changes after a number, in order."""
        ...

    async def newest(self, organization_id: UUID) -> int:
        """The number of the newest change; 0 where there is none."""
        ...


class Runs(Protocol):
    """The runs in a scope."""

    async def get(self, key: UUID, *, lock: bool = False) -> Run:
        """Gets a run or raises NotFound."""
        ...

    async def enqueue(self, run: Run) -> Run:
        """Adds a run and hands it to the run engine, both or neither; raises RunInFlight."""
        ...

    async def has_occurred(self, pipeline_id: UUID, occurrence: str) -> Run | None:
        """The pipeline's run for an occurrence, such as a message."""
        ...

    async def in_flight(self, pipeline_id: UUID) -> Run | None:
        """The pipeline's run that has not ended."""
        ...

    async def newest(self, pipeline_ids: Sequence[UUID]) -> dict[UUID, Run]:
        """The newest run of each pipeline."""
        ...

    async def run_after(self, run: Run) -> Run | None:
        """The pipeline's run that was queued next after another."""
        ...

    async def stop(self, run: Run) -> Run:
        """Asks a run to stop; one that still waits is cancelled at once."""
        ...

    async def page_of(self, pipeline_id: UUID, states: Sequence[RunState], request: PageRequest) -> Page[Run]:
        """A pipeline's runs in some states, or all, newest first."""
        ...


class Schedules(Protocol):
    """What runs by itself."""

    async def now(self) -> datetime:
        """The time at which the transaction began, by the clock that schedules go by."""
        ...

    async def wake(self) -> None:
        """Tells schedulers to look again."""
        ...

    async def chain(self, organization_id: UUID, pipeline_id: UUID) -> list[UUID]:
        """A pipeline, the one it follows, and so on; until the transaction ends nobody else changes that."""
        ...

    async def followers(self, pipeline_id: UUID) -> list[UUID]:
        """The pipelines that follow one."""
        ...


class Checkpoints(Protocol):
    """The checkpoints of streams."""

    async def get(self, key: UUID, *, lock: bool = False) -> Checkpoint:
        """Gets a checkpoint or raises NotFound."""
        ...

    async def insert(self, item: Checkpoint) -> Checkpoint:
        """Adds a checkpoint."""
        ...

    async def page_of(
        self, pipeline_id: UUID, stream: tuple[str, str] | None, request: PageRequest
    ) -> Page[Checkpoint]:
        """A pipeline's checkpoints, or those of one stream (namespace and name), newest first."""
        ...

    async def set_by_somebody(self, pipeline_id: UUID) -> dict[tuple[str, str], Checkpoint]:
        """The newest checkpoint that somebody has set, by stream (namespace and name)."""
        ...


class SchemaChanges(Protocol):
    """The schema changes that runs have met."""

    async def page_of(self, pipeline_id: UUID, request: PageRequest) -> Page[SchemaChange]:
        """A pipeline's schema changes, newest first."""
        ...


class StreamReceipts(Protocol):
    """The receipts of streams."""

    async def of_run(self, run_id: UUID) -> list[StreamReceipt]:
        """A run's receipts, in the order of its streams."""
        ...


class RejectedRows(Protocol):
    """Rows that could not land."""

    async def page_of(
        self, pipeline_id: UUID, run_id: UUID | None, stream: str, *, replayed: bool, request: PageRequest
    ) -> Page[RejectedRow]:
        """A pipeline's rejected rows, newest first; empty values filter nothing."""
        ...

    async def claim_for(
        self,
        replay_run_id: UUID,
        pipeline_id: UUID,
        stream: tuple[str, str],
        ids: Sequence[UUID],
        corrected: Sequence[UUID],
        limit: int,
    ) -> list[UUID]:
        """Gives rows to a replay: those that are named, or the oldest that can be replayed."""
        ...


class Logs(Protocol):
    """The logs of runs."""

    async def read(self, run: Run, position: Position, wanted: LogFilter, limit: int) -> Sequence[LogEntry]:
        """The next entries after a position, in order; some of those that are not wanted are left out."""
        ...

    async def ends(self, run: Run) -> dict[int, int]:
        """The number of the newest entry of each writer."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def limits(self) -> LimitRows:
        """What the organization has used of its limits."""
        ...

    @property
    def pipelines(self) -> Pipelines:
        """Pipelines."""
        ...

    @property
    def runs(self) -> Runs:
        """Runs."""
        ...

    @property
    def schedules(self) -> Schedules:
        """What runs by itself."""
        ...

    @property
    def changes(self) -> Changes:
        """The order of changes of pipelines."""
        ...

    @property
    def checkpoints(self) -> Checkpoints:
        """Checkpoints of streams."""
        ...

    @property
    def schema_changes(self) -> SchemaChanges:
        """Schema changes of streams."""
        ...

    @property
    def stream_receipts(self) -> StreamReceipts:
        """Receipts of streams."""
        ...

    @property
    def rejected_rows(self) -> RejectedRows:
        """Rows that could not land."""
        ...

    @property
    def organization_keys(self) -> OrganizationKeys:
        """Data keys."""
        ...

    @property
    def logs(self) -> Logs:
        """Logs."""
        ...

    @property
    def data_sources(self) -> DataSources:
        """Data sources."""
        ...

    @property
    def requests(self) -> Requests:
        """Idempotent calls."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows; commits at the end unless it raises."""
        ...


class Signals(Protocol):
    """Says when a topic, such as a run, has news. A signal is a hint: the truth is in the tables."""

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[Wait]:
        """Listens for news of a topic: the id of a run, or of an organization for its pipelines."""
        ...
