"""How a run goes: bars on a terminal, lines elsewhere; what its log tells, above them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from thedata_client.command.output import console, told
from thedata_client.requests import enum_name
from thedata_client.types import LogEntry, Run, RunState, WatchRunResponse

if TYPE_CHECKING:
    from thedata_client import RunHandle

LEVELS = {1: "dim", 2: "", 3: "yellow", 4: "red"}


def follow(run: RunHandle, messages: Iterable[WatchRunResponse] | None = None) -> Run:
    """Shows a run on stderr until it has ended, with messages about it also what they tell of its log."""
    if not sys.stderr.isatty():
        return _told_in_lines(run, messages)
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
        return _until_ended(run, messages, show, bars.console.print)


def line_of(entry: LogEntry) -> Text:
    """A line of a log as people read it."""
    return _line(entry, entry.message, LEVELS.get(entry.level, ""))


def _until_ended(
    run: RunHandle,
    messages: Iterable[WatchRunResponse] | None,
    show: Callable[[Run], None],
    tell: Callable[[Text], None],
) -> Run:
    if messages is None:
        return run.wait(progress=show, check=False)
    last = run.run
    for message in messages:
        if message.HasField("run"):
            last = message.run
            show(last)
        else:
            tell(_told(message))
    return last


def _told(message: WatchRunResponse) -> Text:
    """What a message tells of a run's log."""
    match message.WhichOneof("event"):
        case "log":
            return line_of(message.log)
        case "checkpoint":
            reached = message.checkpoint
            upto = f", up to {reached.cursor}" if reached.cursor else ""
            return _line(reached, f"{reached.rows_committed} rows are durable{upto}")
        case "schema_change":
            return _line(message.schema_change, "; ".join(message.schema_change.changes), "yellow")
        case "rejects":
            rejects = message.rejects
            return _line(rejects, f"{rejects.rows} rows were put aside: {rejects.reason}", "yellow")
        case "verification":
            verified = message.verification
            return _line(verified, f"{verified.rows} rows are equal on both sides, by {verified.level}")
        case "gap":
            return Text(f"{message.gap.messages} messages were left out: this is read too slowly", "dim")
        case _:
            return Text("a later release's news, which this one can't tell", "dim")


def _line(about: Any, text: str, style: str = "") -> Text:
    stream = f" {about.stream}:" if about.stream else ""
    return Text(f"{told(about.time)}{stream} {text}", style)


def _told_in_lines(run: RunHandle, messages: Iterable[WatchRunResponse] | None) -> Run:
    last = ""

    def show(run: Run) -> None:
        nonlocal last
        line = f"{enum_name(RunState.DESCRIPTOR, run.state)}: {run.rows_committed} rows committed, {run.rows_read} read"
        if line != last:
            sys.stderr.write(line + "\n")
            last = line

    return _until_ended(run, messages, show, console(stderr=True).print)
