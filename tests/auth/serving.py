"""`python -m server serve` as a process of its own, with its log."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from server.settings import Settings
from server.stack.supervisor import variables
from tests.conftest import IMPORTS, ROOT, WORKER_SECONDS

ADDRESS = re.compile(r"serving\W.*?(127\.0\.0\.1:\d+)|(127\.0\.0\.1:\d+).*?\Wserving\W")


@dataclass
class Served:
    """A server process; its log is whole once it has ended."""

    address: str
    kill: Callable[[], None]
    log: str = ""


@asynccontextmanager
async def served(settings: Settings, **environment: str) -> AsyncIterator[Served]:
    """Serves until the block ends, then stops with SIGTERM where it was not killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "serve",
        env={**os.environ, **variables(settings), "PYTHONPATH": IMPORTS, **environment},
        cwd=ROOT,
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
        running = Served(found[1] or found[2], process.kill)
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
