"""Servers that tests need and the lock files do not bring: installed once where the machine allows it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BUILD = Path(__file__).parents[2] / ".build"
HERE = Path(__file__).parent
INSTALL_SECONDS = 300
COMPILE_SECONDS = 900

_failed: dict[tuple[str, ...], str] = {}  # installations that this process need not wait for again


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
    lock = HERE / f"{name}.lock"
    stamp = home / ".installed"
    with alone(f"test-{name}"):
        if not stamp.exists() or stamp.read_text() != lock.read_text():
            _run([sys.executable, "-m", "venv", "--clear", str(home)])
            pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*pip, "--require-hashes", "-r", str(lock)])
            stamp.write_text(lock.read_text())
    return home / "bin"


def node_package(name: str) -> Path:
    """Install ``tests/servers/<name>/package-lock.json``; gives its node_modules, or skips the test."""
    npm, home = _tool("npm", name), BUILD / f"test-{name}"
    lock = HERE / name / "package-lock.json"
    stamp = home / ".installed"
    with alone(f"test-{name}"):
        if not stamp.exists() or stamp.read_text() != lock.read_text():
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(HERE / name, home)
            _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(home)])
            stamp.write_text(lock.read_text())
    return home / "node_modules"


def go_tool(name: str) -> Path:
    """Compile the one tool of ``tests/servers/<name>/go.mod``, by its go.sum; gives the program, or skips the test."""
    go, sums = _tool("go", name), HERE / name / "go.sum"
    built = BUILD / f"test-{name}-{hashlib.sha256(sums.read_bytes()).hexdigest()[:12]}"
    with alone(f"test-{name}"):
        if not built.exists():
            _run([go, "build", "-C", str(HERE / name), "-o", str(built), "tool"], seconds=COMPILE_SECONDS)
    return built


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


def _tool(name: str, wanted: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name}, which installs the test's {wanted} server")
    return found


def _run(command: list[str], environ: dict[str, str] | None = None, *, seconds: int = INSTALL_SECONDS) -> None:
    called = tuple(command)
    if called not in _failed:
        try:
            subprocess.run(command, env=environ, check=True, capture_output=True, timeout=seconds)
        except (subprocess.SubprocessError, OSError) as error:
            _failed[called] = type(error).__name__
    if called in _failed:
        pytest.skip(f"{command[0]} could not install what the test needs ({_failed[called]})")
