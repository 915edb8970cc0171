"""`python -m tools.command_reference`: writes docs/command.md's reference from the command's own help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from thedata_client.command.exits import MEANINGS
from thedata_client.command.main import app

PAGE = Path(__file__).parents[1] / "docs" / "command.md"
MARKS = re.compile(r"(<!-- reference: [^\n]*-->\n).*?(<!-- end of reference -->)", re.DOTALL)
EXITS = re.compile(r"(<!-- exit codes: [^\n]*-->\n).*?(<!-- end of exit codes -->)", re.DOTALL)
WIDTH = 100


def reference() -> str:
    """A section for each command, with its help."""
    return "\n".join(_sections(typer.main.get_command(app), None, "thedata"))


def _sections(command: Any, parent: Any, name: str) -> Iterator[str]:
    settings = {**command.context_settings, "terminal_width": WIDTH, "resilient_parsing": True}
    context = command.context_class(command, info_name=name, parent=parent, **settings)
    path = context.command_path
    if parent is not None:
        yield f"{'#' * min(4, 2 + path.count(' '))} {path}\n"
        yield f"```text\n{command.get_help(context)}\n```\n"
    for inner in getattr(command, "commands", {}).values():
        yield from _sections(inner, context, inner.name)


def exit_codes() -> str:
    """The table of exit codes."""
    rows = [f"| {code} | {meaning} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["| code | meaning |", "|---|---|", *rows]) + "\n"


def renewed(page: str) -> str:
    """The page with the present help."""
    page = EXITS.sub(lambda found: found[1] + exit_codes() + found[2], page)
    return MARKS.sub(lambda found: found[1] + reference() + found[2], page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text()))
