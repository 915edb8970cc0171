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


def check_breaking(branch: str = "main", root: Path = ROOT) -> bool:
    """Returns False when the branch has no contract yet; raises CalledProcessError when the protos break it.

    Args:
        branch: any name of a commit in the repository at `root`; an unknown one raises CalledProcessError.
        root: the checkout whose `protos` are checked.
    """
    before = descriptors_of(branch, root)
    if before is None:
        return False
    write_third_party(root / ".build" / "third_party")
    with tempfile.TemporaryDirectory(prefix="thedata-breaking-") as folder:
        against = Path(folder, "before.binpb")
        against.write_bytes(before)
        buf("breaking", str(root / "protos"), "--against", str(against))
    return True


def descriptors_of(branch: str, root: Path) -> bytes | None:
    """Returns the contract's descriptors on a branch, None when it has none."""
    listed = _git(root, "ls-tree", "--name-only", branch, "--", _DESCRIPTORS)
    return _git(root, "show", f"{branch}:{_DESCRIPTORS}") if listed else None


def known(branch: str, root: Path) -> str | None:
    """Returns what a clone calls a branch, None when it does not have it: a clone of one branch lacks the others."""
    for name in (branch, f"origin/{branch}"):
        command = ["git", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
        if subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, timeout=_TIMEOUT_S).returncode == 0:
            return name
    return None


def main(branch: str = "main") -> int:
    """Returns 0 when nothing breaks; raises CalledProcessError, buf's words on stderr, when something does."""
    name = known(branch, ROOT)
    if name is None:
        print(f"This clone has no {branch} to compare with: git fetch --depth 1 origin {branch}:{branch}")
        return 1
    if not check_breaking(name):
        print(f"{name} has no {_DESCRIPTORS} yet, so nothing can break.")
    return 0


def _git(root: Path, *arguments: str) -> bytes:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, timeout=_TIMEOUT_S).stdout


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
