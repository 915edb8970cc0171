"""Every way in which a call can fail, as exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import grpc

    from thedata_client.types import Run


@dataclass(frozen=True)
class Violation:
    """A field that breaks a rule."""

    field: str
    """Its path in the request, such as `streams[0].name`."""
    description: str
    """What would be right."""


class ApiError(Exception):
    """A call failed. Each reason of the API has a class of its own, below the class of its gRPC code."""

    code: ClassVar[str] = "UNKNOWN"

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        violations: Sequence[Violation] = (),
        retry_after: timedelta | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        """A stable word, such as `ETAG_MISMATCH`; empty where no server of the platform answered."""
        self.metadata = dict(metadata or {})
        """More about the reason, by name."""
        self.violations = tuple(violations)
        """The fields that break their rules."""
        self.retry_after = retry_after
        """When the call may succeed; None: not told."""
        self.request_id = request_id
        """The id under which the server logged the call; empty: no server was reached."""

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {v.field}: {v.description}" for v in self.violations)])


class InvalidArgument(ApiError):
    """The request can't be right whatever the state of the platform."""

    code = "INVALID_ARGUMENT"


class Unauthenticated(ApiError):
    """There is no valid session or API key."""

    code = "UNAUTHENTICATED"


class PermissionDenied(ApiError):
    """The caller's role does not grant it."""

    code = "PERMISSION_DENIED"


class NotFound(ApiError):
    """There is no such resource, or the caller may not know of it."""

    code = "NOT_FOUND"


class AlreadyExists(ApiError):
    """Another resource has that unique value."""

    code = "ALREADY_EXISTS"


class Aborted(ApiError):
    """Somebody else was there first: read again, and repeat the change."""

    code = "ABORTED"


class FailedPrecondition(ApiError):
    """The platform's state does not allow it."""

    code = "FAILED_PRECONDITION"


class ResourceExhausted(ApiError):
    """A limit is reached."""

    code = "RESOURCE_EXHAUSTED"


class Unavailable(ApiError):
    """The server, or a part of the platform, can't be reached for now."""

    code = "UNAVAILABLE"


class DeadlineExceeded(ApiError):
    """The call took longer than it may."""

    code = "DEADLINE_EXCEEDED"


class Unimplemented(ApiError):
    """This server does not offer the method."""

    code = "UNIMPLEMENTED"


class InternalError(ApiError):
    """A bug of the platform's; `request_id` is what its keepers need to find it."""

    code = "INTERNAL"


class Cancelled(ApiError):
    """The call was cancelled."""

    code = "CANCELLED"


class InvalidFields(InvalidArgument):
    """Fields break their rules; `violations` has every one."""


class InvalidPageToken(InvalidArgument):
    """The page token is damaged or belongs to another query."""


class InvalidCursor(InvalidArgument):
    """The cursor is damaged or belongs to another stream."""


class RequestIdReused(InvalidArgument):
    """The request_id was used before with another body."""


class OrganizationRequired(InvalidArgument):
    """The caller belongs to several organizations, or none, and must name one."""


class MalformedRequest(InvalidArgument):
    """The request can't be read."""


class BatchReused(InvalidArgument):
    """The name of the batch was used for another one."""


class InvalidCredentials(Unauthenticated):
    """E-mail and password don't match an active account."""


class InvalidRefreshToken(Unauthenticated):
    """The session is over: log in again."""


class WebhookRefused(Unauthenticated):
    """The webhook message is not signed as it must be."""


class UnknownPath(NotFound):
    """The gateway knows no such path."""


class EtagMismatch(Aborted):
    """The resource has changed since it was read."""


class Conflict(Aborted):
    """Another transaction got in the way; repeat the call."""


class LastOwner(FailedPrecondition):
    """The organization would be left without an owner."""


class RunInFlight(FailedPrecondition):
    """The pipeline has a run in flight; `metadata["run_id"]` names it."""


class NoRunInFlight(FailedPrecondition):
    """The pipeline has no run that could be stopped."""


class InUse(FailedPrecondition):
    """Other resources still use this one."""


class ConnectorIncapable(FailedPrecondition):
    """The connector can't do that."""


class DataSourceFailed(FailedPrecondition):
    """The data source can't be reached or read as configured."""


class SecretUnreadable(FailedPrecondition):
    """A stored secret can't be opened with the platform's keys; give it again."""


class PipelinePaused(FailedPrecondition):
    """The pipeline is paused."""


class AnalyticsMissing(FailedPrecondition):
    """This installation has no analytics store."""


class SequenceGap(FailedPrecondition):
    """Batches of the producer are missing before this one."""


class AlertOver(FailedPrecondition):
    """The alert is over; there is nothing to acknowledge."""


class ViewBroken(FailedPrecondition):
    """The realtime view's table is gone, or has no longer the columns that the view needs."""


class ConfigUnreadable(FailedPrecondition):
    """A configuration was written by another release and can't be read."""


class HostNotAllowed(FailedPrecondition):
    """The platform's network policy does not allow connections to the host."""


class HostNotFound(FailedPrecondition):
    """The host's name has no address."""


class LimitReached(ResourceExhausted):
    """A limit is reached; `retry_after` says when to try again."""


class RequestTooLarge(ResourceExhausted):
    """The request is larger than the server takes."""


class QueryTooLarge(ResourceExhausted):
    """The query needs more memory than it may have."""


class AnalyticsUnavailable(Unavailable):
    """The analytics store can't be reached for now."""


class QueryTooSlow(DeadlineExceeded):
    """The query took longer than it may."""


class MethodNotAllowed(Unimplemented):
    """The gateway knows the path, but not with this HTTP method."""


class RunFailed(Exception):
    """A run that was waited for failed, or was stopped; `run` has all that is known of it."""

    def __init__(self, run: Run) -> None:
        failure = run.failure
        told = " ".join(part for part in (failure.stream, failure.message, failure.advice) if part)
        super().__init__(told or f"The run {run.id} did not succeed.")
        self.run = run


def _below(kind: type[ApiError]) -> list[type[ApiError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in _below(child))]


def _reason(kind: type[ApiError]) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in kind.__name__).strip("_")


BY_CODE = {kind.code: kind for kind in ApiError.__subclasses__()}
BY_REASON = {_reason(kind): kind for kind in _below(ApiError)[1:]} | {"INTERNAL": InternalError}


def error_of(error: grpc.RpcError) -> ApiError:
    """The exception of a failed call."""
    from google.rpc import error_details_pb2, status_pb2

    call: Any = error  # every RpcError is the call too
    status = status_pb2.Status()
    for name, value in call.trailing_metadata() or ():
        if name == "grpc-status-details-bin":
            status.ParseFromString(value)
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    retry, request = error_details_pb2.RetryInfo(), error_details_pb2.RequestInfo()
    for detail in status.details:
        for known in (info, bad, retry, request):
            detail.Unpack(known)  # does nothing where it is of another type
    code = call.code().name
    kind = BY_REASON.get(info.reason) or BY_CODE.get(code, ApiError)
    return kind(
        call.details() or f"The call ended with {code}.",
        reason=info.reason,
        metadata=dict(info.metadata),
        violations=[Violation(one.field, one.description) for one in bad.field_violations],
        retry_after=retry.retry_delay.ToTimedelta() if retry.HasField("retry_delay") else None,
        request_id=request.request_id,
    )
