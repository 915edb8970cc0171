"""Files as a source and a destination: CSV, JSON Lines, Parquet, Arrow; on disks, in object storage, behind URLs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ClassVar, TypeVar

from server.sync.connectors.base import Capability, Connector, ConnectorContext, within
from server.sync.destination import Destination
from server.sync.errors import Origin
from server.sync.files.config import FilesConfig
from server.sync.files.describing import describe
from server.sync.files.destination import MODES, FilesDestination
from server.sync.files.source import FilesSource, translated
from server.sync.files.storage import open_storage, open_writable
from server.sync.files.streams import find_streams
from server.sync.model import Catalog, CheckResult
from server.sync.source import Source
from server.sync.spec import SyncMode

T = TypeVar("T")


class FilesConnector(Connector[FilesConfig]):
    """Files in a local folder, S3-compatible storage, GCS, Azure, or (to read) behind a URL."""

    kind: ClassVar[str] = "files"
    title: ClassVar[str] = "Files"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    modes: ClassVar[frozenset[SyncMode]] = MODES
    config_model = FilesConfig

    async def check(
        self, config: FilesConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Find at least one file that can be opened; a destination must take a file and give it back."""
        started = time.perf_counter()
        work = _check_source if origin is Origin.SOURCE else _check_destination
        title, found = await _in_thread(lambda: work(config, context), context.timeout_seconds, origin)
        return CheckResult(True, title, (time.perf_counter() - started) * 1000, found)

    async def discover(self, config: FilesConfig, context: ConnectorContext) -> Catalog:
        """List one stream per file or folder, its columns taken from a sample where the files do not tell them."""

        def all_streams() -> Catalog:
            storage, wanted = open_storage(config, context)
            try:
                streams = find_streams(storage, wanted, config)
                return Catalog(tuple(describe(stream, storage, config) for stream in streams))
            finally:
                storage.close()

        return await _in_thread(all_streams, context.timeout_seconds, Origin.SOURCE)

    @asynccontextmanager
    async def open_source(self, config: FilesConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open the folder for reading."""
        storage, wanted = await _in_thread(
            lambda: open_storage(config, context), context.timeout_seconds, Origin.SOURCE
        )
        source = FilesSource(storage, wanted, config)
        try:
            yield source
        finally:
            source.close()

    @asynccontextmanager
    async def open_destination(self, config: FilesConfig, context: ConnectorContext) -> AsyncIterator[Destination]:
        """Open the folder for writing."""
        storage = await _in_thread(lambda: open_writable(config, context), context.timeout_seconds, Origin.DESTINATION)
        destination = FilesDestination(storage, config)
        try:
            yield destination
        finally:
            destination.close()


def _check_source(config: FilesConfig, context: ConnectorContext) -> tuple[str, str]:
    storage, wanted = open_storage(config, context)
    try:
        streams = find_streams(storage, wanted, config)
        for file in (stream.files[0] for stream in streams):
            with storage.open(file) as opened:
                opened.read(1)
        return storage.title, f"Found {sum(len(s.files) for s in streams)} files in {len(streams)} streams."
    finally:
        storage.close()


def _check_destination(config: FilesConfig, context: ConnectorContext) -> tuple[str, str]:
    storage = open_writable(config, context)
    path = f"_thedata/check-{time.time_ns()}"
    try:
        with storage.create(path) as file:
            file.write(b"theData.io")
        found = storage.read_small(path)
        storage.delete(path)
        assert found is not None
        assert found[0] == b"theData.io"
        return storage.title, "A file can be written, read and removed."
    finally:
        storage.close()


async def _in_thread(work: Callable[[], T], timeout: float, origin: Origin) -> T:
    """Run blocking work beside the loop; a storage that never answers is left behind. Raises SyncError TIMEOUT."""
    executor = ThreadPoolExecutor(1, "files")
    try:
        async with within(timeout, origin):
            return await asyncio.get_running_loop().run_in_executor(executor, work)
    except Exception as error:
        raise translated(error) from error
    finally:
        executor.shutdown(wait=False)
