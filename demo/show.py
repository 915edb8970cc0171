"""What a person sees of the demo: live logs over a progress bar, then what landed and what to type next."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from demo.api import Api

ENDED = {"RUN_STATE_SUCCEEDED", "RUN_STATE_FAILED", "RUN_STATE_CANCELLED"}
STYLES = {"LOG_LEVEL_WARNING": "yellow", "LOG_LEVEL_ERROR": "red", "LOG_LEVEL_DEBUG": "dim"}

console = Console(highlight=False)


async def watch(api: Api, pipeline: dict[str, Any], run: dict[str, Any], expected: int) -> dict[str, Any]:
    """Shows a run as it goes, and returns it as it ended."""
    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bar = progress.add_task(pipeline["name"], total=expected)
        async for message in api.follow(f"/pipelines/{pipeline['id']}/runs/{run['id']}/stream"):
            if "log" in message:
                _line(message["log"])
            elif "run" in message:
                run = message["run"]
                _advance(progress, bar, run)
    return run


def landed(rows: dict[str, int], tables: dict[str, dict[str, int]]) -> None:
    """Shows the counts of each table on every side."""
    table = Table(title="What landed", title_justify="left")
    table.add_column("table")
    for side in ["CSV file", *tables]:
        table.add_column(side, justify="right")
    table.add_column("")
    for name, count in rows.items():
        counts = [side.get(name, 0) for side in tables.values()]
        good = all(found == count for found in counts)
        table.add_row(name, f"{count:,}", *(f"{found:,}" for found in counts), "✓" if good else "[red]✗")
    console.print(table)


def next_steps(rest_url: str, grpc_address: str, email: str, password: str, pipeline_id: str) -> None:
    """Shows what a user can type next."""
    console.print("\n[bold]Try it[/bold] (in another terminal)")
    commands = f"""\
TOKEN=$(curl -s {rest_url}/api/v1/auth/login -d '{{"email":"{email}","password":"{password}"}}' \\
  | python3 -c 'import json,sys; print(json.load(sys.stdin)["access_token"])')
curl -s {rest_url}/api/v1/pipelines -H "authorization: Bearer $TOKEN"
curl -s -X POST {rest_url}/api/v1/pipelines/{pipeline_id}/start -H "authorization: Bearer $TOKEN" -d '{{}}'
curl -N {rest_url}/api/v1/pipelines/{pipeline_id}/logs -H "authorization: Bearer $TOKEN" -H 'accept: text/event-stream'
grpcurl -plaintext {grpc_address} list
grpcurl -plaintext -H "authorization: Bearer $TOKEN" -d '{{"pipeline_id":"{pipeline_id}"}}' \\
  {grpc_address} thedata.v1.PipelinesService/TailPipelineLogs"""
    console.print(commands, soft_wrap=True, markup=False)


def _line(entry: dict[str, Any]) -> None:
    clock, stream = entry["time"][11:23], entry["stream"]
    text = f"{clock}  {stream + ': ' if stream else ''}{entry['message']}"
    console.print(text, style=STYLES.get(entry["level"]), markup=False)


def _advance(progress: Progress, bar: TaskID, run: dict[str, Any]) -> None:
    ended = run["state"] in ENDED
    progress.update(bar, completed=int(run["rows_committed" if ended else "rows_read"]))
