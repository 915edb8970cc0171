"""Connections and transactions, each bound to a scope that row-level security enforces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from server.audit import call
from server.errors import Conflict, Failure, Unavailable
from server.scope import Scope
from server.storage.statements import StatementObserver, observe

APPLICATION_ROLE = "thedata_app"  # owns nothing, so that row-level security binds it
STATEMENT_TIMEOUT_MS = 60_000
# A process that freezes in a transaction lets go of its locks before it is taken for dead.
IDLE_IN_TRANSACTION_MS = 5_000
LONGEST_SECONDS = 70.0

_ENTER = text(
    "SELECT set_config('app.user_id', :user_id, true), set_config('app.organizations', :organizations, true),"
    " set_config('app.platform', :platform, true), set_config('app.audit', :audit, true)"
)


class Database:
    """The platform's PostgreSQL.

    A transaction that takes longer than ``longest_seconds`` is given up, because its connection may be one that a
    firewall has forgotten: nobody would ever say so.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        application_name: str = "thedata",
        longest_seconds: float = LONGEST_SECONDS,
        observer: StatementObserver | None = None,
    ) -> None:
        self.url = url
        self._pool_limit = 2 * pool_size
        self._longest_seconds = longest_seconds
        self._engine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=10,
            hide_parameters=True,
            connect_args={
                "timeout": 10,
                "server_settings": {
                    "role": APPLICATION_ROLE,
                    "application_name": application_name,
                    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                    "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_MS),
                },
            },
        )
        event.listen(self._engine.sync_engine, "checkout", _require_open)
        if observer:
            observe(self._engine, observer)

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are in use, and the most that may be."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedout(), self._pool_limit

    @property
    def engine(self) -> AsyncEngine:
        """The pool beneath."""
        return self._engine

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncIterator[AsyncConnection]:
        """Opens a transaction in which only the scope's rows exist; commits at the end unless it raises."""
        with translated():
            async with self._in_time(), self._engine.begin() as connection:
                await connection.execute(
                    _ENTER,
                    {
                        "user_id": str(scope.user_id or ""),
                        "organizations": ",".join(map(str, sorted(scope.organizations))),
                        "platform": "on" if scope.platform else "",
                        "audit": call.told(),
                    },
                )
                yield connection

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._longest_seconds):
                yield
        except TimeoutError:
            # The others of the pool are as old, and may be as dead: each would take as long to find out.
            await self._engine.dispose(close=False)
            raise

    async def listen(self, channels: Sequence[str], callback: Callable[[str], None]) -> asyncpg.Connection[Any]:
        """Opens a connection of its own that calls back with each notification's payload, or with its channel."""
        connection = await asyncpg.connect(self.url, timeout=10)
        try:
            for channel in channels:
                await connection.add_listener(channel, lambda _c, _pid, name, payload: callback(str(payload or name)))
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def close(self) -> None:
        """Closes every connection."""
        await self._engine.dispose()


def _require_open(connection: Any, _record: object, _proxy: object) -> None:
    # The driver knows which connections the server has ended; SQLAlchemy's own ping asks, in three round trips.
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


class translated:  # noqa: N801 - reads as a statement: `with translated():`
    """Turns a driver's error into a failure by SQLSTATE; what it does not know stays a bug."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, Failure) or error is None:
            return
        if isinstance(
            error, (TimeoutError, OSError, asyncpg.InterfaceError, asyncpg.InternalClientError, PoolExhausted)
        ):
            raise Unavailable from error
        if isinstance(error, DBAPIError):
            state = sqlstate(error)
            if state in {"40001", "40P01", "55P03"}:
                raise Conflict from error
            if error.connection_invalidated or state == "25P03" or state[:2] in {"08", "57", "53"}:
                raise Unavailable from error


def sqlstate(error: DBAPIError) -> str:
    """The error's SQLSTATE; empty where the driver gave none."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def violated_constraint(error: DBAPIError) -> str:
    """The name of the constraint that an IntegrityError broke; empty where none was named."""
    cause = error.orig.__cause__ if error.orig else None
    return str(getattr(cause, "constraint_name", None) or "")
