"""The blocks of a document that a reader would run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

REASONS = {
    "changes the machine",
    "is a program that takes arguments",
    "is for a stopped stack",
    "is run in the quickstart",
    "needs a cluster",
    "needs a container engine",
    "needs a landed table",
    "needs grpcurl",
    "serves until it is stopped",
    "takes minutes",
}
"""Why a block may stay unrun; a comment before the block says which."""

SHELL = {"sh", "bash", "shell", "console"}
BLOCK = re.compile(r"(?:^<!-- not run: ([^>]*) -->\n)?^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and why it is not run."""

    language: str
    text: str
    not_run: str | None


def blocks(document: Path) -> list[Block]:
    """The fenced blocks of a document, in order."""
    return [Block(found[2].strip(), found[3], found[1]) for found in BLOCK.finditer(document.read_text())]


def to_run(document: Path) -> list[str]:
    """The shell blocks that are run."""
    return [block.text for block in blocks(document) if block.language in SHELL and block.not_run is None]
