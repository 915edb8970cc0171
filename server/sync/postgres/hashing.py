"""Proving that two PostgreSQL tables hold the same rows: sums of row hashes by bucket, taken by each server itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import asyncpg

from server.sync.names import quote
from server.sync.postgres.session import COPY_SECONDS

BUCKETS = 64


class HashAlgorithm(StrEnum):
    """How a row becomes a number. RECORD is PostgreSQL's own and fast; MD5 is the same on every server."""

    RECORD = "hash_record_extended"
    MD5 = "md5_text"


@dataclass(frozen=True, slots=True)
class Hashed:
    """One side of a comparison: of each bucket the number of rows and the sum of their hashes."""

    rows: dict[int, int]
    sums: dict[int, str]


# Typed constants of every family that RECORD is trusted with; two servers that hash them alike hash alike.
_PROBE = """
SELECT hash_record_extended(ROW (true, 1::int2, 2::int4, 3::int8, 1.5::float4, 2.5::float8, 12.340::numeric,
       'text ä'::text, 'c'::"char", '\\x00ff'::bytea, '2024-02-29'::date, '12:30'::time, '2024-02-29 12:30'::timestamp,
       '2024-02-29 12:30+00'::timestamptz, '1 mon 2 days'::interval, '{"a": [1, null]}'::jsonb,
       '00000000-0000-4000-8000-000000000000'::uuid, '10.0.0.0/8'::inet, ARRAY[1, NULL]), 0)
"""


async def choose_algorithm(source: asyncpg.Connection, destination: asyncpg.Connection) -> HashAlgorithm:
    """Take the fast hash only where both servers have it and give the same for known values."""
    ours, theirs = await _probe(source), await _probe(destination)
    return HashAlgorithm.RECORD if ours is not None and ours == theirs else HashAlgorithm.MD5


@dataclass(frozen=True, slots=True)
class RowHash:
    """The two expressions of a comparison: a row's hash, and the bucket that its key (or the row) falls into."""

    row: str
    bucket: str

    async def take(self, connection: asyncpg.Connection, query: str) -> Hashed:
        """Hash all rows of a query; equal multisets of rows give equal results, whatever their order."""
        rows = await connection.fetch(
            f"SELECT {self.bucket} AS bucket, count(*), sum({self.row})::text FROM ({query}) AS rows GROUP BY 1",
            timeout=COPY_SECONDS,
        )
        return Hashed({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


def row_hash(names: Sequence[str], hashable: Sequence[bool], key: Sequence[str], algorithm: HashAlgorithm) -> RowHash:
    """Write the expressions for these columns; those whose type has no hash function go as their text."""
    fits = dict(zip(names, hashable, strict=True))
    row = _hash(names, fits, algorithm)
    return RowHash(row, f"(({_hash(key or names, fits, algorithm)}) & {BUCKETS - 1})::int")


def _hash(names: Sequence[str], fits: dict[str, bool], algorithm: HashAlgorithm) -> str:
    values = ", ".join(quote(name) if fits[name] else f"{quote(name)}::text" for name in names)
    if algorithm is HashAlgorithm.RECORD:
        return f"hash_record_extended(ROW ({values}), 0)"
    return f"('x' || left(md5(ROW ({values})::text), 16))::bit(64)::bigint"


async def _probe(connection: asyncpg.Connection) -> int | None:
    if not await connection.fetchval("SELECT to_regprocedure('hash_record_extended(record, bigint)') IS NOT NULL"):
        return None
    return int(await connection.fetchval(_PROBE))
