"""DuckDB as a calculator over Arrow batches: in process, one thread, without a way to files, network or settings."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

MEMORY = "256MB"
QUERY_SECONDS = 60.0


class Calculator:
    """One connection to an empty database in memory; used by one thread at a time."""

    def __init__(self) -> None:
        import duckdb

        self.failures: type[Exception] = duckdb.Error
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(
            config={
                "threads": "1",
                "memory_limit": MEMORY,
                "max_temp_directory_size": "0B",
                "enable_external_access": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "python_enable_replacements": "false",
            }
        )
        self._connection.execute("SET TimeZone = 'UTC'").fetchall()
        self._connection.execute("SET lock_configuration = true").fetchall()

    def fetch(self, sql: str, *params: object) -> list[tuple[object, ...]]:
        """Run a query and give its rows."""
        return self._connection.execute(sql, list(params)).fetchall()

    def calculate(self, sql: str, batch: pa.RecordBatch) -> pa.Table:
        """Run a query over a batch, which it names ``batch``; raises a duckdb.Error, also after a minute."""
        self._connection.register("batch", pa.Table.from_batches([batch]))
        alarm = threading.Timer(QUERY_SECONDS, self._connection.interrupt)
        alarm.start()
        try:
            return self._connection.sql(sql).to_arrow_table()
        finally:
            alarm.cancel()
            self._connection.unregister("batch")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'
