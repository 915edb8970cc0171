"""Opening files that users name: below an allowed root, regular, and never through a link that was swapped in."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from server.sync.errors import ErrorType, Origin, SyncError


def resolve(path: str, roots: Iterable[Path], *, must_exist: bool = True) -> tuple[Path, Path]:
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
    if not existing and must_exist:
        raise file_error("FILE_NOT_FOUND", f"{path!r} does not exist", "Check the path.")
    return (existing or inside)[0]


def open_regular(path: Path, root: Path, origin: Origin = Origin.SOURCE) -> BinaryIO:
    """Open a file for reading, walking down from the root without following a link.

    ``path`` must be a real path below ``root``. A link, FIFO, device or folder raises SyncError FILE_NOT_REGULAR.
    """
    name = str(path.relative_to(root))
    folder = open_folder(path.parent, root, origin)
    try:
        # O_NONBLOCK: opening a FIFO must not wait for its writer.
        file = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise open_error(error, name, origin) from error
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise file_error("FILE_NOT_REGULAR", f"{name!r} is no regular file", "Name a regular file.", origin=origin)
    return os.fdopen(file, "rb")


def open_folder(path: Path, root: Path, origin: Origin, *, create: bool = False) -> int:
    """Open a folder the same way; gives a file descriptor. ``create`` makes the folders that are missing."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in path.relative_to(root).parts:
            if create:
                _make(part, folder)
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
    except OSError as error:
        os.close(folder)
        raise open_error(error, str(path.relative_to(root)), origin) from error
    return folder


def file_error(
    code: str,
    message: str,
    advice: str,
    position: str | None = None,
    *,
    origin: Origin = Origin.SOURCE,
    type: ErrorType = ErrorType.CONFIG,
) -> SyncError:
    """Make the error of a file that cannot be used as it is."""
    return SyncError(origin=origin, type=type, code=code, message=message, advice=advice, position=position)


def open_error(error: OSError, name: str, origin: Origin) -> SyncError:
    """Say why a file or folder cannot be opened."""
    if isinstance(error, FileNotFoundError):
        return file_error("FILE_NOT_FOUND", f"{name!r} does not exist", "Check the path.", origin=origin)
    if isinstance(error, PermissionError):
        used = "read" if origin is Origin.SOURCE else "used"
        return file_error(
            "PERMISSION_DENIED", f"{name!r} may not be {used}", "Let the worker's account do it.", origin=origin
        )
    return file_error(
        "FILE_NOT_REGULAR", f"{name!r} is no regular file", "Name a regular file, not a link to one.", origin=origin
    )


def _make(name: str, folder: int) -> None:
    try:
        os.mkdir(name, dir_fd=folder)
    except FileExistsError:
        return
    os.fsync(folder)
