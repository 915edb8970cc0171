"""The asyncio client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from thedata_client import methods, types
from thedata_client.address import Address
from thedata_client.aio.core import AsyncCore
from thedata_client.aio.follow import AsyncFollow
from thedata_client.aio.history import AsyncHistory
from thedata_client.aio.platform import open_channel
from thedata_client.aio.runs import AsyncRunHandle, AsyncTail
from thedata_client.aio.services import (
    AsyncAdminService,
    AsyncAnalyticsService,
    AsyncAuthService,
    AsyncDataSourcesService,
    AsyncOrganizationsService,
    AsyncPipelinesService,
    AsyncUsersService,
)
from thedata_client.aio.session import AsyncSession
from thedata_client.requests import request_of
from thedata_client.tokens import Memory, Tokens, TokenStore

SECONDS = 60.0


class AsyncPipelines(AsyncPipelinesService):
    """Pipelines, their runs and logs."""

    async def run(self, pipeline_id: str, run_id: str) -> AsyncRunHandle:
        """A run that was started before, to wait for it, watch it or stop it."""
        return AsyncRunHandle(self._core, await self.get_run(pipeline_id, run_id))

    def tail(
        self,
        pipeline_id: str,
        *,
        run_id: str | None = None,
        min_level: types.LogLevel.ValueType | str | None = None,
        after: str | None = None,
        stream: str | None = None,
        text: str | None = None,
        since: datetime | None = None,
        from_end: bool | None = None,
        follow: bool = False,
        call_timeout: float | None = None,
    ) -> AsyncTail:
        """The lines of a run's log as they are written, until the run has ended; with `follow` of later runs too.

        Arguments as of `tail_logs`; a connection that breaks, a server that restarts and lines that were left out cost
        no line and repeat none.
        """
        request = request_of(
            types.TailPipelineLogsRequest, pipeline_id=pipeline_id, run_id=run_id, min_level=min_level, after=after,
            stream=stream, text=text, since=since, from_end=from_end, follow=follow,
        )  # fmt: skip
        return AsyncTail(AsyncFollow(self._core, methods.TAIL_PIPELINE_LOGS, request, call_timeout, endless=follow))


class AsyncAnalytics(AsyncAnalyticsService):
    """Metrics, events, live views and the history of what landed."""

    def history(
        self,
        table_name: str,
        *,
        organization_id: str | None = None,
        columns: Sequence[str] | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        time_column: str | None = None,
        filters: Sequence[types.Filter] | None = None,
        where: Sequence[str] | None = None,
        interval: timedelta | None = None,
        group_by: Sequence[str] | None = None,
        measures: Sequence[types.Measure] | None = None,
        measure: Sequence[str] | None = None,
        order_by: Sequence[str] | None = None,
        page_size: int | None = None,
        call_timeout: float | None = None,
    ) -> AsyncHistory:
        """A question about a table that a pipeline landed, or about `events` and `metrics`.

        Arguments as of `get_historical_data`. Its answer comes as rows, Arrow, Polars, pandas or a file.
        """
        fields: dict[str, Any] = {
            "table_name": table_name, "organization_id": organization_id, "columns": columns,
            "start_time": start_time, "end_time": end_time, "time_column": time_column, "filters": filters,
            "where": where, "interval": interval, "group_by": group_by, "measures": measures, "measure": measure,
            "order_by": order_by,
        }  # fmt: skip
        return AsyncHistory(self._core, fields, page_size, call_timeout)


class AsyncClient:
    """The platform, for asyncio.

    Give an API key (or an access token) as `token`, or e-mail and password; or neither, and call `log_in` or
    `register`. Sessions renew themselves. One client serves any number of calls at once; close it at the end, or use
    it in a `with`.

        async with AsyncClient("https://data.example.com", token="...") as client:
            run = await client.pipelines.start(pipeline_id)
            await run.wait(progress=print)

    Args:
        address: `https://host[:port]`, `http://host[:port]`, or `host:port`: TLS unless it is this machine.
        token: An API key or an access token.
        email: Who logs in, with `password`.
        password: Their password; it is kept in memory, to log in again when the session is over.
        organization: The organization's id, for calls that name none; needed by who belongs to several.
        ca_file: The certificates to trust, as PEM; None: the system's.
        call_timeout: Seconds that a call may take which names no time of its own; None: no end.
        store: Where the session's tokens are kept; None: in memory.

    Raises:
        ValueError: the address is none.
        OSError: the file of certificates can't be read.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        email: str | None = None,
        password: str | None = None,
        organization: str | None = None,
        ca_file: str | Path | None = None,
        call_timeout: float | None = SECONDS,
        store: TokenStore | None = None,
    ) -> None:
        if token is not None and email is not None:
            raise ValueError("Give a token, or e-mail and password, not both.")
        if (email is None) != (password is None):
            raise ValueError("E-mail and password go together.")
        self._channel = open_channel(Address.parse(address, ca_file))
        self._session = AsyncSession(self._channel, store or Memory(), token, email, password)
        self._core = AsyncCore(self._channel, self._session, timeout=call_timeout, organization=organization)
        self.auth = AsyncAuthService(self._core)
        self.users = AsyncUsersService(self._core)
        self.organizations = AsyncOrganizationsService(self._core)
        self.sources = AsyncDataSourcesService(self._core)
        self.pipelines = AsyncPipelines(self._core)
        self.analytics = AsyncAnalytics(self._core)
        self.admin = AsyncAdminService(self._core)

    @property
    def organization(self) -> str | None:
        """The organization of calls that name none."""
        return self._core.organization

    @organization.setter
    def organization(self, organization_id: str | None) -> None:
        self._core.organization = organization_id

    async def register(
        self, email: str, password: str, *, full_name: str | None = None, organization_name: str | None = None
    ) -> types.Session:
        """Registers a user and calls in their name from now on; raises AlreadyExists for a taken address."""
        session = await self.auth.register(email, password, full_name=full_name, organization_name=organization_name)
        return self._adopt(session)

    async def log_in(self, email: str, password: str) -> types.Session:
        """Logs in and calls in that name from now on; raises InvalidCredentials."""
        return self._adopt(await self.auth.login(email, password))

    async def log_out(self) -> None:
        """Ends the session, on the server too."""
        await self.auth.logout()
        self._session.store.write(None)

    def _adopt(self, session: types.Session) -> types.Session:
        self._session.key = None
        self._session.store.write(Tokens.of(session))
        return session

    async def close(self) -> None:
        """Ends the connection; calls in flight end."""
        await self._channel.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()
