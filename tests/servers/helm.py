"""Helm, of a pinned version: compiled once by Go where the machine has it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.servers.installing import BUILD, alone

VERSION = "v3.22.0"
COMPILE_SECONDS = 900


def helm() -> Path:
    """Gives the program, or skips the test."""
    folder = BUILD / f"helm-{VERSION}"
    program = folder / "helm"
    with alone("helm"):
        if program.exists():
            return program
        go = shutil.which("go")
        if go is None:
            pytest.skip("there is no Go, which compiles Helm")
        environ = {**os.environ, "GOBIN": str(folder)}
        command = [go, "install", f"helm.sh/helm/v3/cmd/helm@{VERSION}"]
        try:
            subprocess.run(command, env=environ, check=True, capture_output=True, timeout=COMPILE_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"Helm could not be compiled ({type(error).__name__})")
    return program
