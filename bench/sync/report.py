"""The tables that people read, and the JSON object that programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.sync.measuring import Cost

TITLES = ("contender", "seconds", "rows/s", "rows/CPU-s", "CPU s", "database CPU s", "peak MiB", "ratio", "start", "")
WIDTH = 150


@dataclass(frozen=True)
class Result:
    """One contender in one case: what each repetition cost, or why there is none; ``note`` is what to know of it."""

    case: str
    title: str
    contender: str
    rows: int
    costs: tuple[Cost, ...] = ()
    note: str = ""

    @property
    def wall(self) -> float:
        """The median of the wall times."""
        return median(cost.wall for cost in self.costs)

    @property
    def cpu(self) -> float:
        """The median of the processor seconds of the contender's own processes."""
        return median(cost.cpu for cost in self.costs)

    @property
    def database_cpu(self) -> float:
        """The median of the processor seconds of the database's processes."""
        return median(cost.database_cpu for cost in self.costs)

    @property
    def peak(self) -> int:
        """The greatest memory of all repetitions, in bytes."""
        return max(cost.peak for cost in self.costs)

    def per_second(self, seconds: float) -> int:
        """The rows by some seconds."""
        return round(self.rows / max(seconds, 0.001))


def show(results: Sequence[Result]) -> None:
    """Print a table for each case; the ratio is the wall time over that of the first contender that has one."""
    console = Console(width=WIDTH)
    for case in dict.fromkeys(result.case for result in results):
        found = [result for result in results if result.case == case]
        table = Table(title=f"{case}: {found[0].title}; {found[0].rows:,} rows", title_justify="left")
        for title in TITLES:
            table.add_column(title, justify="left" if title in ("contender", "") else "right")
        first = next((result.wall for result in found if result.costs), 1.0)
        for result in found:
            table.add_row(
                result.contender, *(_cells(result, first) if result.costs else [""] * (len(TITLES) - 2)), result.note
            )
        console.print(table)


def _cells(result: Result, first: float) -> list[str]:
    return [
        f"{result.wall:.2f}",
        f"{result.per_second(result.wall):,}",
        f"{result.per_second(result.cpu):,}",
        f"{result.cpu:.2f}",
        f"{result.database_cpu:.2f}",
        f"{result.peak / 2**20:,.0f}",
        f"{result.wall / first:.2f}",
        f"{median(cost.start for cost in result.costs):.2f}",
    ]


def as_object(results: Sequence[Result]) -> dict[str, object]:
    """Every median, and every ratio between ours and another contender, case by case."""
    cases: dict[str, object] = {}
    for case in dict.fromkeys(result.case for result in results):
        found = {result.contender: result for result in results if result.case == case}
        measured = {name: result for name, result in found.items() if result.costs}
        cases[case] = {
            "rows": next(iter(found.values())).rows,
            "seconds": {name: round(result.wall, 3) for name, result in measured.items()},
            "cpu_seconds": {name: round(result.cpu, 3) for name, result in measured.items()},
            "database_cpu_seconds": {name: round(result.database_cpu, 3) for name, result in measured.items()},
            "rows_per_second": {name: result.per_second(result.wall) for name, result in measured.items()},
            "rows_per_cpu_second": {name: result.per_second(result.cpu) for name, result in measured.items()},
            "peak_mib": {name: round(result.peak / 2**20, 1) for name, result in measured.items()},
            "ratios": _ratios({name: result.wall for name, result in measured.items()}),
            "notes": {name: result.note for name, result in found.items() if result.note},
        }
    return cases


def _ratios(walls: Mapping[str, float]) -> dict[str, float]:
    """How many times as long another contender takes as ours."""
    return {
        f"{other} / {name}": round(walls[other] / walls[name], 3)
        for name in walls
        if name.startswith("ours")
        for other in walls
        if other != name
    }


def as_line(rows: int, repeat: int, results: Sequence[Result], goals: Sequence[Mapping[str, object]]) -> str:
    """Write all of it as one line of JSON."""
    return json.dumps({"rows": rows, "repeat": repeat, "cases": as_object(results), "goals": list(goals)})
