"""Writes everything under generated/ anew from protos/: third-party protos, code, the OpenAPI document, descriptors.

For Python it needs no network, only the installed wheels; for other languages see tools/languages.py. The result
depends on nothing but the protos and the pinned versions.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.languages import LANGUAGES, Language, NotInstalled
from tools.third_party_protos import ROOT, write_third_party

_TIMEOUT_S = 300
_OUTPUTS = ("generated/python/buf", "generated/python/thedata", "generated/openapi", "generated/docs")


def generate(target: Path = ROOT) -> dict[str, str]:
    """Writes `generated/` below `target`; tells which languages were left out, and what they lack."""
    write_third_party()
    _clean(target, _OUTPUTS)
    buf("generate", "--output", str(target))
    # Without source info: Envoy and reflection need no comments, and the file is a third of the size.
    descriptors = target / "generated" / "descriptors.binpb"
    buf("build", "--exclude-source-info", "--as-file-descriptor-set", "--output", str(descriptors))
    left_out: dict[str, str] = {}
    for language in LANGUAGES:
        if absent := language.missing():
            left_out[language.name] = f"there is no {absent}"
            continue
        try:
            _generate(language, target)
        except NotInstalled as reason:
            left_out[language.name] = str(reason)
    return left_out


def _generate(language: Language, target: Path) -> None:
    path = language.path()
    _clean(target, language.outputs)
    buf("generate", "--template", f"buf.gen.{language.name}.yaml", "--output", str(target), path=path)


def _clean(target: Path, outputs: tuple[str, ...]) -> None:
    # Not by buf's `clean`: the packages' own files stand beside what is generated.
    for output in outputs:
        shutil.rmtree(target / output, ignore_errors=True)


def buf(*arguments: str, path: Path | None = None) -> None:
    """Runs buf at the project's root, with the generators of a folder; raises CalledProcessError when buf complains."""
    # The interpreter's own folder goes first: it holds buf, the plugins and the `python` that buf.gen.yaml names.
    folders = [str(Path(sys.executable).parent), *([str(path)] if path else []), os.environ.get("PATH", "")]
    environment = {**os.environ, "PATH": os.pathsep.join(folders)}
    subprocess.run(["buf", *arguments], cwd=ROOT, env=environment, check=True, timeout=_TIMEOUT_S)


if __name__ == "__main__":
    for name, reason in generate().items():
        print(f"generated/{name} stays as it is: {reason}.")
