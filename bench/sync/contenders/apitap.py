"""apitap, a Rust engine in a wheel."""

from __future__ import annotations

from typing import ClassVar

from bench.sync.contender import Command, Contender, Task


class Apitap(Contender):
    """``apitap.transfer`` with its defaults."""

    name: ClassVar[str] = "apitap"
    packages: ClassVar[tuple[str, ...]] = ("apitap==0.63.0",)

    def command(self, task: Task) -> Command | None:
        """One transfer."""
        if task.case not in ("full", "merge", "nothing"):
            return None
        mode = "replace" if task.case == "full" else "merge"
        source, destination = (self.server.url(name, "postgres") for name in ("source", task.database))
        return self.python(
            "copy_with_apitap.py", source, destination, f"public.{task.source}", f"public.{task.table}", mode
        )
