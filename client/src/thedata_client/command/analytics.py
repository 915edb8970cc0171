"""Questions about what landed, and what is sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from thedata_client.command.connection import connect
from thedata_client.command.exits import RUN_FAILED, Failure
from thedata_client.command.output import Format, Output, dump, examples, plain, say, show, show_all

views = typer.Typer(no_args_is_help=True, help="Live views.", rich_markup_mode=None)
ingest = typer.Typer(no_args_is_help=True, help="Sends events and metrics.", rich_markup_mode=None)

Table = Annotated[str, typer.Argument(help="The table, one of `thedata tables`.")]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", help="A condition, column:operator:value, such as amount:ge:10; several hold together."),
]
Column = Annotated[list[str] | None, typer.Option("--column", help="A column; left out: all.")]
GroupBy = Annotated[list[str] | None, typer.Option("--group-by", help="A column whose equal values make a group.")]
Measure = Annotated[list[str] | None, typer.Option("--measure", help="What is told of a group: count, sum:amount, ...")]
OrderBy = Annotated[list[str] | None, typer.Option("--order-by", help="A column of the answer, with `desc` or not.")]
BATCH = 5_000


class File(StrEnum):
    """How rows are written into a file."""

    NDJSON = "ndjson"
    CSV = "csv"
    ARROW = "arrow"


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the root."""
    app.command(
        epilog=examples(
            "thedata query orders --where amount:ge:100 --order-by 'amount desc' -n 10",
            "thedata query orders --group-by country --measure count --measure sum:amount",
        )
    )(query)
    app.command(epilog=examples("thedata tables"))(tables)
    app.command(epilog=examples("thedata export orders orders.csv", "thedata export orders - --format ndjson | wc -l"))(
        export
    )
    app.add_typer(ingest, name="ingest")
    app.add_typer(views, name="views")


def query(
    context: typer.Context,
    table: Table,
    where: Where = None,
    column: Column = None,
    group_by: GroupBy = None,
    measure: Measure = None,
    order_by: OrderBy = None,
    limit: Annotated[int, typer.Option("-n", "--limit", help="How many rows at most.")] = 50,
    output: Output = Format.TABLE,
) -> None:
    """Asks a table of the analytics store."""
    from thedata_client.rows import row_of

    question = connect(context).analytics.history(
        table, columns=column, where=where, group_by=group_by, measure=measure, order_by=order_by,
        page_size=min(limit, 1000),
    )  # fmt: skip
    names: list[str] = []
    rows: list[dict[str, Any]] = []
    for page in question.pages():
        names = list(page.columns)
        rows += [row_of(page.result_columns, row) for row in islice(page.rows, limit - len(rows))]
        if len(rows) >= limit:
            break
    if output is Format.TABLE:
        show_all(rows, output, {name: _of(name) for name in names})
    else:
        dump([{name: _json(value) for name, value in row.items()} for row in rows], output)


def _of(name: str) -> Any:
    from thedata_client.command.output import told

    return lambda row: told(row[name])


def _json(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str | list | dict | None) else str(value)


