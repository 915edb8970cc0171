"""What platform administrators do."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from thedata_client.command.connection import connect
from thedata_client.command.exits import Failure
from thedata_client.command.output import Columns, Format, Output, console, examples, plain, show, show_all

app = typer.Typer(no_args_is_help=True, help="For the platform's administrators.", rich_markup_mode=None)
config = typer.Typer(no_args_is_help=True, help="Settings that are taken up live.", rich_markup_mode=None)
app.add_typer(config, name="config")


class Kind(StrEnum):
    """Which settings."""

    SYSTEM = "system"
    METRICS = "metrics"


@app.command(epilog=examples("thedata admin status", "thedata admin status -o json"))
def status(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Tells how the platform's parts are."""
    told = connect(context).admin.get_system_status()
    if output is not Format.TABLE:
        show(told, output, {})
        return
    show(told, output, {"health": "health", "version": "version", "uptime": "uptime", "queued": "queue.queued"})
    console().print()
    columns: Columns = {"part": "name", "health": "health", "latency": "latency", "message": "message"}
    show_all(told.components, output, columns)
    console().print()
    show_all(told.workers, output, {"worker": "id", "host": "host", "health": "health", "carries": "carried"})


@config.command("get", epilog=examples("thedata admin config get system", "thedata admin config get metrics -o json"))
def get_config(context: typer.Context, kind: Kind, output: Output = Format.YAML) -> None:
    """Prints settings, as `thedata admin config set` takes them."""
    admin = connect(context).admin
    told: Any = admin.get_system_config() if kind is Kind.SYSTEM else admin.get_metrics_config()
    show(told, Format.YAML if output is Format.TABLE else output, {})


@config.command("set", epilog=examples("thedata admin config set system -f system.yaml"))
def set_config(
    context: typer.Context,
    kind: Kind,
    file: Annotated[Path, typer.Option("-f", "--file", help="The settings to change, as YAML or JSON; `-`: stdin.")],
    output: Output = Format.YAML,
) -> None:
    """Changes the settings that a file has; an etag in it guards against changes of others."""
    from thedata_client.command.files import message_of
    from thedata_client.types import MetricsConfig, SystemConfig

    admin = connect(context).admin
    if kind is Kind.SYSTEM:
        changed: Any = admin.update_system_config(message_of(file, SystemConfig))
    else:
        changed = admin.update_metrics_config(message_of(file, MetricsConfig))
    show(changed, Format.YAML if output is Format.TABLE else output, {})


@config.command(epilog=examples("thedata admin config versions system"))
def versions(context: typer.Context, kind: Kind, output: Output = Format.TABLE) -> None:
    """Lists the versions of settings, newest first."""
    listed = connect(context).admin.list_config_versions(kind.value)
    show_all(listed, output, {"version": "version", "when": "create_time", "who": "user_id", "of": "rolled_back_to"})


@config.command(epilog=examples("thedata admin config rollback system 3"))
def rollback(
    context: typer.Context,
    kind: Kind,
    version: Annotated[int, typer.Argument(help="The version to go back to.")],
    output: Output = Format.TABLE,
) -> None:
    """Goes back to an earlier version of settings."""
    made = connect(context).admin.roll_back_config(kind.value, version)
    show(made, output, {"version": "version", "of": "rolled_back_to"})


@app.command(
    epilog=examples(
        "thedata admin audit --result DENIED", "thedata admin audit --since 2026-11-01 --export csv > audit.csv",
        "thedata admin audit -f",
    )
)  # fmt: skip
def audit(
    context: typer.Context,
    method: Annotated[str | None, typer.Option(help="Only calls of this method.")] = None,
    resource: Annotated[str | None, typer.Option(help="Only calls about this resource.")] = None,
    result: Annotated[str | None, typer.Option(help="Only calls that ended so.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only calls from this time (UTC) on.")] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", help="How many at most.")] = 50,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Print each as it comes, until Ctrl-C.")] = False,
    export: Annotated[str | None, typer.Option(help="Write all to stdout instead: ndjson or csv.")] = None,
    output: Output = Format.TABLE,
) -> None:
    """Tells who did what."""
    from itertools import islice

    admin = connect(context).admin
    if follow:
        for message in admin.watch_audit_entries():
            typer.echo(json.dumps(plain(message.entry), ensure_ascii=False))
        return
    wanted: dict[str, Any] = {"method": method, "resource": resource, "result": result, "start_time": since}
    if export:
        try:
            pieces = admin.export_audit_entries(format=export, **wanted)
        except ValueError as error:
            raise Failure(str(error)) from error
        for piece in pieces:
            sys.stdout.buffer.write(piece.data)
        return
    columns: Columns = {
        "when": "time", "who": "user_id", "method": "method", "resource": "resource", "result": "result",
        "from": "address",
    }  # fmt: skip
    show_all(islice(admin.list_audit_entries(**wanted), limit), output, columns)


@app.command(epilog=examples("thedata admin usage"))
def usage(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Tells what an organization uses, and what it may."""
    told = connect(context).admin.get_usage()
    columns: Columns = {
        "requests in the last minute": "requests", "streams": "streams", "runs today": "runs_today",
        "rows today": "rows_today", "limits": "limits",
    }  # fmt: skip
    show(told, output, columns)
