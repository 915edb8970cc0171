"""What the analytics services need of storage: of PostgreSQL the ledger, of the analytics store the rows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import pyarrow as pa

from server.analytics.model import (
    Batch,
    Event,
    EventQuery,
    Facets,
    Kind,
    MetricAnswer,
    MetricQuery,
    Point,
    Producer,
    RejectedItem,
    Resolution,
)
from server.analytics.questions import Column, Form, Table, TableQuery
from server.analytics.run_facts import Lag
from server.analytics.view_model import Content, RealtimeView
from server.audit.ports import Entries
from server.config.model import TableRetention
from server.leases import Leases
from server.organizations.model import Organization
from server.paging import Page, PageRequest
from server.pipelines.model import Run
from server.scope import Scope

Place = tuple[datetime, UUID]


class Ingest(Protocol):
    """The ledger of batches."""

    async def reserve(self, organization_id: UUID, kind: Kind, token: str | None, items: int) -> Batch:
        """A number for a batch; for a token that was there before, the batch that it named."""
        ...

    async def commit(self, batch: Batch, accepted: int, rejected: int, duplicates: int) -> bool:
        """Says that a batch is in the store; False: somebody else has said so."""
        ...

    async def lock_ids(self, organization_id: UUID) -> None:
        """Lets nobody else look for an organization's event ids until the transaction has ended."""
        ...

    async def producer(self, organization_id: UUID, name: str) -> Producer:
        """How far a producer has come."""
        ...

    async def advance(self, organization_id: UUID, name: str, sequence: int) -> None:
        """Says that everything of a producer up to a sequence is durable."""
        ...

    async def stale(self, age: timedelta, limit: int) -> list[Batch]:
        """Batches that were begun long ago and are not known to be in the store."""
        ...

    async def lock_stale(self, batch: Batch) -> bool:
        """Whether a batch is still not known to be in the store; it does not become so in this transaction."""
        ...

    async def forget(self, batch: Batch) -> None:
        """Forgets a batch that is not in the store."""
        ...

    async def to_gather(self, limit: int) -> tuple[int, list[int]] | None:
        """A group of batches of metrics that are not in the roll-ups yet, by the group's number."""
        ...

    async def gathered(self, group: int) -> None:
        """Says that a group is in the roll-ups."""
        ...

    async def head(self, organization_id: UUID, kind: Kind) -> int:
        """The newest version of what an organization has sent."""
        ...

    async def snapshot(self, organization_id: UUID, kind: Kind) -> tuple[int, int, list[int]]:
        """The newest version, the highest number of a batch, and the numbers below that have no version yet."""
        ...

    async def tell(self) -> None:
        """Tells whoever looks after what was taken in that there is something to do."""
        ...

    async def newest(self, organization_id: UUID, kind: Kind) -> datetime | None:
        """When the newest batch that is in the store was taken in."""
        ...

    async def between(self, organization_id: UUID, kind: Kind, after: int, last: int) -> list[int]:
        """The numbers of the batches with versions above one, up to another."""
        ...

    async def prune(self, age: timedelta) -> None:
        """Forgets old batches that everything has been done for, and old items in quarantine."""
        ...


class RejectedItems(Protocol):
    """Items in quarantine."""

    async def insert_all(self, items: Sequence[RejectedItem]) -> None:
        """Puts items into quarantine."""
        ...

    async def page(self, request: PageRequest) -> Page[RejectedItem]:
        """A page, newest first."""
        ...


class Projections(Protocol):
    """What is to be told of runs."""

    async def behind(self, limit: int) -> Sequence[UUID]:
        """Organizations of which something is not told."""
        ...

    async def since_success(self) -> Sequence[Lag]:
        """Of pipelines with a schedule that are not paused: how long ago the newest run that succeeded began."""
        ...

    async def frozen(self, organization_id: UUID) -> dict[str, Any] | None:
        """What is on its way; nobody else freezes anything meanwhile."""
        ...

    async def untold(self, organization_id: UUID, limit: int) -> list[tuple[Run, Mapping[str, Any]]]:
        """Runs that have changed since they were told, with what was told."""
        ...

    async def freeze(self, organization_id: UUID, facts: Mapping[str, Any], told: Mapping[UUID, Any]) -> None:
        """Says what is told next, and what will then have been told of runs."""
        ...

    async def sent(self, organization_id: UUID, facts: Mapping[str, Any]) -> None:
        """Says that what was frozen is in the store."""
        ...


class Organizations(Protocol):
    """The organizations in a scope."""

    async def get(self, key: UUID, *, lock: bool = False) -> Organization:
        """Gets an organization or raises NotFound."""
        ...

    async def among(self, keys: Collection[UUID]) -> set[UUID]:
        """Which of some organizations there are."""
        ...


