"""The Admin service's handlers about the state of the platform: convert, call, convert."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

from thedata.v1 import admin_pb2

from server.rpc.caller import caller
from server.status.convert import status_message, watch_message
from server.status.service import StatusService


class StatusHandlers:
    """The state of the platform, once and as it changes."""

    def __init__(self, status: StatusService) -> None:
        self._status = status

    async def GetSystemStatus(self, request: admin_pb2.GetSystemStatusRequest, context: Any) -> admin_pb2.SystemStatus:
        """Gets the state of the platform."""
        return status_message(await self._status.status())

    async def WatchSystemStatus(self, request: admin_pb2.WatchSystemStatusRequest, context: Any) -> None:
        """Streams the state of the platform."""
        async with aclosing(self._status.watch(caller(), request.after)) as events:
            async for cursor, event in events:
                await context.write(watch_message(cursor, event))
