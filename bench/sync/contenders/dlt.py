"""dlt with its sql_database source over two backends; its telemetry is off."""

from __future__ import annotations

from typing import ClassVar

from bench.sync.contender import Command, Contender, Task

PACKAGES = (
    "dlt[postgres,parquet]==1.31.0",
    "sqlalchemy>=2",
    "connectorx==0.4.6",
    "psycopg2-binary",
    "psycopg[binary]",
    "pandas",
    "numpy",
)


class Dlt(Contender):
    """One process of dlt; what it runs is a program of ours."""

    packages: ClassVar[tuple[str, ...]] = PACKAGES
    backend: ClassVar[str]

    def command(self, task: Task) -> Command | None:
        """One pipeline run."""
        if task.file is not None and self.backend != "pyarrow":
            return None
        quiet = {
            "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR",
            "DLT_DATA_DIR": str(task.folder / self.name),
        }  # fmt: skip
        return self.python(
            "copy_with_dlt.py", task.case, self.backend, self.server.url("source"), self.server.url(task.database),
            task.source, task.table, str(task.file or ""), environment=quiet,
        )  # fmt: skip


class DltArrow(Dlt):
    """Rows fetched by SQLAlchemy, put into Arrow tables."""

    name: ClassVar[str] = "dlt pyarrow"
    backend: ClassVar[str] = "pyarrow"


class DltConnectorx(Dlt):
    """Rows fetched by connectorx."""

    name: ClassVar[str] = "dlt connectorx"
    backend: ClassVar[str] = "connectorx"
