"""The embedded ClickHouse engine (chDB) in a process of its own, behind ClickHouse's HTTP interface.

``python -m server.stack.clickhouse_http --path <folder> --listen 127.0.0.1:8123`` serves what ClickHouse's own clients
ask of a server: a query in ``query`` or in the body, data after an INSERT in the body, ``param_*``, ``database``,
``default_format``, settings as further parameters, ``/ping``. So one client serves the embedded engine and a server.

What is different from a server: there is one user; sessions are not kept (each request starts with the same settings);
a query whose client goes away is killed, whatever it does; answers are never compressed, because they stay on the
machine; rows come in pieces for the formats of ``PIECEWISE``, and as a whole for the others.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import base64
import binascii
import faulthandler
import hmac
import json
import logging
import os
import re
import secrets
import signal
import sys
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlencode
from xml.sax.saxutils import escape as xml_escape

import pyarrow as pa
from aiohttp import web

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

log = logging.getLogger(__name__)

DATABASE = "thedata"
USER = "thedata"
PASSWORD_VARIABLE = "THEDATA_CLICKHOUSE_PASSWORD"  # noqa: S105 - the name of a variable
CONNECTIONS = 6  # queries at once
WAITING = 64  # further requests that wait for one of them
WAIT_SECONDS = 60.0
BODY_SECONDS = 120.0  # without a byte from the client
MEMORY_BYTES = 2 << 30
QUERY_BYTES = 64 << 20  # the most that a statement may have without its data
HEAD_BYTES = 256 << 10  # within which an INSERT's statement ends, where data follows it
PIECE_BYTES = 1 << 20
STOP_SECONDS = 8.0
KILL_EVERY_SECONDS = 0.25

# Of these formats pieces put together are one answer.
PIECEWISE = frozenset(
    ("Native", "TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "CSV", "RowBinary", "JSONEachRow", "ArrowStream")
)
TYPES = {"JSON": "application/json", "ArrowStream": "application/vnd.apache.arrow.stream"}
# The parameters of the interface that are no settings of the engine.
RESERVED = frozenset(
    ("query", "database", "default_format", "user", "password", "query_id", "session_id", "session_timeout",
     "session_check", "quota_key", "compress", "decompress", "buffer_size", "role", "client_protocol_version",
     "wait_end_of_query", "stacktrace", "close_session")
)  # fmt: skip
SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)
READS = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(?:SELECT|WITH)\b", re.IGNORECASE | re.DOTALL)
# Quoted parts are stepped over as a whole: "format" may be the name of a column.
INSERT = re.compile(
    rb"\s*(INSERT\s+INTO\b(?:`(?:[^`\\]|\\.)*`|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^`\"'])*?)"
    rb"\bFORMAT\s+(\w+)[ \t\r]*(?:;[ \t\r]*)?(?:\n|\Z)",
    re.IGNORECASE | re.DOTALL,
)
SELECTS = re.compile(rb"\b(?:SELECT|VALUES)\b", re.IGNORECASE)
CODE = re.compile(r"Code: (\d+)\. ")
# What a server answers with by the code of the exception; 500 for all others.
STATUS = {
    60: 404, 81: 404, 47: 404, 46: 404, 115: 404, 62: 400, 36: 400, 43: 400, 53: 400, 41: 400, 6: 400, 27: 400,
    516: 403, 497: 403, 164: 403, 48: 501, 241: 500, 159: 408, 202: 503, 210: 503,
}  # fmt: skip
BASE_SETTINGS = {
    "output_format_arrow_compression_method": "none",
    "database_atomic_wait_for_drop_and_detach_synchronously": "0",
}

T = TypeVar("T")


class EngineError(Exception):
    """An error as ClickHouse tells it; ``code`` is its own number."""

    def __init__(self, message: str) -> None:
        start = message.find("Code: ")
        self.message = message[start:] if start >= 0 else message
        found = CODE.match(self.message)
        self.code = int(found[1]) if found else 1001
        super().__init__(self.message)

    @classmethod
    def of(cls, code: int, text: str, name: str) -> EngineError:
        """Make an error that the interface raises itself."""
        return cls(f"Code: {code}. DB::Exception: {text}. ({name})")


class _Streaming(Protocol):
    """A running statement that must be ended before its connection takes another."""

    def cancel(self) -> None:
        """End it."""


@dataclass(slots=True)
class Session:
    """One connection of the engine. Its calls run in the engine's threads, one after the other.

    ``tag`` is the ``log_comment`` by which another connection finds, and kills, what runs here.
    """

    engine: Engine
    connection: Connection
    tag: str = ""
    _database: str = ""
    _applied: dict[str, str] = field(default_factory=dict)
    _running: _Streaming | None = None

    async def prepare(self, database: str, settings: dict[str, str]) -> None:
        """Set what a request asks for, and take back what the one before it had set."""
        self.tag = settings.get("log_comment") or secrets.token_hex(8)
        wanted = BASE_SETTINGS | settings | {"log_comment": self.tag}

        def apply() -> None:
            changes = [f"{name} = DEFAULT" for name in self._applied.keys() - wanted.keys()]
            changes += [f"{n} = {quoted(v)}" for n, v in wanted.items() if self._applied.get(n) != v]
            # Before the statement: whatever a refused one has set must be taken back as well.
            self._applied = dict.fromkeys(self._applied, "") | wanted
            self.connection.query(f"SET {', '.join(changes)}", "TabSeparated")
            self._applied = wanted
            if database != self._database:
                self.connection.query(f"USE {identifier(database)}", "TabSeparated")
                self._database = database

        await self.call(apply)

    async def query(self, sql: str, format_: str, params: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        """Run a statement to its end; gives the whole answer and its summary."""

        def run() -> tuple[bytes, dict[str, str]]:
            found = self.connection.query(sql, format_, params=params)
            summary = {
                "read_rows": str(found.storage_rows_read()),
                "read_bytes": str(found.storage_bytes_read()),
                "written_rows": str(found.rows_written()),
                "written_bytes": str(found.bytes_written()),
                "result_rows": str(found.rows_read()),
            }
            return found.bytes(), summary

        return await self.call(run)

    async def stream(self, sql: str, format_: str, params: dict[str, str]) -> AsyncIterator[bytes]:
        """Run a query and give its answer in pieces."""

        def begin() -> Any:
            self._running = self.connection.send_query(sql, format_, params=params)
            return self._running

        running = await self.call(begin)
        while (piece := await self.call(running.fetch)) is not None:
            yield piece.bytes()
        self._running = None

    async def insert(self, sql: str, format_: str, pieces: AsyncIterator[bytes]) -> dict[str, str]:
        """Give the engine the data of an INSERT piece by piece; gives the summary."""

        def begin() -> Any:
            self._running = self.connection.send_insert(sql, format_)
            return self._running

        inserter = await self.call(begin)
        async for piece in pieces:
            await self.call(partial(inserter.append, piece))
        done = await self.call(inserter.finish)
        self._running = None
        return {"written_rows": str(done.rows_written), "written_bytes": str(done.bytes_written)}

    async def call(self, work: Callable[[], T]) -> T:
        """Run one call of the engine in a thread; where the waiting task is cancelled, the statement is killed."""
        future = asyncio.get_running_loop().run_in_executor(self.engine.threads, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await self._kill_until(future)
            raise
        except RuntimeError as error:  # chDB has no other kind
            raise EngineError(str(error)) from error

    async def settle(self) -> None:
        """End what still runs, so that the connection can be used again."""
        running, self._running = self._running, None
        if running is not None:
            try:
                await self.call(running.cancel)
            except EngineError as error:
                log.info("a statement was ended: %s", error)

    async def _kill_until(self, future: asyncio.Future[Any]) -> None:
        while not future.done():
            await self.engine.kill(self.tag)
            await asyncio.wait({future}, timeout=KILL_EVERY_SECONDS)
        if (error := future.exception()) is not None:
            log.info("a statement was killed: %s", error)


class Engine:
    """The engine of one folder: some connections for requests, and one to kill what runs on them."""

    def __init__(self, path: Path, memory_bytes: int, backups: Path | None = None) -> None:
        self._path = path
        self._backups = backups
        self._memory = memory_bytes
        self.threads = ThreadPoolExecutor(CONNECTIONS, "clickhouse")
        self._killer_thread = ThreadPoolExecutor(1, "clickhouse-kill")
        self._free: asyncio.LifoQueue[Session] = asyncio.LifoQueue()
        self._waiting = 0
        self._killer: Connection | None = None
        self.version = ""

    async def open(self) -> None:
        """Open the folder; the first query of each kind is run here, where nobody waits for it."""
        from chdb.state.sqlitelike import Connection

        told: dict[str, object] = {"max_server_memory_usage": self._memory, "mark_cache_size": 64 << 20}
        options = urlencode({**told, "max_thread_pool_size": 500, **self._configured()})

        def connect() -> Connection:
            return Connection(f"{self._path}?{options}")

        loop = asyncio.get_running_loop()
        self._killer = await loop.run_in_executor(self._killer_thread, connect)
        # chDB's handlers of deadly signals wait for a listener that is not there when embedded: a crash would hang.
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL):
            signal.signal(number, signal.SIG_DFL)
        faulthandler.enable()
        for _ in range(CONNECTIONS):
            self._free.put_nowait(Session(self, await loop.run_in_executor(self.threads, connect)))
        async with self.session() as session:
            await session.query(f"CREATE DATABASE IF NOT EXISTS {identifier(DATABASE)} ENGINE = Atomic", "TSV", {})
            self.version = (await session.query("SELECT version()", "TSV", {}))[0].decode().strip()
            await session.query("SELECT 1 FORMAT ArrowStream", "ArrowStream", {})

    def _configured(self) -> dict[str, str]:
        """What can't be said in the address of a connection: where backups may be."""
        if self._backups is None:
            return {}
        folder = xml_escape(str(self._backups))
        with tempfile.NamedTemporaryFile("w", prefix="clickhouse-", suffix=".xml", delete=False) as file:
            file.write(f"<clickhouse><backups><allowed_path>{folder}</allowed_path></backups></clickhouse>")
        atexit.register(os.unlink, file.name)
        return {"config-file": file.name}

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """Lend a connection; raises EngineError when too many wait already."""
        if self._waiting >= WAITING:
            raise EngineError.of(202, "Too many simultaneous queries", "TOO_MANY_SIMULTANEOUS_QUERIES")
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                session = await self._free.get()
        except TimeoutError:
            raise EngineError.of(202, "Too many simultaneous queries", "TOO_MANY_SIMULTANEOUS_QUERIES") from None
        finally:
            self._waiting -= 1
        try:
            yield session
        finally:
            await asyncio.shield(self._take_back(session))

    async def kill(self, tag: str | None) -> None:
        """Kill what runs under a tag; without one, everything."""
        killer = self._killer
        assert killer is not None
        which = "1" if tag is None else f"Settings['log_comment'] = {quoted(tag)}"
        sql = f"KILL QUERY WHERE {which} ASYNC"
        await asyncio.get_running_loop().run_in_executor(self._killer_thread, killer.query, sql, "TabSeparated")

    async def close(self) -> None:
        """End what still runs, and close every connection."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + STOP_SECONDS
        while self._free.qsize() < CONNECTIONS and loop.time() < deadline:
            await self.kill(None)
            await asyncio.sleep(KILL_EVERY_SECONDS)
        for _ in range(CONNECTIONS):
            async with asyncio.timeout(STOP_SECONDS):
                session = await self._free.get()
            await loop.run_in_executor(self.threads, session.connection.close)
        if self._killer is not None:
            await loop.run_in_executor(self._killer_thread, self._killer.close)
        self.threads.shutdown()
        self._killer_thread.shutdown()

    async def _take_back(self, session: Session) -> None:
        try:
            await session.settle()
        finally:
            self._free.put_nowait(session)


class Interface:
    """ClickHouse's HTTP interface to an engine."""

    def __init__(self, engine: Engine, password: str | None) -> None:
        self._engine = engine
        self._password = password

    def application(self) -> web.Application:
        """The routes."""
        application = web.Application(client_max_size=QUERY_BYTES)
        application.router.add_get("/ping", self._ping)
        application.router.add_get("/", self._answer)
        application.router.add_post("/", self._answer)
        return application

    async def _ping(self, _request: web.Request) -> web.Response:
        return web.Response(text="Ok.\n")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        response = Answer(request)
        try:
            self._admit(request)
            async with self._engine.session() as session:
                await self._run(request, session, response)
        except EngineError as error:
            return await response.fail(error)
        return response.sent

    def _admit(self, request: web.Request) -> None:
        if self._password is None:
            return
        user, password = credentials(request)
        right = hmac.compare_digest(password.encode(), self._password.encode())
        if user not in (USER, "default") or not right:
            text = "Authentication failed: password is incorrect, or there is no user with such name"
            raise EngineError.of(516, text, "AUTHENTICATION_FAILED")

    async def _run(self, request: web.Request, session: Session, response: Answer) -> None:
        given = dict(request.query)
        pieces = body(request)
        head = given.get("query", "").encode()
        if request.content_type == "multipart/form-data":
            fields = await request.post()
            if not all(isinstance(value, str) for value in fields.values()):
                raise EngineError.of(48, "External data is not supported", "NOT_IMPLEMENTED")
            given |= {name: str(value) for name, value in fields.items()}
            head, pieces = given.get("query", "").encode(), nothing()
        params = {name.removeprefix("param_"): value for name, value in given.items() if name.startswith("param_")}
        settings = {n: v for n, v in given.items() if n not in RESERVED and not n.startswith("param_")}
        if bad := [name for name in settings if not SETTING.fullmatch(name)]:
            raise EngineError.of(115, f"Unknown setting {bad[0]!r}", "UNKNOWN_SETTING")
        await session.prepare(given.get("database") or DATABASE, settings)
        response.query_id = given.get("query_id") or session.tag
        statement = await Statement.read(head, pieces)
        default_format = given.get("default_format") or request.headers.get("X-ClickHouse-Format") or "TabSeparated"
        if statement.insert_format:
            summary = await session.insert(statement.sql, statement.insert_format, statement.data)
            await response.whole(b"", summary)
        else:
            await self._select(session, response, statement.sql, params, default_format)

    async def _select(
        self, session: Session, response: Answer, sql: str, params: dict[str, str], default_format: str
    ) -> None:
        found = FORMAT.search(sql)
        format_ = found[1] if found else default_format
        bare = sql[: found.start()] if found else sql.rstrip().removesuffix(";")
        if READS.match(sql) and format_ in PIECEWISE:
            pieces = session.stream(bare, format_, params)
            async for piece in joined(pieces) if format_ == "ArrowStream" else pieces:
                await response.piece(piece, format_)
            if response.begun or format_ != "ArrowStream":
                await response.end(format_)
                return
            # The engine gives no piece where there is no row, and a stream of Arrow begins with its schema.
            sql = f"SELECT * FROM ({bare}\n) LIMIT 0"  # noqa: S608 - the statement is the client's own
            bare = sql
        content, summary = await session.query(bare if found else sql, format_, params)
        await response.whole(content, summary, format_)


