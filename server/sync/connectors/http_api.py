"""HTTP APIs with JSON answers as a source, told by configuration alone; dlt's REST client does the talking.

Requests run in a child process (``dlt_sources.process``), where ``http_api.pages`` bounds and watches them.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from server.sync.connectors.base import Capability, Connector, ConnectorConfig, ConnectorContext, within
from server.sync.dlt_sources.process import ChildSource, Job, require_dlt, revealed
from server.sync.dlt_sources.rows import DeclaredTypes
from server.sync.errors import Origin
from server.sync.model import Catalog, CheckResult
from server.sync.readers import text_types
from server.sync.source import Source

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
Scalar = str | int | float | bool


class AuthKind(StrEnum):
    """The kinds of authentication."""

    NONE = "none"
    BEARER = "bearer"
    BASIC = "basic"
    API_KEY = "api_key"
    OAUTH2 = "oauth2_client_credentials"


class KeyPlace(StrEnum):
    """Where an API key travels."""

    HEADER = "header"
    QUERY = "query"


class PaginationKind(StrEnum):
    """How an API says that there is more; AUTO finds it in the first answer."""

    AUTO = "auto"
    SINGLE = "single"
    LINK_HEADER = "link_header"
    NEXT_URL = "next_url"
    CURSOR = "cursor"
    OFFSET = "offset"
    PAGE_NUMBER = "page_number"


class CursorFormat(StrEnum):
    """How a cursor value is written into a request."""

    TEXT = "text"
    ISO8601 = "iso8601"
    DATE = "date"
    UNIX_SECONDS = "unix_seconds"
    UNIX_MILLISECONDS = "unix_milliseconds"


class Auth(ConnectorConfig):
    """Authentication; its secret (token, password, key, client secret) is the connection's field ``secret``."""

    kind: Annotated[AuthKind, Field(description="How requests prove who asks.")] = AuthKind.NONE
    username: Annotated[str, Field(max_length=500, description="basic: name of the account.")] = ""
    name: Annotated[str, Field(max_length=200, description="api_key: name of the header or parameter.")] = "X-API-Key"
    place: Annotated[KeyPlace, Field(description="api_key: where the key travels.")] = KeyPlace.HEADER
    token_url: Annotated[str, Field(max_length=2000, description="oauth2: where tokens are given.")] = ""
    client_id: Annotated[str, Field(max_length=500, description="oauth2: the client's id.")] = ""
    scope: Annotated[str, Field(max_length=2000, description="oauth2: the scopes to ask for, empty for none.")] = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind is AuthKind.BASIC and not self.username:
            raise ValueError("basic needs a username")
        if self.kind is AuthKind.OAUTH2 and not (self.client_id and self.token_url):
            raise ValueError("oauth2 needs token_url and client_id")
        return self


class Pagination(ConnectorConfig):
    """How the pages of an answer follow each other. Paths are JSON paths into the answer, such as ``meta.next``."""

    kind: Annotated[PaginationKind, Field(description="How an API says that there is more.")] = PaginationKind.AUTO
    next_path: Annotated[
        str,
        Field(max_length=500, description="next_url: where the next page's URL stands. cursor: where its cursor is."),
    ] = "next"
    cursor_param: Annotated[str, Field(max_length=200, description="cursor: the request's parameter.")] = "cursor"
    limit: Annotated[int, Field(ge=1, le=100_000, description="offset: rows of a page.")] = 100
    limit_param: Annotated[str, Field(max_length=200, description="offset: parameter of the page's size.")] = "limit"
    offset_param: Annotated[str, Field(max_length=200, description="offset: parameter of the first row.")] = "offset"
    page_param: Annotated[str, Field(max_length=200, description="page_number: parameter of the page.")] = "page"
    first_page: Annotated[int, Field(ge=0, le=1, description="page_number: the number of the first page.")] = 1
    total_path: Annotated[
        str,
        Field(
            max_length=500,
            description="offset: where the number of rows stands; page_number: of pages. Empty: until an empty page.",
        ),
    ] = ""
    has_more_path: Annotated[
        str, Field(max_length=500, description="offset, page_number: where true says that there is more.")
    ] = ""


