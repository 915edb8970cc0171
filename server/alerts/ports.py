"""What alerts need of storage, of the platform's parts, and of the network."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from server.alerts.model import Alert, AlertFilter, Delivery, Silence, Value
from server.analytics.ports import Organizations
from server.config.model import ConfigKind
from server.config.ports import Configurations as AllConfigurations
from server.data_sources.ports import OrganizationKeys
from server.leases import Leases
from server.organizations.ports import Requests
from server.paging import Page, PageRequest
from server.scope import Scope


@dataclass(frozen=True)
class ComponentHealth:
    """How a component of the platform is."""

    component: str
    healthy: bool
    message: str = ""


class ComponentProbe(Protocol):
    """Looks at components of the platform, within a few seconds."""

    async def look(self) -> Sequence[ComponentHealth]:
        """How they are now; a component that does not answer is told as unhealthy, not raised."""
        ...


class Destinations(Protocol):
    """Which hosts messages may go to."""

    async def reachable(self, host: str) -> Sequence[str]:
        """The addresses of a host, of which only these are used; raises a Failure where nothing may go there."""
        ...


class Configurations(AllConfigurations, Protocol):
    """The versions of configurations, of all organizations."""

    async def newest_versions(self, kind: ConfigKind) -> Mapping[UUID, int]:
        """The number of the version that holds, by organization."""
        ...


class Alerts(Protocol):
    """Alerts in a scope, each change of one numbered in the order of commits, within an organization."""

    async def get(self, key: UUID, *, lock: bool = False) -> Alert:
        """Gets an alert or raises NotFound."""
        ...

    async def begin_changes(self, organization_id: UUID) -> None:
        """Lets nobody else change the organization's alerts until the transaction has ended."""
        ...

    async def save(self, alert: Alert) -> Alert:
        """Adds an alert or changes it, and tells whoever watches; only after `begin_changes`."""
        ...

    async def active(self, organization_id: UUID) -> list[Alert]:
        """The alerts that are pending or fire."""
        ...

    async def organizations(self) -> set[UUID]:
        """The organizations that have an active alert."""
        ...

    async def page_of_active(self, organization_id: UUID, request: PageRequest) -> Page[Alert]:
        """The alerts that are pending or fire, most severe first, then newest first."""
        ...

    async def page_of_snapshot(self, organization_id: UUID, request: PageRequest) -> Page[Alert]:
        """The alerts that are pending or fire, oldest first."""
        ...

    async def page_of(self, organization_id: UUID, wanted: AlertFilter, request: PageRequest) -> Page[Alert]:
        """Alerts, also those that are over, newest first."""
        ...

    async def newest_number(self, organization_id: UUID) -> int:
        """The number of the newest change; 0 where there is none."""
        ...

    async def changed_after(self, organization_id: UUID, number: int, limit: int) -> list[Alert]:
        """Alerts that have changed after a number, in the order of their newest changes."""
        ...

    async def problems(self, organization_id: UUID) -> Mapping[str, str]:
        """What is wrong with rules, by rule."""
        ...

    async def set_problems(self, organization_id: UUID, problems: Mapping[str, str]) -> None:
        """Says what is wrong with rules: with these, and with no others."""
        ...

    async def prune(self, kept: timedelta, kept_unfired: timedelta) -> None:
        """Forgets what was over so long ago, with its deliveries; alerts that never fired, earlier."""
        ...


class Silences(Protocol):
    """Silences in a scope."""

    async def get(self, key: UUID, *, lock: bool = False) -> Silence:
        """Gets a silence or raises NotFound."""
        ...

    async def insert(self, item: Silence) -> Silence:
        """Adds a silence."""
        ...

    async def end(self, key: UUID) -> None:
        """Ends a silence now; one that has not begun is removed, one that is over stays as it is."""
        ...

    async def active(self, organization_id: UUID) -> list[Silence]:
        """The silences that hold now."""
        ...

    async def prune(self, kept: timedelta) -> None:
        """Forgets silences that were over so long ago."""
        ...

    async def page_of(self, organization_id: UUID, request: PageRequest, *, ended: bool) -> Page[Silence]:
        """Silences, newest first; with `ended` also those that are over."""
        ...