@dataclass(slots=True)
class Statement:
    """A statement, and for an INSERT with a format the data that follow it."""

    sql: str
    insert_format: str
    data: AsyncIterator[bytes]

    @classmethod
    async def read(cls, head: bytes, pieces: AsyncIterator[bytes]) -> Statement:
        """Read a statement from ``query`` and the body, as far as it is no data."""
        if head and not head.endswith(b"\n"):
            head += b"\n"
        async for piece in pieces:
            head += piece
            found = INSERT.match(head[:HEAD_BYTES])
            if found and (found.end() < len(head) or len(head) > HEAD_BYTES):
                break
            if len(head) > QUERY_BYTES:
                raise EngineError.of(62, "The statement is too long", "SYNTAX_ERROR")
        found = INSERT.match(head[:HEAD_BYTES])
        if found and not SELECTS.search(found[1]):
            return cls(found[1].decode(), found[2].decode(), chained(head[found.end() :], pieces))
        async for piece in pieces:
            head += piece
            if len(head) > QUERY_BYTES:
                raise EngineError.of(62, "The statement is too long", "SYNTAX_ERROR")
        return cls(head.decode(errors="surrogateescape").strip(), "", nothing())


class Answer:
    """A response whose head is sent with its first piece, so that an error before that has a status of its own."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._response: web.StreamResponse | None = None
        self._tag = secrets.token_hex(8)
        self.query_id = ""

    @property
    def begun(self) -> bool:
        """Whether the head has been sent."""
        return self._response is not None

    @property
    def sent(self) -> web.StreamResponse:
        """The response, which has been sent."""
        assert self._response is not None
        return self._response

    async def piece(self, content: bytes, format_: str) -> None:
        """Send a piece."""
        if self._response is None:
            response = web.StreamResponse(headers=self._headers(format_) | {"X-ClickHouse-Exception-Tag": self._tag})
            await response.prepare(self._request)
            self._response = response
        await self._response.write(content)

    async def end(self, format_: str) -> None:
        """End what was sent in pieces."""
        if self._response is None:
            await self.whole(b"", {}, format_)
        else:
            await self._response.write_eof()

    async def whole(self, content: bytes, summary: dict[str, str], format_: str = "") -> None:
        """Send an answer at once."""
        headers = self._headers(format_) | {"X-ClickHouse-Summary": json.dumps(summary)}
        await self._send(web.Response(body=content, headers=headers))

    async def fail(self, error: EngineError) -> web.StreamResponse:
        """Tell an error: by the status, or at the end of a piece of the answer as ClickHouse does."""
        if self._response is None:
            status = STATUS.get(error.code, 500)
            headers = self._headers("") | {"X-ClickHouse-Exception-Code": str(error.code)}
            await self._send(web.Response(status=status, text=error.message + "\n", headers=headers))
        else:
            text = error.message.encode()
            tag = self._tag.encode()
            frame = b"\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n" % (tag, text, len(text) + 1, tag)
            await self._response.write(frame)
            if self._request.transport is not None:
                # No regular end: whoever does not know the mark must not take the answer for whole.
                self._request.transport.close()
        return self.sent

    async def _send(self, response: web.Response) -> None:
        self._response = response
        await response.prepare(self._request)
        await response.write_eof()

    def _headers(self, format_: str) -> dict[str, str]:
        headers = {
            "Content-Type": TYPES.get(format_, "text/plain; charset=UTF-8"),
            "X-ClickHouse-Query-Id": self.query_id,
            "X-ClickHouse-Server-Display-Name": "thedata",
            "X-ClickHouse-Timezone": "UTC",
        }
        return headers | ({"X-ClickHouse-Format": format_} if format_ else {})


def credentials(request: web.Request) -> tuple[str, str]:
    """Read name and password, wherever ClickHouse's clients put them."""
    headers, query = request.headers, request.query
    if "X-ClickHouse-User" in headers or "X-ClickHouse-Key" in headers:
        return headers.get("X-ClickHouse-User", "default"), headers.get("X-ClickHouse-Key", "")
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return user, password
    return query.get("user", "default"), query.get("password", "")


