"""ClickHouse's own bulk load: the file's bytes are the body of one INSERT."""

from __future__ import annotations

import json
from typing import ClassVar

from bench.sync.contender import Command, Contender
from bench.sync.task import Case, Task

FORMATS = {"csv": "CSVWithNames", "parquet": "Parquet"}
TYPES = {
    "bigint": "Int64", "int": "Int32", "numeric(12,2)": "Decimal(12, 2)", "timestamptz": "DateTime64(6, 'UTC')",
    "boolean": "Bool", "uuid": "UUID",
}  # fmt: skip


class Clickhouse(Contender):
    """One HTTP request, as ``curl --data-binary @file`` makes it."""

    name: ClassVar[str] = "clickhouse"

    def declines(self, case: Case) -> str | None:
        """It loads files into itself."""
        return None if case.to == "clickhouse" else ""

    def command(self, task: Task) -> Command:
        """A table with the order's types, then the file."""
        engine, table = self.place.clickhouse, task.case.table
        assert engine is not None
        # The key may not be NULL; everything else may, as in the table that any other contender makes.
        columns = ", ".join(
            f"{name} {TYPES.get(type_, 'String')}"
            if name == table.key
            else f"{name} Nullable({TYPES.get(type_, 'String')})"
            for name, type_ in table.columns.items()
        )
        place = f"{task.database}.{table.name}"
        work = {
            "url": engine.url,
            "user": engine.connection["user"],
            "password": engine.connection["password"],
            "create": f"CREATE TABLE {place} ({columns}) ENGINE = MergeTree ORDER BY {table.key}",
            "insert": f"INSERT INTO {place} FORMAT {FORMATS[task.case.file]}",
            "file": str(task.file),
        }
        return self.module("load_clickhouse", json.dumps(work))
