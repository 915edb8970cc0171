"""Asking the network policy before a connection is opened, in the engine's words."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

from server.network.check import NetworkPolicyCheck
from server.network.errors import HostNotAllowed, HostNotFound
from server.sync.errors import ErrorType, Origin, SyncError


def addresses(network: NetworkPolicyCheck, host: str, port: int, origin: Origin) -> Sequence[str]:
    """The addresses to connect to in place of the host; blocks while the name is resolved.

    Raises SyncError HOST_NOT_ALLOWED, HOST_NOT_FOUND.
    """
    try:
        return network.addresses(host, port)
    except (HostNotAllowed, HostNotFound) as failure:
        raise refused(failure, origin, f"{host} port {port}") from failure


async def resolved(network: NetworkPolicyCheck, host: str, port: int, origin: Origin, seconds: float) -> Sequence[str]:
    """As ``addresses``, beside the event loop; raises SyncError TIMEOUT too."""
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.to_thread(addresses, network, host, port, origin)
    except TimeoutError as error:
        raise SyncError(
            origin=origin,
            type=ErrorType.TRANSIENT,
            code="TIMEOUT",
            message=f"The address of {host} could not be found in time",
            advice="Look at the platform's name server.",
            position=f"{host} port {port}",
        ) from error


def connected(network: NetworkPolicyCheck, host: str, port: int, origin: Origin, seconds: float) -> socket.socket:
    """A TCP connection to the first of a host's addresses that answers; raises SyncError as above, and OSError."""
    return first_answer(addresses(network, host, port, origin), port, seconds)


def first_answer(places: Sequence[str], port: int, seconds: float) -> socket.socket:
    """A TCP connection to the first of some addresses that answers; raises OSError."""
    *others, last = places
    for address in others:
        try:
            return socket.create_connection((address, port), seconds)
        except OSError:
            continue
    return socket.create_connection((last, port), seconds)


def refused(failure: HostNotAllowed | HostNotFound, origin: Origin, position: str | None = None) -> SyncError:
    """The failure as the engine's error."""
    return SyncError(
        origin=origin,
        type=ErrorType.CONFIG,
        code=failure.reason,
        message=failure.message,
        advice=_ADVICE[failure.reason],
        position=position,
    )


_ADVICE = {
    HostNotAllowed.reason: "Name another host, or ask a platform administrator to allow it in the network policy.",
    HostNotFound.reason: "Check the host's name.",
}
