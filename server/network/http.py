"""httpx over checked addresses: each connection, of a redirect too, goes to an address that was judged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from server.network.check import NetworkPolicyCheck


class CheckedTransport(httpx.HTTPTransport):
    """A transport whose names are resolved by the check; TLS still asks for the name's certificate."""

    def __init__(self, check: NetworkPolicyCheck, limits: httpx.Limits) -> None:
        super().__init__(trust_env=False, limits=limits)
        # httpx has no parameter for what httpcore calls its network backend.
        self._pool._network_backend = _Checked(check, self._pool._network_backend)


class _Checked(httpcore.NetworkBackend):
    def __init__(self, check: NetworkPolicyCheck, beneath: httpcore.NetworkBackend) -> None:
        self._check = check
        self._beneath = beneath

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        *others, last = self._check.addresses(host, port)
        for address in others:
            try:
                return self._beneath.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._beneath.connect_tcp(last, port, timeout, local_address, socket_options)