class RealtimeViews(Protocol):
    """Realtime views."""

    async def of_organization(self, organization_id: UUID) -> Sequence[RealtimeView]:
        """An organization's views, by name."""
        ...

    async def named(self, organization_id: UUID, name: str) -> RealtimeView | None:
        """A view by its name."""
        ...

    async def find(self, key: UUID) -> RealtimeView | None:
        """A view by its id."""
        ...

    async def ensure(self, view: RealtimeView) -> RealtimeView:
        """The view of that name, which is made where it is missing."""
        ...

    async def insert(self, item: RealtimeView) -> RealtimeView:
        """Adds a view; raises AlreadyExists."""
        ...

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> RealtimeView:
        """Changes a view; raises NotFound, EtagMismatch."""
        ...

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes a view; raises NotFound, EtagMismatch."""
        ...

    async def generations(self, keys: Collection[UUID]) -> Mapping[UUID, int]:
        """The generations of those of some views that there are."""
        ...

    async def behind(self, limit: int) -> Sequence[RealtimeView]:
        """Views that begin, or whose source has come further than they have."""
        ...

    async def begin_again(self, view: RealtimeView) -> int | None:
        """A new generation of a view; None when it was changed meanwhile."""
        ...

    async def freeze(self, view: RealtimeView, head: int) -> int | None:
        """The version to which a view goes next."""
        ...

    async def advance(self, view_id: UUID, generation: int, version: int) -> None:
        """Says that a generation of a view has come to a version."""
        ...

    async def tell(self, view_id: UUID) -> None:
        """Tells whoever watches a view that there is news."""
        ...


class Runs(Protocol):
    """The runs of pipelines."""

    async def find(self, key: UUID) -> Run | None:
        """Gets a run, or None."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def runs(self) -> Runs:
        """Runs."""
        ...

    @property
    def projections(self) -> Projections:
        """What is to be told of runs."""
        ...

    @property
    def ingest(self) -> Ingest:
        """The ledger of batches."""
        ...

    @property
    def rejected_items(self) -> RejectedItems:
        """Items in quarantine."""
        ...

    @property
    def organizations(self) -> Organizations:
        """Organizations."""
        ...

    @property
    def views(self) -> RealtimeViews:
        """Realtime views."""
        ...

    @property
    def leases(self) -> Leases:
        """Leases."""
        ...

    @property
    def audit(self) -> Entries:
        """What was changed and denied."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows."""
        ...


class Rows(Protocol):
    """Rows that came in batches."""

    async def insert(self, rows: pa.Table, batch: int) -> None:
        """Stores a batch's rows; the same batch again changes nothing."""
        ...

    async def count(self, organization_id: UUID, batch: int) -> int:
        """How many rows of a batch are there."""
        ...

    async def forget(self, organization_id: UUID, batch: int) -> None:
        """Removes what is there of a batch."""
        ...


class Events(Rows, Protocol):
    """Events in the analytics store."""

    async def known(
        self, organization_id: UUID, ids: Sequence[UUID], first: datetime, last: datetime, batch: int
    ) -> set[UUID]:
        """Which of some ids other batches have brought at about these times."""
        ...

    async def page(self, organization_id: UUID, query: EventQuery, size: int, before: Place | None) -> list[Event]:
        """Events that are asked for, newest first, after a place in that order."""
        ...

    async def facets(self, organization_id: UUID, query: EventQuery) -> Facets:
        """How many of the events that are asked for there are, by kind and by time."""
        ...


class Metrics(Rows, Protocol):
    """Metrics in the analytics store."""

    async def gather(self, group: int, batches: Sequence[int]) -> None:
        """Adds some batches to what is gathered; the same group again adds nothing."""
        ...

    async def points(self, organization_id: UUID, query: MetricQuery, resolution: Resolution) -> MetricAnswer:
        """A metric's points by step, from one resolution."""
        ...

    async def newest(
        self, organization_id: UUID, names: Sequence[str], batches: Sequence[int], limit: int
    ) -> list[Point]:
        """The newest point of each series among some batches."""
        ...


class Views(Protocol):
    """The states of realtime views."""

    async def begin(self, view: RealtimeView, generation: int, version: int, last: int, besides: Sequence[int]) -> None:
        """Makes a generation of what is there of the batches up to a number besides some."""
        ...

    async def add(self, view: RealtimeView, version: int, batches: Sequence[int]) -> None:
        """Adds some batches to a view; the same version again adds nothing."""
        ...

    async def content(self, view: RealtimeView, now: datetime) -> Content:
        """The rows of a view."""
        ...

    async def states(self) -> set[tuple[UUID, int]]:
        """The views of which there are states, each with the generation."""
        ...

    async def drop(self, view_id: UUID, generation: int) -> None:
        """Removes the states of a generation of a view."""
        ...


class Tables(Protocol):
    """The tables that can be asked: what pipelines have landed, events and metrics."""

    async def landed(self, organization_id: UUID, name: str) -> Table | None:
        """A landed table by its own name; None: there is none."""
        ...

    async def find(self, organization_id: UUID, name: str) -> Table:
        """A table by its name; raises UnknownTable."""
        ...

    async def all(self, organization_id: UUID) -> list[Table]:
        """All tables of an organization, by name, with how much they have."""
        ...

    async def page(
        self, table: Table, query: TableQuery, size: int, offset: int, seconds: float
    ) -> tuple[Sequence[Column], list[list[Any]]]:
        """Some rows of an answer; raises InvalidFields, QueryTooSlow, QueryTooLarge."""
        ...

    def stream(self, table: Table, query: TableQuery, form: Form, seconds: float) -> AsyncGenerator[bytes, None]:
        """A whole answer in pieces; raises InvalidFields, QueryTooSlow, QueryTooLarge."""
        ...


class AnalyticsStore(Protocol):
    """The analytics store; every call raises StoreUnavailable while it can't be reached."""

    async def events(self) -> Events:
        """Events."""
        ...

    async def metrics(self) -> Metrics:
        """Metrics."""
        ...

    async def views(self) -> Views:
        """The states of realtime views."""
        ...

    async def tables(self) -> Tables:
        """The tables that can be asked."""
        ...

    async def keep(self, events: timedelta | None, points: timedelta | None, tables: Sequence[TableRetention]) -> None:
        """Has events, points and rows of landed tables removed when they are older; None: never."""
        ...

    async def ping(self) -> None:
        """Has the engine answer."""
        ...

    async def owners(self, *, of_rows: bool) -> set[UUID]:
        """The organizations that have a database; with those that have events or metrics, which takes a while."""
        ...

    async def drop_organization(self, organization_id: UUID) -> None:
        """Removes all that an organization has."""
        ...

    async def close(self) -> None:
        """Ends the connections."""
        ...
