"""Proving that two tables hold the same rows: an order-independent hash, computed by each server itself."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import asyncpg

from server.sync.lanes.flow import COPY_SECONDS
from server.sync.names import quote


class HashAlgorithm(StrEnum):
    """How a row becomes a number. RECORD is PostgreSQL's own and fast; MD5 is the same on every server."""

    RECORD = "hash_record_extended"
    MD5 = "md5_text"


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


def row_expression(names: Sequence[str], hashable: Sequence[bool]) -> str:
    """List columns for hashing; those whose type has no hash function go as their text."""
    return ", ".join(
        quote(name) if fits else f"{quote(name)}::text" for name, fits in zip(names, hashable, strict=True)
    )


async def content_hash(connection: asyncpg.Connection, table: str, row: str, algorithm: HashAlgorithm) -> str:
    """Hash all rows of a table expression; equal multisets of rows give equal results, whatever their order.

    ``table`` is quoted SQL that stands after FROM; the result is ``algorithm:sum``.
    """
    one = {
        HashAlgorithm.RECORD: f"hash_record_extended(ROW ({row}), 0)",
        HashAlgorithm.MD5: f"('x' || left(md5(ROW ({row})::text), 16))::bit(64)::bigint",
    }[algorithm]
    total = await connection.fetchval(
        f"SELECT coalesce(sum({one}), 0)::text FROM {table}",  # noqa: S608 - names are quoted by the callers
        timeout=COPY_SECONDS,
    )
    return f"{algorithm}:{total}"


async def _probe(connection: asyncpg.Connection) -> int | None:
    if not await connection.fetchval("SELECT to_regprocedure('hash_record_extended(record, bigint)') IS NOT NULL"):
        return None
    return int(await connection.fetchval(_PROBE))
