"""Pipelines, their runs and logs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from thedata_client.command.connection import connect, pipeline_of, source_of
from thedata_client.command.exits import NOT_FOUND, RUN_FAILED, Failure
from thedata_client.command.output import Columns, Format, Output, dump, examples, plain, say, show, show_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from thedata_client import Client, RunHandle
    from thedata_client.types import LogEntry, WatchRunResponse

app = typer.Typer(no_args_is_help=True, help="Pipelines: what is copied from where to where.", rich_markup_mode=None)

Pipeline = Annotated[str, typer.Argument(help="The pipeline's name or id.")]
RunId = Annotated[str | None, typer.Option("--run", help="The run's id; left out: the newest.")]
Level = Annotated[str | None, typer.Option(help="Only lines of this level and above: debug, info, warning, error.")]
About = Annotated[
    str | None, typer.Option("--stream", help="Only what is about this stream, with its namespace: public.orders.")
]
Text = Annotated[str | None, typer.Option(help="Only lines with this text.")]
Since = Annotated[datetime | None, typer.Option(help="Only what was written from this time on, of this place's clock.")]
COLUMNS: Columns = {
    "name": "name", "last run": "last_run.state", "ended": "last_run.end_time", "rows": "last_run.rows_committed",
    "next run": "next_run_time", "paused": "paused", "id": "id",
}  # fmt: skip
RUN: Columns = {
    "id": "id", "state": "state", "trigger": "trigger", "queued": "queue_time", "ended": "end_time",
    "rows read": "rows_read", "rows committed": "rows_committed", "rows rejected": "rows_rejected",
    "failure": "failure.message", "advice": "failure.advice",
}  # fmt: skip


@app.command("list", epilog=examples("thedata pipelines list", "thedata pipelines list -o yaml"))
def list_pipelines(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Lists the pipelines with their newest runs."""
    show_all(connect(context).pipelines.list(), output, COLUMNS)


@app.command(
    epilog=examples(
        "thedata pipelines create orders shop lake --stream public.orders --mode incremental_merge --cursor changed",
        "thedata pipelines create everything shop lake --every 3600",
        "thedata apply -f pipelines.yaml    # for all that has no option here",
    )
)
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A new name.")],
    source: Annotated[str, typer.Argument(help="The data source to read, by name or id.")],
    destination: Annotated[str, typer.Argument(help="The data source to write, by name or id.")],
    stream: Annotated[
        list[str] | None, typer.Option(help="A stream, with its namespace where it has one; left out: every stream.")
    ] = None,
    mode: Annotated[
        str | None, typer.Option(help="How the streams are kept in step, such as incremental_merge.")
    ] = None,
    cursor: Annotated[str | None, typer.Option(help="The column that grows with every change.")] = None,
    namespace: Annotated[str | None, typer.Option(help="The namespace (such as a schema) to write.")] = None,
    every: Annotated[float | None, typer.Option(help="Seconds between the starts of runs, from 10.")] = None,
    cron: Annotated[str | None, typer.Option(help='When it runs by itself, such as "0 6 * * *".')] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    output: Output = Format.TABLE,
) -> None:
    """Creates a pipeline; it does not run yet."""
    from datetime import timedelta

    from thedata_client.requests import request_of
    from thedata_client.types import Cron, Schedule, StreamConfig

    client = connect(context)
    if (mode or cursor) and not stream:
        raise Failure("--mode and --cursor are of streams: name them with --stream.")
    streams = []
    for text in stream or []:
        first, _, rest = text.partition(".")
        config = request_of(
            StreamConfig, namespace=first if rest else None, name=rest or first, sync_mode=mode, cursor_column=cursor
        )
        streams.append(config)
    schedule = None
    if every is not None or cron is not None:
        interval = None if every is None else timedelta(seconds=every)
        schedule = request_of(Schedule, interval=interval, cron=Cron(expression=cron) if cron else None)
    made = client.pipelines.create(
        name,
        source_of(client, source).id,
        source_of(client, destination).id,
        destination_namespace=namespace,
        description=description,
        streams=streams,
        schedule=schedule,
    )
    show(made, output, COLUMNS)


