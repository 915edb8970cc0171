"""What the engine has promised about its speed and memory, as ratios between contenders of one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.sync.report import Result

DLT = ("dlt-pyarrow", "dlt-connectorx")
OURS = "ours-content"
MIB = 2**20


@dataclass(frozen=True)
class Goal:
    """``measured`` is to be at most, or at least, ``bound``."""

    name: str
    measured: float
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{'met   ' if self.met else 'MISSED'}  {self.name}: {self.measured:.2f} ({sign} {self.bound:g})"


def judged(results: Sequence[Result]) -> list[Goal]:
    """Every goal that this run has measured both sides of."""
    found = {(result.case, result.contender): result for result in results if result.costs}
    goals: list[Goal] = []

    def at_most(case: str, ours: str, other: str, bound: float) -> None:
        if (case, ours) in found and (case, other) in found:
            ratio = found[case, ours].wall / found[case, other].wall
            goals.append(Goal(f"{case}: {ours} / {other}", ratio, bound))

    def at_least(case: str, ours: str, others: Sequence[str], bound: float) -> None:
        walls = [found[case, name].wall for name in others if (case, name) in found]
        if walls and (case, ours) in found:
            name = others[0] if len(others) == 1 else "dlt's best"
            goals.append(Goal(f"{case}: {name} / {ours}", min(walls) / found[case, ours].wall, bound, at_least=True))

    for ours, bound in (("ours-none", 1.05), ("ours-counts", 1.1), (OURS, 1.5)):
        at_most("full", ours, "psql", bound)
        at_least("full", ours, ("sling",), 6)
        at_least("full", ours, DLT, 10)
    # Counts are what sling compares, and more than dlt does; content is compared by nobody else.
    for ours in ("ours-counts", OURS):
        at_least("transform", ours, ("sling",), 4)
        at_least("transform", ours, DLT, 5)
    for case, own in (
        ("csv", "psql"), ("parquet", "psql"), ("flights", "psql"),
        ("clickhouse-csv", "clickhouse"), ("clickhouse-parquet", "clickhouse"),
    ):  # fmt: skip
        for ours in ("ours-counts", OURS):
            at_most(case, ours, own, 1.5)
            at_least(case, ours, DLT, 3)
    at_least("merge", OURS, DLT, 5)
    if ("nothing", OURS) in found:
        goals.append(Goal("nothing: seconds", found["nothing", OURS].wall, 1))
    for (case, name), result in found.items():
        if case == "full" and name.startswith("ours"):
            goals.append(Goal(f"{case}: {name}, peak MiB", result.peak / MIB, 150))
    return goals
