"""The platform's processes: `python -m server serve | worker | migrate | gateway | stack | ...`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
import typer

from server import logs
from server.settings import Settings

if TYPE_CHECKING:
    from server.analytics.maintenance import Maintenance

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
analytics = typer.Typer(
    no_args_is_help=True, help="Looks after the analytics store. Of an embedded one stop the stack."
)
app.add_typer(analytics, name="analytics")
log = structlog.get_logger("main")

MIGRATION_SECONDS = 600.0
HEALTH_SECONDS = 3.0

NEEDS_MIGRATION, NOT_THERE, NEWER_SCHEMA = 3, 4, 5
"""Exit codes of `schema`, which scripts branch on."""

T = TypeVar("T")


class Stopped(Exception):  # noqa: N818 - a wish, not a fault
    """The process was told to end before it had done what it was started for."""


@app.command()
def serve() -> None:
    """Serves the gRPC API until SIGTERM."""
    from server.app import build

    settings = Settings()

    async def serving() -> None:
        stop = _stop_event()
        running = build(settings)
        port = await _unless_stopped(stop, running.start())
        log.info("serving", address=f"{settings.host}:{port}")
        await stop.wait()
        log.info("stopping")
        await running.stop()

    _run(settings, serving())


@app.command()
def worker() -> None:
    """Carries out runs until SIGTERM; any number of workers, on any machine, share the work."""
    import duckdb  # noqa: F401 - what the first run would wait for otherwise
    import uvloop

    from server.app import build_worker
    from server.storage import schema

    settings = Settings()

    async def working() -> None:
        stop = _stop_event()
        async with build_worker(settings) as (base, working):
            await schema.wait_until_current(base.database.url, MIGRATION_SECONDS)
            await base.config.read()
            base.signals.start()
            base.telemetry.start(lambda: base.config.system)
            await working.run(stop)

    # COPY moves through the loop in small pieces: libuv brings them a third faster than asyncio's own loop.
    _run(settings, working(), uvloop.new_event_loop)


@app.command()
def migrate(revision: str = typer.Option("head", help="The revision to go to; `head` is the newest.")) -> None:
    """Upgrades the schema, or downgrades it to an earlier revision, and makes the first platform administrator."""
    from server.app import Foundation, build
    from server.stack.embedded import with_database
    from server.storage import schema

    settings = Settings()

    async def migrating() -> None:
        stop = _stop_event()
        async with with_database(settings) as reached:
            if revision == "head":
                await _unless_stopped(stop, build(reached).migrate())
            else:
                url = Foundation.lay(reached, "migrate").database.url
                await _unless_stopped(stop, schema.move(url, revision))

    _run(settings, migrating())


@app.command("schema")
def tell_schema(
    wait: float = typer.Option(0.0, min=0.0, max=3600.0, help="Seconds to wait for the database to be there."),
) -> None:
    """Tells the schema's state: exit code 0 current, 3 to be migrated, 4 no database, 5 made by newer code."""
    from server.app import NoDatabase
    from server.storage import schema

    settings = Settings()

    async def telling() -> None:
        if settings.database_url is None:
            raise NoDatabase("Set THEDATA_DATABASE_URL; the embedded PostgreSQL is looked after by `make run`.")
        try:
            found = await schema.state(settings.database_url.get_secret_value(), wait)
        except schema.Unreachable as error:
            log.error("no_database", reason=str(error))  # noqa: TRY400 - told in words, not as a traceback
            raise typer.Exit(NOT_THERE) from error
        log.info("schema", state=found.value)
        if found is schema.State.UNKNOWN:
            raise typer.Exit(NEWER_SCHEMA)
        if found is not schema.State.CURRENT:
            raise typer.Exit(NEEDS_MIGRATION)

    _run(settings, telling())


