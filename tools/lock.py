"""`python -m tools.lock`: pins every dependency with its hashes, naming no index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNTIME = ["--extra", "dlt", "--extra", "clickhouse", "--extra", "embedded", "--extra", "otel"]
LOCKS = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": [*RUNTIME, "--extra", "dev"],
    "requirements-docs.lock": [*RUNTIME, "--extra", "docs"],
}
OPTIONS = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"]


def main() -> int:
    """Writes the lock files; uv is fetched by the caller's own package client when it is not there."""
    for lock, extras in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *extras, *OPTIONS]
        constraint = ["--constraint", "requirements.lock"] if extras else []
        subprocess.run([*command, *constraint, "--output-file", lock], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
