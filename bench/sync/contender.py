"""What a contender is: a name, what it needs installed, and the command that does a task."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.sync.clickhouse import Clickhouse
from bench.sync.server import Server
from bench.sync.task import Case, Task

INSTALL_SECONDS = 900
ROOT = Path(__file__).parents[2]


class NotInstalledError(Exception):
    """A contender's packages cannot be installed or used here."""


@dataclass(frozen=True)
class Command:
    """What is run in which environment; ``waits`` says that it tells when it is up, and begins when it is told."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    waits: bool = False


@dataclass(frozen=True)
class Place:
    """Where contenders work: the servers, and the folder of their environments."""

    server: Server
    clickhouse: Clickhouse | None
    environments: Path


class Contender(ABC):
    """A tool that takes part. Those that are not ours live in environments of their own."""

    name: ClassVar[str]
    packages: ClassVar[tuple[str, ...]] = ()

    def __init__(self, place: Place) -> None:
        self.place = place
        self.server = place.server
        self.home = place.environments / f"bench-venv-{self.name.partition('-')[0]}"

    def install(self, say: Callable[[str], None]) -> None:
        """Make its environment, once; raises NotInstalledError."""
        stamp = self.home / ".installed"
        wanted = " ".join(self.packages)
        if not self.packages:
            return
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with (self.home.parent / "bench-venv.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if stamp.exists() and stamp.read_text() == wanted:
                return
            say(f"installing {self.packages[0]} ...")
            pip = [str(self.home / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            try:
                for call in ([sys.executable, "-m", "venv", "--clear", str(self.home)], [*pip, *self.packages]):
                    subprocess.run(call, check=True, timeout=INSTALL_SECONDS, stdout=sys.stderr)
            except (subprocess.SubprocessError, OSError) as error:
                raise NotInstalledError(f"not installed: {type(error).__name__}, see above") from error
            stamp.write_text(wanted)

    @abstractmethod
    def declines(self, case: Case) -> str | None:
        """Why it has nothing for a case; None where it takes part, empty where that goes without saying."""

    @abstractmethod
    def command(self, task: Task) -> Command:
        """The command for a task of a case that it does not decline."""

    def module(self, name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Command:
        """One of our programs, run by the contender's own Python, or by the one that runs the bench."""
        call = ("-m", f"bench.sync.programs.{name}", *arguments)
        if not self.packages:
            return Command((sys.executable, *call), dict(os.environ), waits=True)
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "THEDATA"))}
        plain["PYTHONPATH"] = str(ROOT)
        return Command((str(self.home / "bin" / "python"), *call), {**plain, **(environment or {})}, waits=True)
