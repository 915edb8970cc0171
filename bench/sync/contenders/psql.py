"""The ceiling: binary COPY piped from psql to psql, then what any copy must also do: the key's index and ANALYZE."""

from __future__ import annotations

import shlex
from typing import ClassVar

from bench.sync.contender import Command, Contender, Task
from bench.sync.data import COLUMNS


class Psql(Contender):
    """``psql | psql`` for tables; for a CSV file the destination's own bulk load of it."""

    name: ClassVar[str] = "psql"

    def command(self, task: Task) -> Command | None:
        """One shell line."""
        psql = f"{shlex.quote(str(self.server.psql_path))} -q -v ON_ERROR_STOP=1"
        into = f"{psql} -d {task.database}"
        create = f"{into} -c 'CREATE TABLE {task.table} ({COLUMNS})'"
        finish = f"{into} -c 'ALTER TABLE {task.table} ADD PRIMARY KEY (id)' -c 'ANALYZE {task.table}'"
        if task.case == "full":
            move = (
                f"{psql} -d source -c 'COPY {task.source} TO STDOUT (FORMAT binary)'"
                f" | {into} -c 'COPY {task.table} FROM STDIN (FORMAT binary)'"
            )
        elif task.case == "csv":
            move = f"{into} -c \"\\copy {task.table} FROM '{task.file}' (FORMAT csv, HEADER)\""
            finish = f"{into} -c 'ANALYZE {task.table}'"
        else:
            return None
        line = f"set -euo pipefail; {create}; {move}; {finish}"
        return Command(("bash", "-c", line), self.server.psql_environment)
