"""Where files stand: one port for local folders, object storage and web servers.

What each storage guarantees when a file is replaced (``replace``): local folders compare and swap in one step; object
storages, whose Arrow drivers have no conditional write, look first and write then, which leaves a gap of one round
trip: there the run's lease alone keeps two workers apart. A web server cannot be written.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from server.sync.connectors.base import ConnectorContext
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.files.config import FilesConfig, scheme_of
from server.sync.readers.safe_open import file_error

MAX_FILES = 10_000
MAX_LISTED = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: its path below the storage's base, its size in bytes, and what changes when its content does."""

    path: str
    size: int
    modified: datetime | None
    version: str

    @property
    def fingerprint(self) -> str:
        """Tells this content of the file from another."""
        return f"{self.size}:{self.version}"


class Changed(Exception):  # noqa: N818 - not a failure: somebody else was faster
    """A file is not the one that was to be replaced."""


class Storage(ABC):
    """Files below a base folder; every method blocks and raises SyncError of ``origin``. Paths are relative, with /."""

    title: str
    origin: Origin

    @abstractmethod
    def find(self, path: str) -> Entry | None:
        """Look for one file."""

    @abstractmethod
    def walk(self, below: str = "") -> Iterator[Entry]:
        """Yield every file below a folder, in the order of the paths; nothing where there is no folder."""

    @abstractmethod
    def open(self, entry: Entry, *, seeks: bool = False) -> AbstractContextManager[BinaryIO]:
        """Open a file for reading; ``seeks`` says that it is not read from the first byte to the last."""

    def interrupt(self) -> None:  # noqa: B027 - most reads are short
        """Make a read in flight end soon."""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of connections."""

    def fault(self, type_: ErrorType, code: str, message: str, advice: str) -> SyncError:
        """Make an error of this storage."""
        return SyncError(origin=self.origin, type=type_, code=code, message=message, advice=advice)


class WritableStorage(Storage):
    """A storage that files can be written to."""

    @abstractmethod
    def create(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Write a file, in place of what there may be; it stands on the disk when the block ends well."""

    @abstractmethod
    def move(self, source: str, target: str) -> None:
        """Give a file another path, in place of what there may be."""

    @abstractmethod
    def delete(self, path: str) -> None:
        """Remove a file; one that is gone already is no fault."""

    @abstractmethod
    def delete_folder(self, path: str) -> None:
        """Remove a folder with all that is in it; one that is gone already is no fault."""

    @abstractmethod
    def read_small(self, path: str) -> tuple[bytes, str] | None:
        """Read a small file whole, with the version that ``replace`` takes; None where there is none."""

    @abstractmethod
    def replace(self, path: str, content: bytes, expected: str | None) -> None:
        """Write a small file in one step where its version is still the expected one (None: no file).

        Raises Changed.
        """


def open_storage(config: FilesConfig, context: ConnectorContext) -> tuple[Storage, str]:
    """Open the storage of a path; gives it with what is looked for below its base: a name, a pattern, or nothing.

    Raises SyncError PATH_FORBIDDEN, FILE_NOT_FOUND.
    """
    if scheme_of(config.path) in ("http", "https"):
        from server.sync.files.http_storage import HttpStorage

        return HttpStorage(config, context), HttpStorage.name_of(config.path)
    return _open_writable(config, context, Origin.SOURCE)


def open_writable(config: FilesConfig, context: ConnectorContext) -> WritableStorage:
    """Open the folder of a path for writing; raises SyncError PATH_FORBIDDEN, NOT_A_DESTINATION."""
    if scheme_of(config.path) in ("http", "https"):
        message = "Nothing can be written to a web server"
        raise file_error("NOT_A_DESTINATION", message, "Name another path.", origin=Origin.DESTINATION)
    return _open_writable(config, context, Origin.DESTINATION)[0]


def _open_writable(config: FilesConfig, context: ConnectorContext, origin: Origin) -> tuple[WritableStorage, str]:
    if scheme_of(config.path):
        from server.sync.files.object_storage import open_object_storage

        return open_object_storage(config, context, origin)
    from server.sync.files.local_storage import open_local_storage

    return open_local_storage(config.path, context.file_roots, origin)


def split_pattern(path: str) -> tuple[str, str]:
    """Split a path into the folder above its first wildcard, and the pattern below that."""
    parts = path.split("/")
    first = next((index for index, part in enumerate(parts) if re.search(r"[*?\[]", part)), len(parts))
    return "/".join(parts[:first]), "/".join(parts[first:])
