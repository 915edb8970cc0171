"""Made of the asyncio client by tools/client_code.py: DO NOT EDIT.

The asyncio client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from thedata_client import methods, types
from thedata_client.address import Address
from thedata_client.blocking.core import Core
from thedata_client.blocking.follow import Follow
from thedata_client.blocking.history import History
from thedata_client.blocking.platform import open_channel
from thedata_client.blocking.runs import RunHandle, Tail
from thedata_client.blocking.services import (
    AdminService,
    AnalyticsService,
    AuthService,
    DataSourcesService,
    OrganizationsService,
    PipelinesService,
    UsersService,
)
from thedata_client.blocking.session import Session
from thedata_client.requests import request_of
from thedata_client.tokens import Memory, Tokens, TokenStore

SECONDS = 60.0


class Pipelines(PipelinesService):
    """Pipelines, their runs and logs."""

    def run(self, pipeline_id: str, run_id: str) -> RunHandle:
        """A run that was started before, to wait for it, watch it or stop it."""
        return RunHandle(self._core, self.get_run(pipeline_id, run_id))

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
    ) -> Tail:
        """The lines of a run's log as they are written, until the run has ended; with `follow` of later runs too.

        Arguments as of `tail_logs`; a connection that breaks, a server that restarts and lines that were left out cost
        no line and repeat none.
        """
        request = request_of(
            types.TailPipelineLogsRequest, pipeline_id=pipeline_id, run_id=run_id, min_level=min_level, after=after,
            stream=stream, text=text, since=since, from_end=from_end, follow=follow,
        )  # fmt: skip
        return Tail(Follow(self._core, methods.TAIL_PIPELINE_LOGS, request, call_timeout, endless=follow))


class Analytics(AnalyticsService):
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
    ) -> History:
        """A question about a table that a pipeline landed, or about `events` and `metrics`.

        Arguments as of `get_historical_data`. Its answer comes as rows, Arrow, Polars, pandas or a file.
        """
        fields: dict[str, Any] = {
            "table_name": table_name, "organization_id": organization_id, "columns": columns,
            "start_time": start_time, "end_time": end_time, "time_column": time_column, "filters": filters,
            "where": where, "interval": interval, "group_by": group_by, "measures": measures, "measure": measure,
            "order_by": order_by,
        }  # fmt: skip
        return History(self._core, fields, page_size, call_timeout)


class Client:
    """The platform, for asyncio.

    Give an API key (or an access token) as `token`, or e-mail and password; or neither, and call `log_in` or
    `register`. Sessions renew themselves. One client serves any number of calls at once; close it at the end, or use
    it in a `with`.

        with Client("https://data.example.com", token="...") as client:
            run = client.pipelines.start(pipeline_id)
            run.wait(progress=print)

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
        self._session = Session(self._channel, store or Memory(), token, email, password)
        self._core = Core(self._channel, self._session, timeout=call_timeout, organization=organization)
        self.auth = AuthService(self._core)
        self.users = UsersService(self._core)
        self.organizations = OrganizationsService(self._core)
        self.sources = DataSourcesService(self._core)
        self.pipelines = Pipelines(self._core)
        self.analytics = Analytics(self._core)
        self.admin = AdminService(self._core)

    @property
    def organization(self) -> str | None:
        """The organization of calls that name none."""
        return self._core.organization

    @organization.setter
    def organization(self, organization_id: str | None) -> None:
        self._core.organization = organization_id

    def register(
        self, email: str, password: str, *, full_name: str | None = None, organization_name: str | None = None
    ) -> types.Session:
        """Registers a user and calls in their name from now on; raises AlreadyExists for a taken address."""
        session = self.auth.register(email, password, full_name=full_name, organization_name=organization_name)
        return self._adopt(session)

    def log_in(self, email: str, password: str) -> types.Session:
        """Logs in and calls in that name from now on; raises InvalidCredentials."""
        return self._adopt(self.auth.login(email, password))

    def log_out(self) -> None:
        """Ends the session, on the server too."""
        self.auth.logout()
        self._session.store.write(None)

    def _adopt(self, session: types.Session) -> types.Session:
        self._session.key = None
        self._session.store.write(Tokens.of(session))
        return session

    def close(self) -> None:
        """Ends the connection; calls in flight end."""
        self._channel.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()
