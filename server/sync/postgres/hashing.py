"""Proving that two PostgreSQL tables hold the same rows: sums of row hashes, taken by each server itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import asyncpg

from server.sync.names import quote
from server.sync.postgres.session import COPY_SECONDS


class HashAlgorithm(StrEnum):
    """How a row becomes a number. RECORD is PostgreSQL's own and fast; MD5 is the same on every server."""

    RECORD = "hash_record_extended"
    MD5 = "md5_text"


@dataclass(frozen=True, slots=True)
class Hashed:
    """One side of a comparison: the number of rows, and the sum of their hashes."""

    rows: int
    total: str


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


async def content_hash(connection: asyncpg.Connection, query: str, row: str) -> Hashed:
    """Hash all rows of a query; equal multisets of rows give equal results, whatever their order."""
    found = await connection.fetchrow(
        f"SELECT count(*), coalesce(sum({row}), 0)::text FROM ({query}) AS rows", timeout=COPY_SECONDS
    )
    assert found is not None
    return Hashed(found[0], found[1])


def row_expression(names: Sequence[str], hashable: Sequence[bool], algorithm: HashAlgorithm) -> str:
    """Write a row's hash; columns whose type has no hash function go as their text."""
    values = ", ".join(
        quote(name) if fits else f"{quote(name)}::text" for name, fits in zip(names, hashable, strict=True)
    )
    if algorithm is HashAlgorithm.RECORD:
        return f"hash_record_extended(ROW ({values}), 0)"
    return f"('x' || left(md5(ROW ({values})::text), 16))::bit(64)::bigint"


async def _probe(connection: asyncpg.Connection) -> int | None:
    if not await connection.fetchval("SELECT to_regprocedure('hash_record_extended(record, bigint)') IS NOT NULL"):
        return None
    return int(await connection.fetchval(_PROBE))