class Deliveries(Protocol):
    """The outbox."""

    async def insert_all(self, items: Sequence[Delivery]) -> None:
        """Puts messages into the outbox, where they are not there already, and wakes whoever sends them."""
        ...

    async def claim(self, limit: int, length: timedelta, busy: Collection[tuple[UUID, str]]) -> list[Delivery]:
        """Messages that are due, counted as tried, and due again after a while unless they are settled.

        Few of each channel, and none of those that are busy (organization and name).
        """
        ...

    async def settle(self, delivery: Delivery) -> bool:
        """Says how a try has ended; False: somebody else has tried since."""
        ...

    async def prune_tests(self, kept: timedelta) -> None:
        """Forgets old tests."""
        ...

    async def seconds_until_next(self) -> float | None:
        """How long until another message is due; None: none will be."""
        ...

    async def page_of(
        self, organization_id: UUID, alert_id: UUID | None, channel: str, request: PageRequest
    ) -> Page[Delivery]:
        """Messages, newest first."""
        ...


@dataclass(frozen=True)
class RunRows:
    """The newest successful run of a pipeline, and how many rows it and those before it landed, newest first."""

    pipeline_id: UUID
    pipeline: str
    rows: Sequence[int]


class Facts(Protocol):
    """What conditions look at; each gives a value for every pipeline (or source) of an organization, with its labels.

    ``wanted`` are the ids of pipelines (or sources); none: all of them.
    """

    async def failed_in_a_row(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """How many runs have failed since the last one that succeeded; at most a hundred."""
        ...

    async def late(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """For how many seconds a run should have started that has not."""
        ...

    async def lag(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """Seconds since the last run that succeeded has ended; without one, since the pipeline was made."""
        ...

    async def rows_of_runs(self, organization_id: UUID, wanted: Sequence[UUID], history: int) -> list[RunRows]:
        """The rows of the newest successful runs, at most `history` besides the newest."""
        ...

    async def rejected_share(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """Which share of the rows that the newest ended run has read was rejected."""
        ...

    async def schema_changes(self, organization_id: UUID, wanted: Sequence[UUID], window: timedelta) -> list[Value]:
        """How many changes of schemas runs have met."""
        ...

    async def unhealthy_sources(self, organization_id: UUID, wanted: Sequence[UUID]) -> list[Value]:
        """1 for a source whose last check has failed, else 0."""
        ...

    async def queue_age(self, organization_id: UUID | None) -> float:
        """For how many seconds the run that waits longest could have been taken; None: of all organizations."""
        ...

    async def live_workers(self) -> int:
        """How many workers have said lately that they live."""
        ...


class Schedules(Protocol):
    """The clock that counts."""

    async def now(self) -> datetime:
        """The time at which the transaction began, by the database's clock."""
        ...


class Transaction(Protocol):
    """The repositories of one transaction."""

    @property
    def alerts(self) -> Alerts:
        """Alerts."""
        ...

    @property
    def alert_silences(self) -> Silences:
        """Silences."""
        ...

    @property
    def alert_deliveries(self) -> Deliveries:
        """The outbox."""
        ...

    @property
    def alert_facts(self) -> Facts:
        """What conditions look at."""
        ...

    @property
    def configurations(self) -> Configurations:
        """The versions of configurations."""
        ...

    @property
    def leases(self) -> Leases:
        """Who does what only one may do."""
        ...

    @property
    def organizations(self) -> Organizations:
        """Organizations."""
        ...

    @property
    def organization_keys(self) -> OrganizationKeys:
        """Data keys."""
        ...

    @property
    def requests(self) -> Requests:
        """Idempotent calls."""
        ...

    @property
    def schedules(self) -> Schedules:
        """The clock."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Transaction]:
        """Opens a transaction that sees the scope's rows; commits at the end unless it raises."""
        ...
