"""`thedata`: theData.io from the shell."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from thedata_client.command import admin, alerts, analytics, apply, pipelines, session, sources
from thedata_client.command.connection import Options
from thedata_client.command.exits import MEANINGS, OTHER, Failure, Group
from thedata_client.command.output import examples

EXITS = "\n".join(["\b", "Exit codes:", *(f"  {code:<4} {meaning}" for code, meaning in MEANINGS.items())])

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,  # rich takes a quarter of a second to import, which `--help` need not wait for
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(epilog=EXITS)
def options(
    context: typer.Context,
    profile: Annotated[str, typer.Option(envvar="THEDATA_PROFILE", help="Which of your logins to use.")] = "default",
    address: Annotated[
        str | None,
        typer.Option(envvar="THEDATA_ADDRESS", help="https://host[:port], http://host[:port], or host:port."),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="THEDATA_TOKEN",
            show_envvar=True,
            help="An API key instead of a login; better not in the shell's history.",
        ),
    ] = None,
    ca_file: Annotated[
        str | None,
        typer.Option(envvar="THEDATA_CA_FILE", help="Certificates to trust, as PEM, instead of the system's."),
    ] = None,
    organization: Annotated[
        str | None, typer.Option(envvar="THEDATA_ORGANIZATION", help="The organization's id, if you belong to several.")
    ] = None,
) -> None:
    """Moves data, and answers questions about it.

    Begin with `thedata login ADDRESS`.
    """
    context.obj = Options(profile, address, token, ca_file, organization)


session.add_to(app)
app.add_typer(sources.app, name="sources")
app.add_typer(pipelines.app, name="pipelines")
analytics.add_to(app)
app.add_typer(alerts.app, name="alerts")
app.add_typer(admin.app, name="admin")
apply.add_to(app)


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    epilog=examples("thedata server serve", "thedata server migrate", "thedata server analytics backup monday"),
)
def server(context: typer.Context) -> None:
    """Runs the platform's own processes, where it is installed: serve, worker, migrate, stack, analytics."""
    try:
        from server.__main__ import app as processes
    except ModuleNotFoundError as error:
        if error.name != "server":
            raise
        raise Failure("Only the client is installed here, not the server.", OTHER) from error
    processes(context.args, prog_name="thedata server")


def main() -> None:
    """Runs the command."""
    sys.exit(app())
