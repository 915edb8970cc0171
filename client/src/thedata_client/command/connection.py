"""The client that a command works with, and how it finds things by their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

from thedata_client.command.exits import NOT_ALLOWED, NOT_FOUND, Failure
from thedata_client.command.profiles import FileKey, FileTokens, Profile

if TYPE_CHECKING:
    from thedata_client import Client
    from thedata_client.types import DataSource, Pipeline

PAGE = 1000


@dataclass(frozen=True)
class Options:
    """What stands before the command's name, or in the environment."""

    profile: str
    address: str | None
    token: str | None
    ca_file: str | None
    organization: str | None


def options_of(context: Any) -> Options:
    """What stood before the command's name."""
    options = context.find_object(Options)
    assert isinstance(options, Options)
    return options


class Named(Protocol):
    """What has a name and an id."""

    id: str
    name: str


Thing = TypeVar("Thing", bound=Named)


def connect(context: Any) -> Client:
    """A client as the options and the profile say; closed when the command ends.

    Raises:
        Failure: nobody is logged in, or the address is none.
    """
    options = options_of(context)
    profile = Profile.read(options.profile)
    address = options.address or profile.address
    if not address:
        raise Failure("There is no address: log in with `thedata login ADDRESS`, or set THEDATA_ADDRESS.", NOT_ALLOWED)
    tokens = FileTokens(options.profile)
    # A profile's own tokens are for its address only: another server must not see them.
    known = address == profile.address
    key = options.token or (FileKey(options.profile).read() if known else None)
    if not key and not (known and tokens.read()):
        raise Failure("Nobody is logged in: use `thedata login`, or set THEDATA_TOKEN.", NOT_ALLOWED)
    client = opened(
        address,
        token=key,
        ca_file=options.ca_file or profile.ca_file,
        organization=options.organization or (profile.organization if known and not options.token else None),
        store=None if key else tokens,
    )
    context.call_on_close(client.close)
    return client


def opened(address: str, **arguments: Any) -> Client:
    """A client; raises Failure where the address is none, or the certificates can't be read."""
    from thedata_client import Client

    try:
        return Client(address, **arguments)
    except (ValueError, OSError) as error:
        raise Failure(str(error)) from error


def source_of(client: Client, reference: str) -> DataSource:
    """The data source of that name or id."""
    if _is_id(reference):
        return client.sources.get(reference)
    return _named("data source", reference, client.sources.list(page_size=PAGE))


def pipeline_of(client: Client, reference: str) -> Pipeline:
    """The pipeline of that name or id."""
    if _is_id(reference):
        return client.pipelines.get(reference)
    return _named("pipeline", reference, client.pipelines.list(page_size=PAGE))


def _named(kind: str, name: str, things: Iterable[Thing]) -> Thing:
    for thing in things:
        if thing.name == name:
            return thing
    raise Failure(f"There is no {kind} {name!r}.", NOT_FOUND)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
