"""A disk that is soon full: a tmpfs of some megabytes, and a PostgreSQL tablespace on it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from server.stack.postgres import EmbeddedPostgres
from tests.conftest import fast_folder

PIECE = bytes(1 << 16)


@dataclass(frozen=True)
class SmallDisk:
    """A mounted tmpfs; ``tablespace`` is the name of the one on it."""

    folder: Path
    tablespace: str

    def fill(self) -> None:
        """Leaves no room at all."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            for piece in (PIECE, PIECE[:4096]):
                while True:
                    try:
                        ballast.write(piece)
                    except OSError:
                        break

    def free(self) -> None:
        """Makes room again."""
        (self.folder / "ballast").unlink()


@asynccontextmanager
async def small_disk(cluster: EmbeddedPostgres, megabytes: int) -> AsyncIterator[SmallDisk]:
    """Mounts a small disk, and skips the test where that is not allowed."""
    folder = fast_folder()
    folder.mkdir()
    try:
        if await _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)):
            pytest.skip("needs the right to mount a tmpfs")
        disk = SmallDisk(folder, f"small_{uuid4().hex[:8]}")
        admin = await asyncpg.connect(cluster.dsn("postgres"))
        try:
            owner = os.stat(await admin.fetchval("SHOW data_directory"))
            (folder / "tablespace").mkdir()
            os.chown(folder / "tablespace", owner.st_uid, owner.st_gid)
            await admin.execute(f"CREATE TABLESPACE {disk.tablespace} LOCATION '{folder / 'tablespace'}'")
            yield disk
            await admin.execute(f"DROP TABLESPACE {disk.tablespace}")
        finally:
            await admin.close()
    finally:
        # The server may still hold what has been dropped.
        await _run("umount", "--lazy", str(folder))
        folder.rmdir()


async def _run(*command: str) -> int:
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    return await process.wait()
