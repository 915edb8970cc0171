"""Which connectors there are. A new one is a module beside this one and a line here."""

from __future__ import annotations

from typing import Any

from server.sync.connectors.analytics import AnalyticsConnector
from server.sync.connectors.base import Connector
from server.sync.connectors.clickhouse import ClickhouseConnector
from server.sync.connectors.dlt import DltConnector
from server.sync.connectors.duckdb import DuckdbConnector
from server.sync.connectors.files import FilesConnector
from server.sync.connectors.http_api import HttpApiConnector
from server.sync.connectors.mysql import MysqlConnector
from server.sync.connectors.postgres import PostgresConnector
from server.sync.connectors.sqlalchemy import SqlalchemyConnector
from server.sync.connectors.sqlite import SqliteConnector
from server.sync.errors import ErrorType, Origin, SyncError

_CONNECTORS: dict[str, Connector[Any]] = {
    connector.kind: connector
    for connector in (
        PostgresConnector(),
        MysqlConnector(),
        SqliteConnector(),
        DuckdbConnector(),
        FilesConnector(),
        ClickhouseConnector(),
        HttpApiConnector(),
        DltConnector(),
        SqlalchemyConnector(),
        AnalyticsConnector(),
    )
}


def kinds() -> tuple[str, ...]:
    """Every kind, in the order of registration."""
    return tuple(_CONNECTORS)


def connector(kind: str) -> Connector[Any]:
    """Find the connector of a kind; raises SyncError UNKNOWN_CONNECTOR."""
    found = _CONNECTORS.get(kind)
    if found is None:
        raise SyncError(
            origin=Origin.PLATFORM,
            type=ErrorType.CONFIG,
            code="UNKNOWN_CONNECTOR",
            message=f"There is no connector of kind {kind[:64]!r}",
            advice=f"Known kinds: {', '.join(_CONNECTORS)}.",
        )
    return found