class ApiCursor(ConnectorConfig):
    """The field that grows with every change, and how the API is asked for what is new.

    The API may give more rows than asked for (they are filtered again), but never fewer.
    """

    field: Annotated[str, Field(min_length=1, max_length=200, description="Field of a row, at its top level.")]
    start_param: Annotated[
        str, Field(max_length=200, description="Parameter for the least value, included. Empty: the API cannot filter.")
    ] = ""
    end_param: Annotated[
        str, Field(max_length=200, description="Parameter for the greatest value, included. Empty: there is none.")
    ] = ""
    initial_value: Annotated[
        str, Field(max_length=200, description="Value to start from where nothing has been read yet. Empty: all.")
    ] = ""
    format: Annotated[CursorFormat, Field(description="How the value is written into the parameters.")] = (
        CursorFormat.TEXT
    )


class Parent(ConnectorConfig):
    """The resource whose rows fill the placeholders of a path, one request (or more) for each."""

    resource: Annotated[str, Field(min_length=1, max_length=200, description="Name of the other resource.")]
    fields: Annotated[
        dict[str, str],
        Field(min_length=1, max_length=10, description="Placeholder in the path, and the parent's field for it."),
    ]
    include: Annotated[
        tuple[str, ...],
        Field(max_length=20, description="Fields of the parent to add to each row, named _resource_field."),
    ] = ()