def tables(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Lists the tables that can be queried."""
    listed = connect(context).analytics.list_historical_tables().tables
    show_all(listed, output, {"name": "name", "rows": "rows", "bytes": "bytes", "landed up to": "watermark"})


def export(
    context: typer.Context,
    table: Table,
    path: Annotated[Path, typer.Argument(help="The file to write; `-`: stdout.")],
    format: Annotated[File | None, typer.Option(help="How; left out: by the file's ending, else ndjson.")] = None,
    where: Where = None,
    column: Column = None,
    group_by: GroupBy = None,
    measure: Measure = None,
    order_by: OrderBy = None,
) -> None:
    """Writes every row of an answer into a file."""
    endings = {".csv": File.CSV, ".arrow": File.ARROW, ".arrows": File.ARROW}
    question = connect(context).analytics.history(
        table, columns=column, where=where, group_by=group_by, measure=measure, order_by=order_by
    )
    chosen = (format or endings.get(path.suffix, File.NDJSON)).value
    if str(path) == "-":
        for piece in question.export(chosen):
            sys.stdout.buffer.write(piece)
        return
    part = path.with_name(path.name + ".part")
    size = question.save(part, chosen)
    part.replace(path)  # a file of that name is whole
    say(f"{path}: {size} bytes")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    file = sys.stdin if str(path) == "-" else path.open()
    with file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise Failure(f"{path}:{number} is no JSON: {error}") from error


def _messages(kind: Any, path: Path) -> Iterator[Any]:
    from google.protobuf.json_format import ParseDict, ParseError

    for number, item in enumerate(_lines(path), 1):
        try:
            yield ParseDict(item, kind())
        except ParseError as error:
            raise Failure(f"{path}: item {number}: {error}") from error


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


Lines = Annotated[Path, typer.Argument(help="A JSON object on each line, as the API has it; `-`: stdin.")]


@ingest.command(epilog=examples("thedata ingest events events.ndjson", "produce | thedata ingest events -"))
def events(context: typer.Context, path: Lines, output: Output = Format.TABLE) -> None:
    """Sends events: kind, and where they are known id, time, attributes, message. Exit code 1: some were not taken."""
    from thedata_client.types import Event

    client = connect(context)
    _sent((client.analytics.ingest_events(batch) for batch in _batches(_messages(Event, path))), output)


@ingest.command(epilog=examples("thedata ingest metrics points.ndjson"))
def metrics(context: typer.Context, path: Lines, output: Output = Format.TABLE) -> None:
    """Sends points of metrics: name, value, and where they are known labels, time. Exit code 1: some were not taken."""
    from thedata_client.types import MetricPoint

    client = connect(context)
    _sent((client.analytics.ingest_metrics(batch) for batch in _batches(_messages(MetricPoint, path))), output)


def _sent(answers: Iterable[Any], output: Format) -> None:
    totals = {"accepted": 0, "rejected": 0, "duplicates": 0}
    first = ""
    for answer in answers:
        for name in totals:
            totals[name] += getattr(answer, name)
        if answer.rejections and not first:
            one = answer.rejections[0]
            first = f"item {one.index} of its batch, {one.field}: {one.reason}"
    show(totals, output, {name: name for name in totals})
    if totals["rejected"]:
        raise Failure(f"{totals['rejected']} were not taken; the first: {first}", RUN_FAILED)


View = Annotated[str, typer.Argument(help="The view's name.")]
Definition = Annotated[Path, typer.Option("-f", "--file", help="The definition as JSON or YAML; `-`: stdin.")]


@views.command("list", epilog=examples("thedata views list"))
def list_views(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Lists the live views."""
    listed = connect(context).analytics.list_realtime_views().views
    show_all(listed, output, {"name": "name", "of": "definition.source", "built in": "built_in", "since": "created_at"})


@views.command("show", epilog=examples("thedata views show runs_per_hour"))
def show_view(context: typer.Context, view: View, output: Output = Format.TABLE) -> None:
    """Prints the rows of a view as they are now."""
    answer = connect(context).analytics.get_realtime_view(view)
    _rows(answer, output)


def _rows(answer: Any, output: Format) -> None:
    names = list(answer.columns)
    rows = [dict(zip(names, plain(row), strict=True)) for row in answer.rows]
    if output is Format.TABLE:
        show_all(rows, output, {name: name for name in names})
    else:
        dump(rows, output)


@views.command("watch", epilog=examples("thedata views watch runs_per_hour"))
def watch_view(context: typer.Context, view: View) -> None:
    """Prints each change of a view as a JSON object on a line, until Ctrl-C."""
    for message in connect(context).analytics.stream_realtime_view(view):
        typer.echo(json.dumps(plain(message), ensure_ascii=False))


@views.command("create", epilog=examples("thedata views create orders_by_country -f view.yaml"))
def create_view(context: typer.Context, view: View, file: Definition, output: Output = Format.TABLE) -> None:
    """Defines a view; it begins with what is there."""
    made = connect(context).analytics.create_realtime_view(view, _definition(file))
    show(made, output, {"name": "name", "of": "definition.source"})


@views.command("update", epilog=examples("thedata views update orders_by_country -f view.yaml"))
def update_view(context: typer.Context, view: View, file: Definition, output: Output = Format.TABLE) -> None:
    """Defines a view anew."""
    made = connect(context).analytics.update_realtime_view(view, _definition(file))
    show(made, output, {"name": "name", "of": "definition.source"})


@views.command("delete", epilog=examples("thedata views delete orders_by_country"))
def delete_view(context: typer.Context, view: View) -> None:
    """Deletes a view."""
    connect(context).analytics.delete_realtime_view(view)
    say(f"Deleted {view}.")


def _definition(path: Path) -> Any:
    from thedata_client.command.files import message_of
    from thedata_client.types import ViewDefinition

    return message_of(path, ViewDefinition)