@app.command(epilog=examples("thedata pipelines plan orders", "thedata pipelines plan orders -o json"))
def plan(context: typer.Context, pipeline: Pipeline, output: Output = Format.TABLE) -> None:
    """Tells what a run would do, before a row moves; exit code 1: a stream can't land."""
    client = connect(context)
    planned = client.pipelines.plan(pipeline_of(client, pipeline).id)
    columns: Columns = {
        "stream": lambda one: ".".join(part for part in (one.namespace, one.name) if part),
        "table": "destination_table",
        "mode": "sync_mode",
        "lane": "lane",
        "rows": "estimated_rows",
        "what": lambda one: (
            one.failure.message or "; ".join([*one.actions, *one.schema_changes]) or "nothing to change"
        ),
    }
    show_all(planned.streams, output, columns)
    if any(one.HasField("failure") for one in planned.streams):
        raise typer.Exit(RUN_FAILED)


@app.command(epilog=examples("thedata pipelines start orders", "thedata pipelines start orders --wait"))
def start(
    context: typer.Context,
    pipeline: Pipeline,
    wait: Annotated[
        bool, typer.Option("-w", "--wait", help="Show how it goes until it has ended; exit code 1: it failed.")
    ] = False,
    output: Output = Format.TABLE,
) -> None:
    """Starts a run."""
    client = connect(context)
    run = client.pipelines.start(pipeline_of(client, pipeline).id)
    if wait:
        _follow(run, output)
    else:
        show(run.run, output, {"run": "id", "state": "state"})


@app.command(epilog=examples("thedata pipelines stop orders"))
def stop(context: typer.Context, pipeline: Pipeline, output: Output = Format.TABLE) -> None:
    """Stops the run in flight, and pauses the pipeline."""
    client = connect(context)
    show(client.pipelines.stop(pipeline_of(client, pipeline).id), output, {"run": "id", "state": "state"})


@app.command(epilog=examples("thedata pipelines pause orders"))
def pause(context: typer.Context, pipeline: Pipeline) -> None:
    """Lets nothing start by itself. A run in flight goes on."""
    client = connect(context)
    say(f"{client.pipelines.pause(pipeline_of(client, pipeline).id).name} is paused.")


@app.command(epilog=examples("thedata pipelines resume orders"))
def resume(context: typer.Context, pipeline: Pipeline) -> None:
    """Ends a pause."""
    client = connect(context)
    say(f"{client.pipelines.resume(pipeline_of(client, pipeline).id).name} runs by itself again.")


@app.command(epilog=examples("thedata pipelines status orders", "thedata pipelines status orders -o json"))
def status(context: typer.Context, pipeline: Pipeline, output: Output = Format.TABLE) -> None:
    """Tells how a pipeline's newest run goes; exit code 1: it failed."""
    from thedata_client.types import RUN_STATE_FAILED

    client = connect(context)
    found = pipeline_of(client, pipeline)
    if not found.HasField("last_run"):
        show(found, output, {"name": "name", "last run": lambda _: "never", "next run": "next_run_time"})
        return
    run = client.pipelines.get_run(found.id, found.last_run.id)
    show(run, output, RUN)
    if run.state == RUN_STATE_FAILED:
        raise typer.Exit(RUN_FAILED)


