"""Clocks that are wrong, for processes of their own: libfaketime, told by a file, so that they can jump."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

STEADY = {
    "DONT_FAKE_MONOTONIC": "1",
    "FAKETIME_DISABLE_SHM": "1",
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "FAKETIME_CACHE_DURATION": "1",
}


class WrongClock:
    """A clock that is off by some seconds; a process has it by ``environment``."""

    def __init__(self, file: Path, seconds: int) -> None:
        self._file = file
        self.jump(seconds)
        self.environment = {"LD_PRELOAD": _library(), "FAKETIME_TIMESTAMP_FILE": str(file), **STEADY}

    def jump(self, seconds: int) -> None:
        """Is off by so many seconds from now on, or a second later."""
        self._file.write_text(f"{seconds:+d}s\n")


def _library() -> str:
    spec = importlib.util.find_spec("libfaketime")
    assert spec
    assert spec.origin
    library = Path(spec.origin).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
    told = subprocess.run(
        [sys.executable, "-c", "import time; print(time.time())"],
        env={"LD_PRELOAD": str(library), "FAKETIME": "@2001-01-01 00:00:00"},
        capture_output=True,
        text=True,
        check=True,
    )
    if float(told.stdout) > 1e9:
        pytest.skip("the loader of this machine does not take libfaketime")
    return str(library)
