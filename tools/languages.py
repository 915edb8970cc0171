"""The code generators of languages other than Python: pinned, and installed below .build by their own package managers.

A language whose toolchain is not on the machine is left out, and what is checked in of it stays as it is.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.third_party_protos import ROOT

_TIMEOUT_S = 600
_INSTALLED = ROOT / ".build" / "generators"
_LOCKED = ROOT / "tools" / "generators"

GO_GENERATORS = (
    "google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12",
    "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2",
)
JAVA_GENERATORS = (
    "com.google.protobuf:protoc:4.36.2:exe:linux-x86_64",
    "io.grpc:protoc-gen-grpc-java:1.83.1:exe:linux-x86_64",
)


class NotInstalled(Exception):  # noqa: N818 - a state of the machine, which is told
    """A language's generators can't be had now."""


@dataclass(frozen=True)
class Language:
    """A language: its toolchain, its configuration of buf, and how its generators are installed."""

    name: str
    toolchain: tuple[str, ...]
    outputs: tuple[str, ...]
    install: Callable[[Path], None]
    pins: tuple[str | Path, ...]
    generators: str = "."

    def missing(self) -> str:
        """What of the toolchain is not on this machine; empty: nothing."""
        absent = [tool for tool in self.toolchain if shutil.which(tool) is None]
        if self.name == "java" and (platform.system(), platform.machine()) != ("Linux", "x86_64"):
            absent.append("Linux on x86-64")
        return ", ".join(absent)

    def path(self) -> Path:
        """The folder of its generators, which are installed if they are not there yet.

        Raises:
            NotInstalled: their package manager did not bring them.
        """
        digest = hashlib.sha256()
        for pin in self.pins:
            digest.update(pin.read_bytes() if isinstance(pin, Path) else pin.encode())
        folder = _INSTALLED / f"{self.name}-{digest.hexdigest()[:12]}"
        if not folder.exists():
            fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
            fresh.mkdir(parents=True)
            try:
                self.install(fresh)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                shutil.rmtree(fresh)
                raise NotInstalled("its generators could not be installed") from error
            try:
                fresh.rename(folder)
            except OSError:  # somebody else was faster
                shutil.rmtree(fresh)
        return folder / self.generators


def _npm(folder: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(_LOCKED / "typescript" / name, folder / name)
    _run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")


def _go(folder: Path) -> None:
    for generator in GO_GENERATORS:
        _run(folder, "go", "install", "-trimpath", generator, GOBIN=str(folder))


def _maven(folder: Path) -> None:
    for artifact in JAVA_GENERATORS:
        _run(
            folder, "mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}",
            "-Dmdep.stripVersion=true", "-Dmdep.stripClassifier=true",
        )  # fmt: skip
    for program in folder.glob("*.exe"):
        program.chmod(0o755)
        program.rename(program.with_suffix(""))


def _run(folder: Path, *command: str, **variables: str) -> None:
    subprocess.run(
        command, cwd=folder, env={**os.environ, **variables}, check=True, timeout=_TIMEOUT_S, stdin=subprocess.DEVNULL
    )


LANGUAGES = (
    Language(
        "typescript",
        ("node", "npm"),
        ("generated/typescript/src",),
        _npm,
        (_LOCKED / "typescript" / "package-lock.json",),
        "node_modules/.bin",
    ),
    Language("go", ("go",), ("generated/go/thedata",), _go, GO_GENERATORS),
    Language("java", ("java", "mvn"), ("generated/java/src/main/java",), _maven, JAVA_GENERATORS),
)
