"""One look at everything for all who ask in this process: probes run at once, each within its own time."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import structlog

from server.clock import now
from server.errors import Failure, Unavailable
from server.pipelines.ports import Signals
from server.status.model import Component, Facts, Finding, Health, Host, Status, by_problem
from server.status.ports import CHANGED, Probe

log = structlog.get_logger("status")

LOOK_SECONDS = 2.0
FRESH_SECONDS = 1.0

Listener = Callable[[Status], Awaitable[None]]


class Prober:
    """Looks every two seconds, and when somebody asks later than a second after that."""

    def __init__(
        self,
        probes: Sequence[Probe],
        facts: Callable[[], Facts],
        home: Path,
        signals: Signals,
        tell: Callable[[str], None],
        listener: Listener,
    ) -> None:
        self._probes = probes
        self._facts = facts
        self._home = home
        self._signals = signals
        self._tell = tell
        self._listener = listener
        self._began = time.monotonic()
        self._errors: dict[str, tuple[str, datetime]] = {}
        self._healths: dict[str, Health] = {}
        self._looking: asyncio.Task[Status] | None = None
        self._newest: Status | None = None
        self._looked = 0.0

    async def status(self) -> Status:
        """The state of late."""
        if self._newest and time.monotonic() - self._looked <= FRESH_SECONDS:
            return self._newest
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._renew())
        # Of a task of its own: one who leaves must not take it from all others.
        return await asyncio.shield(self._looking)

    async def run(self) -> None:
        """Goes on until the process is about to end."""
        with suppress(Unavailable):
            async with self._signals.subscribe("") as news:
                while True:
                    try:
                        await self.status()
                    except Exception:
                        log.exception("bug")
                    await news(LOOK_SECONDS)

    async def close(self) -> None:
        """Lets a look come to its end."""
        if self._looking:
            await asyncio.wait({self._looking})

    async def _renew(self) -> Status:
        before, self._newest = self._newest, await self._look()
        self._looked = time.monotonic()
        await self._listener(self._newest)
        if before is None or before.mark != self._newest.mark:
            self._tell(CHANGED)
        return self._newest

    async def _look(self) -> Status:
        found: dict[str, Finding] = {}
        for each in await asyncio.gather(*map(_tried, self._probes)):
            found |= each
        return Status(
            now(),
            timedelta(seconds=time.monotonic() - self._began),
            by_problem([self._component(name, finding) for name, finding in found.items()]),
            self._host(),
            self._facts(),
        )

    def _component(self, name: str, finding: Finding) -> Component:
        if finding.health >= Health.DEGRADED:
            self._errors[name] = (finding.message, now())
        if finding.health is not (before := self._healths.get(name, Health.UNSPECIFIED)):
            self._healths[name] = finding.health
            write = log.warning if finding.health >= Health.DEGRADED else log.info
            write("component", name=name, health=finding.health.name, before=before.name, message=finding.message)
        text, at = self._errors.get(name, ("", None))
        return Component(name, finding.health, finding.message, finding.latency, text, at)

    def _host(self) -> Host:
        memory, disk, network = psutil.virtual_memory(), psutil.disk_usage(str(self._home)), psutil.net_io_counters()
        return Host(
            socket.gethostname(),
            psutil.cpu_count() or 1,
            psutil.cpu_percent(),
            psutil.getloadavg()[0],
            memory.total,
            memory.available,
            disk.total,
            disk.free,
            network.bytes_sent,
            network.bytes_recv,
        )


async def _tried(probe: Probe) -> Mapping[str, Finding]:
    try:
        async with asyncio.timeout(probe.seconds):
            return await probe.look()
    except TimeoutError:
        reason = f"It did not answer within {probe.seconds:g} s."
    except Failure as failure:
        reason = f"{failure.message} ({type(failure.__cause__ or failure).__name__})"
    except OSError as error:
        reason = f"It can't be reached ({type(error).__name__})."
    except Exception as error:
        log.exception("bug", probe=probe.names[0])
        reason = f"It can't be looked at ({type(error).__name__})."
    first, *others = probe.names
    unknown = Finding(Health.UNSPECIFIED, f"Not known: {first} does not answer.")
    return {first: Finding(Health.DOWN, reason), **dict.fromkeys(others, unknown)}
