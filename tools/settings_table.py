"""`python -m tools.settings_table`: writes the README's table and docs/settings.md from the settings class."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import IPvAnyNetwork, SecretStr
from pydantic.fields import FieldInfo

from server.config.model import SystemConfig
from server.settings import Settings

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
REFERENCE = ROOT / "docs" / "settings.md"
MARKS = re.compile(r"(<!-- settings: [^\n]*-->\n).*?(<!-- end of settings -->)", re.DOTALL)

HEAD = """# Settings

<!-- written by `python -m tools.settings_table` from server/settings.py -->

What the environment says when a process starts. `make run` needs none of it. A value that is out of its range, or of
another kind, is refused at the start by the setting's name; the value itself is never shown. Secrets are taken out of
every log. What an administrator can change while the platform runs, the environment only says until somebody does.
"""
WORDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Path: "a path",
    SecretStr: "a secret",
    IPvAnyNetwork: "a network such as 10.0.0.0/8",
}


def table() -> str:
    """The README's table, a row a setting."""
    rows = ["| variable | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `{variable(name)}` | {_default(field)} | {field.description} |")
    return "\n".join(rows) + "\n"


def reference() -> str:
    """The reference: for each setting what it is for, what it takes, and what holds without it."""
    parts = [HEAD]
    for name, field in Settings.model_fields.items():
        takes = f"Takes: {_takes(field)}. Default: {_default(field)}."
        live = " An administrator can change it while the platform runs." if name in SystemConfig.model_fields else ""
        parts.append(f"## `{variable(name)}`\n\n{field.description}\n\n{takes}{live}\n")
    return "\n".join(parts)


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"THEDATA_{name.upper()}"


def renewed(readme: str) -> str:
    """The README with the present table."""
    return MARKS.sub(lambda found: found[1] + table() + found[2], readme)


def _default(field: FieldInfo) -> str:
    return "–" if field.default in (None, "") else f"`{field.get_default(call_default_factory=True)}`"


def _takes(field: FieldInfo) -> str:
    kind: Any = field.annotation
    inner = [part for part in get_args(kind) if part is not type(None)]
    metadata = list(field.metadata)
    if get_origin(kind) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(kind))
    if get_origin(kind) is list:
        return f"a JSON list, each {WORDS[inner[0]]}"
    if inner:
        kind = inner[0]
        metadata += getattr(kind, "__metadata__", ())
        kind = getattr(kind, "__origin__", kind)
    return f"{WORDS[kind]}{_range(metadata)}"


def _range(metadata: list[Any]) -> str:
    limits = [bound for item in metadata for bound in (item.metadata if isinstance(item, FieldInfo) else [item])]
    low = [bound.ge if isinstance(bound, Ge) else bound.gt for bound in limits if isinstance(bound, Ge | Gt)]
    high = [bound.le if isinstance(bound, Le) else bound.lt for bound in limits if isinstance(bound, Le | Lt)]
    if low and high:
        return f", {low[0]} to {high[0]}"
    return f", {low[0]} or more" if low else ""


if __name__ == "__main__":
    README.write_text(renewed(README.read_text()))
    REFERENCE.write_text(reference())
