"""The ceiling: what the database's own tools do, and then what any copy must also do: the key's index and ANALYZE."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import ClassVar

from bench.sync.contender import Command, Contender
from bench.sync.task import Case, Kind, Task

PARQUET = Path(__file__).parents[1] / "programs" / "parquet_to_csv.py"


class Psql(Contender):
    """``psql | psql`` with binary COPY for tables, ``\\copy`` for CSV, DuckDB's CSV into COPY for Parquet."""

    name: ClassVar[str] = "psql"

    def declines(self, case: Case) -> str | None:
        """It copies and loads."""
        return None if case.kind in (Kind.COPY, Kind.FILE) and case.to == "postgres" else ""

    def command(self, task: Task) -> Command:
        """One shell line."""
        psql = f"{shlex.quote(str(self.server.psql_path))} -q -v ON_ERROR_STOP=1"
        into, table = f"{psql} -d {task.database}", task.case.table
        key = f" -c 'ALTER TABLE {table.name} ADD PRIMARY KEY ({table.key})'" if task.case.kind is Kind.COPY else ""
        if task.case.kind is Kind.COPY:
            move = (
                f"{psql} -d source -c 'COPY {table.name} TO STDOUT (FORMAT binary)'"
                f" | {into} -c 'COPY {table.name} FROM STDIN (FORMAT binary)'"
            )
        elif task.case.file == "csv":
            move = f"{into} -c \"\\copy {table.name} FROM '{task.file}' (FORMAT csv, HEADER, NULL '{table.null}')\""
        else:
            program = shlex.join([sys.executable, str(PARQUET), str(task.file)])
            move = f"{program} | {into} -c 'COPY {table.name} FROM STDIN (FORMAT csv)'"
        line = (
            f"set -euo pipefail; {into} -c 'CREATE TABLE {table.name} ({table.definition})'; {move};"
            f" {into}{key} -c 'ANALYZE {table.name}'"
        )
        return Command(("bash", "-c", line), self.server.psql_environment)
