"""The whole stack under one supervisor: started in order, watched, ended in reverse."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from re import Pattern
from typing import Any, Protocol

from pydantic import SecretStr

from server.resources import BOOTSTRAP
from server.settings import FIRST_ADMIN_FILE, Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.envoy import Envoy
from server.stack.envoy_tracing import Collector
from server.stack.errors import ChildError, StackError
from server.stack.folder import make_folder, make_home
from server.stack.lock import FileLock
from server.stack.logs import ErrorRecords, LogFile
from server.stack.ports import at, ensure_free, free_port, reachable
from server.stack.postgres import EmbeddedPostgres
from server.stack.process import Child, Process, ended
from server.stack.readiness import grpc_serves, http_answers

MIGRATE_SECONDS = 600.0
HEALTHY_SECONDS = 30.0
STOP_MARGIN_SECONDS = 5.0


class Service(Protocol):
    """A part of the stack that runs until it is stopped: a child, PostgreSQL, Envoy."""

    @property
    def name(self) -> str:
        """Return the name that people know it by."""

    @property
    def log(self) -> LogFile:
        """Return where it logs to."""

    @property
    def errors(self) -> Pattern[str]:
        """Return what tells the records of its log that are shown on the terminal."""

    async def start(self) -> None:
        """Start it and return once it is ready."""

    async def wait(self) -> int:
        """Wait until it ends and return its exit code."""

    async def stop(self) -> None:
        """End it politely, within bounds."""

    def kill(self) -> None:
        """End it at once."""


@dataclass(frozen=True)
class Endpoints:
    """Where a healthy stack is reached."""

    rest_url: str
    grpc_address: str
    database_url: SecretStr
    home: Path
    logs: Path


@dataclass(frozen=True)
class Program:
    """What runs between PostgreSQL and Envoy: children that run to their end, one by one, then those that stay.

    `health_path` is asked over Envoy until it is answered.
    """

    setup: tuple[Child, ...]
    services: tuple[Child, ...]
    health_path: str = "/api/v1/auth/me"
    bootstrap: Path = BOOTSTRAP


@dataclass(frozen=True)
class Restarts:
    """How often a child that dies is started again: `limit` times `within` seconds, with doubling pauses."""

    limit: int = 5
    within: float = 60.0
    first_pause: float = 0.2
    longest_pause: float = 5.0


def platform(settings: Settings) -> Program:
    """Return the platform's own program: the gRPC server, which migrates, beside a worker, which waits for that."""
    environment = dict(os.environ) | variables(settings) | {"PYTHONUNBUFFERED": "1", "THEDATA_MIGRATE": "true"}
    stopping = ((signal.SIGTERM, settings.stop_grace_seconds + STOP_MARGIN_SECONDS),)

    def child(name: str, command: str, ready: Callable[[], Awaitable[None]] | None = None) -> Child:
        return Child(name, (sys.executable, "-m", "server", command), environment, ready, stopping=stopping)

    return Program(
        setup=(),
        services=(
            child("server", "serve", lambda: grpc_serves(reachable(settings.host), settings.grpc_port)),
            child("worker", "worker"),
        ),
    )


def variables(settings: Settings) -> dict[str, str]:
    """Return the environment variables that give another process the same settings, secrets included."""
    return {
        f"THEDATA_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in ((name, _plain(getattr(settings, name))) for name in Settings.model_fields)
        if value is not None
    }


async def run_stack(
    settings: Settings,
    *,
    on_ready: Callable[[Endpoints], Awaitable[int | None]] | None = None,
    program: Callable[[Settings], Program] = platform,
    restarts: Restarts = Restarts(),
    say: Callable[[str], None] | None = None,
) -> int:
    """Run the stack until a signal, and return the exit code of the process: 0 after SIGINT or SIGTERM, 1 on failure.

    `on_ready` runs once all is healthy; an exit code from it ends the stack, None keeps it serving. A second signal
    kills every child at once. Lines for the terminal go to `say`.
    """
    stack = _Stack(settings, program, restarts, say or _say)
    try:
        home = make_home(settings.home)
        lock = FileLock(make_folder(home / "run") / "stack.lock", f"the home folder {home}")
        lock.acquire()
    except (StackError, OSError) as error:
        stack.say(f"cannot start: {error}")
        return 1
    try:
        return await stack.run(on_ready)
    finally:
        lock.release()


