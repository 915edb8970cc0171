"""What a contender costs: wall time, the processor time of its processes and of the database, and its peak memory."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil

from bench.sync.contender import Command
from bench.sync.programs.starting_line import GO, READY

SAMPLE_SECONDS = 0.05
LOOK_SECONDS = 0.5  # to look for new processes reads all of the machine's: too dear for each sample
START_SECONDS = 60
LIMIT_SECONDS = 1800
_ERROR = re.compile(r"[\w.]+(Error|Exception|Failed)\b|(fatal|error):? \S", re.IGNORECASE)  # advice may come after it
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class ContenderFailedError(Exception):
    """A contender ended with an error, or not at all, or landed something else."""


@dataclass(frozen=True)
class Cost:
    """Seconds of wall and processor time; ``peak`` is the greatest resident memory of all its processes in bytes.

    ``start`` is what a contender took to be up, where that is no part of the task.
    """

    wall: float
    cpu: float
    database_cpu: float
    peak: int
    start: float = 0.0


def measure(command: Command, database: psutil.Process, log: Path) -> Cost:
    """Run a command to its end; raises ContenderFailedError."""
    launched = time.perf_counter()
    with log.open("wb") as output, _launched(command, output) as (process, go):
        up, before, idle = time.perf_counter(), _cpu_of_tree(database), 0.0
        if go is not None:
            idle = _cpu_of_tree(psutil.Process(process.pid))
            with contextlib.suppress(BrokenPipeError):  # it has ended already: its exit code tells why
                os.write(go, b".")
        watch = _Watch(process.pid)
        watch.start()
        started = time.perf_counter()
        try:
            # Unlike Popen.wait it tells what the process, and all that it has waited for, have used.
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            watch.stop()
    if watch.ended_it:
        raise ContenderFailedError(f"still at work after {LIMIT_SECONDS} s")
    if process.returncode:
        raise ContenderFailedError(f"exit code {process.returncode}: {_error_of(log)}")
    return Cost(
        wall,
        max(0.0, usage.ru_utime + usage.ru_stime - idle),
        max(0.0, _cpu_of_tree(database) - before),
        watch.peak,  # not the usage's: that counts the bench itself, from whose copy the process began
        up - launched if command.waits else 0.0,
    )


@contextlib.contextmanager
def _launched(command: Command, output: BinaryIO) -> Iterator[tuple[subprocess.Popen[bytes], int | None]]:
    """Start a process; one that waits has been waited for, and what starts it is given. It is ended at the end."""
    ready_read, ready_write = os.pipe()
    go_read, go_write = os.pipe()
    try:
        process = subprocess.Popen(
            command.arguments, env={**command.environment, READY: str(ready_write), GO: str(go_read)},
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            pass_fds=(ready_write, go_read),
        )  # fmt: skip
        # It alone holds this end now: when it ends before it is up, the wait is over.
        os.close(ready_write)
        ready_write = -1
        try:
            if command.waits and not select.select([ready_read], [], [], START_SECONDS)[0]:
                raise ContenderFailedError(f"not up after {START_SECONDS} s")
            yield process, go_write if command.waits else None
        finally:
            _end(process)
    finally:
        for descriptor in (ready_read, ready_write, go_read, go_write):
            if descriptor >= 0:
                os.close(descriptor)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a contender, which leads a session of its own."""
    with contextlib.suppress(ProcessLookupError):  # nothing is left, as it should be
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


class _Watch(threading.Thread):
    """Looks at a process and its descendants again and again, and ends them when it takes too long."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._stop_it = threading.Event()
        self.peak = 0
        self.ended_it = False

    def run(self) -> None:
        deadline = time.monotonic() + LIMIT_SECONDS
        look_again, processes = 0.0, list[psutil.Process]()
        while True:
            if time.monotonic() > deadline:
                self.ended_it = True
                os.killpg(self._pid, signal.SIGKILL)
                return
            if time.monotonic() > look_again:
                processes = _tree(self._pid)
                look_again = time.monotonic() + LOOK_SECONDS
            now = [_resident(process.pid) for process in processes]
            # The kernel's own mark of the greatest process finds what lies between two samples.
            self.peak = max(self.peak, sum(resident for resident, _ in now), *(mark for _, mark in now), 0)
            if self._stop_it.wait(SAMPLE_SECONDS):
                return

    def stop(self) -> None:
        self._stop_it.set()
        self.join()


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _resident(pid: int) -> tuple[int, int]:
    """The resident memory of a process in bytes, now and at its greatest; nothing for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    fields = dict(line.split(":", 1) for line in lines)
    return int(fields.get("VmRSS", "0").split()[0]) * 1024, int(fields.get("VmHWM", "0").split()[0]) * 1024


def _cpu_of_tree(process: psutil.Process) -> float:
    """Processor seconds of a server: its processes now, and the ended ones that it has waited for."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system
            if one.pid == process.pid:
                total += times.children_user + times.children_system
    return total


def _error_of(log: Path) -> str:
    lines = [line.strip() for line in _COLOURS.sub("", log.read_text(errors="replace")).splitlines() if line.strip()]
    told = [line for line in lines if _ERROR.match(line)] or lines
    return told[-1][:200] if told else "no output"
