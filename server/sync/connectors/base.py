"""What a connector is: a kind, a configuration that describes itself, and what it can do with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from server.sync.errors import Origin
from server.sync.model import Catalog, CheckResult, PreviewRows, StreamSpec


class Capability(StrEnum):
    """The role that a connector can play."""

    SOURCE = "source"
    DESTINATION = "destination"


class Wire(StrEnum):
    """A form in which rows can leave a source or enter a destination, the fastest first."""

    POSTGRES_BINARY = "postgres_binary"
    ARROW = "arrow"


class ConnectorConfig(BaseModel):
    """The base of every configuration: frozen, closed, and silent about what was typed into it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """What the platform grants to a connector: the folders it may read, and the bound of one call in seconds."""

    file_roots: tuple[Path, ...] = ()
    timeout_seconds: float = 20.0


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

    ``check``, ``discover`` and ``preview`` raise SyncError, and end within the context's timeout.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[frozenset[Capability]]
    produces: ClassVar[tuple[Wire, ...]] = ()
    accepts: ClassVar[tuple[Wire, ...]] = ()
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

    @abstractmethod
    async def preview(self, config: Config, context: ConnectorContext, stream: StreamSpec, limit: int) -> PreviewRows:
        """Read the first ``limit`` rows (1 to 1000); a value longer than 1,000 characters is cut."""


_SECRET_TYPES = (SecretStr, SecretStr | None)


def _violations(error: ValidationError) -> list[ConfigViolation]:
    return [
        ConfigViolation(".".join(str(part) for part in item["loc"]), item["msg"])
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
