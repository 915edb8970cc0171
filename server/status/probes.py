"""How each component is looked at."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path

import httpx
import psutil

from server.scope import Scope
from server.status.model import SILENT, Facts, Finding, Health, Queue, Worker
from server.status.ports import Engine, Store

ANSWER_SECONDS = 3.0
TOTALS_SECONDS = 15.0
REVISION_SECONDS = 10.0
LONG_WAIT = timedelta(seconds=60)
# Of a large disk a small share is plenty: the smaller of both counts.
LOW_DISK = (0.10, 20 << 30)
FULL_DISK = (0.02, 1 << 30)


class DatabaseProbe:
    """PostgreSQL, and what it knows of workers and of the queue."""

    names = ("postgresql", "queue", "workers")
    seconds = ANSWER_SECONDS

    def __init__(self, store: Store) -> None:
        self._store = store
        self.facts = Facts()
        self._totals_at = -TOTALS_SECONDS

    async def look(self) -> Mapping[str, Finding]:
        """Has it answer; raises Unavailable."""
        self.facts, began, totals = Facts(totals=self.facts.totals), time.monotonic(), self.facts.totals
        async with self._store.begin(Scope.everything()) as tx:
            facts = await tx.status.facts(totals)
            latency = timedelta(seconds=time.monotonic() - began)
            if began - self._totals_at >= TOTALS_SECONDS:
                facts, self._totals_at = Facts(facts.workers, facts.queue, await tx.status.totals()), began
        self.facts = facts
        return {
            "postgresql": Finding(Health.OK, latency=latency),
            "queue": of_queue(facts.queue),
            "workers": of_workers(facts.workers),
        }


def of_queue(queue: Queue) -> Finding:
    """Whether runs wait for long."""
    if queue.oldest_age > LONG_WAIT:
        seconds = queue.oldest_age.total_seconds()
        return Finding(Health.DEGRADED, f"{queue.queued} runs wait for a worker, one for {seconds:.0f} s.")
    return Finding(Health.OK)


def of_workers(workers: tuple[Worker, ...]) -> Finding:
    """Whether there are workers, and all that there are live."""
    late = [worker for worker in workers if worker.health is Health.DOWN]
    if len(late) == len(workers):
        return Finding(Health.DOWN, "No worker lives: runs wait until one starts.")
    if late:
        names = ", ".join(worker.id for worker in late[:3])
        return Finding(Health.DEGRADED, f"Not heard of for more than {SILENT.total_seconds():.0f} s: {names}.")
    return Finding(Health.OK)


class MigrationsProbe:
    """Whether the database's schema is the one that this code needs; looked up every few seconds only."""

    names = ("migrations",)
    seconds = ANSWER_SECONDS

    def __init__(self, current: Callable[[], Awaitable[str | None]], needed: str | None) -> None:
        self._current = current
        self._needed = needed
        self._found: Finding | None = None
        self._at = 0.0

    async def look(self) -> Mapping[str, Finding]:
        """Compares the revisions."""
        if self._found is None or time.monotonic() - self._at >= REVISION_SECONDS:
            self._found = None  # where this look fails, the next one is to be made at once
            found = await self._current()
            message = (
                f"The schema is at revision {found or 'none'}, this server needs {self._needed}: run `make migrate`."
            )
            self._found = Finding(Health.OK) if found == self._needed else Finding(Health.DOWN, message)
            self._at = time.monotonic()
        return {"migrations": self._found}


class EngineProbe:
    """The analytics engine; where none is set up, nothing is known of it."""

    names = ("analytics",)
    seconds = ANSWER_SECONDS

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine

    async def look(self) -> Mapping[str, Finding]:
        """Has it answer; raises StoreUnavailable."""
        if self._engine is None:
            return {"analytics": Finding(Health.UNSPECIFIED, "This installation has no analytics store.")}
        began = time.monotonic()
        await self._engine.ping()
        return {"analytics": Finding(Health.OK, latency=timedelta(seconds=time.monotonic() - began))}


class GatewayProbe:
    """Envoy, asked for what it thinks of the servers behind it. One that is nowhere said to be may be absent."""

    names = ("gateway",)
    seconds = ANSWER_SECONDS

    def __init__(self, url: str, *, expected: bool) -> None:
        self._url = url
        self._expected = expected
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False)

    async def look(self) -> Mapping[str, Finding]:
        """Asks its health check."""
        return {"gateway": await self._found()}

    async def _found(self) -> Finding:
        began = time.monotonic()
        try:
            answer = await self._client.get(f"{self._url}/healthz")
        except httpx.HTTPError as error:
            if not self._expected:
                return Finding(Health.UNSPECIFIED, "No gateway is known: set THEDATA_GATEWAY_URL to have it watched.")
            return Finding(Health.DOWN, f"The gateway does not answer: {type(error).__name__}.")
        latency = timedelta(seconds=time.monotonic() - began)
        self._expected = True
        if answer.status_code == httpx.codes.OK:
            return Finding(Health.OK, latency=latency)
        message = "The gateway answers, but holds no server for able to serve."
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            message = f"The gateway answers its health check with HTTP {answer.status_code}."
        return Finding(Health.DEGRADED, message, latency)

    async def close(self) -> None:
        """Ends the connections."""
        await self._client.aclose()


class DiskProbe:
    """The file system of the home folder."""

    names = ("disk",)
    seconds = ANSWER_SECONDS

    def __init__(self, home: Path) -> None:
        self._home = home

    async def look(self) -> Mapping[str, Finding]:
        """Looks how much is free."""
        usage = psutil.disk_usage(str(self._home))
        return {"disk": of_disk(usage.total, usage.free)}


def of_disk(total: int, free: int) -> Finding:
    """Whether enough is free."""
    message = f"{free / (1 << 20):.0f} MiB of {total / (1 << 20):.0f} MiB are free in the home folder's file system."
    for health, (share, most) in ((Health.DOWN, FULL_DISK), (Health.DEGRADED, LOW_DISK)):
        if free < min(share * total, most):
            return Finding(health, message)
    return Finding(Health.OK)
