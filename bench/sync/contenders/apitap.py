"""apitap, a Rust engine in a wheel."""

from __future__ import annotations

from typing import ClassVar

from bench.sync.contender import Command, Contender
from bench.sync.task import Case, Kind, Task


class Apitap(Contender):
    """``apitap.transfer`` with its defaults."""

    name: ClassVar[str] = "apitap"
    packages: ClassVar[tuple[str, ...]] = ("apitap==0.63.0",)

    def declines(self, case: Case) -> str | None:
        """It moves tables as they are."""
        if case.kind is Kind.TRANSFORM:
            return "has no transforms"
        return "has no files as a source" if case.kind is Kind.FILE else None

    def command(self, task: Task) -> Command:
        """One transfer."""
        mode = "merge" if task.case.kind.incremental else "replace"
        source, destination = (self.server.url(name, "postgres") for name in ("source", task.database))
        return self.module("copy_with_apitap", source, destination, f"public.{task.case.table.name}", mode)
