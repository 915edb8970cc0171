"""One child process: started ready, watched, and ended within bounds."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.stack.account import Account
from server.stack.errors import ChildError, StackError
from server.stack.logs import ERRORS, LogFile

LAUNCHER = Path(__file__).with_name("launch.py")
POLL_SECONDS = 0.02
KILL_SECONDS = 5.0


@dataclass(frozen=True)
class Child:
    """A command to run as a child in a session of its own, so that a terminal's Ctrl-C does not reach it.

    `ready` returns once the child serves. `stopping` are the signals that ask it to end, each with the seconds it gets
    before the next one; SIGKILL to its whole process group comes last. `death_signal` is what it gets when the
    supervisor dies. `errors` tells the log records that are shown on the terminal.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)  # may hold secrets
    ready: Callable[[], Awaitable[None]] | None = None
    start_seconds: float = 30.0
    stopping: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0),)
    death_signal: signal.Signals = signal.SIGKILL
    account: Account | None = None
    directory: Path | None = None
    errors: re.Pattern[str] = ERRORS


class Process:
    """A running `Child`. Its methods may be called from one event loop after another, but from one thread.

    On Linux a child is tied to the *thread* that starts it: start it from one that lives as long as the child should.
    """

    def __init__(self, child: Child, log: LogFile) -> None:
        self.child = child
        self.log = log
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """Return the child's name."""
        return self.child.name

    @property
    def errors(self) -> re.Pattern[str]:
        """Return what tells the child's error records."""
        return self.child.errors

    @property
    def pid(self) -> int | None:
        """Return the pid of the child while it runs."""
        return self._running.pid if self._running and self._running.poll() is None else None

    async def start(self) -> None:
        """Run the child and return once it is ready; `ChildError` where it ends or takes too long before."""
        self._spawn()
        try:
            await self._become_ready()
        except BaseException:
            await self.stop()
            raise

    async def wait(self) -> int:
        """Wait until the child ends and return its exit code, negative for a signal."""
        if self._running is None:
            raise StackError(f"{self.name} was never started")
        while True:
            code = self._running.poll()
            if code is not None:
                return code
            await asyncio.sleep(POLL_SECONDS)

    async def finish(self, seconds: float) -> None:
        """Run the child to its end within `seconds`; `ChildError` unless it exits with 0."""
        self._spawn()
        try:
            async with asyncio.timeout(seconds):
                code = await self.wait()
        except TimeoutError:
            raise self._failed(f"did not end within {seconds:g} s") from None
        finally:
            await self.stop()
        if code != 0:
            raise self._failed(ended(code))

    async def stop(self) -> None:
        """End the child, and return once it is gone; nothing happens where it does not run."""
        for request, seconds in self.child.stopping:
            if self.pid is None:
                return
            self.send(request)
            if await self._gone(seconds):
                return
        self.kill()
        if not await self._gone(KILL_SECONDS):
            raise StackError(f"{self.name} (process {self.pid}) does not end, not even by SIGKILL")

    def send(self, request: signal.Signals) -> None:
        """Send a signal to the child alone, where it runs."""
        if self._running is not None:
            self._running.send_signal(request)

    def kill(self) -> None:
        """Send SIGKILL to the child and all that it started in its session, where it runs."""
        if (pid := self.pid) is not None:
            os.killpg(pid, signal.SIGKILL)  # not reaped yet, so the number is still the child's

    def _spawn(self) -> None:
        child = self.child
        account = f"{child.account.uid}:{child.account.gid}" if child.account else "-"
        tie = (str(os.getpid()), str(int(child.death_signal)), account)
        output = self.log.open()
        try:
            self._running = subprocess.Popen(  # noqa: S603 - the commands are the program's own
                (sys.executable, "-I", "-S", str(LAUNCHER), *tie, *child.argv),
                env=dict(child.env),
                cwd=child.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        finally:
            os.close(output)

    async def _become_ready(self) -> None:
        if self.child.ready is None:
            return
        ready = asyncio.ensure_future(self.child.ready())
        ended_early = asyncio.ensure_future(self.wait())
        try:
            await asyncio.wait(
                {ready, ended_early}, timeout=self.child.start_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if ended_early.done():
                raise self._failed(f"{ended(ended_early.result())} before it was ready")
            if not ready.done():
                raise self._failed(f"was not ready within {self.child.start_seconds:g} s")
            ready.result()
        finally:
            ready.cancel()
            ended_early.cancel()
            await asyncio.gather(ready, ended_early, return_exceptions=True)

    async def _gone(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self.wait()
        except TimeoutError:
            return False
        return True

    def _failed(self, how: str) -> ChildError:
        return ChildError(f"{self.name} {how}; the end of {self.log.path}:\n{self.log.tail()}")


def ended(code: int) -> str:
    """Say how a process ended: by which exit code or signal."""
    return f"ended with exit code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"
