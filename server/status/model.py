"""The state of the platform as one server sees it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

NUMBER = re.compile(r"[0-9]+")
SILENT = timedelta(seconds=8)
"""A worker that was not heard of for longer is taken for dead, and its runs start again elsewhere."""


class Health(IntEnum):
    """How well something works; the greater, the worse."""

    UNSPECIFIED = 0
    OK = 1
    DEGRADED = 2
    DOWN = 3


@dataclass(frozen=True)
class Finding:
    """What a look at a component has found; ``message`` says what is wrong, to be shown."""

    health: Health
    message: str = ""
    latency: timedelta | None = None


@dataclass(frozen=True)
class Component:
    """A component, and the last error that was seen of it, also when it is over."""

    name: str
    health: Health
    message: str = ""
    latency: timedelta | None = None
    last_error: str = ""
    last_error_at: datetime | None = None


@dataclass(frozen=True)
class Worker:
    """A worker process, by its heartbeat."""

    id: str
    host: str
    version: str
    seen_at: datetime
    started_at: datetime
    silent: timedelta
    carried: int
    concurrency: int

    @property
    def health(self) -> Health:
        """Whether it lives."""
        return Health.DOWN if self.silent > SILENT else Health.OK


@dataclass(frozen=True)
class Queue:
    """Runs that wait for a worker."""

    queued: int = 0
    oldest_age: timedelta = timedelta(0)
    running: int = 0


@dataclass(frozen=True)
class Totals:
    """What was synchronized in all organizations in the last 24 hours."""

    pipelines: int = 0
    runs_succeeded: int = 0
    runs_failed: int = 0
    rows_committed: int = 0
    bytes_read: int = 0
    rows_rejected: int = 0


@dataclass(frozen=True)
class Host:
    """What the machine has, and how much of it is in use; disk: of the home folder's file system."""

    hostname: str
    cpu_count: int
    cpu_percent: float
    load_average: float
    memory_bytes: int
    memory_available_bytes: int
    disk_bytes: int
    disk_free_bytes: int
    network_sent_bytes: int
    network_received_bytes: int


@dataclass(frozen=True)
class Facts:
    """What PostgreSQL knows."""

    workers: tuple[Worker, ...] = ()
    queue: Queue = Queue()
    totals: Totals = Totals()


@dataclass(frozen=True)
class Status:
    """All of it, problems first."""

    time: datetime
    uptime: timedelta
    components: tuple[Component, ...]
    host: Host
    facts: Facts

    @property
    def health(self) -> Health:
        """The worst of the components'."""
        return max((component.health for component in self.components), default=Health.UNSPECIFIED)

    def of(self, name: str) -> Health:
        """The health of a component."""
        return next((one.health for one in self.components if one.name == name), Health.UNSPECIFIED)

    @property
    def mark(self) -> str:
        """The same as long as nothing has changed that is worth telling: what moves all the time is left out."""
        components = [(one.name, one.health, NUMBER.sub("", one.message)) for one in self.components]
        workers = [(one.id, one.health, one.carried, one.concurrency) for one in self.facts.workers]
        queue = (self.facts.queue.queued, self.facts.queue.running)
        told = repr((sorted(components), sorted(workers), queue, self.facts.totals))
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def by_problem(components: list[Component]) -> tuple[Component, ...]:
    """Components, the worst first, and in their own order else."""
    return tuple(sorted(components, key=lambda one: -one.health))
