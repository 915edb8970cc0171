"""The one place that turns failures into gRPC statuses."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc import Status
from grpc_status import rpc_status

from server.errors import Failure, Kind

DOMAIN = "thedata.io"

CODES = {
    Kind.INVALID: code_pb2.INVALID_ARGUMENT,
    Kind.UNAUTHENTICATED: code_pb2.UNAUTHENTICATED,
    Kind.DENIED: code_pb2.PERMISSION_DENIED,
    Kind.MISSING: code_pb2.NOT_FOUND,
    Kind.EXISTS: code_pb2.ALREADY_EXISTS,
    Kind.PRECONDITION: code_pb2.FAILED_PRECONDITION,
    Kind.ABORTED: code_pb2.ABORTED,
    Kind.EXHAUSTED: code_pb2.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: code_pb2.UNAVAILABLE,
    Kind.DEADLINE: code_pb2.DEADLINE_EXCEEDED,
    Kind.UNIMPLEMENTED: code_pb2.UNIMPLEMENTED,
}


def status_of(failure: Failure, request_id: str) -> Status:
    """The status of a failure: its ErrorInfo, and the details that its kind calls for."""
    info = error_details_pb2.ErrorInfo(reason=failure.reason, domain=DOMAIN, metadata=failure.metadata)
    details: list[Message] = [info]
    if failure.violations:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=v.field, description=v.description)
            for v in failure.violations
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    if "subject" in failure.metadata and failure.kind is Kind.EXHAUSTED:
        over = error_details_pb2.QuotaFailure.Violation(
            subject=failure.metadata["subject"], description=failure.message
        )
        details.append(error_details_pb2.QuotaFailure(violations=[over]))
    if failure.retry_after is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromTimedelta(failure.retry_after)
        details.append(retry)
    return _status(CODES[failure.kind], failure.message, details, request_id)


def internal_error(request_id: str) -> Status:
    """The status of a bug: it says only under which id the server logged it."""
    info = error_details_pb2.ErrorInfo(reason="INTERNAL", domain=DOMAIN)
    return _status(code_pb2.INTERNAL, "Internal error; it was logged under the request's id.", [info], request_id)


def _status(code: int, message: str, details: list[Message], request_id: str) -> Status:
    told = status_pb2.Status(code=code, message=message)
    for detail in [*details, error_details_pb2.RequestInfo(request_id=request_id)]:
        packed = AnyMessage()
        packed.Pack(detail)
        told.details.append(packed)
    status: Status = rpc_status.to_status(told)
    return status
