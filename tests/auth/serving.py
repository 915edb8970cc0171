"""`python -m server serve` as a process of its own, with its log."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.settings import Settings
from server.stack.supervisor import variables
from tests.conftest import ROOT, WORKER_SECONDS, imports_of

ADDRESS = re.compile(r"serving\W.*?(127\.0\.0\.1:\d+)|(127\.0\.0\.1:\d+).*?\Wserving\W")


@dataclass
class Served:
    """A server process; its log is whole once it has ended."""

    address: str
    pid: int
    kill: Callable[[], None]
    terminate: Callable[[], None]
    ended: Callable[[], Coroutine[Any, Any, int]]
    log: str = ""


@asynccontextmanager
async def served(settings: Settings, code: Path = ROOT, **environment: str) -> AsyncIterator[Served]:
    """Serves until the block ends, then stops with SIGTERM where it was not killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "serve",
        env={**os.environ, **variables(settings), "PYTHONPATH": imports_of(code), **environment},
        cwd=code,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    lines: list[str] = []
    try:
        async with asyncio.timeout(WORKER_SECONDS):
            while not (found := ADDRESS.search(lines[-1] if lines else "")):
                line = (await process.stderr.readline()).decode()
                assert line, f"the server ended before it served: {''.join(lines)}"
                lines.append(line)
        running = Served(found[1] or found[2], process.pid, process.kill, process.terminate, process.wait)
        draining = asyncio.create_task(process.stderr.read())
        yield running
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(WORKER_SECONDS):
            assert await process.wait() in {0, -signal.SIGKILL}
            running.log = "".join(lines) + (await draining).decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
