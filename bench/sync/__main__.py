"""`python -m bench.sync`: every contender does every task, in turns, on one server, and is checked for what it landed.

ROWS (2000000), REPEAT (3) and ONLY (names of cases and contenders, with commas) come from the environment.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.sync import data, report
from bench.sync.contender import Contender, Task
from bench.sync.contenders.apitap import Apitap
from bench.sync.contenders.dlt import DltArrow, DltConnectorx
from bench.sync.contenders.ours import OursCompared, OursCounted, OursUnverified
from bench.sync.contenders.psql import Psql
from bench.sync.contenders.sling import Sling
from bench.sync.measuring import ContenderFailedError, Cost, measure
from bench.sync.server import Server, running

ENVIRONMENTS = Path(__file__).parents[2] / ".build" / "bench"
CASES = ("full", "transform", "csv", "parquet", "merge", "nothing")
CONTENDERS: tuple[type[Contender], ...] = (
    Psql, OursUnverified, OursCounted, OursCompared, Apitap, Sling, DltArrow, DltConnectorx,
)  # fmt: skip


class Bench:
    """One run of the bench over one server."""

    def __init__(self, server: Server, folder: Path, rows: int, repeat: int) -> None:
        self.server = server
        self.folder = folder
        self.rows = rows
        self.repeat = repeat
        self.files: dict[str, Path] = {}
        self.round = 0

    async def carry_out(self, case: str, contenders: Sequence[Contender]) -> list[report.Result]:
        """Let the contenders take turns at a case."""
        costs: dict[str, list[Cost]] = {contender.name: [] for contender in contenders}
        notes: dict[str, str] = {}
        for contender in contenders:
            task = self._task(case, contender)
            if contender.command(task) is None:
                notes[contender.name] = "has nothing for it"
            elif case in ("merge", "nothing"):
                await self._once(contender, task, notes, fresh=True)
        for turn in range(self.repeat):
            if case == "merge":
                self.round += 1
                await self.server.run("source", data.CHANGE.format(round=self.round), "ANALYZE orders", "CHECKPOINT")
            for contender in contenders:
                if contender.name not in notes:
                    say(f"{case}: {contender.name}, {turn + 1} of {self.repeat}")
                    fresh = case not in ("merge", "nothing")
                    cost = await self._once(contender, self._task(case, contender), notes, fresh=fresh)
                    costs[contender.name] += [cost] if cost else []
        rows = {"merge": self.rows // 100, "nothing": 0}.get(case, self.rows)
        return [report.Result(case, name, rows, tuple(found), notes.get(name, "")) for name, found in costs.items()]

    async def _once(self, contender: Contender, task: Task, notes: dict[str, str], *, fresh: bool) -> Cost | None:
        if fresh:
            await self.server.create(task.database)
        command = contender.command(task)
        assert command is not None
        log = self.folder / f"{contender.name}.log".replace(" ", "-")
        try:
            cost = await asyncio.to_thread(measure, command, self.server.process, log)
            await self._check(task)
        except ContenderFailedError as error:
            notes[contender.name] = str(error)
            say(f"{contender.name} failed: {error}")
            return None
        return cost

    async def _check(self, task: Task) -> None:
        """Compare what has landed with the source."""
        changed = frozenset({"email"}) if task.case == "transform" else frozenset()
        wanted = await data.content(self.server, "source", "orders", changed)
        landed = await data.content(self.server, task.database, task.table, changed)
        if landed[0] != wanted[0]:
            raise ContenderFailedError(f"landed {landed[0]:,} rows of {wanted[0]:,}")
        if landed[1] != wanted[1]:
            raise ContenderFailedError("landed other values than the source has")

    def _task(self, case: str, contender: Contender) -> Task:
        folder = self.folder / contender.name.replace(" ", "-")
        folder.mkdir(exist_ok=True)
        file = self.files.get(case)
        return Task(
            case, "orders", "orders", "to_" + contender.name.replace(" ", "_"), file.parent if file else folder, file
        )


def say(line: str) -> None:
    """Tell on what the bench is at work."""
    print(line, file=sys.stderr, flush=True)


async def main() -> None:
    """Prepare, measure, report."""
    rows, repeat = int(os.environ.get("ROWS") or 2_000_000), int(os.environ.get("REPEAT") or 3)
    only = {part.strip() for part in os.environ.get("ONLY", "").split(",") if part.strip()}
    cases = [case for case in CASES if case in only] or list(CASES)
    kinds = [kind for kind in CONTENDERS if kind.name.partition(" ")[0] in only or kind.name in only] or CONTENDERS
    with tempfile.TemporaryDirectory(prefix="thedata-bench-") as home:
        # The server's own account passes through it.
        os.chmod(home, 0o755)
        async with running(Path(home) / "postgres") as server:
            contenders = [kind(server, ENVIRONMENTS) for kind in kinds]
            for contender in contenders:
                say(f"installing {contender.name}")
                contender.install()
            say(f"making {rows:,} orders")
            await data.make_orders(server, rows)
            bench = Bench(server, Path(home), rows, repeat)
            if {"csv", "parquet"} & set(cases):
                bench.files = await data.write_files(server, Path(home))
            results = []
            for case in cases:
                results += await bench.carry_out(case, contenders)
            report.show(results)
            print(report.as_json(results, rows))


if __name__ == "__main__":
    asyncio.run(main())
