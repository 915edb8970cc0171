"""sling, from its Linux wheel; its telemetry is off."""

from __future__ import annotations

import json
import os
from typing import ClassVar

from bench.sync.contender import Command, Contender, Task
from bench.sync.data import NAMES


class Sling(Contender):
    """``sling run`` with its defaults. The hash is written as SQL for the source to work out."""

    name: ClassVar[str] = "sling"
    packages: ClassVar[tuple[str, ...]] = ("sling-linux-amd64==1.4.11",)

    def command(self, task: Task) -> Command | None:
        """One run."""
        if task.case == "parquet":
            # It fetches DuckDB from the internet to read Parquet, and the bench talks to nobody.
            return None
        stream, mode = f"public.{task.source}", ["--mode", "full-refresh"]
        source = ["--src-conn", f"{self.server.url('source', 'postgres')}?sslmode=disable"]
        if task.case == "transform":
            items = ", ".join("md5(email) AS mail" if name == "email" else name for name in NAMES)
            stream = f"SELECT {items} FROM {task.source}"
        elif task.case in ("merge", "nothing"):
            mode = ["--mode", "incremental", "--primary-key", "id", "--update-key", "updated_at"]
        elif task.file is not None:
            source, stream = [], f"file://{task.file}"
        program = next(self.home.glob("lib/*/site-packages/sling_linux_amd64/bin/sling-linux-amd64"))
        arguments = [
            str(program), "run", *source, "--src-stream", stream,
            "--tgt-conn", f"{self.server.url(task.database, 'postgres')}?sslmode=disable",
            "--tgt-object", f"public.{task.table}", *mode,
        ]  # fmt: skip
        if task.case == "full":
            arguments += ["--tgt-options", json.dumps({"table_keys": {"primary": ["id"]}})]
        quiet = {"SLING_DISABLE_TELEMETRY": "TRUE", "SLING_HOME_DIR": str(task.folder / "sling")}
        return Command(arguments, {**os.environ, **quiet})
