"""The platform's processes: `python -m server serve | worker | migrate | stack`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import structlog
import typer

from server import logs
from server.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_show_locals=False)
log = structlog.get_logger("main")

FIRST_ADMIN_FILE = "first-admin.txt"


@app.command()
def serve() -> None:
    """Serves the gRPC API until SIGTERM."""
    from server.app import build

    settings = Settings()

    async def serving() -> None:
        stop = _stop_event()
        running = build(settings)
        port = await running.start()
        log.info("serving", address=f"{settings.host}:{port}")
        await stop.wait()
        log.info("stopping")
        await running.stop()

    _run(settings, serving())


@app.command()
def worker() -> None:
    """Carries out runs until SIGTERM; any number of workers, on any machine, share the work."""
    from server.app import Foundation
    from server.runs.execution import RunExecution
    from server.runs.worker import Worker
    from server.storage import schema

    settings = Settings()

    async def working() -> None:
        stop = _stop_event()
        base = Foundation.lay(settings, "thedata-worker")
        await schema.require_current(base.database.url)
        base.signals.start()
        execution = RunExecution(base.store, base.connections, base.signals)
        await Worker(base.database.url, base.store, execution, settings.worker_concurrency).run(
            stop, settings.stop_grace_seconds
        )
        await base.close()

    _run(settings, working())


@app.command()
def migrate(revision: str = typer.Option("head", help="The revision to go to; `head` is the newest.")) -> None:
    """Upgrades the schema, or downgrades it to an earlier revision, and makes the first platform administrator."""
    from server.app import Foundation, build
    from server.storage import schema

    settings = Settings()

    async def migrating() -> None:
        base = Foundation.lay(settings, "thedata-migrate")
        await schema.move(base.database.url, revision)
        if revision != "head":
            return
        password = settings.admin_password.get_secret_value() if settings.admin_password else None
        admin = await build(settings).auth.ensure_platform_admin(settings.admin_email, password)
        if admin and admin.password:
            path = _write_secret(settings.home / FIRST_ADMIN_FILE, f"{admin.email}\n{admin.password}\n")
            log.warning("first_admin_made", email=admin.email, password_in=str(path))
        await base.close()

    _run(settings, migrating())


@app.command()
def stack() -> None:
    """Starts and watches everything on this machine: PostgreSQL, server, worker, Envoy."""
    from server.stack.supervisor import run_stack

    settings = Settings()
    logs.configure(settings)
    raise typer.Exit(asyncio.run(run_stack(settings)))


def _run(settings: Settings, main: Coroutine[Any, Any, None]) -> None:
    from server.app import NoDatabase
    from server.errors import Failure
    from server.keys import MasterKeyError
    from server.storage.schema import OutdatedSchema

    logs.configure(settings)
    try:
        asyncio.run(main)
    except (NoDatabase, MasterKeyError, OutdatedSchema, Failure, OSError) as error:
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


def _write_secret(path: Path, text: str) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return path


if __name__ == "__main__":
    app()
