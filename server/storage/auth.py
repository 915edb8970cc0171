"""Accounts with their secrets, sessions, failed logins, API keys."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, exists, func, insert, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.auth.model import Account, ApiKey, Membership, Session
from server.auth.permissions import Role
from server.errors import AlreadyExists, NotFound
from server.paging import Page, PageRequest
from server.storage.rows import Rows
from server.storage.tables import api_keys, login_failures, memberships, organizations, sessions, users
from server.users.model import User

USER_COLUMNS = [column for column in users.c if column.name != "password_hash"]
SESSION_COLUMNS = [column for column in sessions.c if column.name != "created_at"]

FREE_FAILURES = 4
LONGEST_BLOCK_SECONDS = 900
FIRST_ADMIN_LOCK = 0x7DA7B


class CredentialsRows:
    """The rows behind logins; used in the platform's scope, for there is no caller yet."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_email(self, email: str) -> tuple[User, str] | None:
        """The user of an e-mail address with the password's hash."""
        row = await self._one(select(users).where(users.c.email == email))
        return (_user(row), row["password_hash"]) if row else None

    async def user(self, user_id: UUID) -> User:
        """A user, or raises NotFound."""
        row = await self._one(select(*USER_COLUMNS).where(users.c.id == user_id))
        if row is None:
            raise NotFound("user", user_id)
        return _user(row)

    async def password_hash(self, user_id: UUID) -> str:
        """The password's hash of a user."""
        return str(await self._connection.scalar(select(users.c.password_hash).where(users.c.id == user_id)))

    async def insert_user(self, user_id: UUID, email: str, full_name: str, password_hash: str, *, admin: bool) -> User:
        """Adds an account; raises AlreadyExists when the address is taken."""
        values = {
            "id": user_id,
            "email": email,
            "full_name": full_name,
            "password_hash": password_hash,
            "platform_admin": admin,
        }
        try:
            row = (await self._connection.execute(insert(users).values(**values).returning(*USER_COLUMNS))).mappings()
        except IntegrityError as error:
            raise AlreadyExists("user", "email") from error
        return _user(row.one())

    async def set_password(self, user_id: UUID, password_hash: str) -> None:
        """Replaces the password's hash."""
        await self._connection.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))

    async def has_platform_admin(self) -> bool:
        """Whether there is any platform administrator; until the transaction ends nobody else is told."""
        await self._connection.execute(select(func.pg_advisory_xact_lock(FIRST_ADMIN_LOCK)))
        return bool(await self._connection.scalar(select(exists().where(users.c.platform_admin))))

    async def memberships(self, user_id: UUID) -> list[Membership]:
        """A user's memberships, by the organizations' names."""
        rows = await self._connection.execute(
            select(memberships.c.organization_id, organizations.c.name, memberships.c.role)
            .join(organizations, organizations.c.id == memberships.c.organization_id)
            .where(memberships.c.user_id == user_id)
            .order_by(organizations.c.name, organizations.c.id)
        )
        return [Membership(organization_id, name, Role(role)) for organization_id, name, role in rows]

    async def account_of_session(self, session_id: UUID, user_id: UUID) -> Account | None:
        """The active account behind a session that is not over."""
        row = await self._one(
            select(*USER_COLUMNS, _roles_of(users.c.id))
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(
                sessions.c.id == session_id, users.c.id == user_id, users.c.active, sessions.c.expires_at > func.now()
            )
        )
        return _account(row) if row else None

    async def account_of_api_key(self, key_id: UUID) -> tuple[ApiKey, Account] | None:
        """The active account behind an API key that has not expired, with the key; notes the use."""
        key = await self._one(select(api_keys).where(api_keys.c.id == key_id, api_keys.c.expires_at > func.now()))
        if key is None:
            return None
        # To the minute, so that a busy key does not write on every call.
        await self._connection.execute(
            update(api_keys)
            .where(
                api_keys.c.id == key_id,
                func.coalesce(api_keys.c.last_used_at, text("'-infinity'")) < func.now() - text("interval '1 minute'"),
            )
            .values(last_used_at=func.now())
        )
        row = await self._one(
            select(*USER_COLUMNS, _roles_of(users.c.id)).where(users.c.id == key["created_by"], users.c.active)
        )
        return (ApiKey(**key), _account(row)) if row else None

    async def insert_session(self, session: Session) -> None:
        """Adds a session."""
        await self._connection.execute(insert(sessions).values(**asdict(session)))

    async def lock_session(self, session_id: UUID) -> Session | None:
        """Gets a session that is not over; no other transaction changes it until this one ends."""
        row = await self._one(
            select(*SESSION_COLUMNS)
            .where(sessions.c.id == session_id, sessions.c.expires_at > func.now())
            .with_for_update()
        )
        return Session(**row) if row else None

    async def advance_session(self, session_id: UUID, expires_at: datetime) -> None:
        """Starts the next generation of a session."""
        await self._connection.execute(
            update(sessions)
            .where(sessions.c.id == session_id)
            .values(generation=sessions.c.generation + 1, refreshed_at=func.clock_timestamp(), expires_at=expires_at)
        )

    async def end_sessions(self, user_id: UUID, *, only: UUID | None = None, but: UUID | None = None) -> None:
        """Ends a user's sessions: all, only one, or all but one."""
        statement = delete(sessions).where(sessions.c.user_id == user_id)
        if only:
            statement = statement.where(sessions.c.id == only)
        if but:
            statement = statement.where(sessions.c.id != but)
        await self._connection.execute(statement)

    async def blocked_until(self, email: str) -> datetime | None:
        """Until when logins for an address are refused."""
        found: datetime | None = await self._connection.scalar(
            select(login_failures.c.blocked_until).where(login_failures.c.email == email)
        )
        return found

    async def count_failure(self, email: str) -> None:
        """Counts a failed login; from the fifth on each doubles the wait, up to a quarter of an hour."""
        failures = login_failures.c.failures + 1
        wait = func.least(func.power(2, func.least(failures - FREE_FAILURES, 20)), LONGEST_BLOCK_SECONDS)
        started = postgresql.insert(login_failures).values(email=email, failures=1, blocked_until=func.now())
        await self._connection.execute(
            started.on_conflict_do_update(
                index_elements=["email"],
                set_={
                    "failures": failures,
                    "blocked_until": func.now()
                    + text("interval '1 second'")
                    * func.greatest(0, wait)
                    * (failures > FREE_FAILURES).cast(login_failures.c.failures.type),
                },
            )
        )

    async def forget_failures(self, email: str) -> None:
        """Forgets failed logins."""
        await self._connection.execute(delete(login_failures).where(login_failures.c.email == email))

    async def _one(self, statement: Any) -> RowMapping | None:
        return (await self._connection.execute(statement)).mappings().one_or_none()


class ApiKeyRows(Rows[ApiKey]):
    """API keys."""

    table, model, resource = api_keys, ApiKey, "API key"

    async def page_of(self, organization_id: UUID, request: PageRequest) -> Page[ApiKey]:
        """An organization's keys, newest first."""
        return await self.page(request, api_keys.c.organization_id == organization_id)


def _roles_of(user_id: Any) -> Any:
    pairs = func.jsonb_object_agg(memberships.c.organization_id.cast(postgresql.TEXT), memberships.c.role)
    return select(pairs).where(memberships.c.user_id == user_id).scalar_subquery().label("roles")


def _user(row: RowMapping) -> User:
    return User(**{column.name: row[column.name] for column in USER_COLUMNS})


def _account(row: RowMapping) -> Account:
    return Account(_user(row), {UUID(key): Role(role) for key, role in (row["roles"] or {}).items()})
