from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from server.stack.errors import StackError
from server.stack.ports import at, ensure_free, free_port, numeric, reachable


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_free_port_passes() -> None:
    ensure_free("127.0.0.1", free_port(), "THEDATA_HTTP_PORT")


def test_a_taken_port_is_told_with_its_setting_and_holder(taken: int) -> None:
    with pytest.raises(StackError) as raised:
        ensure_free("127.0.0.1", taken, "THEDATA_HTTP_PORT")
    assert f"port {taken} on 127.0.0.1 is taken by process {os.getpid()} (" in str(raised.value)
    assert "THEDATA_HTTP_PORT" in str(raised.value)


def test_a_port_taken_on_one_address_is_taken_for_all(taken: int) -> None:
    with pytest.raises(StackError, match="is taken"):
        ensure_free("0.0.0.0", taken, "THEDATA_HTTP_PORT")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(StackError, match="THEDATA_HOST and THEDATA_GRPC_PORT"):
        ensure_free("192.0.2.1", 8080, "THEDATA_GRPC_PORT")


def test_addresses() -> None:
    assert numeric("127.0.0.1") == "127.0.0.1"
    assert reachable("0.0.0.0") == "127.0.0.1"
    assert reachable("::") == "::1"
    assert at("::1", 80) == "[::1]:80"
