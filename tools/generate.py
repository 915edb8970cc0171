"""Writes everything under generated/ anew from protos/: third-party protos, code, the OpenAPI document, descriptors.

Needs no network, only the installed wheels. The result depends on nothing but the protos and the pinned versions.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.third_party_protos import ROOT, write_third_party

_TIMEOUT_S = 300


def generate(target: Path = ROOT) -> None:
    """Writes `generated/` below `target`."""
    write_third_party()
    buf("generate", "--output", str(target))
    # Without source info: Envoy and reflection need no comments, and the file is a third of the size.
    descriptors = target / "generated" / "descriptors.binpb"
    buf("build", "--exclude-source-info", "--as-file-descriptor-set", "--output", str(descriptors))


def buf(*arguments: str) -> None:
    """Runs buf at the project's root; raises CalledProcessError, its output on stderr, when buf complains."""
    # The interpreter's own folder goes first: it holds buf, the plugins and the `python` that buf.gen.yaml names.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = ["buf", *arguments]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=True, timeout=_TIMEOUT_S)


if __name__ == "__main__":
    generate()
