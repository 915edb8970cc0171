"""`thedata apply`: what a file says is what there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from thedata_client.command.connection import connect
from thedata_client.command.output import Format, Output, dump, examples

if TYPE_CHECKING:
    from thedata_client.command.desired import Change


def add_to(app: typer.Typer) -> None:
    """Adds the command to the root."""
    app.command(epilog=examples("thedata apply -f pipelines.yaml --dry-run", "thedata apply -f pipelines.yaml"))(apply)


def apply(
    context: typer.Context,
    file: Annotated[Path, typer.Option("-f", "--file", help="Sources and pipelines, as YAML; `-`: stdin.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    secrets: Annotated[
        bool, typer.Option("--secrets", help="Set stored secrets anew; what is stored can't be compared.")
    ] = False,
    output: Output = Format.TABLE,
) -> None:
    """Makes the sources and pipelines of a file what the file says; shows what changes.

    What the file does not name stays as it is, and nothing is deleted. ${NAME} in the file is the environment's, so
    that secrets need not stand in it. Applying it again changes nothing.
    """
    from thedata_client.command.desired import changes, read

    client = connect(context)
    planned = changes(client, read(file), secrets=secrets)
    if output is Format.TABLE:
        _show(planned)
    if not dry_run:
        for change in planned:
            change.carry_out(client)
    if output is not Format.TABLE:
        dump(
            [
                {"kind": one.kind, "name": one.name, "action": one.action, "differences": one.differences}
                for one in planned
            ],
            output,
        )
    else:
        _sum_up(planned, dry_run=dry_run)


def _show(planned: list[Change]) -> None:
    from rich.text import Text

    from thedata_client.command.output import console

    signs = {"create": ("+", "green"), "update": ("~", "yellow")}
    for change in planned:
        if change.action in signs:
            sign, colour = signs[change.action]
            console().print(Text(f"{sign} {change.kind} {change.name}", colour))
            for name, (before, after) in change.differences.items():
                console().print(Text(f"    {name}: {before} → {after}" if sign == "~" else f"    {name}: {after}"))


def _sum_up(planned: list[Change], *, dry_run: bool) -> None:
    counts = {action: sum(one.action == action for one in planned) for action in ("create", "update", "keep")}
    if dry_run:
        typer.echo(f"{counts['create']} to create, {counts['update']} to change, {counts['keep']} as they should be.")
    else:
        typer.echo(f"{counts['create']} created, {counts['update']} changed, {counts['keep']} as they were.")
