from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from server.sync.connectors.base import ConfigInvalidError, ConnectorContext
from server.sync.connectors.registry import connector, kinds
from server.sync.errors import ErrorType, Origin, SyncError
from tests.sync.conftest import PASSWORD, Lab

GOOD = {"host": "db.example.org", "database": "d", "user": "u", "password": "s3cret"}


def test_a_configuration_describes_itself_and_marks_its_secrets() -> None:
    assert kinds() == (
        "postgres", "mysql", "sqlite", "duckdb", "files", "clickhouse", "http_api", "dlt", "sqlalchemy",
        "analytics",
    )  # fmt: skip
    schema = connector("postgres").json_schema()
    password = schema["properties"]["password"]
    assert (password["writeOnly"], password["format"]) == (True, "password")
    assert set(schema["required"]) == {"host", "database", "user"}
    assert all("description" in field for field in schema["properties"].values())
    assert connector("postgres").secret_fields() == {"password"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", "/var/run/postgresql"),
        ("host", "@abstract"),
        ("host", "a,b"),
        ("host", "a\0b"),
        ("host", "user:x@host/db?sslmode=disable"),
        ("database", "d\n"),
        ("port", 0),
        ("sslmode", "maybe"),
        ("passfile", "/etc/passwd"),
    ],
)
def test_a_bad_field_is_named_and_its_value_is_not(field: str, value: Any) -> None:
    with pytest.raises(ConfigInvalidError) as caught:
        connector("postgres").parse({**GOOD, field: value})
    assert [violation.field for violation in caught.value.violations] == [field]
    assert "s3cret" not in str(caught.value)


def test_an_unknown_kind_is_a_named_error() -> None:
    with pytest.raises(SyncError) as caught:
        connector("oracle")
    assert caught.value.code == "UNKNOWN_CONNECTOR"


async def test_a_good_connection_tells_version_and_latency(lab: Lab) -> None:
    result = await connector("postgres").check(lab.target().config, lab.context, origin=Origin.DESTINATION)
    assert result.ok
    assert result.server_version.startswith("PostgreSQL 1")
    assert 0 < result.latency_ms < 5000


@pytest.mark.parametrize(
    ("changes", "code", "type_"),
    [
        ({"password": "wrong-canary"}, "AUTHENTICATION_FAILED", ErrorType.CONFIG),
        ({"user": "nobody-we-know"}, "AUTHENTICATION_FAILED", ErrorType.CONFIG),
        ({"database": "missing"}, "DATABASE_NOT_FOUND", ErrorType.CONFIG),
        ({"host": "no-such-host.invalid"}, "HOST_NOT_FOUND", ErrorType.CONFIG),
        ({"port": 1}, "CONNECTION_REFUSED", ErrorType.TRANSIENT),
        ({"sslmode": "verify-full"}, "TLS_FAILED", ErrorType.CONFIG),
        ({"sslmode": "require"}, "TLS_FAILED", ErrorType.CONFIG),
    ],
)
async def test_a_bad_connection_is_a_named_error_without_secrets(
    lab: Lab, changes: dict[str, Any], code: str, type_: ErrorType
) -> None:
    config = lab.cluster.config(**{"database": lab.source_name, **changes})
    with pytest.raises(SyncError) as caught:
        await connector("postgres").check(config, lab.context, origin=Origin.DESTINATION)
    error = caught.value
    assert (error.code, error.type, error.origin) == (code, type_, Origin.DESTINATION)
    assert error.advice
    told = f"{error!s} {error!r}"
    assert PASSWORD not in told
    assert "wrong-canary" not in told
    assert "://" not in told


async def test_a_server_that_never_answers_is_given_up(lab: Lab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = lab.cluster.config("d", port=silent.getsockname()[1])
        async with asyncio.timeout(5):
            with pytest.raises(SyncError) as caught:
                await connector("postgres").discover(config, ConnectorContext(timeout_seconds=0.5))
    assert (caught.value.code, caught.value.type) == ("TIMEOUT", ErrorType.TRANSIENT)


async def test_a_server_that_echoes_the_password_does_not_get_it_into_the_message(lab: Lab) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        writer.write(b"N")
        await reader.read(1000)
        fields = b"SFATAL\0VFATAL\0C28P01\0Mpassword was " + PASSWORD.encode() + b"\0\0"
        writer.write(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        config = lab.cluster.config("d", port=server.sockets[0].getsockname()[1])
        with pytest.raises(SyncError) as caught:
            await connector("postgres").check(config, lab.context)
    assert "***" in str(caught.value)
    assert PASSWORD not in str(caught.value)


async def test_an_account_that_may_not_write_is_told_what_to_grant(lab: Lab) -> None:
    await lab.destination.execute("DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN PASSWORD 'weak'")
    config = lab.cluster.config(lab.destination_name, user="weak", password="weak")
    await connector("postgres").check(config, lab.context)
    with pytest.raises(SyncError) as caught:
        await connector("postgres").check(config, lab.context, origin=Origin.DESTINATION)
    assert caught.value.code == "PERMISSION_DENIED"
    assert caught.value.advice.startswith("GRANT")
    await lab.destination.execute("DROP ROLE weak")
