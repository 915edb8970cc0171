"""User accounts, without their secrets."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select

from server.errors import NotFound
from server.paging import Page, PageRequest
from server.storage.rows import Rows
from server.storage.tables import api_keys, memberships, sessions, users
from server.users.model import User


class UserRows(Rows[User]):
    """Users: oneself and the members of the scope's organizations."""

    table, model, resource = users, User, "user"
    newest_first = False
    unique = {"uq_users_email": "email"}  # noqa: RUF012 - a class constant

    async def page_of(self, organization_id: UUID | None, request: PageRequest) -> Page[User]:
        """The users of an organization, or all in the scope, oldest first."""
        if organization_id is None:
            return await self.page(request)
        return await self.page(request, _member_of(memberships.c.organization_id == organization_id))

    async def find_registered(self, user_id: UUID | None, email: str | None) -> User:
        """Gets an active user by id or address, or raises NotFound."""
        which = users.c.id == user_id if user_id else users.c.email == email
        statement = select(*self._columns).where(which, users.c.active)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFound("user", user_id or email)
        return User(**row)

    async def end_access(self, user_id: UUID) -> None:
        """Ends a user's sessions and API keys."""
        await self._connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
        await self._connection.execute(delete(api_keys).where(api_keys.c.created_by == user_id))

    def visible(self) -> ColumnElement[bool]:
        """Oneself, and whoever shares an organization of the scope."""
        if self._scope.platform:
            return users.c.id.is_not(None)
        return or_(
            users.c.id == self._scope.user_id,
            _member_of(memberships.c.organization_id.in_(self._scope.organizations)),
        )


def _member_of(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(memberships.c.user_id).where(memberships.c.user_id == users.c.id, which).exists()