@app.command(epilog=examples("thedata pipelines runs orders", "thedata pipelines runs orders --state failed -n 5"))
def runs(
    context: typer.Context,
    pipeline: Pipeline,
    state: Annotated[
        list[str] | None, typer.Option(help="Only runs in this state; may be given several times.")
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", help="How many at most.")] = 20,
    output: Output = Format.TABLE,
) -> None:
    """Lists a pipeline's runs, newest first."""
    from itertools import islice

    client = connect(context)
    try:
        listed = client.pipelines.list_runs(pipeline_of(client, pipeline).id, states=state)
    except ValueError as error:
        raise Failure(str(error)) from error
    columns = {name: RUN[name] for name in ("id", "state", "trigger", "queued", "ended", "rows committed", "failure")}
    show_all(islice(listed, limit), output, columns)


@app.command(
    epilog=examples(
        "thedata pipelines logs orders",
        "thedata pipelines logs orders -f",
        "thedata pipelines logs orders -F --level warning",
        "thedata pipelines logs orders --stream public.orders --since 2026-11-24T06:00:00",
    )
)
def logs(
    context: typer.Context,
    pipeline: Pipeline,
    run: RunId = None,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on until the run has ended.")] = False,
    forever: Annotated[bool, typer.Option("-F", "--forever", help="Go on with later runs, until Ctrl-C.")] = False,
    level: Level = None,
    stream: About = None,
    text: Text = None,
    since: Since = None,
    output: Output = Format.TABLE,
) -> None:
    """Prints a run's log. With -o json a JSON object on each line."""
    client = connect(context)
    found = pipeline_of(client, pipeline).id
    wanted: Any = {"run_id": run, "min_level": level, "stream": stream, "text": text, "since": _here(since)}
    try:
        if follow or forever:
            entries: Any = client.pipelines.tail(found, follow=forever, **wanted)
        else:
            entries = client.pipelines.list_logs(found, page_size=1000, **wanted)
    except ValueError as error:
        raise Failure(str(error)) from error
    for entry in entries:
        _print(entry, output)


def _print(entry: LogEntry, output: Format) -> None:
    import json

    from thedata_client.command.output import console
    from thedata_client.command.progress import line_of

    if output is Format.JSON:
        typer.echo(json.dumps(plain(entry), ensure_ascii=False))
    elif output is Format.YAML:
        dump([plain(entry)], output)
    else:
        console().print(line_of(entry))


@app.command(
    epilog=examples(
        "thedata pipelines watch orders",
        "thedata pipelines watch orders --log --from-end",
        "thedata pipelines watch orders --level warning --stream public.orders",
    )
)
def watch(
    context: typer.Context,
    pipeline: Pipeline,
    run: RunId = None,
    log: Annotated[
        bool, typer.Option("--log", help="Show lines and events of its log too; the options that choose them do too.")
    ] = False,
    level: Level = None,
    stream: About = None,
    text: Text = None,
    since: Since = None,
    from_end: Annotated[bool, typer.Option("--from-end", help="Only what is written from now on.")] = False,
    output: Output = Format.TABLE,
) -> None:
    """Shows how a run goes until it has ended; exit code 1: it failed."""
    if since and from_end:
        raise Failure("--since and --from-end begin elsewhere: give one of them.")
    chosen = _chosen(connect(context), pipeline, run)
    wanted: Any = {"min_level": level, "stream": stream, "text": text, "since": _here(since)}
    wanted = {name: value for name, value in {**wanted, "from_end": from_end or None}.items() if value is not None}
    try:
        _follow(chosen, output, chosen.watch(**wanted) if log or wanted else None)
    except ValueError as error:
        raise Failure(str(error)) from error


def _here(time: datetime | None) -> datetime | None:
    """A time of this place's clock, as it was typed."""
    return time.astimezone() if time else None


def _chosen(client: Client, pipeline: str, run: str | None) -> RunHandle:
    found = pipeline_of(client, pipeline)
    if not run and not found.HasField("last_run"):
        raise Failure(f"{found.name} never ran.", NOT_FOUND)
    return client.pipelines.run(found.id, run or found.last_run.id)


def _follow(run: RunHandle, output: Format, messages: Iterable[WatchRunResponse] | None = None) -> None:
    from thedata_client.command.progress import follow
    from thedata_client.types import RUN_STATE_SUCCEEDED

    ended = follow(run, messages)
    show(
        ended,
        output,
        {name: RUN[name] for name in ("id", "state", "rows committed", "rows rejected", "failure", "advice")},
    )
    if ended.state != RUN_STATE_SUCCEEDED:
        raise typer.Exit(RUN_FAILED)


@app.command(epilog=examples("thedata pipelines delete orders"))
def delete(context: typer.Context, pipeline: Pipeline) -> None:
    """Deletes a pipeline with its runs and logs; what it landed stays."""
    client = connect(context)
    found = pipeline_of(client, pipeline)
    client.pipelines.delete(found.id)
    say(f"Deleted {found.name}.")
