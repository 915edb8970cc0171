"""`python -m bench.analytics`: measures the analytics service on a platform of its own; its last line is a JSON object.

ROWS (of history and of ingest; 10,000,000), TIMES (how often; 10) and ONLY (names of measures, with commas) come from
the environment.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from bench.analytics.measures import MEASURES
from bench.analytics.platform import opened
from bench.runs.__main__ import say
from bench.runs.measures import Figures
from bench.sync.goals import Goal
from bench.sync.server import running

GOALS = {"history_api_to_engine": 1.15, "queryable_ms_p95": 2000.0, "push_1000_ms_p95": 1000.0}
AT_LEAST = {
    "ingest_arrow_per_second": 100_000.0,
    "ingest_typed_per_second": 20_000.0,
    "ingest_rest_per_second": 10_000.0,
}


def chosen(only: str) -> list[str]:
    """The measures of ONLY; without any, all."""
    names = [part.strip() for part in only.split(",") if part.strip()]
    if unknown := sorted(set(names) - MEASURES.keys()):
        raise SystemExit(f"ONLY: there is no {unknown[0]!r}; there are {', '.join(sorted(MEASURES))}")
    return names or list(MEASURES)


async def main() -> None:
    """Prepare, measure, report."""
    names, figures = chosen(os.environ.get("ONLY", "")), Figures()
    rows, times = int(os.environ.get("ROWS") or 10_000_000), int(os.environ.get("TIMES") or 10)
    # Directly below, so that the server's own account can enter.
    home = Path(tempfile.gettempdir()) / f"thedata-bench-{os.getpid()}-{uuid4().hex[:8]}"
    try:
        async with running(home) as server, opened(server, home / "platform") as platform:
            for name in names:
                say(name)
                figures |= await MEASURES[name](platform, rows, times, home, say)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    for name, value in figures.items():
        print(f"{name:32} {value:14,.2f}")
    goals = [Goal(name, figures[name], bound) for name, bound in GOALS.items() if name in figures]
    goals += [Goal(name, figures[name], bound, at_least=True) for name, bound in AT_LEAST.items() if name in figures]
    print(*goals, sep="\n")
    rounded = {name: round(value, 3) for name, value in figures.items()}
    print(json.dumps({"figures": rounded, "goals": [asdict(goal) | {"met": goal.met} for goal in goals]}))


if __name__ == "__main__":
    asyncio.run(main())
