"""Lets calls through within the limits, and tells callers where they stand."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

from server.limits.limiter import Limiter
from server.limits.model import Standing
from server.rpc import headers
from server.rpc.caller import known_caller, set_caller
from server.rpc.interceptors.around import Around, Call, Proceed


class Limiting(Around):
    """After authentication, which tells who calls; before validation, so that a flood of bad requests is cheap."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    async def around(self, call: Call, proceed: Proceed) -> Any:
        """Takes what the call needs, and gives back what it held."""
        caller = known_caller()
        if caller is None or caller.platform_admin:
            return await proceed()
        told: list[Standing] = []

        def tell(standing: Standing) -> None:
            told.append(standing)
            _show(min(told, key=lambda one: one.remaining))

        named = None if call.client_streams else _named(call.request)
        async with self._limiter.admitted(caller, named, stream=call.server_streams, tell=tell) as admitted:
            set_caller(admitted)
            return await proceed()


def _show(standing: Standing) -> None:
    headers.add("ratelimit-limit", str(standing.limit))
    headers.add("ratelimit-remaining", str(standing.remaining))
    headers.add("ratelimit-reset", str(math.ceil(standing.seconds_left)))


def _named(request: Any) -> UUID | None:
    try:
        return UUID(getattr(request, "organization_id", ""))
    except ValueError:
        return None
