"""The one place where failures become statuses and bugs become INTERNAL."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import structlog

from server.errors import Failure, Kind, Unavailable
from server.rpc.caller import request_id
from server.rpc.interceptors.around import Around, Call, Proceed
from server.rpc.status import internal_error, status_of

log = structlog.get_logger("rpc")

UNARY_SECONDS = 60.0


class DeadlineExceeded(Failure):
    """The call took longer than the server lets any call take."""

    kind, reason = Kind.DEADLINE, "DEADLINE_EXCEEDED"

    def __init__(self) -> None:
        super().__init__("The call took too long and was ended.")


class Errors(Around):
    """Inside the log, outside all else."""

    async def around(self, call: Call, proceed: Proceed) -> Any:
        """Answers failures with their status; hides everything else."""
        try:
            if call.server_streams or call.client_streams:
                return await proceed()
            async with asyncio.timeout(UNARY_SECONDS):
                return await proceed()
        except grpc.aio.AbortError:
            raise
        except Failure as failure:
            await call.context.abort_with_status(status_of(failure, request_id.get()))
        except TimeoutError:
            await call.context.abort_with_status(status_of(DeadlineExceeded(), request_id.get()))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if call.context.cancelled() or (task is not None and task.cancelling()):
                raise
            # A handler that lets an inner task's cancellation out would leave its client hanging.
            await call.context.abort_with_status(status_of(Unavailable(), request_id.get()))
        except Exception:
            log.exception("bug", method=call.name)
            await call.context.abort_with_status(internal_error(request_id.get()))
