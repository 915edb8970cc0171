"""How the command ends: a word to people on stderr, a number to scripts."""

from __future__ import annotations

import sys
from typing import Any

from typer.core import TyperGroup

from thedata_client import errors

OK = 0
RUN_FAILED = 1
USAGE = 2
NOT_ALLOWED = 3
NOT_FOUND = 4
UNAVAILABLE = 5
CONFLICT = 6
LIMIT = 7
OTHER = 8
INTERRUPTED = 130

MEANINGS = {
    OK: "It is done.",
    RUN_FAILED: "A run failed or was stopped; a check or a plan found that it can't work.",
    USAGE: "The command line, the file or a field of it is not right.",
    NOT_ALLOWED: "There is no valid session or key, or it may not do that.",
    NOT_FOUND: "There is no such thing.",
    UNAVAILABLE: "The platform can't be reached for now, or did not answer in time. Trying again may help.",
    CONFLICT: "The platform's state does not allow it: a name is taken, a run is in flight, somebody else was first.",
    LIMIT: "A limit is reached.",
    OTHER: "The server does not offer it, or has failed.",
    INTERRUPTED: "Ctrl-C.",
}

CODES: tuple[tuple[type[errors.ApiError], int], ...] = (
    (errors.InvalidArgument, USAGE),
    (errors.Unauthenticated, NOT_ALLOWED),
    (errors.PermissionDenied, NOT_ALLOWED),
    (errors.NotFound, NOT_FOUND),
    (errors.Unavailable, UNAVAILABLE),
    (errors.DeadlineExceeded, UNAVAILABLE),
    (errors.AlreadyExists, CONFLICT),
    (errors.Aborted, CONFLICT),
    (errors.FailedPrecondition, CONFLICT),
    (errors.ResourceExhausted, LIMIT),
)


class Failure(Exception):  # noqa: N818 - it reads as what happened
    """The command itself can't go on."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


class Group(TyperGroup):
    """Turns what went wrong into a line on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Runs a command."""
        try:
            return super().invoke(ctx)
        except errors.ApiError as error:
            _tell(_advice(error))
            ctx.exit(_code(error))
        except errors.RunFailed as error:
            _tell(str(error))
            ctx.exit(RUN_FAILED)
        except Failure as failure:
            _tell(str(failure))
            ctx.exit(failure.code)


def _code(error: errors.ApiError) -> int:
    return next((code for kind, code in CODES if isinstance(error, kind)), OTHER)


def _advice(error: errors.ApiError) -> str:
    told = str(error)
    if isinstance(error, errors.Unauthenticated) and not isinstance(error, errors.InvalidCredentials):
        told += "\nLog in with `thedata login`, or set THEDATA_TOKEN."
    if error.retry_after is not None:
        told += f"\nTry again in {error.retry_after.total_seconds():.0f} s."
    if isinstance(error, errors.InternalError) and error.request_id:
        told += f"\nThe server logged it under {error.request_id}."
    return told


def _tell(message: str) -> None:
    sys.stderr.write(f"thedata: {message}\n")
