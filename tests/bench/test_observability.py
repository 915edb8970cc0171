"""The bench of the instruments: it measures all three servers and reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_run_ends_with_one_json_object_of_all_figures() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bench.observability"],
        cwd=ROOT,
        env={**os.environ, "ROUNDS": "2", "REQUESTS": "32"},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    figures = told["figures"]
    for server in ("bare", "watched", "traced"):
        assert figures[f"{server}_per_second"] > 0
        assert figures[f"{server}_cpu_ms"] > 0
    assert {f"{server}_throughput_cost_percent" for server in ("watched", "traced")} <= figures.keys()
    [goal] = told["goals"]
    assert (goal["name"], goal["bound"]) == ("watched_throughput_cost_percent", 5.0)
