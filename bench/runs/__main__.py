"""`python -m bench.runs`: measures the run engine on a platform of its own; the last line is one JSON object.

TIMES (how often; unset: each measure's own) and ONLY (names of measures, with commas) come from the environment.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from bench.runs.measures import MEASURES, TIMES, Figures
from bench.runs.platform import opened
from bench.sync.goals import Goal
from bench.sync.server import running

STARTED = time.monotonic()
GOALS = {
    "recovery_seconds_p95": 10.0,
    "stop_seconds_p95": 2.0,
    "start_ms_p95": 500.0,
    "tail_ms_p99": 1000.0,
    "idle_statements_per_second": 20.0,
    "idle_cpu_percent": 5.0,
}


def say(line: str) -> None:
    """Tell on what the bench is at work."""
    print(f"{time.monotonic() - STARTED:7.1f} s  {line}", file=sys.stderr, flush=True)


def chosen(only: str) -> list[str]:
    """The measures of ONLY; without any, all."""
    names = [part.strip() for part in only.split(",") if part.strip()]
    if unknown := sorted(set(names) - MEASURES.keys()):
        raise SystemExit(f"ONLY: there is no {unknown[0]!r}; there are {', '.join(sorted(MEASURES))}")
    return names or list(MEASURES)


async def main() -> None:
    """Prepare, measure, report."""
    names, figures = chosen(os.environ.get("ONLY", "")), Figures()
    # Directly below, so that the server's own account can enter.
    home = Path(tempfile.gettempdir()) / f"thedata-bench-{os.getpid()}-{uuid4().hex[:8]}"
    try:
        async with running(home) as server, opened(server, home / "platform") as platform:
            for name in names:
                say(name)
                figures |= await MEASURES[name](platform, int(os.environ.get("TIMES") or TIMES[name]), say)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    for name, value in figures.items():
        print(f"{name:32} {value:12,.2f}")
    goals = [Goal(name, figures[name], bound) for name, bound in GOALS.items() if name in figures]
    print(*goals, sep="\n")
    rounded = {name: round(value, 3) for name, value in figures.items()}
    print(json.dumps({"figures": rounded, "goals": [asdict(goal) | {"met": goal.met} for goal in goals]}))


if __name__ == "__main__":
    asyncio.run(main())
