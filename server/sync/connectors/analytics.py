"""The organization's own database in the platform's analytics store, as a destination and as a source.

There is nothing to configure: the platform grants the database, and nobody chooses another one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from server.sync.clickhouse.destination import ClickhouseDestination
from server.sync.clickhouse.session import ClickhouseConfig, Session, opened
from server.sync.connectors.base import (
    AnalyticsGrant,
    Capability,
    Connector,
    ConnectorConfig,
    ConnectorContext,
    within,
)
from server.sync.connectors.clickhouse import ClickhouseSource, proved, streams
from server.sync.destination import Destination
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult
from server.sync.source import Source
from server.sync.spec import SyncMode


class AnalyticsConfig(ConnectorConfig):
    """The platform's analytics store; there is nothing to set."""


class AnalyticsConnector(Connector[AnalyticsConfig]):
    """The platform's own analytics store, where the Analytics service answers questions about what has landed."""

    kind: ClassVar[str] = "analytics"
    title: ClassVar[str] = "Analytics store"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE, Capability.DESTINATION})
    modes: ClassVar[frozenset[SyncMode]] = ClickhouseDestination.modes
    requires: ClassVar[str] = "clickhouse"
    config_model = AnalyticsConfig

    async def check(
        self, _config: AnalyticsConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Reach the store, and the organization's database in it."""
        async with _opened(context, origin) as session:
            return await proved(session, context.timeout_seconds, "Connected to the analytics store.")

    async def discover(self, _config: AnalyticsConfig, context: ConnectorContext) -> Catalog:
        """List what has landed."""
        async with _opened(context, Origin.SOURCE) as session, within(context.timeout_seconds):
            return Catalog(await streams(session))

    @asynccontextmanager
    async def open_source(self, _config: AnalyticsConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open the organization's database for reading."""
        async with _opened(context, Origin.SOURCE) as session:
            yield ClickhouseSource(session)

    @asynccontextmanager
    async def open_destination(self, _config: AnalyticsConfig, context: ConnectorContext) -> AsyncIterator[Destination]:
        """Open the organization's database for writing."""
        async with _opened(context, Origin.DESTINATION) as session:
            yield ClickhouseDestination(session)


@asynccontextmanager
async def _opened(context: ConnectorContext, origin: Origin) -> AsyncIterator[Session]:
    config = _granted(context, origin)
    assert context.analytics
    async with opened(config, origin, context.timeout_seconds, None, owner=context.analytics.owner) as session:
        yield session


def _granted(context: ConnectorContext, origin: Origin) -> ClickhouseConfig:
    grant = context.analytics
    if grant is None:
        raise SyncError(
            origin=origin,
            type=ErrorType.CONFIG,
            code="ANALYTICS_MISSING",
            message="This installation has no analytics store",
            advice="Have the operator set THEDATA_ANALYTICS_URL, or let the embedded one start.",
        )
    return _config(grant)


def _config(grant: AnalyticsGrant) -> ClickhouseConfig:
    url = urlsplit(grant.url.get_secret_value())
    secure = url.scheme == "https"
    return ClickhouseConfig.model_validate(
        {
            "host": url.hostname or "127.0.0.1",
            "port": url.port or (8443 if secure else 8123),
            "database": grant.database,
            "user": unquote(url.username or "default"),
            "password": unquote(url.password or ""),
            "secure": secure,
        }
    )
