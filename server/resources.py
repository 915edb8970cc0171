"""Where the files stand that are no Python modules: migrations, envoy.yaml and the descriptors that it names."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).with_name("resources")

ROOT = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[1]
"""Of an installed platform a folder of the package, which the build fills; else the checkout."""

BOOTSTRAP = ROOT / "envoy.yaml"
MIGRATIONS = ROOT / "migrations"
