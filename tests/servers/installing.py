"""Servers that tests need and the lock files do not bring: installed once where the machine allows it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BUILD = Path(__file__).parents[2] / ".build"
INSTALL_SECONDS = 300


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Keep the other test processes waiting: two installations at once would break each other."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def environment(name: str) -> Path:
    """Make a virtual environment of ``tests/servers/<name>.lock``; gives its bin folder, or skips the test."""
    home = BUILD / f"test-{name}"
    lock = Path(__file__).parent / f"{name}.lock"
    stamp = home / ".installed"
    with alone(f"test-{name}"):
        if not stamp.exists() or stamp.read_text() != lock.read_text():
            _run([sys.executable, "-m", "venv", "--clear", str(home)])
            pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*pip, "--require-hashes", "-r", str(lock)])
            stamp.write_text(lock.read_text())
    return home / "bin"


def program(name: str, package: str) -> str:
    """Find a program, installing its Debian package where this user may; gives its path, or skips the test."""
    found = shutil.which(name)
    if found:
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip(f"{name} is not installed (Debian's {package}), and this user cannot install it")
    with alone("test-apt"):
        if shutil.which(name) is None:
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", package], quiet)
    installed = shutil.which(name)
    assert installed is not None
    return installed


def _run(command: list[str], environ: dict[str, str] | None = None) -> None:
    try:
        subprocess.run(command, env=environ, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"{command[0]} could not install what the test needs ({type(error).__name__})")
