"""Files in local folders: below an allowed root, never through a link, on the disk before anybody is told."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from server.sync.errors import ErrorType, Origin
from server.sync.files.storage import MAX_LISTED, Changed, Entry, WritableStorage, split_pattern
from server.sync.readers.safe_open import file_error, open_error, open_folder, open_regular, resolve

LOCK_SECONDS = 10.0


class LocalStorage(WritableStorage):
    """A folder below a root. Every path is walked down from the root without following a link."""

    title = "local files"

    def __init__(self, root: Path, base: Path, origin: Origin) -> None:
        self.origin = origin
        self._root = root
        self._base = base

    def find(self, path: str) -> Entry | None:
        """Look for one regular file."""
        try:
            found = (self._base / path).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return _entry(path, found) if stat.S_ISREG(found.st_mode) else None

    def walk(self, below: str = "") -> Iterator[Entry]:
        """Yield regular files; links and hidden files are no files here."""
        seen = 0
        for folder, folders, names in os.walk(self._base / below, onerror=self._refuse):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder) / name
                seen += 1
                if seen > MAX_LISTED:
                    raise file_error("TOO_MANY_FILES", f"More than {MAX_LISTED} files", "Name a smaller folder.")
                found = path.lstat()
                if stat.S_ISREG(found.st_mode) and not name.startswith("."):
                    yield _entry(path.relative_to(self._base).as_posix(), found)

    def open(self, entry: Entry, *, seeks: bool = False) -> BinaryIO:  # noqa: ARG002 - a disk seeks always
        """Open a file for reading."""
        return open_regular(self._base / entry.path, self._root, self.origin)

    @contextmanager
    def create(self, path: str) -> Iterator[BinaryIO]:
        """Write a file under another name, bring it to the disk, and give it its name."""
        target = self._base / path
        written = f".{target.name}.{os.getpid()}.{time.monotonic_ns()}"
        with self._folder(target) as folder:
            try:
                with os.fdopen(
                    os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=folder), "wb"
                ) as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                os.rename(written, target.name, src_dir_fd=folder, dst_dir_fd=folder)
                os.fsync(folder)
            except OSError as error:
                _unlink(written, folder)
                raise self._disk(error, path) from error
            except BaseException:
                _unlink(written, folder)
                raise

    def move(self, source: str, target: str) -> None:
        """Rename within the file system."""
        old, new = self._base / source, self._base / target
        with self._folder(old) as here, self._folder(new) as there:
            try:
                os.rename(old.name, new.name, src_dir_fd=here, dst_dir_fd=there)
                os.fsync(there)
            except OSError as error:
                raise self._disk(error, target) from error

    def delete(self, path: str) -> None:
        """Remove a file, and the folders that become empty above it."""
        target = self._base / path
        if not target.parent.is_dir():
            return
        with self._folder(target) as folder:
            _unlink(target.name, folder)
            os.fsync(folder)
        for parent in target.parents:
            if parent == self._base or any(parent.iterdir()):
                return
            parent.rmdir()

    def delete_folder(self, path: str) -> None:
        """Remove a folder, links in it as links."""
        top = self._base / path
        for folder, _, names in os.walk(top, topdown=False, followlinks=False):
            for name in names:
                (Path(folder) / name).unlink(missing_ok=True)
            Path(folder).rmdir()

    def read_small(self, path: str) -> tuple[bytes, str] | None:
        """Read a file; its version is the hash of its content."""
        entry = self.find(path)
        if entry is None:
            return None
        with self.open(entry) as file:
            content = file.read()
        return content, hashlib.sha256(content).hexdigest()

    def replace(self, path: str, content: bytes, expected: str | None) -> None:
        """Swap a file under a lock that every writer of it takes."""
        target = self._base / path
        with self._folder(target) as folder, self._locked(folder, target.name):
            found = self.read_small(path)
            if (found[1] if found else None) != expected:
                raise Changed(path)
            with self.create(path) as file:
                file.write(content)

    @contextmanager
    def _locked(self, folder: int, name: str) -> Iterator[None]:
        lock = os.open(f".{name}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644, dir_fd=folder)
        deadline = time.monotonic() + LOCK_SECONDS
        try:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() > deadline:
                        raise self.fault(
                            ErrorType.TRANSIENT, "LOCKED", f"{name!r} is being replaced by another run", "Try again."
                        ) from error
                    time.sleep(0.02)
            yield
        finally:
            os.close(lock)

    @contextmanager
    def _folder(self, path: Path) -> Iterator[int]:
        folder = open_folder(path.parent, self._root, self.origin, create=self.origin is Origin.DESTINATION)
        try:
            yield folder
        finally:
            os.close(folder)

    def _refuse(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise open_error(error, str(Path(error.filename).name), self.origin) from error

    def _disk(self, error: OSError, path: str) -> Exception:
        full = error.errno in (28, 122)  # ENOSPC, EDQUOT
        return self.fault(
            ErrorType.SYSTEM,
            "DISK_FULL" if full else "FILE_NOT_WRITABLE",
            f"{path!r} cannot be written ({error.strerror})",
            "Make room on the disk." if full else "Make the folder writable for the worker's account.",
        )


def open_local_storage(path: str, roots: Iterable[Path], origin: Origin) -> tuple[LocalStorage, str]:
    """Find the folder of a path below the roots; the last part of a file's path is what is looked for."""
    if origin is Origin.DESTINATION:
        real, root = resolve(path, roots, must_exist=False)
        return LocalStorage(root, real, origin), ""
    folder, pattern = path, ""
    if not _exists(path, roots):
        folder, pattern = split_pattern(path)
    real, root = resolve(folder or ("/" if path.startswith("/") else "."), roots)
    if real.is_dir():
        return LocalStorage(root, real, origin), pattern
    if not real.is_file() or pattern:
        raise file_error("FILE_NOT_REGULAR", f"{path!r} is no regular file or folder", "Name a file or folder.")
    return LocalStorage(root, real.parent, origin), real.name


def _exists(path: str, roots: Iterable[Path]) -> bool:
    return any((root / path).exists() for root in roots)


def _entry(path: str, found: os.stat_result) -> Entry:
    # ctime tells a change even where the writer has set back the time of modification.
    modified = datetime.fromtimestamp(found.st_mtime_ns // 1000 / 1e6, UTC)
    return Entry(path, found.st_size, modified, f"{found.st_mtime_ns}-{found.st_ino}")


def _unlink(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return
