"""What goes wrong with data sources."""

from __future__ import annotations

from server.errors import Failure, Kind
from server.sync.errors import SyncError


class DataSourceFailed(Failure):
    """The system can't be reached or read as configured."""

    kind, reason = Kind.PRECONDITION, "DATA_SOURCE_FAILED"

    def __init__(self, error: SyncError) -> None:
        super().__init__(
            f"{error.message}. {error.advice}".replace("..", ".").strip(),
            metadata={"origin": error.origin.value, "type": error.type.value, "code": error.code.lower()},
        )


class ConnectorIncapable(Failure):
    """The connector can't play the part."""

    kind, reason = Kind.PRECONDITION, "CONNECTOR_INCAPABLE"

    def __init__(self, connector: str, capability: str) -> None:
        super().__init__(
            f"The connector {connector} can't be a {capability}; choose another data source.",
            metadata={"connector": connector, "capability": capability},
        )
