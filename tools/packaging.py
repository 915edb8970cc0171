"""What the build adds to the package `server`: files that are no modules, where `server.resources` looks for them."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools.command.build_py import build_py

ROOT = Path(__file__).parents[1]
RESOURCES = ("envoy.yaml", "generated/descriptors.binpb", "migrations")


class BuildPy(build_py):
    """Builds the packages, then their resources; an editable installation reads those of the checkout."""

    def run(self) -> None:
        """Does both."""
        super().run()
        if self.editable_mode:
            return
        folder = Path(self.build_lib) / "server" / "resources"
        shutil.rmtree(folder, ignore_errors=True)
        for name in RESOURCES:
            source, target = ROOT / name, folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
