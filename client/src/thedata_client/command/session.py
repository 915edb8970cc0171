"""Who calls."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from thedata_client.command.connection import connect, opened, options_of
from thedata_client.command.exits import NOT_FOUND, USAGE, Failure
from thedata_client.command.output import Columns, Format, Output, examples, say, show, show_all
from thedata_client.command.profiles import FileKey, FileTokens, Profile

if TYPE_CHECKING:
    from thedata_client import Client
    from thedata_client.types import Organization

orgs = typer.Typer(no_args_is_help=True, help="Organizations.", rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the root."""
    app.command(
        epilog=examples(
            "thedata login https://data.example.com --email ann@example.com",
            "thedata login data.example.com:8080 --key < key.txt",
            "thedata --profile test login http://localhost:8080 --email ann@example.com",
        )
    )(login)
    app.command(epilog=examples("thedata logout"))(logout)
    app.command(epilog=examples("thedata whoami", "thedata whoami -o json"))(whoami)
    app.add_typer(orgs, name="orgs")


def login(
    context: typer.Context,
    address: Annotated[
        str | None, typer.Argument(help="Where the platform is; else THEDATA_ADDRESS or the profile's.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="Your e-mail address; asked for when left out.")] = None,
    key: Annotated[
        bool, typer.Option("--key", help="Use an API key instead; it is asked for, or read from stdin.")
    ] = False,
) -> None:
    """Logs in and keeps the session in the profile. The password is asked for, or read from stdin."""
    from thedata_client import Tokens

    options = options_of(context)
    profile = Profile.read(options.profile)
    profile.address = address or options.address or profile.address
    profile.ca_file = options.ca_file or profile.ca_file
    profile.organization = options.organization
    if not profile.address:
        raise Failure("Say where the platform is: thedata login https://data.example.com", USAGE)
    if not key:
        email = email or typer.prompt("E-mail", err=True)
    secret = _secret("API key" if key else "Password")
    with opened(profile.address, token=secret if key else None, ca_file=profile.ca_file) as client:
        tokens = None if key else Tokens.of(client.log_in(str(email), secret))
        me = client.auth.get_current_user()
    # Only now: a login that fails leaves the one before as it is.
    profile.write()
    FileTokens(options.profile).write(tokens)
    FileKey(options.profile).write(secret if key else None)
    say(f"Logged in as {me.user.email} at {profile.address}.")


def _secret(name: str) -> str:
    if sys.stdin.isatty():
        secret: str = typer.prompt(name, hide_input=True, err=True)
        return secret
    return sys.stdin.readline().rstrip("\r\n")


def logout(context: typer.Context) -> None:
    """Ends the session, here and on the server."""
    options = options_of(context)
    if FileTokens(options.profile).read() is not None:
        connect(context).log_out()
    FileTokens(options.profile).write(None)
    FileKey(options.profile).write(None)
    say("Logged out.")


def whoami(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Tells who you are and where you belong."""
    from thedata_client.requests import enum_name
    from thedata_client.types import Role

    me = connect(context).auth.get_current_user()
    show(
        me,
        output,
        {
            "e-mail": "user.email",
            "name": "user.full_name",
            "id": "user.id",
            "API key": "api_key_id",
            "organizations": lambda told: ", ".join(
                f"{one.organization_name} ({enum_name(Role.DESCRIPTOR, one.role)})" for one in told.memberships
            ),
        },
    )


@orgs.command("list", epilog=examples("thedata orgs list"))
def list_organizations(context: typer.Context, output: Output = Format.TABLE) -> None:
    """Lists the organizations that you belong to."""
    client = connect(context)
    columns: Columns = {"id": "id", "name": "name", "role": "caller_role", "used": _used(client)}
    show_all(client.organizations.list(), output, columns)


def _used(client: Client) -> Callable[[Organization], str]:
    return lambda one: "*" if one.id == client.organization else ""


@orgs.command("create", epilog=examples('thedata orgs create "Research" --description "Birds"'))
def create_organization(
    context: typer.Context,
    name: str,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    output: Output = Format.TABLE,
) -> None:
    """Makes an organization, whose owner you are."""
    made = connect(context).organizations.create(name, description=description)
    show(made, output, {"id": "id", "name": "name"})


@orgs.command("use", epilog=examples("thedata orgs use Research"))
def use_organization(context: typer.Context, name: Annotated[str, typer.Argument(help="Its name or id.")]) -> None:
    """Lets later commands work in an organization."""
    options = options_of(context)
    for one in connect(context).organizations.list():
        if name in (one.id, one.name):
            profile = Profile.read(options.profile)
            profile.organization = one.id
            profile.write()
            say(f"Commands work in {one.name} from now on.")
            return
    raise Failure(f"You belong to no organization {name!r}.", NOT_FOUND)


@orgs.command("members", epilog=examples("thedata orgs members 0192f0c1-2d3e-7f4a-8b5c-6d7e8f9a0b1c"))
def list_members(
    context: typer.Context,
    organization_id: Annotated[str, typer.Argument(help="Its id.")],
    output: Output = Format.TABLE,
) -> None:
    """Lists an organization's members."""
    members = connect(context).organizations.list_members(organization_id)
    show_all(members, output, {"e-mail": "email", "name": "full_name", "role": "role", "since": "create_time"})
