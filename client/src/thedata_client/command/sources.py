"""Data sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from thedata_client.command.connection import connect, source_of
from thedata_client.command.environment import filled
from thedata_client.command.exits import RUN_FAILED, Failure
from thedata_client.command.output import Columns, Format, Output, dump, examples, plain, say, show, show_all

app = typer.Typer(
    no_args_is_help=True, help="Data sources: the systems that pipelines read and write.", rich_markup_mode=None
)

COLUMNS: Columns = {
    "name": "name", "connector": "connector", "source": "source", "destination": "destination",
    "health": "health", "checked": "check_time", "id": "id",
}  # fmt: skip
Source = Annotated[str, typer.Argument(help="The data source's name or id.")]


@app.command("list", epilog=examples("thedata sources list", "thedata sources list --connector postgres -o json"))
def list_sources(
    context: typer.Context,
    connector: Annotated[str | None, typer.Option(help="Only this connector's.")] = None,
    output: Output = Format.TABLE,
) -> None:
    """Lists the data sources."""
    show_all(connect(context).sources.list(connector=connector), output, COLUMNS)


@app.command(epilog=examples("thedata sources connectors", "thedata sources connectors -o json"))
def connectors(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Lists the kinds of data sources; as JSON with the schemas of their configurations."""
    listed = connect(context).sources.list_connectors().connectors
    show_all(listed, output, {"kind": "kind", "title": "title", "source": "source", "destination": "destination"})


@app.command(
    epilog=examples(
        "thedata sources add shop postgres -c host=db -c database=shop -c user=me -c 'password=${PASSWORD}'",
        "thedata sources add trips files --config-file trips.json --check",
    )
)
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A new name.")],
    connector: Annotated[str, typer.Argument(help="Its kind, one of `thedata sources connectors`.")],
    config: Annotated[
        list[str] | None,
        typer.Option("-c", "--config", help="A field of the configuration, field=value; ${NAME} is the environment's."),
    ] = None,
    config_file: Annotated[Path | None, typer.Option(help="The configuration as JSON or YAML; `-`: stdin.")] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Check the connection first; nothing is added that fails.")
    ] = False,
    output: Output = Format.TABLE,
) -> None:
    """Adds a data source."""
    from thedata_client.command.files import mapping_of

    client = connect(context)
    given = {**(mapping_of(config_file) if config_file else {}), **dict(map(_field, config or []))}
    if check:
        found = client.sources.check_connection(connector, given)
        if not found.ok:
            raise Failure(f"{found.message} {found.advice}".strip(), RUN_FAILED)
    show(client.sources.create(name, connector, given, description=description), output, COLUMNS)


def _field(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Failure(f"{text!r} is not field=value.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, filled(value)


@app.command(epilog=examples("thedata sources check shop"))
def check(context: typer.Context, source: Source, output: Output = Format.TABLE) -> None:
    """Checks that a data source can be used; exit code 1: it can't."""
    client = connect(context)
    found = client.sources.check(source_of(client, source).id)
    columns = {"ok": "ok", "server": "server_version", "latency": "latency", "message": "message", "advice": "advice"}
    show(found, output, columns)
    if not found.ok:
        raise typer.Exit(RUN_FAILED)


@app.command(epilog=examples("thedata sources discover shop", "thedata sources discover shop -o json"))
def discover(context: typer.Context, source: Source, output: Output = Format.TABLE) -> None:
    """Lists the streams of a data source, with their columns."""
    client = connect(context)
    catalog = client.sources.discover_catalog(source_of(client, source).id)
    columns: Columns = {
        "stream": lambda one: ".".join(part for part in (one.namespace, one.name) if part),
        "rows": "estimated_rows",
        "key": "primary_key",
        "columns": lambda one: ", ".join(f"{column.name} {column.type}" for column in one.columns),
    }
    show_all(catalog.streams, output, columns)


@app.command(
    epilog=examples("thedata sources preview shop public.orders", "thedata sources preview shop orders -n 5 -o json")
)
def preview(
    context: typer.Context,
    source: Source,
    stream: Annotated[str, typer.Argument(help="The stream, with its namespace where it has one: public.orders.")],
    limit: Annotated[int, typer.Option("-n", "--limit", help="How many rows at most, up to 1000.")] = 20,
    output: Output = Format.TABLE,
) -> None:
    """Shows the first rows of a stream."""
    client = connect(context)
    found = source_of(client, source)
    namespaces = {(one.namespace, one.name) for one in client.sources.discover_catalog(found.id).streams}
    fitting = [known for known in namespaces if stream in (known[1], ".".join(known))]
    namespace, name = fitting[0] if len(fitting) == 1 else ("", stream)
    answer = client.sources.preview_rows(found.id, name, namespace=namespace, limit=limit)
    names = [column.name for column in answer.columns]
    rows = [dict(zip(names, plain(row), strict=True)) for row in answer.rows]
    if output is Format.TABLE:
        show_all(rows, output, {one: one for one in names})
    else:
        dump(rows, output)


@app.command(epilog=examples("thedata sources delete old-shop"))
def delete(context: typer.Context, source: Source) -> None:
    """Deletes a data source that no pipeline uses."""
    client = connect(context)
    found = source_of(client, source)
    client.sources.delete(found.id)
    say(f"Deleted {found.name}.")
