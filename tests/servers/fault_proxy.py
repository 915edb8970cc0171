"""A TCP proxy that breaks connections the way a test wants it: at what is said, or as bad networks do."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

PIECE = 1 << 16
LONGEST_PATTERN = 256
AHEAD = 64  # pieces that a direction takes in before it makes the sender wait
MOST_BEFORE_RESET = 300_000
RESET = struct.pack("ii", 1, 0)  # of SO_LINGER: closing says that the connection broke


class Side(Enum):
    """Who says something."""

    CLIENT = "client"
    SERVER = "server"


class Action(Enum):
    """What happens at a pattern."""

    HOLD = "hold"
    PASS_AND_HOLD = "pass and hold"
    CUT = "cut"
    WATCH = "watch"


@dataclass(eq=False)
class Rule:
    """What the proxy does, once, when it is about to pass ``pattern`` on.

    ``since`` must have been said by the client on the same connection before.
    """

    pattern: bytes
    side: Side
    since: bytes
    action: Action
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    passed: int = 0  # bytes that this side had said before on that connection
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Lets what is held go on."""
        self._released.set()

    async def released(self) -> None:
        """Waits until it is let go."""
        await self._released.wait()


class FaultProxy:
    """Passes connections on to one server.

    ``latency``: seconds by which each piece comes later, in both directions. ``reset_share``: how many of the
    connections (0 to 1) break after some bytes. ``down``: who connects is sent away.
    """

    def __init__(self, host: str, port: int, *, seed: int = 0) -> None:
        self._to = (host, port)
        self._chance = random.Random(seed)
        self._rules: list[Rule] = []
        self._connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self.speaking = asyncio.Event()
        self.speaking.set()
        self.latency = 0.0
        self.reset_share = 0.0
        self.down = False
        self.accepted = 0
        self.resets = 0

    async def __aenter__(self) -> FaultProxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=PIECE)
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._server
        self._server.close()
        self.reset()
        await asyncio.gather(*(connection.ended.wait() for connection in self._connections))

    @property
    def port(self) -> int:
        """Where clients come to."""
        assert self._server
        return int(self._server.sockets[0].getsockname()[1])

    def url(self, url: str) -> str:
        """The URL of the server with the proxy in its place."""
        parts = urlsplit(url)
        login = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{self.port}"))

    def hold(self, pattern: bytes, *, side: Side = Side.CLIENT, since: bytes = b"") -> Rule:
        """Keeps the piece with the pattern, and what this side says after it, until it is released."""
        return self._add(Rule(pattern, side, since, Action.HOLD))

    def pass_and_hold(self, pattern: bytes, *, side: Side = Side.CLIENT, since: bytes = b"") -> Rule:
        """Passes the piece with the pattern on, and keeps what this side says after it until it is released."""
        return self._add(Rule(pattern, side, since, Action.PASS_AND_HOLD))

    def cut(self, pattern: bytes, *, side: Side = Side.CLIENT, since: bytes = b"") -> Rule:
        """Breaks the connection instead of passing the pattern on."""
        return self._add(Rule(pattern, side, since, Action.CUT))

    def watch(self, pattern: bytes, *, side: Side = Side.CLIENT, since: bytes = b"") -> Rule:
        """Only tells that the pattern has come by."""
        return self._add(Rule(pattern, side, since, Action.WATCH))

    def reset(self) -> None:
        """Breaks every connection."""
        for connection in list(self._connections):
            connection.reset()

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Breaks every connection, and takes no new one for a while."""
        self.down = True
        self.reset()
        try:
            yield
        finally:
            self.down = False

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Passes nothing on for a while, and tells nobody, as a network that drops every packet."""
        self.speaking.clear()
        try:
            yield
        finally:
            self.speaking.set()

    def forget(self) -> None:
        """Never passes anything on again on the connections of now, and tells nobody, as a firewall after a restart."""
        for connection in self._connections:
            connection.speaking = asyncio.Event()

    def _add(self, rule: Rule) -> Rule:
        self._rules.append(rule)
        return rule

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self.down:
            _break(writer)
            return
        doomed = self._chance.randrange(MOST_BEFORE_RESET) if self._chance.random() < self.reset_share else None
        connection = _Connection(self, reader, writer, doomed)
        self._connections.add(connection)
        try:
            await connection.carry(*self._to)
        finally:
            self._connections.discard(connection)
            connection.ended.set()

    @property
    def sinces(self) -> set[bytes]:
        """What connections must listen for, to know which rules hold for them."""
        return {rule.since for rule in self._rules if rule.since}

    def rules_for(self, side: Side) -> list[Rule]:
        """The rules that nobody has met yet."""
        return [rule for rule in self._rules if rule.side is side and not rule.reached.is_set()]


