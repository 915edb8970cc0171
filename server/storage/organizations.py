"""Organizations and memberships."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from server.auth.permissions import Role
from server.errors import AlreadyExists, NotFound
from server.organizations.model import Member, Organization
from server.paging import Page, PageRequest
from server.storage.rows import Rows, id_after
from server.storage.tables import (
    IN_FLIGHT,
    alert_counters,
    alert_deliveries,
    alert_problems,
    alert_silences,
    alerts,
    api_keys,
    configurations,
    memberships,
    organizations,
    run_logs,
    runs,
    users,
)

MEMBER_COLUMNS = [
    memberships.c.organization_id,
    memberships.c.user_id,
    users.c.email,
    users.c.full_name,
    memberships.c.role,
    memberships.c.created_at,
]


class OrganizationRows(Rows[Organization]):
    """Organizations and their members."""

    table, model, resource = organizations, Organization, "organization"
    newest_first = False

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes an organization with all it owns; raises NotFound, EtagMismatch."""
        await super().delete(key, etag=etag)
        # Logs have no foreign key: their partitions come and go by the day.
        await self._connection.execute(delete(run_logs).where(run_logs.c.organization_id == key))
        # Nor have these one: the platform has them too, and is no organization.
        # The counter first, as whoever changes an alert locks it.
        for table in (configurations, alert_counters, alert_deliveries, alert_silences, alert_problems, alerts):
            await self._connection.execute(delete(table).where(table.c.organization_id == key))

    async def among(self, keys: Collection[UUID]) -> set[UUID]:
        """Which of some organizations there are."""
        statement = select(organizations.c.id).where(organizations.c.id.in_(keys), self.visible())
        return set((await self._connection.execute(statement)).scalars())

    async def add_member(self, organization_id: UUID, user_id: UUID, role: Role) -> None:
        """Adds a member; raises AlreadyExists."""
        values = {"organization_id": organization_id, "user_id": user_id, "role": role}
        try:
            await self._connection.execute(insert(memberships).values(**values))
        except IntegrityError as error:
            raise AlreadyExists("member", "user_id") from error

    async def member(self, organization_id: UUID, user_id: UUID) -> Member:
        """Gets a member or raises NotFound."""
        statement = self._members(organization_id).where(memberships.c.user_id == user_id)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFound("member", user_id)
        return Member(**row)

    async def members(self, organization_id: UUID, request: PageRequest) -> Page[Member]:
        """An organization's members, oldest account first."""
        statement = self._members(organization_id).order_by(memberships.c.user_id).limit(request.size + 1)
        if request.after:
            statement = statement.where(memberships.c.user_id > id_after(request))
        found = [Member(**row) for row in (await self._connection.execute(statement)).mappings()]
        items = found[: request.size]
        return Page(items, str(items[-1].user_id) if len(found) > request.size else None)

    async def set_role(self, organization_id: UUID, user_id: UUID, role: Role) -> None:
        """Changes a member's role."""
        await self._connection.execute(update(memberships).where(*_is(organization_id, user_id)).values(role=role))

    async def remove_member(self, organization_id: UUID, user_id: UUID) -> None:
        """Removes a member with their API keys of that organization."""
        await self._connection.execute(
            delete(api_keys).where(api_keys.c.organization_id == organization_id, api_keys.c.created_by == user_id)
        )
        await self._connection.execute(delete(memberships).where(*_is(organization_id, user_id)))

    async def count_owners(self, organization_id: UUID) -> int:
        """How many owners there are."""
        statement = (
            select(func.count())
            .select_from(memberships)
            .where(memberships.c.organization_id == organization_id, memberships.c.role == Role.OWNER)
        )
        return int(await self._connection.scalar(statement) or 0)

    async def owned_alone(self, user_id: UUID) -> tuple[list[UUID], list[UUID]]:
        """The organizations whose only owner is the user: those with other members, and those without.

        All that the user owns are locked: of two owners who leave at once, the second one sees that the first is gone.
        """
        mine = select(memberships.c.organization_id).where(
            memberships.c.user_id == user_id, memberships.c.role == Role.OWNER
        )
        locked = select(organizations.c.id).where(organizations.c.id.in_(mine)).order_by(organizations.c.id)
        await self._connection.execute(locked.with_for_update())
        owners = func.count().filter(memberships.c.role == Role.OWNER)
        owned = func.bool_or((memberships.c.user_id == user_id) & (memberships.c.role == Role.OWNER))
        statement = (
            select(memberships.c.organization_id, func.count())
            .group_by(memberships.c.organization_id)
            .having(owned, owners == 1)
        )
        rows = (await self._connection.execute(statement)).all()
        return [key for key, count in rows if count > 1], [key for key, count in rows if count == 1]

    async def run_in_flight(self, organization_id: UUID) -> UUID | None:
        """A run of the organization that is queued or running."""
        statement = select(runs.c.id).where(runs.c.organization_id == organization_id, text(IN_FLIGHT)).limit(1)
        found: UUID | None = await self._connection.scalar(statement)
        return found

    def visible(self) -> ColumnElement[bool]:
        """An organization is in the scope by its own id."""
        if self._scope.platform:
            return organizations.c.id.is_not(None)
        return organizations.c.id.in_(self._scope.organizations)

    def _members(self, organization_id: UUID) -> Select[*tuple[Any, ...]]:
        return (
            select(*MEMBER_COLUMNS)
            .join(users, users.c.id == memberships.c.user_id)
            .where(memberships.c.organization_id == organization_id)
        )


def _is(organization_id: UUID, user_id: UUID) -> list[ColumnElement[bool]]:
    return [memberships.c.organization_id == organization_id, memberships.c.user_id == user_id]