@app.command()
def gateway(
    upstream: str = typer.Option("127.0.0.1:50051", help="The gRPC servers, as host:port; of a name, all addresses."),
    concurrency: int = typer.Option(2, min=1, max=256, help="Threads of Envoy."),
) -> None:
    """Becomes Envoy on THEDATA_HOST and THEDATA_HTTP_PORT, in front of the gRPC servers."""
    from server.stack.envoy import become, write
    from server.stack.folder import make_folder
    from server.stack.ports import numeric

    settings = Settings()
    host, colon, port = upstream.rpartition(":")
    if not colon or not port.isdecimal():
        raise typer.BadParameter(f"{upstream} is not of the form host:port", param_hint="--upstream")
    config = make_folder(settings.home / "run") / "gateway.yaml"
    write(config, listen=(numeric(settings.host), settings.http_port), upstream=(host.strip("[]"), int(port)))
    become(config, concurrency)


@app.command()
def health() -> None:
    """Asks the gRPC server of this machine whether it can serve: exit code 0, else 1."""
    from server.stack.ports import reachable
    from server.stack.readiness import grpc_serves

    settings = Settings()

    async def asking() -> None:
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                await grpc_serves(reachable(settings.host), settings.grpc_port)
        except TimeoutError as error:
            log.error("not_serving", within_seconds=HEALTH_SECONDS)  # noqa: TRY400 - told in words
            raise typer.Exit(1) from error

    _run(settings, asking())


@analytics.command()
def backup(name: str = typer.Argument(help="What it is called; a new one.")) -> None:
    """Makes a backup of the analytics store, in the folder backups/clickhouse of the home, or as the server allows."""
    _maintain(lambda maintenance: maintenance.backup(name))


@analytics.command()
def restore(name: str = typer.Argument(help="The backup's name.")) -> None:
    """Puts a backup in the place of what the analytics store has, then does what `rebuild` does."""
    _maintain(lambda maintenance: maintenance.restore(name))


@analytics.command()
def rebuild() -> None:
    """Tells the analytics store anew what PostgreSQL knows of runs; makes roll-ups and realtime views anew."""
    _maintain(lambda maintenance: maintenance.rebuild())


def _maintain(work: Callable[[Maintenance], Coroutine[Any, Any, None]]) -> None:
    from server.app import build_maintenance
    from server.stack.embedded import with_stores

    settings = Settings()

    async def maintaining() -> None:
        stop = _stop_event()
        async with with_stores(settings) as reached, build_maintenance(reached) as maintenance:
            await _unless_stopped(stop, work(maintenance))

    _run(settings, maintaining())


@app.command()
def stack() -> None:
    """Starts and watches everything on this machine: PostgreSQL, server, worker, Envoy."""
    from server.stack.supervisor import run_stack

    settings = Settings()
    logs.configure(settings)
    raise typer.Exit(asyncio.run(run_stack(settings)))


def _run(
    settings: Settings,
    main: Coroutine[Any, Any, None],
    loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop,
) -> None:
    import asyncpg

    from server.analytics.errors import BackupFailed
    from server.analytics.maintenance import Busy
    from server.app import NoDatabase
    from server.errors import Failure
    from server.keys import MasterKeyError
    from server.stack.errors import StackError
    from server.storage.schema import OutdatedSchema

    logs.configure(settings)
    try:
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(main)
    except (
        BackupFailed,
        Busy,
        NoDatabase,
        MasterKeyError,
        OutdatedSchema,
        StackError,
        Failure,
        Stopped,
        asyncpg.PostgresError,
        OSError,
    ) as error:
        log.error("not_started", reason=str(error))  # noqa: TRY400 - told in words, not as a traceback
        raise typer.Exit(1) from error


def _stop_event() -> asyncio.Event:
    """An event that the first SIGTERM or SIGINT sets; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop_or_exit() -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_or_exit)
    return stop


async def _unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """Does a work, or unwinds it when the process is told to end.

    A process that just died would leave its statement in the database: a migration that waits for a lock would keep
    everybody who comes after it waiting too.

    Raises:
        Stopped: the process was told to end.
    """
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Stopped("It was told to end before it was done; nothing is half done.")
    finally:
        for task in (working, stopping):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await working


if __name__ == "__main__":
    app()
