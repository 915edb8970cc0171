"""Alembic's environment: one async connection, given by `server.storage.schema` or made from the settings."""

from __future__ import annotations

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from server.settings import Settings
from server.storage.tables import metadata


def _ours(
    _object: object,
    name: str | None,
    kind: Literal["schema", "table", "column", "index", "unique_constraint", "foreign_key_constraint"],
    reflected: bool,
    _compared: object,
) -> bool:
    # Partitions are made and dropped day by day; they are no part of the models.
    return not (kind == "table" and reflected and name is not None and name.startswith("run_logs_"))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=_ours,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect_and_run() -> None:
    url = Settings().database_url
    if url is None:
        raise SystemExit("Set THEDATA_DATABASE_URL, or use `make migrate`, which starts the embedded PostgreSQL.")
    address = url.get_secret_value().replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    asyncio.run(_connect_and_run())
