"""A client of the store's ClickHouse, embedded or a server: bound parameters, limits, and a kill for who leaves."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import structlog

from server.analytics.errors import QueryTooLarge, QueryTooSlow, StoreUnavailable

if TYPE_CHECKING:
    from clickhouse_connect.driver.asyncclient import AsyncClient

log = structlog.get_logger("analytics")

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 3600.0
KILL_SECONDS = 1.0
TIMED_OUT = frozenset((159, 160))
TOO_LARGE = frozenset((241, 158, 396, 307, 191))
BUSY = frozenset((202, 210, 252, 394, 209, 243))
SETTINGS = {
    "async_insert": "0",  # an answer means that the rows are there
    "insert_deduplicate": "1",
    "wait_end_of_query": "1",
    "max_partitions_per_insert_block": "0",
    "mutations_sync": "2",
    "alter_sync": "2",
    "lightweight_deletes_sync": "2",
    "date_time_overflow_behavior": "throw",
    "input_format_null_as_default": "0",
    "join_use_nulls": "1",
    "date_time_output_format": "iso",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_denormals": "1",
    "output_format_json_quote_decimals": "1",
    "format_csv_null_representation": "",
    "output_format_arrow_string_as_string": "1",
    "output_format_arrow_low_cardinality_as_dictionary": "0",
    "transform_null_in": "1",
}

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Limits:
    """What one query may take."""

    seconds: float = 30.0
    memory_bytes: int = 1 << 30

    @property
    def settings(self) -> dict[str, str]:
        """As ClickHouse has them."""
        return {
            "max_execution_time": f"{self.seconds:g}",
            "timeout_before_checking_execution_speed": "0",
            "max_memory_usage": str(self.memory_bytes),
        }


DEFAULT_LIMITS = Limits()


class Clickhouse:
    """The client of one database. It connects when it is first asked, and again when it was lost."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self.database = self._url.path.strip("/") or "default"
        self._client: AsyncClient | None = None
        self._connecting = asyncio.Lock()

    async def rows(
        self, sql: str, parameters: Parameters | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> list[list[Any]]:
        """A query's rows; values as JSON has them.

        Raises:
            QueryTooSlow, QueryTooLarge: it ran into its limits.
            StoreUnavailable: nobody answers.
        """
        answer = await self._run(sql, parameters, limits, "JSONCompactEachRow")
        # A line for each row, whose texts have no line ends of their own.
        lines = answer.decode(errors="replace").rstrip("\n").replace("\n", ",")
        found: list[list[Any]] = json.loads(f"[{lines}]")
        return found

    async def execute(
        self,
        sql: str,
        parameters: Parameters | None = None,
        settings: Mapping[str, str] | None = None,
        seconds: float = 600,
    ) -> None:
        """Runs a statement without a result to its end."""
        await self._run(sql, parameters, Limits(seconds, memory_bytes=0), None, settings or {})

    async def stream(
        self, sql: str, format_: str, parameters: Parameters | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> AsyncGenerator[bytes, None]:
        """A query's answer in a format, in pieces; who leaves ends the query."""
        tag = secrets.token_hex(8)
        client = await self._connected()
        settings = {**limits.settings, "log_comment": tag, "wait_end_of_query": "0"}
        with self._translated(limits):
            try:
                async with await client.raw_stream(sql, dict(parameters or {}), settings=settings, fmt=format_) as body:
                    async for piece in body:
                        yield piece
            except (asyncio.CancelledError, GeneratorExit):
                await asyncio.shield(self._kill(client, tag))
                raise

    async def insert(self, table: str, rows: pa.Table, token: str) -> None:
        """Inserts rows; the same token again is the same rows again, and changes nothing."""
        client = await self._connected()
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as writer:
            writer.write_table(rows.combine_chunks())
        settings = {"insert_deduplication_token": token}
        with self._translated(DEFAULT_LIMITS):
            await client.raw_insert(
                table, rows.column_names, sink.getvalue().to_pybytes(), settings=settings, fmt="ArrowStream"
            )

    async def close(self) -> None:
        """Ends the connections."""
        if self._client:
            await self._client.close()
            self._client = None

    async def _run(
        self,
        sql: str,
        parameters: Parameters | None,
        limits: Limits,
        format_: str | None,
        settings: Mapping[str, str] | None = None,
    ) -> bytes:
        tag = secrets.token_hex(8)
        client = await self._connected()
        given = {**limits.settings, "log_comment": tag, **(settings or {})}
        with self._translated(limits):
            try:
                return await client.raw_query(sql, dict(parameters or {}), settings=given, fmt=format_)
            except asyncio.CancelledError:
                await asyncio.shield(self._kill(client, tag))
                raise

    async def _kill(self, client: AsyncClient, tag: str) -> None:
        from clickhouse_connect.driver.exceptions import Error

        try:
            async with asyncio.timeout(KILL_SECONDS):
                sql = "KILL QUERY WHERE user = currentUser() AND Settings['log_comment'] = {tag:String} ASYNC"
                await client.raw_query(sql, {"tag": tag})
        except (Error, OSError, TimeoutError) as error:
            # The connection is closed as well, upon which the engine ends what only reads.
            log.info("query_not_killed", error=type(error).__name__)

    async def _connected(self) -> AsyncClient:
        async with self._connecting:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    async def _connect(self) -> AsyncClient:
        import clickhouse_connect

        url = self._url
        with self._translated(DEFAULT_LIMITS):
            client = await clickhouse_connect.get_async_client(
                host=url.hostname or "127.0.0.1",
                port=url.port or (8443 if url.scheme == "https" else 8123),
                username=unquote(url.username or "default"),
                password=unquote(url.password or ""),
                secure=url.scheme == "https",
                compress=False,
                connect_timeout=CONNECT_SECONDS,
                send_receive_timeout=ANSWER_SECONDS,
                autogenerate_session_id=False,
                client_name="thedata-analytics",
                query_retries=0,
                form_encode_query_params=True,  # a thousand ids have no room in a URL
                connector_limit=64,
                connector_limit_per_host=64,
            )
            try:
                await client.raw_query(f"CREATE DATABASE IF NOT EXISTS {quote(self.database)}")
            except BaseException:
                await client.close()
                raise
        client.database = self.database
        for name, value in SETTINGS.items():
            client.set_client_setting(name, value)
        return client

    @contextmanager
    def _translated(self, limits: Limits) -> Iterator[None]:
        import aiohttp
        from clickhouse_connect.driver.exceptions import Error

        try:
            yield
        except Error as error:
            if error.code in TIMED_OUT:
                raise QueryTooSlow(limits.seconds) from error
            if error.code in TOO_LARGE:
                raise QueryTooLarge from error
            if error.code is None or error.code in BUSY:
                raise StoreUnavailable from error
            raise
        except (aiohttp.ClientError, OSError) as error:  # a timeout is an OSError
            raise StoreUnavailable from error


def quote(*names: str) -> str:
    """Quotes an identifier, of one part or of more."""
    return ".".join("`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`" for name in names)


def named(names: Sequence[str]) -> str:
    """Quotes columns."""
    return ", ".join(quote(name) for name in names)
