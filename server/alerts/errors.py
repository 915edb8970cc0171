"""The failures of alerts."""

from __future__ import annotations

from uuid import UUID

from server.errors import Failure, Kind


class AlertOver(Failure):
    """The alert is over, and nobody can take it on any more."""

    kind, reason = Kind.PRECONDITION, "ALERT_OVER"

    def __init__(self, alert_id: UUID) -> None:
        super().__init__("The alert is over; there is nothing to acknowledge.", metadata={"alert_id": str(alert_id)})


class RulesUnreadable(Failure):
    """The rules that are kept can't be read, as after a downgrade."""

    kind, reason = Kind.PRECONDITION, "CONFIG_UNREADABLE"

    def __init__(self, version: int) -> None:
        super().__init__(
            f"Version {version} of the rules was written by another release and can't be read; roll back to one that"
            " this release has written.",
            metadata={"version": str(version)},
        )


class NotSent(Exception):  # noqa: N818 - what a try to send ended with, told in the delivery and to nobody else
    """A message was not taken; the text holds no secret and nothing of the receiver's answer but its status."""

    def __init__(self, why: str, *, final: bool = False, wait_seconds: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.final = final
        self.wait_seconds = wait_seconds


class CannotLook(Exception):  # noqa: N818 - a state of a rule, told as its problem
    """A condition can't be evaluated for now; the text is told as the rule's problem."""
