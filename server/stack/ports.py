"""TCP ports: is one free, who holds it, which one could be taken instead."""

from __future__ import annotations

import errno
import socket
from typing import Any

import psutil

from server.stack.errors import StackError


def free_port(host: str = "127.0.0.1") -> int:
    """Return a TCP port that is free on `host` now."""
    family, address = _address(host, 0)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind(address)
        return int(probe.getsockname()[1])


def ensure_free(host: str, port: int, setting: str) -> None:
    """Raise `StackError` unless `port` can be listened on at `host`; `setting` is the variable that changes it."""
    family, address = _address(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections that linger from the last run are no obstacle; a listener is one with this option too.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise StackError(_told(host, port, setting, error)) from error


def numeric(host: str) -> str:
    """Return the IP address of `host`, which may be one already."""
    return str(_address(host, 0)[1][0])


def reachable(host: str) -> str:
    """Return the IP address at which this machine reaches what listens on `host`."""
    address = numeric(host)
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - compared, not listened on


def at(host: str, port: int) -> str:
    """Return ``host:port`` as URLs and gRPC targets write it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _address(host: str, port: int) -> tuple[socket.AddressFamily, tuple[Any, ...]]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror as error:
        raise StackError(f"THEDATA_HOST: {host} is no address: {error.strerror}") from error
    return family, address


def _told(host: str, port: int, setting: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken{_holder(port)}: end that, or set {setting} to another port"
    if error.errno == errno.EACCES:
        return f"port {port} on {host} is not allowed to this user: set {setting} to one above 1023"
    return f"cannot listen on port {port} of {host} ({error.strerror}): see THEDATA_HOST and {setting}"


def _holder(port: int) -> str:
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:  # some systems tell this to root only
        return ""
    for connection in connections:
        listens = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
        if listens and connection.pid:
            try:
                command = " ".join(psutil.Process(connection.pid).cmdline())[:200]
            except psutil.Error:
                command = "unknown command"
            return f" by process {connection.pid} ({command})"
    return " by another user's process"
