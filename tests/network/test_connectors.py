"""Every connector asks the policy before it connects, connects to what was judged, and asks again at each redirect."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from server.network.check import PolicyCheck
from server.network.policy import Policy
from server.sync.connectors.base import ConfigInvalidError, ConnectorContext
from server.sync.connectors.registry import connector
from server.sync.errors import ErrorType, Origin, SyncError
from tests.network.conftest import Listener

Start = Callable[..., Listener]


def context(seconds: float = 20.0, **policy: Any) -> ConnectorContext:
    return ConnectorContext(timeout_seconds=seconds, network=PolicyCheck(lambda: Policy(**policy)))


def configs(host: str, port: int) -> dict[str, dict[str, Any]]:
    """A configuration of every connector that reaches a host."""
    database = {"host": host, "port": port, "database": "d", "user": "u", "password": "p"}
    resource = {"name": "things", "path": "things"}
    s3 = {"access_key_id": "a", "secret_access_key": "b", "endpoint": f"http://{host}:{port}"}
    return {
        "postgres": {**database, "sslmode": "prefer"},
        "mysql": {**database, "sslmode": "disable"},
        "clickhouse": {**database, "secure": False},
        "http_api": {"base_url": f"http://{host}:{port}", "resources": [resource], "max_retries": 0},
        "files": {"path": f"http://{host}:{port}/rows.jsonl"},
        "files s3": {"path": "s3://bucket/rows.csv", **s3},
        "files gcs": {"path": "gs://bucket/rows.csv", "access_token": "a", "endpoint": f"http://{host}:{port}"},
        "files azure": {"path": "az://a/rows.csv", "account_key": "YQ==", "endpoint": f"http://{host}:{port}"},
        "sqlalchemy": {"url": f"postgresql+psycopg://u@{host}:{port}/d", "password": "p"},
        "dlt": {"source": "tests.network.dlt_things:things", "arguments": {"host": host, "port": port}},
    }


KINDS = tuple(configs("h", 1))


async def failure(
    kind: str, host: str, port: int, given: ConnectorContext, origin: Origin = Origin.SOURCE
) -> SyncError:
    """The error of a check; it must end with one."""
    found = connector(kind.partition(" ")[0])
    with pytest.raises(SyncError) as caught:
        await found.check(found.parse(configs(host, port)[kind]), given, origin=origin)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
async def test_a_host_that_is_not_allowed_is_refused_before_any_packet(kind: str, listener: Start) -> None:
    server = listener()
    given = context(allow_private=False)
    if kind == "dlt":
        given = ConnectorContext(timeout_seconds=20.0, network=given.network, dlt_modules=("tests.network.*",))
    error = await failure(kind, "127.0.0.1", server.port, given)
    assert (error.code, error.type, error.origin) == ("HOST_NOT_ALLOWED", ErrorType.CONFIG, Origin.SOURCE)
    assert "ask a platform administrator" in error.advice
    assert server.connections == 0


@pytest.mark.parametrize(
    "kind", ["postgres", "mysql", "clickhouse", "files s3", "files gcs", "files azure", "sqlalchemy"]
)
async def test_the_error_of_a_destination_says_so(kind: str) -> None:
    error = await failure(kind, "127.0.0.1", 9, context(allow_private=False), Origin.DESTINATION)
    assert (error.code, error.origin) == ("HOST_NOT_ALLOWED", Origin.DESTINATION)


@pytest.mark.parametrize("kind", ["http_api", "files", "clickhouse"])
async def test_a_redirect_to_what_is_not_allowed_is_not_followed(kind: str, listener: Start) -> None:
    inner = listener("127.0.0.2")
    outer = listener(redirect=f"http://127.0.0.2:{inner.port}/rows.jsonl")
    error = await failure(kind, "127.0.0.1", outer.port, context(allow_private=False, allowed=("127.0.0.1",)))
    assert error.code == "HOST_NOT_ALLOWED"
    assert outer.asked
    assert inner.connections == 0


@pytest.mark.parametrize("kind", ["postgres", "mysql", "files", "sqlalchemy"])
async def test_a_name_that_leads_elsewhere_a_moment_later_is_of_no_use(
    kind: str, listener: Start, answers: dict[str, list[list[str]]]
) -> None:
    good = listener("127.0.0.1")
    other = listener("127.0.0.2", good.port)
    answers["db.example.com"] = [["127.0.0.1"], ["127.0.0.2"]]
    await failure(kind, "db.example.com", good.port, context(1.5, allow_private=False, allowed=("127.0.0.1",)))
    assert good.connections > 0
    assert other.connections == 0


@pytest.mark.parametrize("kind", ["postgres", "mysql", "files", "clickhouse", "sqlalchemy"])
async def test_a_host_is_reached_at_whichever_of_its_addresses_answers(
    kind: str, listener: Start, answers: dict[str, list[list[str]]]
) -> None:
    server = listener("127.0.0.3")
    answers["db.example.com"] = [["127.0.0.2", "127.0.0.3"]]
    found = connector(kind)
    config = found.parse(configs("db.example.com", server.port)[kind])
    with suppress(SyncError):  # the server speaks another protocol than most
        await found.check(config, context(1.5, allow_private=False, allowed=("db.example.com",)))
    assert server.connections > 0
    assert set(server.asked) <= {f"db.example.com:{server.port}"}


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
@pytest.mark.parametrize("host", ["/var/run/postgresql", "a,b", "host name", "@abstract", "h?service=x"])
def test_a_socket_or_a_list_is_no_host(kind: str, host: str) -> None:
    found = connector(kind)
    with pytest.raises(ConfigInvalidError):
        found.parse(configs(host, 1)[kind])


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u@/d",
        "postgresql+psycopg://u@%2Fvar%2Frun/d",
        "postgresql+psycopg://u@a,b:1/d",
        "postgresql+psycopg://u@h/d?host=/tmp",
        "postgresql+psycopg://u@h/d?service=x",
        "postgresql+psycopg://u@h/d?passfile=/etc/passwd",
        "postgresql+psycopg://u@h/d?sslkey=/etc/passwd",
        "mysql+pymysql://u@h/d?unix_socket=/tmp/s",
    ],
)
async def test_a_url_names_one_host_and_no_file(url: str) -> None:
    found = connector("sqlalchemy")
    try:
        config = found.parse({"url": url, "password": "p"})
    except ConfigInvalidError:
        return
    with pytest.raises(SyncError) as caught:
        await found.check(config, context())
    assert caught.value.code in ("HOST_MISSING", "HOST_NOT_ALLOWED")


@pytest.mark.parametrize("kind", ["http_api", "files"])
async def test_a_host_may_be_allowed_by_its_name_alone(kind: str, listener: Start) -> None:
    server = listener()
    found = connector(kind)
    config = found.parse(configs("localhost", server.port)[kind])
    checked = await found.check(config, context(allow_private=False, allowed=("localhost",)))
    assert checked.ok
    assert (
        await failure(kind, "127.0.0.1", server.port, context(allow_private=False, allowed=("localhost",)))
    ).code == ("HOST_NOT_ALLOWED")
