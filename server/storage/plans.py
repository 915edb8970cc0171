"""How PostgreSQL would carry a statement out: asked without running it and without the values it was sent with."""

from __future__ import annotations

import re

import asyncpg

from server.storage.session import APPLICATION_ROLE

SECONDS = 5.0
_EXPLAINABLE = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.I | re.DOTALL)


def explainable(statement: str) -> bool:
    """Whether it is a SELECT, INSERT, UPDATE or DELETE, which alone have a plan worth reading."""
    return _EXPLAINABLE.match(statement) is not None


class NoPlan(Exception):  # noqa: N818 - an answer, not a fault
    """There is no plan to be had; the text says why."""


async def plan_of(url: str, statement: str) -> str:
    """The plan of a statement for any values, on a connection of its own; raises NoPlan.

    Nothing is executed: EXPLAIN without ANALYZE, in a transaction that can only read. The rights are the application's,
    so the plan has the conditions of row-level security too.
    """
    if not explainable(statement):
        raise NoPlan("only SELECT, INSERT, UPDATE and DELETE have one")
    settings = {
        "role": APPLICATION_ROLE,
        "application_name": "thedata-plans",
        "statement_timeout": str(int(SECONDS * 1000)),
        "lock_timeout": "1000",
        "default_transaction_read_only": "on",
        "plan_cache_mode": "force_generic_plan",
    }
    try:
        connection = await asyncpg.connect(url, timeout=SECONDS, command_timeout=SECONDS, server_settings=settings)
        try:
            # Prepared, as EXPLAIN itself wants values for what stands in place of them: NULLs, which no plan shows.
            await connection.execute(f"PREPARE observed AS {statement}")
            types = await connection.fetchval(
                "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'observed'"
            )
            nulls = f"({', '.join(['NULL'] * types)})" if types else ""
            lines = await connection.fetch(f"EXPLAIN EXECUTE observed{nulls}")
        finally:
            await connection.close(timeout=SECONDS)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise NoPlan(type(error).__name__) from error
    return "\n".join(line[0] for line in lines)
