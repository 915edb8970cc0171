"""The rules of accounts, sessions and API keys."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from uuid import UUID

from server.audit import call
from server.auth import tokens
from server.auth.errors import InvalidCredentials, InvalidRefreshToken, Unauthenticated
from server.auth.model import ApiKey, Membership, Session, Tokens
from server.auth.passwords import Passwords
from server.auth.permissions import Caller, Role
from server.auth.ports import Store
from server.auth.remembered import Remembered
from server.auth.tokens import AccessTokens, RefreshTokens
from server.clock import now
from server.errors import LimitReached, PermissionDenied
from server.ids import new_id
from server.organizations.model import Organization
from server.paging import Page, PageRequest
from server.scope import Scope
from server.users.model import User

REUSE_WINDOW = timedelta(seconds=10)
DEFAULT_KEY_LIFETIME = timedelta(days=90)


class LogoutScope(Enum):
    """Which sessions a logout ends."""

    THIS = "this"
    OTHERS = "others"
    ALL = "all"


@dataclass(frozen=True)
class FirstAdmin:
    """The first platform administrator, with the password where it was made here."""

    email: str
    password: str | None


class AuthService:
    """Registers, logs in, refreshes, logs out, and tells who bears a token."""

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        access_tokens: AccessTokens,
        refresh_tokens: RefreshTokens,
        session_lifetime: timedelta,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._access = access_tokens
        self._refresh = refresh_tokens
        self._session_lifetime = session_lifetime
        self._administrators = Remembered()

    def take_up(self, access_token_seconds: int, session_lifetime: timedelta) -> None:
        """Goes by other lifetimes: of tokens from now on, of sessions from their next login or refresh."""
        self._access.lifetime_seconds = access_token_seconds
        self._session_lifetime = session_lifetime

    async def register(self, email: str, password: str, full_name: str, organization_name: str) -> Tokens:
        """Adds a user as owner of a first organization, and logs them in.

        Raises:
            AlreadyExists: the address is taken.
        """
        password_hash = await self._passwords.hash(password)
        session = self._new_session(new_id())
        call.known(session.user_id)
        organization = organization_of(organization_name or f"{full_name or email.split('@')[0]}'s organization")
        async with self._store.begin(Scope.everything()) as tx:
            user = await tx.credentials.insert_user(
                session.user_id, email.lower(), full_name, password_hash, admin=False
            )
            await tx.organizations.insert(organization)
            await tx.organizations.add_member(organization.id, user.id, Role.OWNER)
            await tx.credentials.insert_session(session)
        return self._tokens(user, session)

    async def login(self, email: str, password: str) -> Tokens:
        """Logs in; every cause of failure looks and takes the same.

        Raises:
            InvalidCredentials: unknown address, wrong password or disabled account.
            LimitReached: too many failures of late for this address.
        """
        email = email.lower()
        async with self._store.begin(Scope.everything()) as tx:
            blocked_until = await tx.credentials.blocked_until(email)
            found = await tx.credentials.by_email(email)
        if blocked_until and blocked_until > now():
            wait = blocked_until - now()
            raise LimitReached("failed_logins", "Too many failed logins for this address; wait and try again.", wait)
        user, password_hash = found or (None, None)
        if user:
            call.concerns("user", user.id)
        matches = await self._passwords.verify(password_hash, password)
        if user is None or password_hash is None or not matches or not user.active:
            async with self._store.begin(Scope.everything()) as tx:
                await tx.credentials.count_failure(email)
            raise InvalidCredentials
        call.known(user.id)
        session = self._new_session(user.id)
        renewed = await self._passwords.hash(password) if self._passwords.outdated(password_hash) else None
        async with self._store.begin(Scope.everything()) as tx:
            if renewed:
                await tx.credentials.set_password(user.id, renewed)
            await tx.credentials.forget_failures(email)
            await tx.credentials.insert_session(session)
        return self._tokens(user, session)

    async def refresh(self, refresh_token: str) -> Tokens:
        """Exchanges a refresh token; a late reuse ends the session for good.

        Raises:
            InvalidRefreshToken: not ours, used, or its session is over.
        """
        read = self._refresh.read(refresh_token)
        if read is None:
            raise InvalidRefreshToken
        session_id, generation = read
        call.concerns("session", session_id)
        async with self._store.begin(Scope.everything()) as tx:
            session = await tx.credentials.lock_session(session_id)
            account = await tx.credentials.account_of_session(session.id, session.user_id) if session else None
            lost_answer = (
                session is not None
                and generation == session.generation - 1
                and now() - session.refreshed_at < REUSE_WINDOW
            )
            if session and account and generation == session.generation:
                await tx.credentials.advance_session(session.id, now() + self._session_lifetime)
                generation += 1
            elif session and account and lost_answer:
                generation = session.generation
            elif session:
                # Committed although the call fails: a thief and the victim both hold this session's tokens.
                await tx.credentials.end_sessions(session.user_id, only=session.id)
                account = None
        if session is None or account is None:
            raise InvalidRefreshToken
        return Tokens(
            self._access.issue(account.user.id, session_id, now()),
            self._access.lifetime_seconds,
            self._refresh.issue(session_id, generation),
            account.user,
        )

    async def authenticate(self, token: str) -> Caller:
        """Tells who bears an access token or API key, as of now: roles are read, not trusted from the token.

        Raises:
            Unauthenticated: the token is not valid, or its session, key or account is gone.
        """
        if token.startswith(tokens.API_KEY_PREFIX):
            return await self._bearer_of_key(token)
        claims = self._access.read(token)
        if claims is None:
            raise Unauthenticated
        async with self._store.begin(Scope.everything()) as tx:
            account = await tx.credentials.account_of_session(claims.session_id, claims.user_id)
        if account is None:
            self._administrators.forget(claims.session_id)
            call.known(claims.user_id)
            raise Unauthenticated
        caller = Caller(
            claims.user_id,
            account.memberships,
            account.user.platform_admin,
            session_id=claims.session_id,
            expires_at=claims.expires_at,
        )
        self._administrators.note(caller)
        return caller

    def remembered(self, token: str) -> Caller | None:
        """The platform administrator whose valid access token was confirmed here within the last minute; else None.

        For who must tell what is wrong while the database can't be asked, and for nothing else.
        """
        claims = self._access.read(token)
        return self._administrators.recall(claims.session_id) if claims else None

    async def renew(self, caller: Caller) -> Caller:
        """A caller of a call that lasts, as of now. The session counts, not the token, which ends before it.

        Raises:
            Unauthenticated: the session, key or account is gone.
        """
        async with self._store.begin(Scope.everything()) as tx:
            if caller.session_id is not None:
                account = await tx.credentials.account_of_session(caller.session_id, caller.user_id)
            else:
                assert caller.api_key_id is not None
                found = await tx.credentials.account_of_api_key(caller.api_key_id)
                account = found[1] if found else None
        if account is None:
            raise Unauthenticated
        known = {key: role for key, role in account.memberships.items() if key in caller.memberships}
        memberships = {key: min(role, caller.memberships[key]) for key, role in known.items()}
        admin = caller.platform_admin and account.user.platform_admin
        return replace(caller, memberships=memberships, platform_admin=admin)

    async def current_user(self, caller: Caller) -> tuple[User, list[Membership]]:
        """The calling user and their memberships, for an API key only that of its organization."""
        async with self._store.begin(caller.scope) as tx:
            memberships = await tx.credentials.memberships(caller.user_id)
        async with self._store.begin(Scope.everything()) as tx:
            user = await tx.credentials.user(caller.user_id)
        return user, [m for m in memberships if m.organization_id in caller.memberships]

    async def logout(self, caller: Caller, scope: LogoutScope) -> None:
        """Ends the caller's sessions; their access tokens stop working at once."""
        async with self._store.begin(caller.scope) as tx:
            only = caller.session_id if scope is LogoutScope.THIS else None
            but = caller.session_id if scope is LogoutScope.OTHERS else None
            if caller.session_id or scope is LogoutScope.ALL:
                await tx.credentials.end_sessions(caller.user_id, only=only, but=but)
        self._administrators.forget_user(caller.user_id)

    async def change_password(self, caller: Caller, current: str, new: str) -> None:
        """Replaces the password and ends the user's other sessions.

        Raises:
            InvalidCredentials: the current password is wrong.
        """
        async with self._store.begin(caller.scope) as tx:
            stored = await tx.credentials.password_hash(caller.user_id)
        if caller.session_id is None or not await self._passwords.verify(stored, current):
            raise InvalidCredentials
        renewed = await self._passwords.hash(new)
        async with self._store.begin(caller.scope) as tx:
            await tx.credentials.set_password(caller.user_id, renewed)
            await tx.credentials.end_sessions(caller.user_id, but=caller.session_id)
        self._administrators.forget_user(caller.user_id)

    async def create_api_key(
        self, caller: Caller, organization: UUID | None, name: str, role: Role, lifetime: timedelta | None
    ) -> tuple[ApiKey, str]:
        """Makes an API key and returns it with its secret, which is not stored.

        Raises:
            PermissionDenied: the role is above the caller's own.
        """
        organization_id = caller.organization(organization)
        if not caller.platform_admin and role > caller.memberships[organization_id]:
            raise PermissionDenied(caller.permission, "A key's role can't be above your own.")
        key_id = new_id()
        secret, secret_hash = tokens.new_api_key(key_id)
        created = now()
        key = ApiKey(
            key_id,
            organization_id,
            caller.user_id,
            name,
            role,
            secret_hash,
            created + (lifetime or DEFAULT_KEY_LIFETIME),
            created,
        )
        async with self._store.begin(caller.scope) as tx:
            return await tx.api_keys.insert(key), secret

    async def list_api_keys(self, caller: Caller, organization: UUID | None, request: PageRequest) -> Page[ApiKey]:
        """An organization's API keys, newest first."""
        organization_id = caller.organization(organization)
        async with self._store.begin(caller.scope) as tx:
            return await tx.api_keys.page_of(organization_id, request)

    async def delete_api_key(self, caller: Caller, key_id: UUID) -> None:
        """Deletes an API key; it stops working at once."""
        async with self._store.begin(caller.scope) as tx:
            caller.authorize((await tx.api_keys.get(key_id)).organization_id)
            await tx.api_keys.delete(key_id)

    async def ensure_platform_admin(self, email: str | None, password: str | None) -> FirstAdmin | None:
        """Makes the first platform administrator unless there is one; a password is made where none is given."""
        async with self._store.begin(Scope.everything()) as tx:
            if await tx.credentials.has_platform_admin():
                return None
            made = None if password else secrets.token_urlsafe(15)
            address = (email or "admin@thedata.local").lower()
            password_hash = await self._passwords.hash(password or made or "")
            await tx.credentials.insert_user(new_id(), address, "Platform administrator", password_hash, admin=True)
        return FirstAdmin(address, made)

    async def _bearer_of_key(self, secret: str) -> Caller:
        read = tokens.read_api_key(secret)
        if read is None:
            raise Unauthenticated
        key_id, secret_hash = read
        async with self._store.begin(Scope.everything()) as tx:
            found = await tx.credentials.account_of_api_key(key_id)
        if found is None or not hmac.compare_digest(found[0].secret_hash, secret_hash):
            if found:
                # Whose key it is said to be; who sends it is not known.
                call.known(None, key_id)
            raise Unauthenticated
        key, account = found
        creator_role = account.memberships.get(key.organization_id)
        if creator_role is None:
            call.known(key.created_by, key.id)
            raise Unauthenticated
        role = Role(min(key.role, creator_role))
        return Caller(key.created_by, {key.organization_id: role}, api_key_id=key.id)

    def _new_session(self, user_id: UUID) -> Session:
        created = now()
        return Session(new_id(), user_id, 0, created, created + self._session_lifetime)

    def _tokens(self, user: User, session: Session) -> Tokens:
        return Tokens(
            self._access.issue(user.id, session.id, now()),
            self._access.lifetime_seconds,
            self._refresh.issue(session.id, session.generation),
            user,
        )


def organization_of(name: str, description: str = "") -> Organization:
    """A new organization."""
    created = now()
    return Organization(new_id(), name, description, created, created, 1)
