"""sling, from its Linux wheel; its telemetry is off."""

from __future__ import annotations

import json
import os
from typing import ClassVar

from bench.sync.contender import Command, Contender
from bench.sync.data import ORDERS
from bench.sync.task import Case, Kind, Task


class Sling(Contender):
    """``sling run`` with its defaults. Hash and rename are SQL that the source works out: the fastest that it can."""

    name: ClassVar[str] = "sling"
    packages: ClassVar[tuple[str, ...]] = ("sling-linux-amd64==1.4.11",)

    def declines(self, case: Case) -> str | None:
        """It knows ClickHouse by the native protocol only, and Parquet by a program that it would fetch."""
        if case.file == "parquet" and case.to == "postgres":
            return "reads Parquet by DuckDB's program, which it fetches: the bench talks to nobody"
        return None if case.to == "postgres" else "needs ClickHouse's native protocol, which the embedded engine lacks"

    def command(self, task: Task) -> Command:
        """One run."""
        table, kind = task.case.table, task.case.kind
        stream, mode = f"public.{table.name}", ["--mode", "full-refresh"]
        source = ["--src-conn", f"{self.server.url('source', 'postgres')}?sslmode=disable"]
        if kind is Kind.TRANSFORM:
            items = (HASHED if name == "email" else name for name in ORDERS.columns)
            stream = f"SELECT {', '.join(items)} FROM {table.name}"
        elif kind.incremental:
            mode = ["--mode", "incremental", "--primary-key", table.key, "--update-key", "updated_at"]
        elif kind is Kind.FILE:
            stream = f"file://{task.file}"
            source = ["--src-options", json.dumps({"null_if": table.null} if table.null else {"empty_as_null": True})]
        program = next(self.home.glob("lib/*/site-packages/sling_linux_amd64/bin/sling-linux-amd64"))
        arguments = [
            str(program), "run", *source, "--src-stream", stream,
            "--tgt-conn", f"{self.server.url(task.database, 'postgres')}?sslmode=disable",
            "--tgt-object", f"public.{table.name}", *mode,
        ]  # fmt: skip
        if kind in (Kind.COPY, Kind.TRANSFORM) or kind.incremental:
            arguments += ["--tgt-options", json.dumps({"table_keys": {"primary": [table.key]}})]
        quiet = {"SLING_DISABLE_TELEMETRY": "TRUE", "SLING_HOME_DIR": str(task.folder / "sling")}
        return Command(arguments, {**os.environ, **quiet})


HASHED = "encode(sha256(convert_to(email, 'UTF8')), 'hex') AS mail"
