"""Hosts that the network policy lets messages go to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from server.alerts.errors import NotSent
from server.network.check import NetworkPolicyCheck
from server.network.errors import HostNotAllowed, HostNotFound

RESOLVE_SECONDS = 4.0


class JudgedDestinations:
    """Every host whose addresses the policy allows."""

    def __init__(self, policy: NetworkPolicyCheck) -> None:
        self._policy = policy

    async def reachable(self, host: str) -> Sequence[str]:
        """The addresses of a host; raises NotSent."""
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                return await asyncio.to_thread(self._policy.addresses, host, 0)
        except HostNotFound as error:
            raise NotSent(f"the name {host} has no address") from error
        except TimeoutError as error:
            raise NotSent(f"the name {host} has no address yet: nobody answered in time") from error
        except HostNotAllowed as error:
            raise NotSent(f"the network policy does not let messages go to {host}", final=True) from error
