"""The benchmark itself: it measures, reports, and finds out contenders that land something else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from bench.sync import data
from bench.sync.__main__ import chosen
from bench.sync.contender import Command, Place
from bench.sync.contenders.psql import Psql
from bench.sync.rounds import Files, Rounds
from bench.sync.server import running
from bench.sync.task import CASES, Kind, Task

ROOT = Path(__file__).parents[2]
ROWS = 2000


def test_a_run_ends_with_one_json_object_of_all_ratios() -> None:
    environment = {**os.environ, "ROWS": str(ROWS), "REPEAT": "1", "ONLY": "full,psql,ours-none,ours-content"}
    ended = subprocess.run(
        [sys.executable, "-m", "bench.sync"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert (told["rows"], told["repeat"], list(told["cases"])) == (ROWS, 1, ["full"])
    case = told["cases"]["full"]
    assert case["notes"] == {}
    contenders = {"psql", "ours-none", "ours-content"}
    assert set(case["seconds"]) == set(case["peak_mib"]) == set(case["rows_per_cpu_second"]) == contenders
    assert min(case["seconds"].values()) > 0
    assert case["ratios"]["psql / ours-none"] == pytest.approx(
        case["seconds"]["psql"] / case["seconds"]["ours-none"], rel=0.02
    )
    assert {"full: ours-none / psql", "full: ours-content / psql"} <= {goal["name"] for goal in told["goals"]}


def test_only_chooses_cases_and_contenders_and_refuses_what_is_neither() -> None:
    cases, kinds = chosen("csv, merge, ours,dlt-pyarrow")
    assert [case.name for case in cases] == ["csv", "merge"]
    assert [kind.name for kind in kinds] == ["ours-none", "ours-counts", "ours-content", "dlt-pyarrow"]
    with pytest.raises(SystemExit, match="there is no 'cvs'"):
        chosen("cvs")


class Edited(Psql):
    """The psql pipe, with something else in place of the table."""

    instead = ""

    def command(self, task: Task) -> Command:
        command = super().command(task)
        shell, option, line = command.arguments
        return replace(command, arguments=(shell, option, line.replace("COPY orders TO", f"COPY ({self.instead}) TO")))


class Losing(Edited):
    name = "losing"
    instead = "SELECT * FROM orders WHERE id > 1"


class Changing(Edited):
    name = "changing"
    instead = (
        "SELECT id, customer_id, status, amount, quantity, created_at + interval ''1 microsecond'', updated_at,"
        " is_gift, email, note, meta, external FROM orders"
    ).replace("''", "'\"'\"'")


class Breaking(Edited):
    name = "breaking"
    instead = "SELECT * FROM nothing"


@pytest.fixture
async def place() -> AsyncIterator[tuple[Place, Path]]:
    # Directly below, so that the server's own account can enter.
    with tempfile.TemporaryDirectory(prefix="thedata-bench-") as work:
        home = Path(tempfile.gettempdir()) / f"thedata-bench-{uuid4().hex}"
        try:
            async with running(home) as server:
                yield Place(server, None, Path(work)), Path(work)
        finally:
            shutil.rmtree(home, ignore_errors=True)


async def test_who_loses_or_changes_rows_is_marked_and_has_no_figures(place: tuple[Place, Path]) -> None:
    where, folder = place
    await data.make_orders(where.server, ROWS)
    rounds = Rounds(where, folder, Files({}, {"orders": ROWS}), 1, {}, lambda _line: None)
    full = next(case for case in CASES if case.kind is Kind.COPY)
    contenders = [kind(where) for kind in (Psql, Losing, Changing, Breaking)]
    results = {result.contender: result for result in await rounds.carry_out(full, contenders)}
    assert {name: bool(result.costs) for name, result in results.items()} == {
        "psql": True, "losing": False, "changing": False, "breaking": False,
    }  # fmt: skip
    assert results["psql"].note == ""
    assert results["losing"].note == "FAILED: landed 1,999 rows of 2,000"
    assert results["changing"].note == "FAILED: landed other values than the source has in created_at"
    assert results["breaking"].note.startswith("FAILED: exit code")
