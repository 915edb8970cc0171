"""What is to be done: the cases, and what one contender is told of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.sync.data import FLIGHTS, ORDERS, Table


class Kind(StrEnum):
    """A copy as it is, one with a hash and a rename, the load of a file, a merge of changes, one of no changes."""

    COPY = "copy"
    TRANSFORM = "transform"
    FILE = "file"
    MERGE = "merge"
    NOTHING = "nothing"

    @property
    def incremental(self) -> bool:
        """Whether it goes on from what the contender has landed before."""
        return self in (Kind.MERGE, Kind.NOTHING)


@dataclass(frozen=True)
class Case:
    """One comparison; ``file`` is the ending of the file that is loaded, ``to`` the system that it is loaded into."""

    name: str
    title: str
    kind: Kind
    table: Table = ORDERS
    file: str = ""
    to: str = "postgres"


CASES = (
    Case("full", "PostgreSQL to PostgreSQL, full refresh", Kind.COPY),
    Case("transform", "PostgreSQL to PostgreSQL, email hashed (SHA-256) and renamed", Kind.TRANSFORM),
    Case("csv", "CSV to PostgreSQL", Kind.FILE, file="csv"),
    Case("parquet", "Parquet to PostgreSQL", Kind.FILE, file="parquet"),
    Case("flights", "NYC flights, CSV to PostgreSQL", Kind.FILE, FLIGHTS, "csv"),
    Case("clickhouse-csv", "CSV to the embedded ClickHouse", Kind.FILE, file="csv", to="clickhouse"),
    Case("clickhouse-parquet", "Parquet to the embedded ClickHouse", Kind.FILE, file="parquet", to="clickhouse"),
    Case("merge", "PostgreSQL to PostgreSQL, merge of 1 % changed rows", Kind.MERGE),
    Case("nothing", "PostgreSQL to PostgreSQL, incremental run with nothing to do", Kind.NOTHING),
)


@dataclass(frozen=True)
class Task:
    """A case for one contender: the database that it fills, a folder of its own, and the file to load, if any."""

    case: Case
    database: str
    folder: Path
    file: Path | None = None
