"""The failures of the analytics service."""

from __future__ import annotations

from datetime import timedelta

from server.errors import Failure, Kind, Violation


class AnalyticsMissing(Failure):
    """This installation has no analytics store."""

    kind, reason = Kind.PRECONDITION, "ANALYTICS_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "This installation has no analytics store: the operator sets THEDATA_ANALYTICS_URL, or lets the embedded"
            " one start."
        )


class StoreUnavailable(Failure):
    """The analytics store can't be reached for now."""

    kind, reason = Kind.UNAVAILABLE, "ANALYTICS_UNAVAILABLE"

    def __init__(self, message: str = "The analytics store can't be reached for now; try again.") -> None:
        super().__init__(message, retry_after=timedelta(seconds=1))


class QueryTooSlow(Failure):
    """The query ran into its limit of time."""

    kind, reason = Kind.DEADLINE, "QUERY_TOO_SLOW"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The query took more than {seconds:g} s and was ended: ask for a shorter span of time, fewer groups, or"
            " fewer rows.",
            metadata={"limit_seconds": f"{seconds:g}"},
        )


class QueryTooLarge(Failure):
    """The query ran into its limit of memory or rows."""

    kind, reason = Kind.EXHAUSTED, "QUERY_TOO_LARGE"

    def __init__(self) -> None:
        super().__init__(
            "The query needs more memory than one may have and was ended: ask for a shorter span of time, fewer"
            " groups, or fewer columns.",
            retry_after=timedelta(seconds=10),
        )


class ViewBroken(Failure):
    """A realtime view can't be told, as its table is not what it was defined over."""

    kind, reason = Kind.PRECONDITION, "VIEW_BROKEN"

    def __init__(self, view: str, table: str, why: str) -> None:
        super().__init__(
            f"The view {view} can't be told: {why}. Define it anew, or have {table} landed as it was.",
            metadata={"view": view, "table": table},
        )


class SequenceGap(Failure):
    """Batches of a producer are missing."""

    kind, reason = Kind.PRECONDITION, "SEQUENCE_GAP"

    def __init__(self, producer: str, sequence: int, durable: int) -> None:
        super().__init__(
            f"{producer} has sent batch {sequence}, but {durable + 1} is the next one: send what is missing first.",
            metadata={"producer": producer, "durable_sequence": str(durable)},
            violations=[Violation("sequence", f"must be {durable + 1}, or one that was sent before")],
        )


class BatchReused(Failure):
    """The name of a batch was used for another one."""

    kind, reason = Kind.INVALID, "BATCH_REUSED"

    def __init__(self) -> None:
        super().__init__(
            "A batch of this name had another number of items; a batch that is sent again must be the same.",
            violations=[Violation("request_id", "must be new for a new batch")],
        )


class BackupFailed(Exception):  # noqa: N818 - told to who runs the command; no RPC raises it
    """A backup can't be made or read; the text says why."""


class UnknownTable(Failure):
    """There is no such table in the analytics store."""

    kind, reason = Kind.MISSING, "NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no table {name} in the analytics store, or you may not see it.",
            metadata={"resource": "table", "id": name},
        )
