"""Where a contender waits once it is up: the time until then is told apart from that of the task."""

from __future__ import annotations

import os

READY, GO = "BENCH_READY_FD", "BENCH_GO_FD"


def wait_for_go() -> None:
    """Say that everything is imported, and wait until the clock has started."""
    os.write(int(os.environ[READY]), b".")
    os.read(int(os.environ[GO]), 1)
