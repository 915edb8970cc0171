"""The platform's engine as a worker runs it, in a process that does nothing else."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, ClassVar

from bench.sync.contender import Command, Contender, Task
from server.sync.spec import Verification


class Ours(Contender):
    """One run of one stream, verified as its subclass says."""

    verification: ClassVar[Verification]

    def command(self, task: Task) -> Command | None:
        """One process."""
        if task.case not in ("full", "transform") and self.verification is not Verification.CONTENT:
            return None
        stream: dict[str, Any] = {"name": task.source, "namespace": "public", "table": task.table}
        if task.case == "transform":
            stream |= {"rename": {"email": "mail"}, "hash": "email"}
        elif task.case in ("merge", "nothing"):
            stream |= {"sync_mode": "incremental_merge", "cursor": "updated_at"}
        source: dict[str, Any] = {"kind": "postgres", "config": self.server.config("source")}
        if task.file is not None:
            source = {"kind": "files", "config": {"path": str(task.file.parent)}}
            stream["namespace"] = ""
        job = {
            "source": source,
            "destination": {"kind": "postgres", "config": self.server.config(task.database)},
            "stream": stream,
            "verification": self.verification.value,
            "folder": str(task.folder),
        }
        return Command(
            (sys.executable, "-m", "bench.sync.programs.copy_with_engine", json.dumps(job)),
            dict(os.environ),
            waits=True,
        )


class OursUnverified(Ours):
    """Nothing is compared."""

    name: ClassVar[str] = "ours none"
    verification: ClassVar[Verification] = Verification.NONE


class OursCounted(Ours):
    """The counts of both sides are compared."""

    name: ClassVar[str] = "ours counts"
    verification: ClassVar[Verification] = Verification.COUNTS


class OursCompared(Ours):
    """The content of both sides is compared: the default."""

    name: ClassVar[str] = "ours content"
    verification: ClassVar[Verification] = Verification.CONTENT
