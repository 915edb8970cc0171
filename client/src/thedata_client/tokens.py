"""The tokens of a session, and where they are kept."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol

from thedata_client.types import Session

EARLY_SHARE = 0.1
EARLIEST_SECONDS = 30.0


@dataclass(frozen=True)
class Tokens:
    """The tokens of a session; their print does not show them."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    renew_at: float
    """When to renew the access token: seconds since 1970, some time before it expires."""

    @classmethod
    def of(cls, session: Session) -> Tokens:
        """The tokens of a session that was answered right now."""
        early = min(EARLIEST_SECONDS, session.expires_in * EARLY_SHARE)
        return cls(session.access_token, session.refresh_token, time.time() + session.expires_in - early)

    @property
    def fresh(self) -> bool:
        """Whether the access token need not be renewed yet."""
        return time.time() < self.renew_at


class TokenStore(Protocol):
    """Keeps the tokens of one session, perhaps for several processes."""

    def read(self) -> Tokens | None:
        """The tokens; None: there is no session."""

    def write(self, tokens: Tokens | None) -> None:
        """Keeps tokens; None: forgets them."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Keeps others from renewing meanwhile: a refresh token works once."""


class Memory:
    """Keeps tokens for this process."""

    def __init__(self) -> None:
        self._tokens: Tokens | None = None

    def read(self) -> Tokens | None:
        """The tokens; None: there is no session."""
        return self._tokens

    def write(self, tokens: Tokens | None) -> None:
        """Keeps tokens; None: forgets them."""
        self._tokens = tokens

    def exclusive(self) -> AbstractContextManager[None]:
        """Nobody else has them."""
        return nullcontext()
