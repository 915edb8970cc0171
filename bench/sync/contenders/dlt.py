"""dlt with its sql_database source over two backends, and over Arrow batches of files; its telemetry is off."""

from __future__ import annotations

import json
from typing import ClassVar

from bench.sync.contender import Command, Contender
from bench.sync.task import Case, Kind, Task


class Dlt(Contender):
    """One process of dlt; what it runs is a program of ours."""

    packages: ClassVar[tuple[str, ...]] = (
        "dlt[postgres,parquet]==1.31.0", "sqlalchemy>=2", "connectorx==0.4.6", "psycopg2-binary", "pandas", "numpy",
    )  # fmt: skip
    backend: ClassVar[str]

    def declines(self, case: Case) -> str | None:
        """It knows ClickHouse by the native protocol only."""
        if case.kind is Kind.FILE and self.backend != "pyarrow":
            return ""
        return None if case.to == "postgres" else "needs ClickHouse's native protocol, which the embedded engine lacks"

    def command(self, task: Task) -> Command:
        """One pipeline run."""
        table = task.case.table
        work = {
            "kind": task.case.kind.value, "backend": self.backend,
            "source": self.server.url("source", "postgresql+psycopg2"),
            "destination": self.server.url(task.database, "postgres"), "table": table.name, "key": table.key,
            "columns": list(table.columns), "file": str(task.file or ""), "null": table.null,
        }  # fmt: skip
        quiet = {
            "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR",
            "DLT_DATA_DIR": str(task.folder / "dlt"),
        }  # fmt: skip
        return self.module("copy_with_dlt", json.dumps(work), environment=quiet)


class DltArrow(Dlt):
    """Rows fetched by SQLAlchemy, put into Arrow tables."""

    name: ClassVar[str] = "dlt-pyarrow"
    backend: ClassVar[str] = "pyarrow"


class DltConnectorx(Dlt):
    """Rows fetched by connectorx."""

    name: ClassVar[str] = "dlt-connectorx"
    backend: ClassVar[str] = "connectorx"
