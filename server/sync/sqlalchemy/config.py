"""How a database is named by a URL of SQLAlchemy."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from server.sync.connectors.base import ConnectorConfig

# Others could name libraries to load, files to read, or further hosts.
_QUERY_NAMES = frozenset(
    ("charset", "sslmode", "ssl_mode", "application_name", "encrypt", "Encrypt", "TrustServerCertificate", "driver",
     "service_name", "sid", "warehouse", "role", "account", "http_path", "catalog", "schema")
)  # fmt: skip


class SqlalchemyConfig(ConnectorConfig):
    """A database as SQLAlchemy names it, and its password."""

    url: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4000,
            description="SQLAlchemy's URL without the password: dialect+driver://user@host:port/database.",
        ),
    ]
    password: Annotated[
        SecretStr, Field(max_length=10_000, description="Password of the account; empty where there is none.")
    ] = SecretStr("")
    schemas: Annotated[
        tuple[str, ...], Field(max_length=100, description="Schemas to read from. Empty: the account's default schema.")
    ] = ()

    @field_validator("url")
    @classmethod
    def _safe_url(cls, value: str) -> str:
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError("is no URL of the form dialect+driver://user@host:port/database") from None
        if url.password is not None:
            raise ValueError("must not hold the password: it has a field of its own")
        unknown = sorted(set(url.query) - _QUERY_NAMES)
        if unknown:
            raise ValueError(
                f"the parameter {unknown[0]!r} is not allowed; allowed are {', '.join(sorted(_QUERY_NAMES))}"
            )
        if "/" in str(url.query.get("driver", "")):
            raise ValueError("the parameter 'driver' must be a name, not a path")
        return value
