"""The network policy within a process that runs foreign code: every name it resolves and connection it makes is judged.

For the child processes of connectors alone. It sees what Python code does, however deep in a library; a driver in C
that brings its own resolver and sockets would pass by it.
"""

from __future__ import annotations

import socket
import sys
from typing import Any

from server.network.check import PolicyCheck, plain
from server.network.errors import HostNotAllowed
from server.network.policy import permits


def install(check: PolicyCheck) -> None:
    """Puts this process under the policy, for good: an audit hook can't be removed."""
    resolve = socket.getaddrinfo
    named: dict[str, str] = {}

    def judged(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        found = resolve(host, port, *args, **more)
        name = plain(host.decode() if isinstance(host, bytes) else host or "localhost")
        addresses = {str(place[0]) for *_, place in found}
        if not all(permits(check.policy, name, address) for address in addresses):
            raise HostNotAllowed(name)
        # A name may be allowed although its addresses, seen alone, are not.
        named.update(dict.fromkeys(addresses, name))
        return found

    def watched(event: str, args: tuple[Any, ...]) -> None:
        if event not in ("socket.connect", "socket.sendto") or args[0].family not in (socket.AF_INET, socket.AF_INET6):
            return
        address = str(args[1][0])
        try:
            allowed = permits(check.policy, named.get(address, address), address)
        except ValueError:  # a name, which the system would resolve out of sight
            allowed = False
        if not allowed:
            raise HostNotAllowed(named.get(address, address))

    socket.getaddrinfo = judged
    sys.addaudithook(watched)
