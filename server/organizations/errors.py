"""What goes wrong with organizations."""

from __future__ import annotations

from uuid import UUID

from server.errors import Failure, Kind


class LastOwner(Failure):
    """An organization with members would be left without an owner."""

    kind, reason = Kind.PRECONDITION, "LAST_OWNER"

    def __init__(self, organization_id: UUID) -> None:
        super().__init__(
            "The organization would be left without an owner; make another member an owner first.",
            metadata={"organization_id": str(organization_id)},
        )
