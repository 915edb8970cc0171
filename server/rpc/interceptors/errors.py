"""The one place where failures become statuses and bugs become INTERNAL."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from typing import Any

import grpc
import structlog
from grpc import Status

from server.errors import Failure, Kind, Unavailable
from server.rpc import headers
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
            await _answer(call, status_of(failure, request_id.get()), failure.retry_after)
        except TimeoutError:
            await _answer(call, status_of(DeadlineExceeded(), request_id.get()))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if call.context.cancelled() or (task is not None and task.cancelling()):
                raise
            # A handler that lets an inner task's cancellation out would leave its client hanging.
            await _answer(call, status_of(Unavailable(), request_id.get()), Unavailable().retry_after)
        except Exception:
            log.exception("bug", method=call.name)
            await _answer(call, internal_error(request_id.get()))


async def _answer(call: Call, status: Status, retry_after: timedelta | None = None) -> None:
    """Ends a call with a status; its headers go before it, and with it where a message may have gone before."""
    if retry_after is not None:
        headers.add("retry-after", str(max(1, math.ceil(retry_after.total_seconds()))))
    if call.server_streams:
        trailers = (*status.trailing_metadata, *headers.collected())
        status = status._replace(trailing_metadata=trailers)  # type: ignore[attr-defined]  # it is a named tuple
    else:
        await call.context.send_initial_metadata(headers.collected())
    await call.context.abort_with_status(status)
