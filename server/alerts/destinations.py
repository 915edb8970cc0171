"""Hosts by the resolver of the system."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

from server.alerts.errors import NotSent

RESOLVE_SECONDS = 4.0


class AnyDestination:
    """Every host that has an address."""

    async def reachable(self, host: str) -> Sequence[str]:
        """The addresses of a host; raises NotSent."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise NotSent(f"the name {host} has no address ({type(error).__name__})") from error
        return list(dict.fromkeys(str(item[4][0]) for item in found))
