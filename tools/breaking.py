"""Checks that the protos break no client of the contract that a branch has: `python -m tools.breaking [branch]`.

The other side is the branch's generated/descriptors.binpb, which is the whole contract in one file: a checkout of the
protos alone would lack the third-party ones, which are not in git.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.generate import buf
from tools.third_party_protos import ROOT, write_third_party

_DESCRIPTORS = "generated/descriptors.binpb"
_TIMEOUT_S = 60


def check_breaking(branch: str = "main", protos: Path = ROOT / "protos") -> bool:
    """Returns False when the branch has no contract yet; raises CalledProcessError when `protos` breaks it."""
    before = descriptors_of(branch)
    if before is None:
        return False
    write_third_party()
    with tempfile.TemporaryDirectory(prefix="thedata-breaking-") as folder:
        against = Path(folder, "before.binpb")
        against.write_bytes(before)
        buf("breaking", str(protos), "--against", str(against))
    return True


def descriptors_of(branch: str) -> bytes | None:
    """Returns the contract's descriptors on a branch, None when it has none; an unknown branch is an error."""
    listed = _git("ls-tree", "--name-only", branch, "--", _DESCRIPTORS)
    return _git("show", f"{branch}:{_DESCRIPTORS}") if listed else None


def _git(*arguments: str) -> bytes:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=_TIMEOUT_S).stdout


if __name__ == "__main__":
    branch = sys.argv[1] if len(sys.argv) > 1 else "main"
    if not check_breaking(branch):
        print(f"{branch} has no {_DESCRIPTORS} yet, so nothing can break.")