class _Connection:
    """One connection through the proxy."""

    def __init__(
        self, proxy: FaultProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, doomed: int | None
    ) -> None:
        self._proxy = proxy
        self._reader, self._writer = reader, writer
        self._upstream: asyncio.StreamWriter | None = None
        self._doomed = doomed
        self._said: set[bytes] = set()  # by the client, of what rules have as ``since``
        self._bytes = 0
        self._carrying: asyncio.Task[None] | None = None
        self.speaking = proxy.speaking
        self.ended = asyncio.Event()

    async def carry(self, host: str, port: int) -> None:
        """Passes on in both directions until one side has ended, or the connection is broken."""
        self._carrying = asyncio.current_task()
        with suppress(OSError, asyncio.CancelledError):
            await self.speaking.wait()
            reader, self._upstream = await asyncio.open_connection(host, port, limit=PIECE)
            directions = [
                asyncio.create_task(self._pass_on(Side.CLIENT, self._reader, self._upstream)),
                asyncio.create_task(self._pass_on(Side.SERVER, reader, self._writer)),
            ]
            try:
                await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in directions:
                    task.cancel()
                await asyncio.gather(*directions, return_exceptions=True)
        # What one side has said before it ended is not held back from the other; what a rule holds is.
        for writer in (self._writer, self._upstream):
            if writer is not None:
                writer.close()

    def reset(self) -> None:
        """Breaks the connection: both sides are told so."""
        for writer in (self._writer, self._upstream):
            if writer is not None:
                _break(writer)
        if self._carrying:
            self._carrying.cancel()

    async def _pass_on(self, side: Side, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(AHEAD)
        writing = asyncio.create_task(self._write(side, queue, writer))
        try:
            # Reads on while something is held, so that the end of a killed client is seen.
            while piece := await reader.read(PIECE):
                self._bytes += len(piece)
                if self._doomed is not None and self._bytes > self._doomed:
                    self._proxy.resets += 1
                    self.reset()
                    return
                if writing.done():
                    return
                await queue.put((time.monotonic() + self._proxy.latency, piece))
            if side is Side.SERVER:
                # What a server says before it goes, such as why.
                said = asyncio.create_task(queue.join())
                await asyncio.wait({said, writing}, return_when=asyncio.FIRST_COMPLETED)
                said.cancel()
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, side: Side, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        before, passed = b"", 0
        while True:
            due, piece = await queue.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self.speaking.wait()
            rule = self._rule(side, before, piece)
            if rule:
                rule.passed = passed
                rule.reached.set()
                if rule.action is Action.CUT:
                    self.reset()
                    return
                if rule.action is Action.HOLD:
                    await rule.released()
            before = (before + piece)[-LONGEST_PATTERN:]
            writer.write(piece)
            await writer.drain()
            passed += len(piece)
            queue.task_done()
            if rule and rule.action is Action.PASS_AND_HOLD:
                await rule.released()

    def _rule(self, side: Side, before: bytes, piece: bytes) -> Rule | None:
        # A pattern may stand across two pieces.
        window = before + piece
        if side is Side.CLIENT:
            self._said |= {since for since in self._proxy.sinces - self._said if since in window}
        for rule in self._proxy.rules_for(side):
            known = not rule.since or rule.since in self._said
            if known and rule.pattern in window[max(0, len(before) - len(rule.pattern) + 1) :]:
                return rule
        return None


def _break(writer: asyncio.StreamWriter) -> None:
    opened = writer.get_extra_info("socket")
    if opened is not None:
        with suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
