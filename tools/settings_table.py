"""`python -m tools.settings_table`: writes the README's table of settings from the settings class."""

from __future__ import annotations

import re
from pathlib import Path

from server.settings import Settings

README = Path(__file__).parents[1] / "README.md"
MARKS = re.compile(r"(<!-- settings: [^\n]*-->\n).*?(<!-- end of settings -->)", re.DOTALL)


def table() -> str:
    """The table, a row a setting."""
    rows = ["| variable | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "–" if field.default is None else f"`{field.get_default(call_default_factory=True)}`"
        rows.append(f"| `THEDATA_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def renewed(readme: str) -> str:
    """The README with the present table."""
    return MARKS.sub(lambda found: found[1] + table() + found[2], readme)


if __name__ == "__main__":
    README.write_text(renewed(README.read_text()))
