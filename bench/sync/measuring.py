"""What a contender costs: wall time, the processor time of its processes and of the database, and its peak memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil

from bench.sync.contender import Command
from bench.sync.programs.starting_line import GO, READY

SAMPLE_SECONDS = 0.05
LIMIT_SECONDS = 3600


class ContenderFailedError(Exception):
    """A contender ended with an error, or not at all."""


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
    """Run a command to its end."""
    own = os.times()
    launched = time.perf_counter()
    with log.open("wb") as output:
        process, go = _launched(command, output)
        started, before, idle = time.perf_counter(), _cpu_of_tree(database), 0.0
        if go is not None:
            idle = _cpu_of_tree(psutil.Process(process.pid))
            with contextlib.suppress(BrokenPipeError):  # it has ended already: its exit code tells why
                os.write(go, b".")
            os.close(go)
        watch = _Watch(process.pid)
        watch.start()
        try:
            code = process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired as error:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            process.wait()
            raise ContenderFailedError(f"still at work after {LIMIT_SECONDS} s") from error
        finally:
            watch.stop()
    wall = time.perf_counter() - started
    if code:
        lines = log.read_text(errors="replace").strip().splitlines()
        raise ContenderFailedError(f"exit code {code}: {lines[-1][:200] if lines else 'no output'}")
    # Children that have been waited for are in our own account: those of the contender, and theirs.
    spent = os.times()
    cpu = spent.children_user + spent.children_system - own.children_user - own.children_system - idle
    in_database = max(0.0, _cpu_of_tree(database) - before)
    return Cost(wall, cpu, in_database, watch.peak, started - launched if command.waits else 0.0)


def _launched(command: Command, output: BinaryIO) -> tuple[subprocess.Popen[bytes], int | None]:
    """Start a process; one that waits has been waited for, and what starts it is given."""
    environment = dict(command.environment)
    ready_read, ready_write = os.pipe()
    go_read, go_write = os.pipe()
    environment |= {READY: str(ready_write), GO: str(go_read)}
    process = subprocess.Popen(
        command.arguments, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        start_new_session=True, pass_fds=(ready_write, go_read),
    )  # fmt: skip
    os.close(ready_write)
    os.close(go_read)
    try:
        if not command.waits:
            os.close(go_write)
            return process, None
        # Nothing comes where it has ended before it was up: its exit code tells why.
        os.read(ready_read, 1)
        return process, go_write
    finally:
        os.close(ready_read)


class _Watch(threading.Thread):
    """Looks at a process and its descendants again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
                process = psutil.Process(self._pid)
                self.peak = max(self.peak, sum(_resident(one) for one in (process, *process.children(recursive=True))))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return 0


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
