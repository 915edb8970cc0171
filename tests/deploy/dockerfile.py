"""Reads what the Dockerfile does, as far as the tests repeat it."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

from tests.conftest import ROOT

DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"


def instructions() -> list[tuple[str, str]]:
    """The instructions of all stages, with continued lines joined."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in joined.splitlines() if line.strip()]


def copied() -> list[tuple[list[str], str]]:
    """What is copied from the context: sources and target, in order."""
    found = []
    for name, arguments in instructions():
        words = [word for word in arguments.split() if not word.startswith("--")]
        if name == "COPY" and "--from=" not in arguments:
            found.append((words[:-1], words[-1]))
    return found


def in_context(path: Path) -> bool:
    """Whether .dockerignore lets a file of the repository into the context."""
    name = path.relative_to(ROOT).as_posix()
    taken = True
    for rule in (ROOT / ".dockerignore").read_text().split():
        pattern = rule.removeprefix("!")
        matches = any(
            fnmatch(part, pattern.removeprefix("**/"))
            for part in (name, *(name.split("/") if pattern.startswith("**/") else ()))
        ) or name.startswith(f"{pattern}/")
        if matches:
            taken = rule.startswith("!")
    return taken