async def body(request: web.Request) -> AsyncIterator[bytes]:
    """Read a request's body in pieces, decompressed."""
    decompress = decompressor(request.headers.get("Content-Encoding", "identity"))
    while piece := await _piece(request):
        if plain := decompress(piece):
            yield plain


async def _piece(request: web.Request) -> bytes:
    async with asyncio.timeout(BODY_SECONDS):
        return await request.content.read(PIECE_BYTES)


def decompressor(encoding: str) -> Callable[[bytes], bytes]:
    """Find what decompresses a body; raises EngineError for an encoding that is not known."""
    match encoding:
        case "" | "identity":
            return lambda piece: piece
        case "gzip" | "deflate":
            return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress
        case "lz4":
            import lz4.frame  # type: ignore[import-untyped]  # it ships no types

            return lz4.frame.LZ4FrameDecompressor().decompress  # type: ignore[no-any-return]
        case "zstd":
            import zstandard

            return zstandard.ZstdDecompressor().decompressobj().decompress
    raise EngineError.of(48, f"Content-Encoding {encoding!r} is not supported", "NOT_IMPLEMENTED")


async def joined(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Make one Arrow stream of many: the schema once, then everybody's batches, then one end."""
    begun = False
    async for piece in pieces:
        found = []
        for message in pa.ipc.MessageReader.open_stream(piece):
            if message.type != "schema" or not begun:
                found.append(message.serialize().to_pybytes())
            begun = True
        yield b"".join(found)
    if begun:
        yield b"\xff\xff\xff\xff\x00\x00\x00\x00"


async def chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Put a piece in front of others."""
    if first:
        yield first
    async for piece in rest:
        yield piece


async def nothing() -> AsyncIterator[bytes]:
    """No pieces."""
    empty: tuple[bytes, ...] = ()
    for piece in empty:
        yield piece


def quoted(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


async def serve(path: Path, listen: str, memory_bytes: int, password: str | None, backups: Path | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then end what runs within ``STOP_SECONDS``."""
    stop = asyncio.Event()
    engine = Engine(path, memory_bytes, backups)
    await engine.open()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # The bodies are decompressed here, because aiohttp does not know all of ClickHouse's encodings.
    runner = web.AppRunner(
        Interface(engine, password).application(), handler_cancellation=True, auto_decompress=False, access_log=None,
        shutdown_timeout=STOP_SECONDS / 4,
    )  # fmt: skip
    await runner.setup()
    await _site(runner, listen).start()
    log.info("ClickHouse %s (embedded) serves %s on %s", engine.version, path, listen)
    try:
        await stop.wait()
    finally:
        await runner.cleanup()
        await engine.close()


def _site(runner: web.AppRunner, listen: str) -> web.BaseSite:
    if listen.startswith("unix:"):
        return web.UnixSite(runner, listen.removeprefix("unix:"))
    host, _, port = listen.rpartition(":")
    return web.TCPSite(runner, host.strip("[]"), int(port))


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        description="Serve the embedded ClickHouse engine over ClickHouse's HTTP interface."
    )
    parser.add_argument("--path", type=Path, required=True, help="the folder of the data; made where it is missing")
    parser.add_argument("--listen", required=True, help="host:port, or unix:/path of a socket")
    parser.add_argument(
        "--memory", type=int, default=MEMORY_BYTES, help="the most bytes of memory that the engine takes"
    )
    parser.add_argument("--backups", type=Path, help="the folder that BACKUP and RESTORE may use; without it, none")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.Formatter.converter = time.gmtime
    given.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.umask(0o077)
    password = os.environ.get(PASSWORD_VARIABLE) or None
    asyncio.run(serve(given.path, given.listen, given.memory, password, given.backups))


if __name__ == "__main__":
    main(sys.argv[1:])
