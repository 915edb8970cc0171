"""A ledger: numbered rows at the source, a book of everything that was ever there, and the audit of what has landed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import asyncpg
from thedata.v1 import pipelines_pb2

OVERWRITE = pipelines_pb2.SYNC_MODE_FULL_REFRESH_OVERWRITE
APPEND = pipelines_pb2.SYNC_MODE_INCREMENTAL_APPEND
MERGE = pipelines_pb2.SYNC_MODE_INCREMENTAL_MERGE

# The book is written by the source itself, in the transaction of what it tells: it has exactly what was committed.
_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS book;
CREATE SEQUENCE IF NOT EXISTS book.numbers;
CREATE OR REPLACE FUNCTION book.said(id bigint, seq bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT 'row ' || id || '. ' || repeat(md5(id || '/' || seq), 6) $$;
CREATE OR REPLACE FUNCTION book.note() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN
       EXECUTE format('INSERT INTO book.%I VALUES ($1, $2, $3)', TG_TABLE_NAME) USING NEW.id, NEW.seq, NEW.said;
       RETURN NULL;
     END $$;
"""


@dataclass(frozen=True)
class Audit:
    """What is wrong with what has landed; nothing, as it should be, where all three are empty."""

    lost: frozenset[tuple[int, int]]
    doubled: frozenset[tuple[int, int]]
    phantom: frozenset[tuple[int, int]]

    def __str__(self) -> str:
        told = [
            f"{len(rows)} {name}: {sorted(rows)[:5]}"
            for name, rows in (("lost", self.lost), ("doubled", self.doubled), ("phantom", self.phantom))
            if rows
        ]
        return "; ".join(told) or "0 lost, 0 doubled, 0 phantom"

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.phantom)


class Ledger:
    """A table ``name`` at the source: ``id`` is its key, ``seq`` its cursor, which every change draws anew."""

    def __init__(self, name: str, mode: int, source_url: str, destination_url: str) -> None:
        self.name = name
        self.mode = mode
        self._source_url = source_url
        self._destination_url = destination_url
        self._next = 1

    async def create(self, rows: int) -> None:
        connection = await asyncpg.connect(self._source_url)
        try:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock(1)")
                await connection.execute(_SCHEMA)
            await connection.execute(
                f"""CREATE TABLE {self.name} (id bigint PRIMARY KEY, seq bigint NOT NULL, said text NOT NULL);
                    CREATE TABLE book.{self.name} (id bigint, seq bigint, said text);
                    CREATE TRIGGER note AFTER INSERT OR UPDATE ON {self.name}
                       FOR EACH ROW EXECUTE FUNCTION book.note()"""
            )
        finally:
            await connection.close()
        await self.write(rows)

    async def write(self, new: int, changed: int = 0) -> int:
        """Adds rows and changes older ones, in one transaction; gives the id of a row in the middle of the new ones."""
        connection = await asyncpg.connect(self._source_url)
        try:
            async with connection.transaction():
                await self.write_by(connection, new, changed)
        finally:
            await connection.close()
        return self._next - max(1, new // 3)

    async def write_by(self, connection: asyncpg.Connection, new: int, changed: int = 0) -> None:
        """The same in a transaction of somebody's."""
        first = self._next
        await connection.execute(
            f"""WITH fresh AS (SELECT i AS id, nextval('book.numbers') AS seq FROM generate_series($1::bigint, $2) i)
                INSERT INTO {self.name} SELECT id, seq, book.said(id, seq) FROM fresh""",
            first, first + new - 1,
        )  # fmt: skip
        if changed:
            await connection.execute(
                f"""WITH fresh AS (SELECT id, nextval('book.numbers') AS seq FROM {self.name}
                                    WHERE id < $1 ORDER BY hashint8(id + $1) LIMIT $2)
                    UPDATE {self.name} t SET seq = f.seq, said = book.said(f.id, f.seq)
                      FROM fresh f WHERE t.id = f.id""",
                first, changed,
            )  # fmt: skip
        self._next += new

    async def audit(self) -> Audit:
        """Compares what has landed with the source as it is now, and with the book."""
        standing = await _read(self._source_url, self.name)
        noted = set(await _read(self._source_url, f"book.{self.name}"))
        landed = Counter(await _read(self._destination_url, self.name))
        phantom = {row for row in landed if row not in noted}
        if self.mode != APPEND:
            # What was changed since stands there no more.
            phantom |= landed.keys() - set(standing)
        return Audit(
            _named(row for row in standing if row not in landed),
            _named(row for row, times in landed.items() if times > 1),
            _named(phantom),
        )

    async def landed(self) -> Counter[tuple[int, int, str]]:
        """The rows of the destination, each with how often it is there."""
        return Counter(await _read(self._destination_url, self.name))

    async def newest(self) -> int:
        """The greatest number of the source."""
        connection = await asyncpg.connect(self._source_url)
        try:
            return int(await connection.fetchval(f"SELECT max(seq) FROM {self.name}"))
        finally:
            await connection.close()


Row = tuple[int, int, str]


async def _read(url: str, table: str) -> list[Row]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(f"SELECT id, seq, said FROM {table}")
    finally:
        await connection.close()
    return [(row[0], row[1], row[2]) for row in rows]


def _named(rows: object) -> frozenset[tuple[int, int]]:
    return frozenset((row[0], row[1]) for row in rows)  # type: ignore[attr-defined]
