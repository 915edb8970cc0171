from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from server.stack.folder import PASSABLE, make_folder
from server.stack.postgres import EmbeddedPostgres

DISK = Path(tempfile.gettempdir()).resolve()

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about what root does")


def new_folder(base: Path = DISK) -> Path:
    """Return a folder yet to be made that the unprivileged account could pass: pytest's own do not let it."""
    return base / f"thedata-test-{secrets.token_hex(6)}"


def quickest() -> Path:
    """Return where clusters are copied in no time: memory, where there is enough."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    return memory if roomy else DISK


@pytest.fixture
def room() -> Iterator[Path]:
    folder = make_folder(new_folder(quickest()), PASSABLE)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def room_on_disk() -> Iterator[Path]:
    """A room for programs too: memory may be mounted such that none can be run from it."""
    folder = make_folder(new_folder(), PASSABLE)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(room: Path) -> Path:
    return room / "home"


@pytest.fixture(scope="session")
def seed() -> Iterator[Path]:
    """A home folder with a cluster that was made and stopped, to be copied."""
    home = new_folder(quickest())

    async def make() -> None:
        cluster = EmbeddedPostgres(home, durable=False)
        await cluster.start()
        await cluster.stop()

    try:
        asyncio.run(make())
        yield home
    finally:
        shutil.rmtree(home)


@pytest.fixture
def made_home(seed: Path, home: Path) -> Path:
    """A home folder whose cluster is made already."""
    subprocess.run(("cp", "-a", seed, home), check=True, timeout=30)  # keeps the owners
    return home


@pytest.fixture
async def postgres(made_home: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A cluster that the test starts; whatever it left running is ended."""
    cluster = EmbeddedPostgres(made_home, durable=False)
    yield cluster
    await cluster.stop()


def poll(condition: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.02)


async def poll_async(condition: Callable[[], object], seconds: float = 10.0) -> None:
    await asyncio.to_thread(poll, condition, seconds)
