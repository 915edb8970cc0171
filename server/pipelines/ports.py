"""What the pipelines service needs of storage and signals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID

from server.data_sources.ports import DataSources
from server.organizations.ports import Requests
from server.paging import Page, PageRequest
from server.pipelines.model import LogEntry, LogLevel, Pipeline, Position, Run, RunState
from server.scope import Scope


class Pipelines(Protocol):
    """The pipelines in a scope."""

    async def get(self, key: UUID, *, lock: bool = False) -> Pipeline:
        """Gets a pipeline or raises NotFound."""
        ...

    async def insert(self, item: Pipeline) -> Pipeline:
        """Adds a pipeline; raises AlreadyExists."""
        ...

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> Pipeline:
        """Changes a pipeline; raises NotFound, EtagMismatch, AlreadyExists."""
        ...

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes a pipeline with its runs; raises NotFound, EtagMismatch."""
        ...

    async def page_of(self, organization_id: UUID, request: PageRequest) -> Page[Pipeline]:
        """An organization's pipelines, newest first."""
        ...


class Runs(Protocol):
    """The runs in a scope."""

    async def get(self, key: UUID, *, lock: bool = False) -> Run:
        """Gets a run or raises NotFound."""
        ...

    async def enqueue(self, run: Run) -> Run:
        """Adds a run and hands it to the run engine, both or neither; raises RunInFlight."""
        ...

    async def in_flight(self, pipeline_id: UUID) -> Run | None:
        """The pipeline's run that has not ended."""
        ...

    async def newest(self, pipeline_ids: Sequence[UUID]) -> dict[UUID, Run]:
        """The newest run of each pipeline."""
        ...

    async def stop(self, run: Run) -> Run:
        """Asks a run to stop; one that still waits is cancelled at once."""
        ...

    async def page_of(self, pipeline_id: UUID, states: Sequence[RunState], request: PageRequest) -> Page[Run]:
        """A pipeline's runs in some states, or all, newest first."""
        ...


class Logs(Protocol):
    """The logs of runs."""

    async def read(self, run: Run, position: Position, min_level: LogLevel, limit: int) -> Sequence[LogEntry]:
        """The next entries after a position, in order."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def pipelines(self) -> Pipelines:
        """Pipelines."""
        ...

    @property
    def runs(self) -> Runs:
        """Runs."""
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


Wait = Callable[[float], Awaitable[bool]]
"""Waits for news of a run, at most so many seconds; whether there were any."""


class Signals(Protocol):
    """Says when a run has news. A signal is a hint: the truth is in the tables."""

    def subscribe(self, run_id: UUID) -> AbstractAsyncContextManager[Wait]:
        """Listens for news of a run."""
        ...
