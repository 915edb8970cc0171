"""How a MySQL or MariaDB database is named in a data source."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from server.sync.connectors.base import ConnectorConfig

_HOST = re.compile(r"[A-Za-z0-9._:%\[\]-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class SslMode(StrEnum):
    """How much TLS a connection demands; only ``verify-full`` proves who answers."""

    DISABLE = "disable"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_FULL = "verify-full"


class ZeroDates(StrEnum):
    """What becomes of dates that no calendar has, such as 0000-00-00: the row is rejected, or the value is NULL."""

    REJECT = "reject"
    NULL = "null"


class MysqlConfig(ConnectorConfig):
    """A MySQL or MariaDB database and the account that the platform uses there."""

    host: Annotated[str, Field(min_length=1, max_length=253, description="Host name or IP address of one server.")]
    port: Annotated[int, Field(ge=1, le=65535, description="TCP port.")] = 3306
    database: Annotated[str, Field(min_length=1, max_length=64, description="Name of the database.")]
    user: Annotated[str, Field(min_length=1, max_length=128, description="Name of the account.")]
    password: Annotated[
        SecretStr, Field(max_length=1024, description="Password of the account; empty where the server asks for none.")
    ] = SecretStr("")
    sslmode: Annotated[SslMode, Field(description="How much TLS the connection demands.")] = SslMode.PREFER
    ca_certificate: Annotated[
        str,
        Field(max_length=100_000, description="PEM of the authority that verify-full trusts. Empty: the system's."),
    ] = ""
    zero_dates: Annotated[
        ZeroDates,
        Field(description="What becomes of dates that no calendar has, such as 0000-00-00, when they are read."),
    ] = ZeroDates.REJECT

    @field_validator("host")
    @classmethod
    def _one_tcp_host(cls, value: str) -> str:
        if not _HOST.fullmatch(value):
            raise ValueError("must be one host name or IP address: no socket path, no list, no blanks")
        return value

    @field_validator("database", "user")
    @classmethod
    def _printable(cls, value: str) -> str:
        if _CONTROL.search(value):
            raise ValueError("must not hold control characters")
        return value

    @field_validator("password")
    @classmethod
    def _no_nul(cls, value: SecretStr) -> SecretStr:
        if "\0" in value.get_secret_value():
            raise ValueError("must not hold a NUL character")
        return value
