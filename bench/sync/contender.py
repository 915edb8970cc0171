"""What a contender is: a name, what it needs installed, and the command that does a task."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.sync.server import Server

INSTALL_SECONDS = 900


@dataclass(frozen=True)
class Task:
    """One thing to do: rows from ``source`` (a table of the database "source", or a file) into a database."""

    case: str
    table: str
    source: str
    database: str
    folder: Path
    file: Path | None = None


@dataclass(frozen=True)
class Command:
    """What is run in which environment; ``waits`` says that it tells when it is up, and begins when it is told."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    waits: bool = False


class Contender(ABC):
    """A tool that takes part. Those that are not ours live in environments of their own."""

    name: ClassVar[str]
    packages: ClassVar[tuple[str, ...]] = ()

    def __init__(self, server: Server, environments: Path) -> None:
        self.server = server
        self.home = environments / self.name.partition(" ")[0]

    def install(self) -> None:
        """Make its environment, once."""
        stamp = self.home / ".installed"
        wanted = " ".join(self.packages)
        if not self.packages or (stamp.exists() and stamp.read_text() == wanted):
            return
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with (self.home.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            subprocess.run([sys.executable, "-m", "venv", "--clear", self.home], check=True, timeout=INSTALL_SECONDS)
            pip = [str(self.home / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            subprocess.run([*pip, *self.packages], check=True, timeout=INSTALL_SECONDS)
            stamp.write_text(wanted)

    @abstractmethod
    def command(self, task: Task) -> Command | None:
        """The command for a task; None where the tool has nothing for it."""

    def python(self, script: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Command:
        """A program of ours, run by the contender's own Python."""
        path = Path(__file__).parent / "programs" / script
        program = self.home / "bin" / "python" if self.packages else Path(sys.executable)
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "THEDATA"))}
        return Command((str(program), str(path), *arguments), {**plain, **(environment or {})}, waits=True)
