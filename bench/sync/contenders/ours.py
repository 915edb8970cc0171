"""The platform's engine as a worker runs it, in a process that does nothing else."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from bench.sync.contender import Command, Contender
from bench.sync.task import Case, Kind, Task
from server.sync.spec import SyncMode, Verification


class Ours(Contender):
    """One run of one stream, verified as its subclass says."""

    verification: ClassVar[Verification]

    def declines(self, case: Case) -> str | None:
        """Counting takes part where rows are copied, comparing nothing in the plain copy alone."""
        if case.kind is Kind.COPY or self.verification is Verification.CONTENT:
            return None
        return None if self.verification is Verification.COUNTS and not case.kind.incremental else ""

    def command(self, task: Task) -> Command:
        """One process."""
        case = task.case
        stream: dict[str, Any] = {"name": case.table.name, "namespace": "public"}
        source: dict[str, Any] = {"kind": "postgres", "config": self.server.config("source")}
        if case.kind is Kind.TRANSFORM:
            stream |= {"rename": {"email": "mail"}, "hash": "email"}
        elif case.kind.incremental:
            stream |= {"sync_mode": SyncMode.INCREMENTAL_MERGE.value, "cursor": "updated_at"}
        elif case.kind is Kind.FILE:
            assert task.file is not None
            stream["namespace"] = ""
            source = {"kind": "files", "config": {"path": str(task.file), "null_values": [case.table.null]}}
        job = {
            "source": source,
            "destination": {"kind": case.to, "config": self._destination(task)},
            "stream": stream,
            "verification": self.verification.value,
            "folder": str(task.file.parent if task.file else task.folder),
        }
        return self.module("copy_with_engine", json.dumps(job))

    def _destination(self, task: Task) -> dict[str, Any]:
        if task.case.to == "postgres":
            return self.server.config(task.database)
        assert self.place.clickhouse is not None
        return {**self.place.clickhouse.connection, "database": task.database}


class OursUnverified(Ours):
    """Nothing is compared."""

    name: ClassVar[str] = "ours-none"
    verification: ClassVar[Verification] = Verification.NONE


class OursCounted(Ours):
    """The counts of both sides are compared."""

    name: ClassVar[str] = "ours-counts"
    verification: ClassVar[Verification] = Verification.COUNTS


class OursCompared(Ours):
    """The content of both sides is compared: the default."""

    name: ClassVar[str] = "ours-content"
    verification: ClassVar[Verification] = Verification.CONTENT