class _Stack:
    def __init__(
        self,
        settings: Settings,
        program: Callable[[Settings], Program],
        restarts: Restarts,
        say: Callable[[str], None],
    ) -> None:
        self.settings = settings
        self.say = say
        self._program = program
        self._restarts = restarts
        self._started: list[Sequence[Service]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: asyncio.Future[None] | None = None
        self._logs = settings.home / "logs"

    async def run(self, on_ready: Callable[[Endpoints], Awaitable[int | None]] | None) -> int:
        stop = asyncio.Event()
        with self._signals(stop):
            body = asyncio.ensure_future(self._body(on_ready))
            stopped = asyncio.ensure_future(stop.wait())
            try:
                await asyncio.wait({body, stopped}, return_when=asyncio.FIRST_COMPLETED)
                return body.result() if body.done() else 0
            except (StackError, OSError) as error:
                self.say(f"the stack stops: {error}")
                return 1
            finally:
                for task in (body, stopped):
                    task.cancel()
                await asyncio.gather(body, stopped, return_exceptions=True)
                await self._stop()

    async def _body(self, on_ready: Callable[[Endpoints], Awaitable[int | None]] | None) -> int:
        self._failed = asyncio.get_running_loop().create_future()
        starting = asyncio.ensure_future(self._start(on_ready))
        try:
            # Whatever dies for good ends the wait, also in the middle of the start or of `on_ready`.
            either: set[asyncio.Future[Any]] = {starting, self._failed}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if starting.done() and (code := starting.result()) is not None:
                return code
            await self._failed
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
        return 1

    async def _start(self, on_ready: Callable[[Endpoints], Awaitable[int | None]] | None) -> int | None:
        began = time.monotonic()
        settings = self._settings_with_ports()
        make_folder(self._logs)
        settings = await self._with_embedded(settings)
        program = self._program(settings)
        for child in program.setup:
            await self._set_up(child)
        await self._start_together(*(Process(child, self._log(child)) for child in program.services))
        upstream = (settings.host, settings.grpc_port)
        envoy = Envoy(
            settings.home,
            host=settings.host,
            port=settings.http_port,
            upstream=upstream,
            bootstrap=program.bootstrap,
            collector=Collector.of(settings),
        )
        await self._start_together(envoy)
        await self._healthy(settings, program.health_path)
        endpoints = self._endpoints(settings)
        self._welcome(settings, endpoints, time.monotonic() - began)
        return await on_ready(endpoints) if on_ready else None

    async def _with_embedded(self, settings: Settings) -> Settings:
        """Start the engines that no URL names, and return the settings with their URLs."""
        postgres = EmbeddedPostgres(settings.home, settings.postgres_port)
        clickhouse = EmbeddedClickhouse(
            settings.home, settings.analytics_port, memory_bytes=settings.analytics_memory_bytes
        )
        engines: dict[str, Service] = {}
        if settings.database_url is None:
            engines["database_url"] = postgres
        if settings.analytics_url is None and settings.analytics_embedded:
            engines["analytics_url"] = clickhouse
        await self._start_together(*engines.values())
        urls = {"database_url": postgres.dsn, "analytics_url": lambda: clickhouse.url}
        reached = {name: SecretStr(urls[name]()) for name in engines}
        return settings.model_copy(update={**reached, "postgres_port": postgres.port})

    def _settings_with_ports(self) -> Settings:
        settings = self.settings
        chosen = {
            name: getattr(settings, name) or free_port(reachable(settings.host)) for name in ("http_port", "grpc_port")
        }
        if settings.http_port == settings.grpc_port != 0:
            raise StackError(f"THEDATA_HTTP_PORT and THEDATA_GRPC_PORT are both {settings.http_port}: change one")
        for name, port in chosen.items():
            ensure_free(settings.host, port, f"THEDATA_{name.upper()}")
        return settings.model_copy(update=chosen)

    async def _set_up(self, child: Child) -> None:
        process = Process(child, self._log(child))
        mirror = self._spawn(self._mirror(process))
        try:
            await process.finish(MIGRATE_SECONDS)
        finally:
            mirror.cancel()

    async def _start_together(self, *services: Service) -> None:
        self._started.append(services)
        for service in services:
            self._spawn(self._mirror(service))
        starts = [asyncio.ensure_future(service.start()) for service in services]
        try:
            await asyncio.gather(*starts)
        finally:
            for start in starts:
                start.cancel()
            await asyncio.gather(*starts, return_exceptions=True)
        for service in services:
            self._spawn(self._keep(service))

    async def _keep(self, service: Service) -> None:
        deaths: deque[float] = deque()
        while True:
            how = ended(await service.wait())
            deaths.append(time.monotonic())
            while deaths[0] < deaths[-1] - self._restarts.within:
                deaths.popleft()
            if len(deaths) > self._restarts.limit:
                self._give_up(service, how, len(deaths))
                return
            pause = min(self._restarts.first_pause * 2 ** (len(deaths) - 1), self._restarts.longest_pause)
            self.say(f"{service.name} {how}: starting it again in {pause:.1f} s")
            await asyncio.sleep(pause)
            try:
                await service.start()
            except StackError as error:
                self.say(f"{service.name} did not start again: {error}")

    def _give_up(self, service: Service, how: str, deaths: int) -> None:
        text = f"{service.name} {how}, {deaths} times within {self._restarts.within:g} s"
        if self._failed and not self._failed.done():
            self._failed.set_exception(ChildError(f"{text}; the end of {service.log.path}:\n{service.log.tail()}"))

    async def _mirror(self, service: Service) -> None:
        records, everything = ErrorRecords(service.errors), self.settings.log_level == "debug"
        async for line in service.log.follow():
            if records.take(line) or everything:
                self.say(f"{service.name:>8} | {line}")

    async def _healthy(self, settings: Settings, path: str) -> None:
        host, port = reachable(settings.host), settings.http_port
        try:
            async with asyncio.timeout(HEALTHY_SECONDS):
                await http_answers(host, port, path)
        except TimeoutError:
            url = f"http://{at(host, port)}{path}"
            raise StackError(f"{url} was not answered within {HEALTHY_SECONDS:g} s: see {self._logs}") from None

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for services in reversed(self._started):
            results = await asyncio.gather(*(service.stop() for service in services), return_exceptions=True)
            for failure in (result for result in results if isinstance(result, BaseException)):
                self.say(str(failure))

    def _kill(self) -> None:
        for services in reversed(self._started):
            for service in services:
                service.kill()

    @contextmanager
    def _signals(self, stop: asyncio.Event) -> Iterator[None]:
        loop = asyncio.get_running_loop()

        def on_signal(received: signal.Signals) -> None:
            if stop.is_set():
                self.say(f"{received.name} again: killing all")
                self._kill()
            else:
                self.say(f"{received.name}: stopping; once more kills at once")
                stop.set()

        # `nohup` ignores SIGHUP on purpose.
        handled = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            handled.append(signal.SIGHUP)
        for number in handled:
            loop.add_signal_handler(number, on_signal, number)
        try:
            yield
        finally:
            for number in handled:
                loop.remove_signal_handler(number)

    def _spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        assert isinstance(task, asyncio.Task)
        self._tasks.add(task)
        return task

    def _log(self, child: Child) -> LogFile:
        return LogFile(self._logs / f"{child.name}.log")

    def _endpoints(self, settings: Settings) -> Endpoints:
        host = reachable(settings.host)
        assert settings.database_url is not None
        return Endpoints(
            rest_url=f"http://{at(host, settings.http_port)}",
            grpc_address=at(host, settings.grpc_port),
            database_url=settings.database_url,
            home=settings.home,
            logs=self._logs,
        )

    def _welcome(self, settings: Settings, endpoints: Endpoints, seconds: float) -> None:
        names = [service.log.path.name for services in self._started for service in services]
        admin = settings.home / FIRST_ADMIN_FILE
        database = "THEDATA_DATABASE_URL" if self.settings.database_url else f"127.0.0.1:{settings.postgres_port}"
        self.say(
            "\n".join(
                (
                    f"theData.io is up ({seconds:.1f} s)",
                    f"  REST, gRPC, gRPC-Web   {endpoints.rest_url}",
                    f"  gRPC server            {endpoints.grpc_address}",
                    f"  PostgreSQL             {database}",
                    f"  home                   {endpoints.home}",
                    f"  logs                   {endpoints.logs}: {', '.join(names)}",
                    *_shown_once(admin),
                    "Ctrl-C stops it.",
                )
            )
        )


def _shown_once(admin: Path) -> list[str]:
    """Return the first administrator's password for the terminal, and forget it."""
    if not admin.exists():
        return []
    email, password = admin.read_text().splitlines()
    admin.unlink()
    return [f"  first administrator    {email}, password {password} (shown this once)"]


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, (Path, IPv4Network, IPv6Network)):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
