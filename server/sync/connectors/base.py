"""What a connector is: a kind, a configuration that describes itself, and what it can do with it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from server.network.check import OPEN, PolicyCheck
from server.sync.connectors.preview import preview
from server.sync.destination import Destination
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult, PreviewRows
from server.sync.source import Source
from server.sync.spec import StreamSpec, SyncMode


class Capability(StrEnum):
    """The role that a connector can play."""

    SOURCE = "source"
    DESTINATION = "destination"


class ConnectorConfig(BaseModel):
    """The base of every configuration: frozen, closed, and silent about what was typed into it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class AnalyticsGrant:
    """The organization's database in the platform's analytics store; ``owner`` marks what is the platform's."""

    url: SecretStr
    database: str
    owner: str


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """What the platform grants to a connector.

    The folders it may use, the bound of one call in seconds, and the organization's key for hashing and encrypting
    columns (None where there is none: a stream that asks for it is refused). ``http_hosts`` are patterns of the hosts
    that an HTTP API may be at, ``dlt_modules`` of the modules that dlt sources may come from; one with "!" in front
    takes away. ``analytics`` is None where the platform has no store of that. ``network`` says which hosts may
    be connected to. ``tell`` takes what a connector has to say for the run's log.
    """

    file_roots: tuple[Path, ...] = ()
    timeout_seconds: float = 20.0
    column_secret: bytes | None = None
    http_hosts: tuple[str, ...] = ("*",)
    # dlt's own sources of files, databases and APIs would pass by the bounds above; there are connectors for these.
    dlt_modules: tuple[str, ...] = (
        "dlt.sources.*",
        "!dlt.sources.helpers*",
        "!dlt.sources.filesystem*",
        "!dlt.sources.sql_database*",
        "!dlt.sources.rest_api*",
        "dlt_*",
    )
    analytics: AnalyticsGrant | None = None
    network: PolicyCheck = OPEN
    tell: Callable[[str], None] = lambda _line: None


@dataclass(frozen=True, slots=True)
class ConfigViolation:
    """One thing that is wrong with a configuration; ``field`` is a dotted path, empty for the whole."""

    field: str
    message: str


class ConfigInvalidError(ValueError):
    """A configuration does not fit its connector; every violation at once, and no value of it."""

    def __init__(self, violations: tuple[ConfigViolation, ...]) -> None:
        super().__init__("; ".join(f"{violation.field}: {violation.message}" for violation in violations))
        self.violations = violations


Config = TypeVar("Config", bound=ConnectorConfig)


class Connector(ABC, Generic[Config]):
    """One kind of system. It holds no state: configuration and context come with every call.

    ``check``, ``discover`` and ``preview`` raise SyncError, and end within the context's timeout. ``modes`` are the
    sync modes of a destination; ``requires`` names the extra that brings its driver, empty where none is needed;
    ``one_system`` says that any two systems of this kind spell a value alike.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[frozenset[Capability]]
    modes: ClassVar[frozenset[SyncMode]] = frozenset()
    requires: ClassVar[str] = ""
    one_system: ClassVar[bool] = True
    config_model: type[Config]

    def parse(self, raw: Mapping[str, Any]) -> Config:
        """Validate a configuration given as JSON; raises ConfigInvalidError."""
        try:
            return self.config_model.model_validate(raw)
        except ValidationError as error:
            # "from None": pydantic's own error would carry the input, and with it the secrets.
            raise ConfigInvalidError(tuple(_violations(error))) from None

    def json_schema(self) -> dict[str, Any]:
        """Describe the configuration as JSON Schema; secrets are ``writeOnly`` with format ``password``."""
        return self.config_model.model_json_schema()

    def secret_fields(self) -> frozenset[str]:
        """Name the configuration's secret fields."""
        return frozenset(
            name for name, field in self.config_model.model_fields.items() if field.annotation in _SECRET_TYPES
        )

    @abstractmethod
    async def check(self, config: Config, context: ConnectorContext, *, origin: Origin = Origin.SOURCE) -> CheckResult:
        """Prove that the system can be reached and used with this configuration."""

    @abstractmethod
    async def discover(self, config: Config, context: ConnectorContext) -> Catalog:
        """List the streams with columns, types, keys and estimates."""

    async def preview(self, config: Config, context: ConnectorContext, stream: StreamSpec, limit: int) -> PreviewRows:
        """Read the first ``limit`` rows (1 to 1000); a value longer than 1,000 characters is cut."""
        async with within(context.timeout_seconds), self.open_source(config, context) as source:
            return await preview(source, stream, limit)

    def open_source(self, _config: Config, _context: ConnectorContext, /) -> AbstractAsyncContextManager[Source]:
        """Open the system for reading, as one snapshot where it has them."""
        raise incapable(self, Capability.SOURCE)

    def open_destination(
        self, _config: Config, _context: ConnectorContext, /
    ) -> AbstractAsyncContextManager[Destination]:
        """Open the system for writing one stream."""
        raise incapable(self, Capability.DESTINATION)


@asynccontextmanager
async def within(seconds: float, origin: Origin = Origin.SOURCE) -> AsyncIterator[None]:
    """Bound a block's time; raises SyncError TIMEOUT."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise SyncError(
            origin=origin,
            type=ErrorType.TRANSIENT,
            code="TIMEOUT",
            message=f"No answer within {seconds:.0f} seconds",
            advice="Try again; look at the system's load and the network.",
        ) from error


def incapable(connector: Connector[Any], capability: Capability) -> SyncError:
    """Make the error of a connector that is used in a role that it does not have."""
    return SyncError(
        origin=Origin.PLATFORM,
        type=ErrorType.CONFIG,
        code="PIPELINE_IMPOSSIBLE",
        message=f"{connector.kind} cannot be a {capability}",
        advice="Choose another source or destination.",
    )


_SECRET_TYPES = (SecretStr, SecretStr | None)


def _violations(error: ValidationError) -> list[ConfigViolation]:
    return [
        ConfigViolation(".".join(str(part) for part in item["loc"]), item["msg"])
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
