"""The failures that the rules know, each with its reason, its words and what to do about it.

A service raises these; ``server.rpc.status`` alone turns them into gRPC statuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from uuid import UUID


class Kind(Enum):
    """What sort of failure it is; each has one gRPC code."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    DENIED = "denied"
    MISSING = "missing"
    EXISTS = "exists"
    PRECONDITION = "precondition"
    ABORTED = "aborted"
    EXHAUSTED = "exhausted"
    UNAVAILABLE = "unavailable"
    DEADLINE = "deadline"
    UNIMPLEMENTED = "unimplemented"


@dataclass(frozen=True)
class Violation:
    """A field that breaks a rule: its path in proto names, and what would be right."""

    field: str
    description: str


class Failure(Exception):  # noqa: N818 - a failure is what a caller is told, not a Python error
    """A failure that a caller may see whole: nothing internal is in its text."""

    kind: Kind
    reason: str

    def __init__(
        self,
        message: str,
        *,
        metadata: Mapping[str, str] | None = None,
        violations: Sequence[Violation] = (),
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.metadata = dict(metadata or {})
        self.violations = tuple(violations)
        self.retry_after = retry_after


class InvalidFields(Failure):
    """Fields break their rules."""

    kind, reason = Kind.INVALID, "INVALID_FIELDS"

    def __init__(self, *violations: Violation) -> None:
        told = "; ".join(f"{v.field}: {v.description}" for v in violations[:5])
        super().__init__(told or "the request breaks a rule", violations=violations)


class InvalidPageToken(Failure):
    """The page token is damaged or belongs to another query."""

    kind, reason = Kind.INVALID, "INVALID_PAGE_TOKEN"

    def __init__(self) -> None:
        super().__init__(
            "page_token is damaged or belongs to another query; start from the first page.",
            violations=[Violation("page_token", "must be the next_page_token of the same query")],
        )


class InvalidCursor(Failure):
    """The stream cursor is damaged or belongs to another stream."""

    kind, reason = Kind.INVALID, "INVALID_CURSOR"

    def __init__(self) -> None:
        super().__init__(
            "after is damaged or belongs to another stream; leave it empty to start anew.",
            violations=[Violation("after", "must be the cursor of a message of the same stream")],
        )


class RequestIdReused(Failure):
    """The request_id was used before with another body."""

    kind, reason = Kind.INVALID, "REQUEST_ID_REUSED"

    def __init__(self, request_id: str) -> None:
        super().__init__(
            "request_id was used before with another request; make a new one for each new request.",
            metadata={"request_id": request_id},
            violations=[Violation("request_id", "must be new for a new request")],
        )


class OrganizationRequired(Failure):
    """The caller must name an organization."""

    kind, reason = Kind.INVALID, "ORGANIZATION_REQUIRED"

    def __init__(self, count: int) -> None:
        super().__init__(
            f"You belong to {count} organizations; name one in organization_id.",
            violations=[Violation("organization_id", "must be set by a caller without exactly one organization")],
        )


class MalformedRequest(Failure):
    """The request's bytes can't be read."""

    kind, reason = Kind.INVALID, "MALFORMED_REQUEST"

    def __init__(self) -> None:
        super().__init__("The request can't be read: it is damaged, or nested too deeply.")


class PermissionDenied(Failure):
    """The caller's role does not grant what the call needs."""

    kind, reason = Kind.DENIED, "PERMISSION_DENIED"

    def __init__(self, permission: str, message: str | None = None, organization_id: UUID | None = None) -> None:
        self.organization_id = organization_id
        super().__init__(
            message or f"Your role does not grant {permission}; ask an admin of the organization.",
            metadata={"permission": permission},
        )


class NotFound(Failure):
    """There is no such resource, or the caller may not know of it."""

    kind, reason = Kind.MISSING, "NOT_FOUND"

    def __init__(self, resource: str, key: object) -> None:
        super().__init__(
            f"There is no {resource} {key}, or you may not see it.", metadata={"resource": resource, "id": str(key)}
        )


class AlreadyExists(Failure):
    """Another resource has that unique value."""

    kind, reason = Kind.EXISTS, "ALREADY_EXISTS"

    def __init__(self, resource: str, field: str) -> None:
        super().__init__(
            f"There is already a {resource} with this {field}; choose another.",
            metadata={"resource": resource, "field": field},
        )


class EtagMismatch(Failure):
    """The resource changed since the caller read it."""

    kind, reason = Kind.ABORTED, "ETAG_MISMATCH"

    def __init__(self, etag: str) -> None:
        super().__init__("It was changed since you read it; read it again and repeat.", metadata={"etag": etag})


class Conflict(Failure):
    """Another transaction got in the way."""

    kind, reason = Kind.ABORTED, "CONFLICT"

    def __init__(self) -> None:
        super().__init__("Another change got in the way; repeat the call.")


class InUse(Failure):
    """Other resources still use this one."""

    kind, reason = Kind.PRECONDITION, "IN_USE"

    def __init__(self, resource: str, used_by: str) -> None:
        super().__init__(
            f"This {resource} is still used by {used_by}; change or delete that first.",
            metadata={"resource": resource, "used_by": used_by},
        )


class LimitReached(Failure):
    """A limit is reached for now."""

    kind, reason = Kind.EXHAUSTED, "LIMIT_REACHED"

    def __init__(self, limit: str, message: str, retry_after: timedelta) -> None:
        super().__init__(message, metadata={"limit": limit}, retry_after=retry_after)


class Unavailable(Failure):
    """A part of the platform can't be reached for now."""

    kind, reason = Kind.UNAVAILABLE, "UNAVAILABLE"

    def __init__(self, message: str = "A part of the platform can't be reached for now; try again.") -> None:
        super().__init__(message, retry_after=timedelta(seconds=1))
