"""Folders of our own: made with the mode they need, and never changed where they already stand."""

from __future__ import annotations

import os
from pathlib import Path

from server.stack.errors import StackError

PRIVATE = 0o700
PASSABLE = 0o711  # others may pass to a folder whose name they know, and list nothing


def make_folder(path: Path, mode: int = PRIVATE) -> Path:
    """Make `path` with `mode` unless it exists; an existing folder keeps its mode and owner."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir()
    except FileExistsError as error:
        if not path.is_dir():
            raise StackError(f"{path} is in the way: a folder is needed there") from error
        return path
    except OSError as error:
        raise StackError(f"cannot make the folder {path}: {error.strerror}") from error
    path.chmod(mode)
    return path


def make_home(home: Path) -> Path:
    """Make the platform's home folder, which the account that PostgreSQL runs as can pass where we are root."""
    return make_folder(home, PASSABLE if os.geteuid() == 0 else PRIVATE)
