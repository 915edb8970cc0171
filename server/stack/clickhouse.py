"""The embedded ClickHouse: the engine of one home folder as a direct child, on 127.0.0.1 only."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from pathlib import Path

from server.stack.clickhouse_http import DATABASE, MEMORY_BYTES, PASSWORD_VARIABLE, STOP_SECONDS, USER
from server.stack.errors import StackError
from server.stack.folder import make_folder, make_home
from server.stack.logs import ERRORS, LogFile
from server.stack.ports import ensure_free, free_port
from server.stack.process import Child, Process
from server.stack.readiness import http_answers

HOST = "127.0.0.1"
START_SECONDS = 120.0
STOPPING = ((signal.SIGTERM, 2 * STOP_SECONDS),)


class EmbeddedClickhouse:
    """The ClickHouse engine of one home folder, with one user and the database `thedata`.

    Port 0 takes a free one at the first start, and keeps it for the next ones. `memory_bytes` is the most that the
    engine takes. The engine itself keeps a second process from opening its folder.
    """

    name = "clickhouse"
    errors = ERRORS

    def __init__(self, home: Path, port: int = 0, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self.home = home.absolute()
        self.port = port
        self.log = LogFile(self.home / "logs" / "clickhouse.log")
        # Made anew for each supervisor and told to the child alone: nothing has to be kept.
        self._password = secrets.token_urlsafe(24)
        self._memory_bytes = memory_bytes
        self.backups = self.home / "backups" / "clickhouse"
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """Return the pid of the engine while it runs."""
        return self._process.pid if self._process else None

    @property
    def url(self) -> str:
        """Return what the platform's own client connects to, the password included."""
        return f"http://{USER}:{self._password}@{HOST}:{self.port}/{DATABASE}"

    @property
    def connection(self) -> dict[str, str | int]:
        """Return what a ClickHouse connector is configured with, the password included."""
        return {
            "host": HOST,
            "port": self.port,
            "user": USER,
            "password": self._password,
            "database": DATABASE,
            "secure": False,
        }

    async def start(self) -> None:
        """Open the folder, made at the first start, and serve; `StackError` otherwise."""
        make_home(self.home)
        make_folder(self.log.path.parent)
        data = make_folder(self.home / "clickhouse")
        make_folder(self.backups.parent)
        make_folder(self.backups)
        self.port = self.port or free_port(HOST)
        ensure_free(HOST, self.port, "THEDATA_ANALYTICS_PORT")
        self._process = Process(self._child(data), self.log)
        await self._process.start()

    async def wait(self) -> int:
        """Wait until the engine ends and return its exit code."""
        if self._process is None:
            raise StackError("the embedded ClickHouse was never started")
        return await self._process.wait()

    async def stop(self) -> None:
        """End what runs, close the folder, and return once the process is gone."""
        if self._process is not None:
            await self._process.stop()

    def kill(self) -> None:
        """End it at once; what was acknowledged stays."""
        if self._process is not None:
            self._process.kill()

    def _child(self, data: Path) -> Child:
        listen, memory = f"{HOST}:{self.port}", str(self._memory_bytes)
        told = ("--path", str(data), "--listen", listen, "--memory", memory, "--backups", str(self.backups))
        return Child(
            name=self.name,
            argv=(sys.executable, "-m", "server.stack.clickhouse_http", *told),
            env=dict(os.environ) | {PASSWORD_VARIABLE: self._password, "PYTHONUNBUFFERED": "1"},
            ready=lambda: http_answers(HOST, self.port, "/ping"),
            start_seconds=START_SECONDS,
            stopping=STOPPING,
            errors=ERRORS,
        )
