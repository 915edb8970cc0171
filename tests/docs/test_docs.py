"""What the documents say is so: settings, links, make targets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.settings_table import README, REFERENCE, reference, renewed

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_the_table_of_settings_is_that_of_the_class() -> None:
    assert README.read_text() == renewed(README.read_text()), "run python -m tools.settings_table"
    assert REFERENCE.read_text() == reference(), "run python -m tools.settings_table"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_targets_exist(document: Path) -> None:
    text = document.read_text()
    for link in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (document.parent / link).exists(), link
    code = "\n".join(re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL))
    for target in re.findall(r"\bmake ([a-z][a-z-]+)", code):
        assert target in TARGETS, target
