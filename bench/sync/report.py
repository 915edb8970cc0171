"""The table that people read, and the JSON object that programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.sync.measuring import Cost

TITLES = ("contender", "seconds", "rows/s", "rows/CPU-s", "with database", "peak MiB", "ratio", "start", "")


@dataclass(frozen=True)
class Result:
    """One contender in one case: what each repetition cost, or why there is none."""

    case: str
    contender: str
    rows: int
    costs: tuple[Cost, ...] = ()
    note: str = ""

    @property
    def wall(self) -> float:
        """The median of the wall times."""
        return median(cost.wall for cost in self.costs)


def show(results: Sequence[Result]) -> None:
    """Print a table for each case; the ratio is the wall time over that of the first contender."""
    console = Console(width=130)
    for case in dict.fromkeys(result.case for result in results):
        table = Table(title=case, title_justify="left")
        for title in (
            "contender",
            "seconds",
            "rows/s",
            "rows/CPU-s",
            "with database",
            "peak MiB",
            "ratio",
            "start",
            "",
        ):
            table.add_column(title, justify="left" if title in ("contender", "") else "right")
        found = [result for result in results if result.case == case]
        first = next((result.wall for result in found if result.costs), 1.0)
        for result in found:
            table.add_row(result.contender, *(_cells(result, first) if result.costs else [""] * 7), result.note)
        console.print(table)


def _cells(result: Result, first: float) -> list[str]:
    cpu = median(cost.cpu for cost in result.costs)
    both = median(cost.cpu + cost.database_cpu for cost in result.costs)
    peak = max(cost.peak for cost in result.costs)
    return [
        f"{result.wall:.2f}",
        f"{result.rows / result.wall:,.0f}",
        f"{result.rows / max(cpu, 0.01):,.0f}",
        f"{result.rows / max(both, 0.01):,.0f}",
        f"{peak / 2**20:,.0f}",
        f"{result.wall / first:.2f}",
        f"{median(cost.start for cost in result.costs):.2f}",
    ]


def as_json(results: Sequence[Result], rows: int) -> str:
    """Every median and every ratio between two contenders of a case, in one line."""
    cases: dict[str, dict[str, object]] = {}
    for case in dict.fromkeys(result.case for result in results):
        found = {result.contender: result for result in results if result.case == case}
        walls = {name: round(result.wall, 3) for name, result in found.items() if result.costs}
        cases[case] = {
            "seconds": walls,
            "peak_mib": {n: round(max(c.peak for c in found[n].costs) / 2**20) for n in walls},
            "rows_per_cpu_second": {
                n: round(found[n].rows / max(median(c.cpu for c in found[n].costs), 0.01)) for n in walls
            },
            "ratios": _ratios(walls),
            "missing": {name: result.note for name, result in found.items() if not result.costs},
        }
    return json.dumps({"rows": rows, "cases": cases})


def _ratios(walls: Mapping[str, float]) -> dict[str, float]:
    """How many times as long another contender takes as ours."""
    ours = [name for name in walls if name.startswith("ours")]
    return {
        f"{other} / {name}": round(walls[other] / max(walls[name], 0.001), 3)
        for name in ours
        for other in walls
        if other != name
    }
