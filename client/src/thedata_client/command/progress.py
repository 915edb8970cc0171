"""How a run goes: bars on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from thedata_client.command.output import console
from thedata_client.requests import enum_name
from thedata_client.types import Run, RunState

if TYPE_CHECKING:
    from thedata_client import RunHandle


def follow(run: RunHandle) -> Run:
    """Shows a run on stderr until it has ended."""
    if not sys.stderr.isatty():
        return _told_in_lines(run)
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("rows"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[state]}"),
        console=console(stderr=True),
    )
    tasks: dict[str, TaskID] = {}

    def show(run: Run) -> None:
        for stream in run.streams:
            name = ".".join(part for part in (stream.namespace, stream.name) if part)
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=None, state="")
            done = enum_name(RunState.DESCRIPTOR, stream.state) == "succeeded"
            expected = max(stream.estimated_rows, stream.rows_read) if stream.HasField("estimated_rows") else None
            bars.update(
                tasks[name],
                completed=stream.rows_committed,
                total=stream.rows_committed if done else expected,
                state=enum_name(RunState.DESCRIPTOR, stream.state),
            )

    with bars:
        return run.wait(progress=show, check=False)


def _told_in_lines(run: RunHandle) -> Run:
    last = ""

    def show(run: Run) -> None:
        nonlocal last
        line = f"{enum_name(RunState.DESCRIPTOR, run.state)}: {run.rows_committed} rows committed, {run.rows_read} read"
        if line != last:
            sys.stderr.write(line + "\n")
            last = line

    return run.wait(progress=show, check=False)
