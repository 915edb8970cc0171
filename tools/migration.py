"""`python -m tools.migration "what changes"` writes a migration; `--check` compares models and migrations.

Both work on a private, empty PostgreSQL that is upgraded first.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from server.resources import MIGRATIONS
from server.stack.postgres import EmbeddedPostgres
from server.storage import schema

ROOT = Path(__file__).parents[1]


async def with_fresh_schema(*arguments: str) -> int:
    """Runs alembic on a database that has every migration; returns its exit code."""
    home = Path(tempfile.gettempdir()) / f"thedata-migration-{os.getpid()}"
    postgres = EmbeddedPostgres(home, durable=False)
    try:
        await postgres.start()
        await postgres.create_database("thedata")
        await schema.upgrade(postgres.dsn())
        environment = {**os.environ, "THEDATA_DATABASE_URL": postgres.dsn()}
        command = [sys.executable, "-m", "alembic", *arguments]
        return await asyncio.to_thread(lambda: subprocess.run(command, cwd=ROOT, env=environment).returncode)
    finally:
        await postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Writes or checks."""
    if arguments == ["--check"]:
        return asyncio.run(with_fresh_schema("check"))
    number = 1 + sum(1 for _ in MIGRATIONS.joinpath("versions").glob("*.py"))
    return asyncio.run(
        with_fresh_schema("revision", "--autogenerate", "--rev-id", f"{number:04}", "--message", arguments[0])
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
