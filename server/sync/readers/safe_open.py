"""Opening files that users name: below an allowed root, regular, and never through a link that was swapped in."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from server.sync.errors import ErrorType, Origin, SyncError


def resolve(path: str, roots: Iterable[Path]) -> tuple[Path, Path]:
    """Find the real path and the real root above it; raises SyncError PATH_FORBIDDEN, FILE_NOT_FOUND."""
    if "\0" in path:
        raise file_error("PATH_FORBIDDEN", "The path holds a NUL character", "Correct the path.")
    allowed = [Path(os.path.realpath(root)) for root in roots]
    named = Path(path)
    # A relative path is looked up below the roots: the folder that the worker runs in means nothing to a user.
    candidates = [named] if named.is_absolute() else [root / named for root in allowed]
    inside = [
        (real, root)
        for real in (Path(os.path.realpath(candidate)) for candidate in candidates)
        for root in allowed
        if real.is_relative_to(root)
    ]
    if not inside:
        raise file_error(
            "PATH_FORBIDDEN",
            f"{path!r} is not below a folder that files may be read from",
            "Put the files into the upload folder, or let the operator add their folder to the file roots.",
        )
    existing = [pair for pair in inside if pair[0].exists()]
    if not existing:
        raise file_error("FILE_NOT_FOUND", f"{path!r} does not exist", "Check the path.")
    return existing[0]


def open_regular(path: Path, root: Path) -> BinaryIO:
    """Open a file for reading, walking down from the root without following a link.

    ``path`` must be a real path below ``root``. A link, FIFO, device or folder raises SyncError FILE_NOT_REGULAR.
    """
    parts: Sequence[str] = path.relative_to(root).parts
    name = str(path.relative_to(root))
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        # O_NONBLOCK: opening a FIFO must not wait for its writer.
        file = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise _open_error(error, name) from error
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise file_error("FILE_NOT_REGULAR", f"{name!r} is no regular file", "Name a regular file.")
    return os.fdopen(file, "rb")


def file_error(code: str, message: str, advice: str, position: str | None = None) -> SyncError:
    """Make the error of a file that cannot be used as it is."""
    return SyncError(
        origin=Origin.SOURCE, type=ErrorType.CONFIG, code=code, message=message, advice=advice, position=position
    )


def _open_error(error: OSError, name: str) -> SyncError:
    if isinstance(error, FileNotFoundError):
        return file_error("FILE_NOT_FOUND", f"{name!r} does not exist", "Check the path.")
    if isinstance(error, PermissionError):
        return file_error("PERMISSION_DENIED", f"{name!r} may not be read", "Let the worker's account read it.")
    return file_error("FILE_NOT_REGULAR", f"{name!r} is no regular file", "Name a regular file, not a link to one.")
