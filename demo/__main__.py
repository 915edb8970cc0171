"""`python -m demo`: starts the stack, lands the NYC flights in one database, copies that to another, shows it all."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

from demo import flights, show
from demo.api import Api, ApiError
from server import logs
from server.settings import Settings
from server.stack.supervisor import Endpoints, run_stack

EMAIL = "demo@thedata.local"
LANDING, COPY = "demo_landing", "demo_copy"


async def demonstrate(endpoints: Endpoints, folder: Path) -> int | None:
    """Does the main job over REST; returns the exit code, or None to keep serving."""
    exits = os.environ.get("EXIT") == "1"
    try:
        complete = await _main_job(endpoints, folder)
    except (ApiError, flights.DataMissing, asyncpg.PostgresError) as error:
        show.console.print(str(error), style="red", markup=False)
        complete = False
    if exits:
        return 0 if complete else 1
    show.console.print("\nServing until Ctrl-C.")
    return None


async def _main_job(endpoints: Endpoints, folder: Path) -> bool:
    show.console.rule("NYC flights: CSV files → PostgreSQL → PostgreSQL", align="left")
    rows = await asyncio.to_thread(flights.unpack, folder)
    url = endpoints.database_url.get_secret_value()
    password = _password(folder.parent / "password")
    api = Api(endpoints.rest_url)
    try:
        await api.log_in(EMAIL, password, full_name="Demo", organization_name="Demo organization")
        for name in (LANDING, COPY):
            await _ensure_database(url, name)
        files = await api.ensure(
            "data-sources",
            "data_sources",
            {
                "name": "NYC flights (CSV)",
                "connector": "files",
                # In these files NA stands for a missing value.
                "config": {"path": str(folder), "format": "csv", "null_values": ["", "NA"]},
            },
        )
        landing, copy = [await _ensure_postgres(api, url, name) for name in (LANDING, COPY)]
        runs = []
        for source, destination in ((files, landing), (landing, copy)):
            pipeline = await api.ensure(
                "pipelines",
                "pipelines",
                {
                    "name": f"{source['name']} → {destination['name']}",
                    "source_id": source["id"],
                    "destination_id": destination["id"],
                },
            )
            run = await api.post(f"/pipelines/{pipeline['id']}/start")
            runs.append(await show.watch(api, pipeline, run, sum(rows.values())))
        tables = {name: await _counts(url, name, rows) for name in (LANDING, COPY)}
        show.landed(rows, tables)
        show.next_steps(endpoints.rest_url, endpoints.grpc_address, EMAIL, password, pipeline["id"])
        succeeded = all(run["state"] == "RUN_STATE_SUCCEEDED" for run in runs)
        return succeeded and all(found == rows for found in tables.values())
    finally:
        await api.close()


async def _ensure_postgres(api: Api, url: str, database: str) -> dict[str, object]:
    server = urlsplit(url)
    config = {
        "host": server.hostname,
        "port": server.port or 5432,
        "database": database,
        "user": unquote(server.username or ""),
        "password": unquote(server.password or ""),
        "sslmode": "prefer",
    }
    body = {"name": database, "connector": "postgres", "config": config}
    return await api.ensure("data-sources", "data_sources", body)


async def _ensure_database(url: str, name: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()


async def _counts(url: str, database: str, tables: dict[str, int]) -> dict[str, int]:
    connection = await asyncpg.connect(urlsplit(url)._replace(path=f"/{database}").geturl(), timeout=10)
    try:
        return {table: await connection.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables}  # noqa: S608 - our own names
    finally:
        await connection.close()


def _password(path: Path) -> str:
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(12))
    return path.read_text()


def main() -> int:
    """Runs the stack with the demo in it."""
    settings = Settings()
    logs.configure(settings)
    folder = settings.home / "demo" / "nycflights13"
    settings = settings.model_copy(update={"file_roots": [*settings.file_roots, folder]})
    return asyncio.run(run_stack(settings, on_ready=lambda endpoints: demonstrate(endpoints, folder)))


if __name__ == "__main__":
    sys.exit(main())
