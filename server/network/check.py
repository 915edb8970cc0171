"""Resolving a host once, judging every address that it has, and giving those to connect to."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from typing import Protocol

from server.network.errors import HostNotAllowed, HostNotFound
from server.network.policy import Policy, permits

# No socket path, no list of hosts, no account, no option of a driver.
_ONE_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,20})?")


class NetworkPolicyCheck(Protocol):
    """Who says where connections may go."""

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, in order of preference, all allowed; resolves, so not in an event loop.

        Who connects does so to one of them, not to the name: that may have another address a moment later.

        Raises:
            HostNotAllowed: the policy forbids one of the host's addresses.
            HostNotFound: it has none.
        """
        ...


class PolicyCheck:
    """Judges by the policy as it is at the moment."""

    def __init__(self, policy: Callable[[], Policy]) -> None:
        self._policy = policy

    @property
    def policy(self) -> Policy:
        """The policy as it is now."""
        return self._policy()

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host; see NetworkPolicyCheck."""
        name = plain(host)
        if not _ONE_HOST.fullmatch(name):
            raise HostNotAllowed(name[:253])
        try:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise HostNotFound(name) from error
        addresses = tuple(dict.fromkeys(str(place[0]) for *_, place in found))
        if not addresses:
            raise HostNotFound(name)
        policy = self.policy
        if not all(permits(policy, name, address) for address in addresses):
            raise HostNotAllowed(name)
        return addresses


def plain(host: str) -> str:
    """A host as rules name it: in lower case, without the brackets of an IPv6 address or the final dot."""
    return host.removeprefix("[").removesuffix("]").removesuffix(".").lower()


OPEN = PolicyCheck(Policy)
"""The policy of who has set none: everything but metadata services."""
