"""Those who are told: a web server and a mail server on this machine, which keep what they get."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from server.clock import now
from server.pipelines.webhooks import SignedMessage, is_genuine


@dataclass(frozen=True)
class Hit:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        message = SignedMessage(
            self.id, self.headers["webhook-timestamp"], self.headers["webhook-signature"], self.body
        )
        return is_genuine(message, secret, now())


@dataclass
class Receiver:
    """A web server: it answers with the codes that it is given one after the other, then with 204."""

    url: str = ""
    hits: list[Hit] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    holds: bool = False

    async def wait(self, wanted: Callable[[Hit], bool], seconds: float = 15) -> Hit:
        """The first request that is wanted, which comes within some seconds."""
        async with asyncio.timeout(seconds):
            while True:
                for hit in self.hits:
                    if wanted(hit):
                        return hit
                await asyncio.sleep(0.02)

    async def told(self, kind: str, seconds: float = 15) -> Hit:
        """The first message of a kind."""
        return await self.wait(lambda hit: bool(hit.json.get("type") == f"alert.{kind}"), seconds)

    def kinds(self) -> list[str]:
        """Of what it was told."""
        return [hit.json["type"].removeprefix("alert.") for hit in self.hits]

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Keeps a request, and answers."""
        self.hits.append(Hit(request.path, dict(request.headers.items()), await request.read()))
        self.hits[-1].headers.update({name.lower(): value for name, value in request.headers.items()})
        if self.holds:
            await asyncio.sleep(60)
        code = self.codes.pop(0) if self.codes else 204
        return web.Response(status=code, headers=self.headers, text="SECRET of the receiver" if code >= 300 else None)


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A web server that listens."""
    found = Receiver()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", found.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    found.url = f"http://{host}:{port}"
    try:
        yield found
    finally:
        await runner.cleanup()


@dataclass
class Mailbox:
    """A mail server; it refuses recipients at `refused.example`."""

    port: int = 0
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def all(self) -> list[tuple[list[str], EmailMessage]]:
        """What was taken so far."""
        return self.mails

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.endswith("@refused.example"):
            return "550 not here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((list(envelope.rcpt_tos), mail))
        return "250 OK"

    def log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == b"p w", handled=False)


@asynccontextmanager
async def mailbox(**options: Any) -> AsyncIterator[Mailbox]:
    """A mail server that listens."""
    found = Mailbox()
    loop = asyncio.get_running_loop()
    tls = options.pop("implicit_tls", None)
    server = await loop.create_server(
        lambda: SMTP(found, loop=loop, authenticator=found.log_in, **options), "127.0.0.1", 0, ssl=tls
    )
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
