"""A platform whose components can be broken and mended, one by one: for whoever must notice.

`broken_platform` makes it: a server in this process with a PostgreSQL, an engine, an Envoy and a home folder of its
own, the home on a small disk where this machine lets the tests mount one.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from pydantic import SecretStr

from server.app import App, build
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.envoy import Envoy
from server.stack.ports import free_port
from server.stack.postgres import EmbeddedPostgres
from server.storage import schema
from tests.admin.conftest import Operator, operator_of
from tests.conftest import fast_folder, running_worker

DISK_BYTES = 96 << 20
NOTICED_SECONDS = 15.0


@dataclass
class Platform:
    """What runs, and how to break it."""

    postgres: EmbeddedPostgres
    engine: EmbeddedClickhouse
    envoy: Envoy
    settings: Settings
    app: App
    operator: Operator
    small_disk: bool
    _workers: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def stop_postgres(self) -> None:
        """Kills PostgreSQL as a loss of power would."""
        assert self.postgres.pid
        os.kill(self.postgres.pid, signal.SIGQUIT)
        await self.postgres.wait()
        await self.postgres.stop()

    async def start_postgres(self) -> None:
        """Starts it again where it was."""
        await self.postgres.start()

    async def kill_engine(self) -> None:
        """Kills the analytics engine."""
        assert self.engine.pid
        os.kill(self.engine.pid, signal.SIGKILL)
        await self.engine.wait()
        await self.engine.stop()

    async def start_engine(self) -> None:
        """Starts it again where it was."""
        await self.engine.start()

    async def start_worker(self) -> asyncio.subprocess.Process:
        """Starts one more worker."""
        return await self._workers.enter_async_context(running_worker(self.settings))

    async def stop_workers(self) -> None:
        """Ends all workers politely."""
        await self._workers.aclose()

    async def stop_gateway(self) -> None:
        """Ends Envoy."""
        await self.envoy.stop()

    async def start_gateway(self) -> None:
        """Starts it again where it was."""
        await self.envoy.start()

    async def fill_disk(self) -> None:
        """Leaves nothing free in the home folder's file system."""
        assert self.small_disk
        free = shutil.disk_usage(self.settings.home).free
        await asyncio.to_thread(self._ballast.write_bytes, bytes(free - (64 << 10)))

    async def free_disk(self) -> None:
        """Gives it back."""
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.settings.home / "ballast"


@asynccontextmanager
async def broken_platform() -> AsyncIterator[Platform]:
    """A platform that is whole, to be broken; without workers at first."""
    async with AsyncExitStack() as ends:
        home, small_disk = await asyncio.to_thread(_home)
        ends.callback(_removed, home, small_disk)
        folder = fast_folder()
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        data = Path(tempfile.mkdtemp(prefix="thedata-clickhouse-"))
        ends.callback(shutil.rmtree, data, ignore_errors=True)
        postgres, engine = EmbeddedPostgres(folder, durable=False), EmbeddedClickhouse(data)
        await asyncio.gather(postgres.start(), engine.start())
        ends.push_async_callback(postgres.stop)
        ends.push_async_callback(engine.stop)
        await postgres.create_database("thedata")
        url = postgres.dsn("thedata")
        await schema.upgrade(url)
        port = free_port()
        settings = Settings(
            home=home,
            database_url=SecretStr(url),
            analytics_url=SecretStr(engine.url),
            gateway_url=SecretStr(f"http://127.0.0.1:{port}"),
            grpc_port=0,
            stop_grace_seconds=1,
        )
        app = build(settings)
        await app.start()
        ends.push_async_callback(app.stop)
        envoy = Envoy(data / "envoy", port=port, upstream=("127.0.0.1", app.port), concurrency=1)
        await envoy.start()
        ends.push_async_callback(envoy.stop)
        channel = await ends.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{app.port}"))
        operator = await operator_of(app, channel)
        platform = Platform(postgres, engine, envoy, settings, app, operator, small_disk)
        ends.push_async_callback(platform.stop_workers)
        yield platform


def _home() -> tuple[Path, bool]:
    """A home folder, on a disk of its own where that can be mounted."""
    home = Path(tempfile.mkdtemp(prefix="thedata-home-"))
    command = ("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(home))
    try:
        mounted = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except OSError:
        return home, False
    return home, mounted.returncode == 0


def _removed(home: Path, mounted: bool) -> None:
    if mounted:
        subprocess.run(("umount", "--lazy", str(home)), timeout=10, check=True)
    shutil.rmtree(home, ignore_errors=True)
