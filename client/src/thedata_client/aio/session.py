"""Who calls: a token that stays, or a session whose tokens are renewed in time."""

from __future__ import annotations

from dataclasses import dataclass, field

import grpc

from thedata_client.aio.platform import Channel, Lock
from thedata_client.errors import InvalidRefreshToken, Unauthenticated, error_of
from thedata_client.method import Answer, Method, Request
from thedata_client.methods import LOGIN, REFRESH_TOKEN
from thedata_client.requests import request_of
from thedata_client.tokens import Tokens, TokenStore

SECONDS = 30.0


@dataclass
class AsyncSession:
    """Gives calls their token. However many calls find it too old at once, it is renewed once."""

    channel: Channel
    store: TokenStore
    key: str | None = field(default=None, repr=False)
    email: str | None = None
    password: str | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    async def token(self, method: Method[Request, Answer]) -> str | None:
        """The token for a call of the method; None: it is made without one.

        Raises:
            ApiError: the session is over, or the server can't be reached.
        """
        if method.public:
            return None
        if self.key is not None:
            return self.key
        tokens = self.store.read()
        if tokens is None or not tokens.fresh:
            tokens = await self._renewed(tokens.access_token if tokens else None)
        return tokens.access_token if tokens else None

    async def renew(self, refused: str, error: Unauthenticated) -> bool:
        """Renews a token that a server has refused; False: there is nothing to renew it with."""
        if self.key is not None or error.reason != "UNAUTHENTICATED":
            return False
        return await self._renewed(refused) is not None

    async def _renewed(self, old: str | None) -> Tokens | None:
        async with self._lock:
            with self.store.exclusive():
                tokens = self.store.read()
                if tokens is not None and tokens.access_token != old:
                    return tokens  # another call was here first
                renewed = await self._refreshed(tokens)
                if renewed is not None:
                    self.store.write(renewed)
                return renewed

    async def _refreshed(self, tokens: Tokens | None) -> Tokens | None:
        if tokens is not None:
            try:
                request = request_of(REFRESH_TOKEN.request, refresh_token=tokens.refresh_token)
                return await self._tokens(REFRESH_TOKEN, request)
            except InvalidRefreshToken:
                if self.password is None:
                    raise
        if self.email is None or self.password is None:
            return None
        return await self._tokens(LOGIN, request_of(LOGIN.request, email=self.email, password=self.password))

    async def _tokens(self, method: Method[Request, Answer], request: Request) -> Tokens:
        from thedata_client.types import Session

        call = self.channel.unary_unary(
            method.path,
            request_serializer=method.request.SerializeToString,
            response_deserializer=Session.FromString,
        )
        try:
            return Tokens.of(await call(request, timeout=SECONDS))
        except grpc.RpcError as error:
            raise error_of(error) from error
