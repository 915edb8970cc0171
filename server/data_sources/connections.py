"""Connectors and configurations: splitting off secrets, putting them back, granting folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from server.analytics.clickhouse.databases import database_of, owner_of
from server.data_sources.model import DataSource
from server.data_sources.vault import HasKeys, Vault
from server.errors import InvalidFields, Violation
from server.network.check import PolicyCheck
from server.sync.connectors import registry
from server.sync.connectors.base import AnalyticsGrant, ConfigInvalidError, Connector, ConnectorContext
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.spec import Endpoint

AnyConnector = Connector[Any]


@dataclass(frozen=True)
class SplitConfig:
    """A valid configuration, its secrets apart."""

    public: dict[str, Any]
    secrets: dict[str, str]


class Connections:
    """Makes endpoints of the engine from stored data sources."""

    def __init__(
        self,
        vault: Vault,
        upload_root: Path,
        file_roots: list[Path],
        network: PolicyCheck,
        analytics_url: SecretStr | None = None,
    ) -> None:
        self._vault = vault
        self._upload_root = upload_root
        self._file_roots = file_roots
        self._network = network
        self._analytics_url = analytics_url

    @property
    def vault(self) -> Vault:
        """Where secrets are sealed."""
        return self._vault

    def context(self, organization_id: UUID, column_secret: bytes | None = None) -> ConnectorContext:
        """What an organization's connectors may use: its uploads and analytics, open folders, hosts of the policy."""
        roots = (self._upload_root / str(organization_id), *self._file_roots)
        url = self._analytics_url
        grant = AnalyticsGrant(url, database_of(organization_id), owner_of(url.get_secret_value())) if url else None
        return ConnectorContext(file_roots=roots, column_secret=column_secret, analytics=grant, network=self._network)

    async def endpoint(self, tx: HasKeys, source: DataSource) -> Endpoint:
        """A stored data source with its secrets opened."""
        secrets = await self._vault.open(tx, source.organization_id, source.id, source.sealed_secrets)
        return Endpoint(source.connector, connector_of(source.connector).parse({**source.config, **secrets}))


def connector_of(kind: str) -> AnyConnector:
    """A connector by its kind.

    Raises:
        InvalidFields: there is none.
    """
    if kind not in registry.kinds():
        raise InvalidFields(Violation("connector", f"must be one of {', '.join(sorted(registry.kinds()))}"))
    return registry.connector(kind)


def split(connector: AnyConnector, raw: Mapping[str, Any]) -> SplitConfig:
    """Validates a configuration and splits off its secrets.

    Raises:
        InvalidFields: it breaks the connector's schema; every violation has its path below `config`.
    """
    try:
        parsed = connector.parse(raw)
    except ConfigInvalidError as error:
        broken = [Violation(f"config.{v.field}".rstrip("."), v.message) for v in error.violations]
        raise InvalidFields(*broken) from error
    secret = connector.secret_fields()
    public = {name: value for name, value in parsed.model_dump(mode="json").items() if name not in secret}
    return SplitConfig(public, {name: str(raw[name]) for name in secret if raw.get(name) is not None})


def with_kept_secrets(
    connector: AnyConnector, raw: Mapping[str, Any], stored: DataSource, kept: Mapping[str, str]
) -> SplitConfig:
    """A new configuration with the stored secrets that it leaves out.

    Raises:
        InvalidFields: another part changes: a stored secret must not be sent to where it was not given for.
    """
    left_out = {name: value for name, value in kept.items() if name not in raw}
    new = split(connector, {**raw, **left_out})
    if left_out and new.public != stored.config:
        raise InvalidFields(
            *(Violation(f"config.{name}", "must be given again when the configuration changes") for name in left_out)
        )
    return new


def in_namespace(destination: Endpoint, namespace: str) -> Endpoint:
    """The destination with another namespace (such as a schema) to write to; empty: its own.

    Raises:
        SyncError: its connector has none.
    """
    if not namespace:
        return destination
    if "destination_schema" not in type(destination.config).model_fields:
        raise SyncError(
            origin=Origin.DESTINATION,
            type=ErrorType.CONFIG,
            code="NAMESPACE_UNSUPPORTED",
            message=f"A {destination.kind} destination has no namespaces.",
            advice="Leave destination_namespace empty.",
        )
    config = destination.config.model_copy(update={"destination_schema": namespace})
    return Endpoint(destination.kind, config)