class Resource(ConnectorConfig):
    """One stream: a path, and what its rows are like."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$", description="Name of the stream.")]
    path: Annotated[
        str, Field(max_length=2000, description="Path below the base URL; {placeholders} are filled by the parent.")
    ]
    method: Annotated[str, Field(pattern="^(GET|POST)$", description="GET or POST; POST only where it just reads.")] = (
        "GET"
    )
    params: Annotated[
        dict[str, Scalar], Field(max_length=100, description="Parameters of every request.", default_factory=dict)
    ]
    body: Annotated[dict[str, Any] | None, Field(description="POST: the JSON body of every request.")] = None
    data_selector: Annotated[
        str,
        Field(
            max_length=500,
            description=(
                "JSON path to the rows, such as data.items; $ is the whole answer."
                " Empty: the list that looks the most like rows."
            ),
        ),
    ] = ""
    primary_key: Annotated[
        tuple[str, ...], Field(max_length=20, description="The fields that tell every row apart.")
    ] = ()
    cursor: Annotated[ApiCursor | None, Field(description="How to read only what is new.")] = None
    parent: Annotated[Parent | None, Field(description="The resource whose rows this one is asked for.")] = None
    pagination: Annotated[
        Pagination | None, Field(description="Pages, where they differ from the other resources'.")
    ] = None
    types: Annotated[
        DeclaredTypes,
        Field(
            max_length=1000,
            description=(
                "Types of fields by name, where the sample would mislead or not have them. One of "
                + ", ".join(text_types.DECLARABLE)
                + "."
            ),
            default_factory=dict,
        ),
    ]

    @model_validator(mode="after")
    def _placeholders_are_filled(self) -> Self:
        wanted = set(_PLACEHOLDER.findall(self.path))
        filled = set(self.parent.fields) if self.parent else set()
        if wanted != filled:
            raise ValueError(
                f"the placeholder {min(wanted ^ filled)!r} must stand in the path and in the parent's fields"
            )
        if self.body is not None and self.method != "POST":
            raise ValueError("a body needs the method POST")
        return self


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https URL")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must hold no account, no parameters and no fragment")
    return value


class HttpApiConfig(ConnectorConfig):
    """An HTTP API, how to talk with it, and what to read from it."""

    base_url: Annotated[
        str, AfterValidator(_http_url), Field(max_length=2000, description="What stands before every path.")
    ]
    auth: Annotated[Auth, Field(description="How requests prove who asks.")] = Auth()
    secret: Annotated[
        SecretStr, Field(max_length=10_000, description="Token, password, key or client secret of the authentication.")
    ] = SecretStr("")
    headers: Annotated[
        dict[str, str], Field(max_length=50, description="Headers of every request.", default_factory=dict)
    ]
    pagination: Annotated[Pagination, Field(description="How the pages of an answer follow each other.")] = Pagination()
    resources: Annotated[tuple[Resource, ...], Field(min_length=1, max_length=200, description="The streams.")]
    timeout_seconds: Annotated[
        float, Field(gt=0, le=600, description="How long one answer may take, in seconds, until its last byte.")
    ] = 60.0
    max_answer_mib: Annotated[int, Field(ge=1, le=128, description="How large one answer may be, in MiB.")] = 32
    max_retries: Annotated[
        int,
        Field(ge=0, le=10, description="How often a request is sent again after a fault (500, 502, 504, connection)."),
    ] = 3
    max_wait_seconds: Annotated[
        float, Field(ge=0, le=3600, description="The longest single wait that a rate limit may ask for, in seconds.")
    ] = 120.0
    max_total_wait_seconds: Annotated[
        float,
        Field(ge=0, le=86_400, description="The longest time that a stream may wait for rate limits, in seconds."),
    ] = 1800.0
    max_pages: Annotated[int, Field(ge=1, le=10_000_000, description="The most pages of one request.")] = 100_000
    sample_rows: Annotated[
        int, Field(ge=1, le=20_000, description="How many rows columns and types are taken from.")
    ] = 1000

    @model_validator(mode="after")
    def _resources_fit(self) -> Self:
        names = [resource.name for resource in self.resources]
        if len(set(names)) < len(names):
            raise ValueError("two resources have the same name")
        parents = {resource.name: resource.parent.resource for resource in self.resources if resource.parent}
        for name in parents:
            seen, above = {name}, parents.get(name)
            while above is not None:
                if above not in names:
                    raise ValueError(f"there is no resource {above!r} for a parent")
                if above in seen:
                    raise ValueError(f"the resource {name!r} is its own parent")
                seen.add(above)
                above = parents.get(above)
        return self


class HttpApiConnector(Connector[HttpApiConfig]):
    """HTTP APIs with JSON answers, as many REST services have them."""

    kind: ClassVar[str] = "http_api"
    title: ClassVar[str] = "HTTP API"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE})
    requires: ClassVar[str] = "dlt"
    config_model = HttpApiConfig

    async def check(
        self, config: HttpApiConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Ask for the first page of the first resource that has no parent."""
        started = time.perf_counter()
        async with within(context.timeout_seconds, origin):
            found = await ChildSource(_job(config, context), context.tell).check()
        latency = (time.perf_counter() - started) * 1000
        return CheckResult(
            True, "HTTP API", latency, f"{found['stream']} answers with rows of {found['fields']} fields."
        )

    async def discover(self, config: HttpApiConfig, context: ConnectorContext) -> Catalog:
        """Read a sample of every resource."""
        async with within(context.timeout_seconds):
            return await ChildSource(_job(config, context), context.tell).discover()

    @asynccontextmanager
    async def open_source(self, config: HttpApiConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open the API; there are no snapshots, and every read asks anew."""
        require_dlt()
        yield ChildSource(_job(config, context), context.tell)


def _job(config: HttpApiConfig, context: ConnectorContext) -> Job:
    secret = config.secret.get_secret_value()
    # A wait for a rate limit is no silence of a broken child.
    patience = config.max_wait_seconds + (config.max_retries + 2) * (config.timeout_seconds + 10.0)
    rules = {"hosts": context.http_hosts}
    policy = context.network.policy
    return Job("http_api", "", revealed(config), rules, secrets=(secret,), patience=patience, network=policy)
