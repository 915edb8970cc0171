"""`python -m tools.error_reasons`: writes docs/error-reasons.md from the contract."""

from __future__ import annotations

import re

from tools.third_party_protos import ROOT

SOURCE = ROOT / "protos" / "thedata" / "v1" / "error_reason.proto"
PAGE = ROOT / "docs" / "error-reasons.md"
VALUE = re.compile(r"((?:^  //.*\n)+)  ERROR_REASON_(\w+) = (\d+);", re.MULTILINE)
STATUS = re.compile(r"([A-Z_]+)\. (.*)")

HEAD = """<!-- Written by `python -m tools.error_reasons` from error_reason.proto. DO NOT EDIT. -->
# Error reasons

Every error has one `google.rpc.ErrorInfo` of the domain `thedata.io`; its `reason` is one of these. Programs branch on
the reason and never on the message. [The REST conventions](rest.md) tell the shape of an error.

| reason | status | what to do |
|---|---|---|
"""


def page() -> str:
    """The page, a row a reason."""
    rows = []
    for comment, name, number in VALUE.findall(SOURCE.read_text()):
        words = " ".join(line.strip().removeprefix("//").strip() for line in comment.splitlines())
        found = STATUS.fullmatch(words)
        if number == "0":
            continue
        if found is None:
            raise ValueError(f"{SOURCE.name}: the comment of {name} does not begin with its status")
        rows.append(f"| `{name}` | `{found[1]}` | {found[2].replace('|', chr(92) + '|')} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
