"""Alerts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from thedata_client.command.connection import connect
from thedata_client.command.exits import RUN_FAILED, Failure
from thedata_client.command.output import Columns, Format, Output, examples, plain, say, show, show_all

app = typer.Typer(
    no_args_is_help=True, help="Alerts: what is wrong, who is told, what is silent.", rich_markup_mode=None
)

COLUMNS: Columns = {
    "id": "id", "rule": "rule", "severity": "severity", "state": "state", "value": "value", "since": "fire_time",
    "acknowledged": "acknowledge_time", "message": "message",
}  # fmt: skip
AlertId = Annotated[str, typer.Argument(help="The alert's id.")]


@app.command("list", epilog=examples("thedata alerts list", "thedata alerts list --all --rule lag -o json"))
def list_alerts(
    context: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    rule: Annotated[str | None, typer.Option(help="Only of this rule; with --all.")] = None,
    output: Output = Format.TABLE,
) -> None:
    """Lists the alerts that are active."""
    admin = connect(context).admin
    if rule and not all_:
        raise Failure("--rule goes with --all.")
    show_all(admin.list_alerts(rule=rule) if all_ else admin.list_active_alerts(), output, COLUMNS)


@app.command(epilog=examples("thedata alerts watch"))
def watch(context: typer.Context) -> None:
    """Prints each alert as it fires and ends, a JSON object on a line, until Ctrl-C."""
    for message in connect(context).admin.watch_alerts():
        if message.WhichOneof("event") == "alert":
            typer.echo(json.dumps(plain(message.alert), ensure_ascii=False))


@app.command(epilog=examples("thedata alerts ack 0192f0c1-2d3e-7f4a-8b5c-6d7e8f9a0b1c"))
def ack(context: typer.Context, alert_id: AlertId, output: Output = Format.TABLE) -> None:
    """Tells the others that you look after an alert."""
    show(connect(context).admin.acknowledge_alert(alert_id), output, COLUMNS)


@app.command(epilog=examples("thedata alerts rules", "thedata alerts rules -o yaml > alerts.yaml"))
def rules(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Prints the rules and channels; as YAML they are what `thedata alerts set` takes."""
    config = connect(context).admin.get_alerts_config()
    if output is not Format.TABLE:
        show(config, output, {})
        return
    columns: Columns = {
        "rule": "name", "condition": "condition", "comparison": "comparison", "threshold": "threshold", "hold": "hold",
        "severity": "severity", "channels": "channels", "problem": "problem",
    }  # fmt: skip
    show_all(config.rules, output, columns)


@app.command("set", epilog=examples("thedata alerts set -f alerts.yaml"))
def set_rules(
    context: typer.Context,
    file: Annotated[Path, typer.Option("-f", "--file", help="Rules and channels, as YAML or JSON; `-`: stdin.")],
    output: Output = Format.TABLE,
) -> None:
    """Sets the rules and channels that a file has."""
    from thedata_client.command.files import message_of
    from thedata_client.types import AlertsConfig

    show(
        connect(context).admin.update_alerts_config(message_of(file, AlertsConfig)), output, {"changed": "update_time"}
    )


@app.command(epilog=examples("thedata alerts conditions"))
def conditions(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Lists what rules can be about."""
    listed = connect(context).admin.list_alert_conditions().conditions
    show_all(listed, output, {"name": "name", "unit": "unit", "what": "description", "labels": "labels"})


@app.command(epilog=examples('thedata alerts silence --rule lag --hours 2 --comment "maintenance"'))
def silence(
    context: typer.Context,
    hours: Annotated[float, typer.Option(help="For how long.")],
    rule: Annotated[str | None, typer.Option(help="The rule; left out: every rule.")] = None,
    comment: Annotated[str, typer.Option(help="Why.")] = "",
    output: Output = Format.TABLE,
) -> None:
    """Tells nobody of alerts for a while."""
    from datetime import UTC, datetime, timedelta

    end = datetime.now(UTC) + timedelta(hours=hours)
    made = connect(context).admin.create_alert_silence(end, rule=rule, comment=comment)
    show(made, output, {"id": "id", "rule": "rule", "until": "end_time"})


@app.command(epilog=examples("thedata alerts silences"))
def silences(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Lists the silences that hold."""
    listed = connect(context).admin.list_alert_silences()
    show_all(listed, output, {"id": "id", "rule": "rule", "until": "end_time", "comment": "comment"})


@app.command(epilog=examples("thedata alerts unsilence 0192f0c1-2d3e-7f4a-8b5c-6d7e8f9a0b1c"))
def unsilence(context: typer.Context, silence_id: Annotated[str, typer.Argument(help="The silence's id.")]) -> None:
    """Ends a silence."""
    connect(context).admin.delete_alert_silence(silence_id)
    say("It is not silent any longer.")


@app.command("test", epilog=examples("thedata alerts test operators"))
def try_channel(
    context: typer.Context,
    channel: Annotated[str, typer.Argument(help="The channel's name.")],
    output: Output = Format.TABLE,
) -> None:
    """Sends a trial message over a channel; exit code 1: it did not arrive."""
    from thedata_client.types import ALERT_DELIVERY_STATE_FAILED

    delivery = connect(context).admin.test_alert_channel(channel)
    show(delivery, output, {"channel": "channel", "state": "state", "error": "error"})
    if delivery.state == ALERT_DELIVERY_STATE_FAILED:
        raise typer.Exit(RUN_FAILED)
