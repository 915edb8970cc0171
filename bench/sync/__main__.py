"""`python -m bench.sync`: every contender does every task, in turns, on one server, and is checked for what it landed.

ROWS (2000000), REPEAT (3) and ONLY (names of cases and contenders, with commas) come from the environment.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from bench.sync import clickhouse, data, report
from bench.sync.contender import ROOT, Contender, NotInstalledError, Place
from bench.sync.contenders.apitap import Apitap
from bench.sync.contenders.clickhouse import Clickhouse
from bench.sync.contenders.dlt import DltArrow, DltConnectorx
from bench.sync.contenders.ours import OursCompared, OursCounted, OursUnverified
from bench.sync.contenders.psql import Psql
from bench.sync.contenders.sling import Sling
from bench.sync.goals import judged
from bench.sync.rounds import Files, Rounds
from bench.sync.server import Server, running
from bench.sync.task import CASES, Case, Kind
from demo.flights import DataMissing

ENVIRONMENTS = ROOT / ".build"
CONTENDERS: tuple[type[Contender], ...] = (
    Psql, Clickhouse, OursUnverified, OursCounted, OursCompared, Apitap, Sling, DltArrow, DltConnectorx,
)  # fmt: skip
STARTED = time.monotonic()


def say(line: str) -> None:
    """Tell on what the bench is at work."""
    print(f"{time.monotonic() - STARTED:7.1f} s  {line}", file=sys.stderr, flush=True)


def chosen(only: str) -> tuple[list[Case], list[type[Contender]]]:
    """The cases and contenders of ONLY: a name, or a tool for all its contenders; without any, all."""
    names = {part.strip() for part in only.split(",") if part.strip()}
    cases = [case for case in CASES if case.name in names]
    # In a case of ClickHouse's, clickhouse itself is the ceiling, as psql is elsewhere.
    kinds = [kind for kind in CONTENDERS if {kind.name, kind.name.partition("-")[0]} & names]
    known = {case.name for case in CASES} | {kind.name for kind in CONTENDERS}
    known |= {kind.name.partition("-")[0] for kind in CONTENDERS}
    if unknown := sorted(names - known):
        raise SystemExit(f"ONLY: there is no {unknown[0]!r}; there are {', '.join(sorted(known))}")
    return cases or list(CASES), kinds or list(CONTENDERS)


async def main() -> None:
    """Prepare, measure, report."""
    rows, repeat = int(os.environ.get("ROWS") or 2_000_000), int(os.environ.get("REPEAT") or 3)
    cases, kinds = chosen(os.environ.get("ONLY", ""))
    missing = clickhouse.missing() if any(case.to == "clickhouse" for case in cases) else "not asked for"
    # Directly below, so that the server's own account can enter.
    home = Path(tempfile.gettempdir()) / f"thedata-bench-{os.getpid()}-{uuid4().hex[:8]}"
    try:
        async with running(home) as server, _engine(home / "engine", missing) as engine:
            entered = [kind(Place(server, engine, ENVIRONMENTS)) for kind in kinds]
            contenders = [one for one in entered if any(one.declines(case) is None for case in cases)]
            absent = _installed(contenders)
            files, without_flights = await _prepared(server, home / "files", cases, rows)
            rounds = Rounds(Place(server, engine, ENVIRONMENTS), home / "work", files, repeat, absent, say)
            results = []
            for case in cases:
                lacks = without_flights if case.table is data.FLIGHTS else ""
                results += await rounds.carry_out(case, contenders, missing if case.to == "clickhouse" else lacks)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    goals = judged(results)
    report.show(results)
    print(f"Goals, which are set for 2,000,000 rows; here are {rows:,}")
    print(*goals, sep="\n")
    print(report.as_line(rows, repeat, results, [asdict(goal) | {"met": goal.met} for goal in goals]))


def _installed(contenders: Sequence[Contender]) -> dict[str, str]:
    absent = {}
    for contender in contenders:
        try:
            contender.install(say)
        except NotInstalledError as error:
            absent[contender.name] = str(error)
    return absent


async def _prepared(server: Server, folder: Path, cases: Sequence[Case], rows: int) -> tuple[Files, str]:
    """Make the data that the cases need; also tells why there are no flights."""
    say(f"making {rows:,} orders")
    await data.make_orders(server, rows)
    folder.mkdir()
    paths, counts, reason = {}, {"orders": rows}, ""
    if any(case.kind is Kind.FILE and case.table is data.ORDERS for case in cases):
        say("writing them to files")
        written = await asyncio.to_thread(data.write_orders, server, folder)
        paths = {("orders", ending): path for ending, path in written.items()}
    if any(case.table is data.FLIGHTS for case in cases):
        say("unpacking the flights")
        try:
            paths["flights", "csv"], counts["flights"] = await data.write_flights(server, folder, rows)
        except DataMissing as error:
            reason = str(error)
    return Files(paths, counts), reason


@asynccontextmanager
async def _engine(home: Path, missing: str) -> AsyncIterator[clickhouse.Clickhouse | None]:
    if missing:
        yield None
    else:
        async with clickhouse.running(home) as engine:
            yield engine


if __name__ == "__main__":
    asyncio.run(main())
