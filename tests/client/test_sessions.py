"""Sessions renew themselves: once, however many calls find their token too old."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from thedata_client import AsyncClient, Client, Tokens, errors
from thedata_client.tokens import Memory

from server.app import App
from tests.client.conftest import PASSWORD

EMAIL = "ann@example.com"
CALLS = 30


class Counted(Memory):
    """Counts how often tokens were renewed."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0

    def write(self, tokens: Tokens | None) -> None:
        self.written += 1
        super().write(tokens)

    def spoil(self, **changes: Any) -> None:
        tokens = self.read()
        assert tokens is not None
        super().write(replace(tokens, **changes))
        self.written = 0


@pytest.fixture
async def store(app: App, ann: AsyncClient) -> Counted:
    """The tokens of a session that has just begun."""
    store = Counted()
    async with AsyncClient(f"127.0.0.1:{app.port}", store=store) as client:
        await client.log_in(EMAIL, PASSWORD)
    return store


@pytest.mark.parametrize(
    "spoilt", [{"renew_at": 0.0}, {"access_token": "refused"}], ids=["too old", "refused by the server"]
)
async def test_one_refresh_serves_all_calls(app: App, store: Counted, spoilt: dict[str, Any]) -> None:
    store.spoil(**spoilt)
    before = store.read()
    async with AsyncClient(f"127.0.0.1:{app.port}", store=store) as client:
        names = await asyncio.gather(*(client.auth.get_current_user() for _ in range(CALLS)))
    assert {name.user.email for name in names} == {EMAIL}
    assert store.written == 1
    after = store.read()
    assert before is not None
    assert after is not None
    assert after.refresh_token != before.refresh_token


async def test_one_refresh_serves_all_threads(app: App, store: Counted) -> None:
    store.spoil(renew_at=0.0)

    def call_from_threads() -> set[str]:
        with Client(f"127.0.0.1:{app.port}", store=store) as client, ThreadPoolExecutor(8) as threads:
            return set(threads.map(lambda _: client.auth.get_current_user().user.email, range(CALLS)))

    assert await asyncio.to_thread(call_from_threads) == {EMAIL}
    assert store.written == 1


async def test_a_session_that_is_over_says_so(app: App, store: Counted) -> None:
    store.spoil(renew_at=0.0, refresh_token="unknown")
    async with AsyncClient(f"127.0.0.1:{app.port}", store=store) as client:
        with pytest.raises(errors.InvalidRefreshToken):
            await client.auth.get_current_user()


async def test_who_has_the_password_logs_in_again(app: App, store: Counted) -> None:
    store.spoil(renew_at=0.0, refresh_token="unknown")
    async with AsyncClient(f"127.0.0.1:{app.port}", email=EMAIL, password=PASSWORD, store=store) as client:
        assert (await client.auth.get_current_user()).user.email == EMAIL


async def test_the_first_call_logs_in(app: App, ann: AsyncClient) -> None:
    async with AsyncClient(f"127.0.0.1:{app.port}", email=EMAIL, password=PASSWORD) as client:
        assert (await client.auth.get_current_user()).user.email == EMAIL
    async with AsyncClient(f"127.0.0.1:{app.port}", email=EMAIL, password="another") as client:
        with pytest.raises(errors.InvalidCredentials):
            await client.auth.get_current_user()


async def test_who_logs_out_is_nobody(app: App, ann: AsyncClient) -> None:
    await ann.log_out()
    with pytest.raises(errors.Unauthenticated):
        await ann.auth.get_current_user()


async def test_tokens_are_renewed_before_they_expire(store: Counted) -> None:
    tokens = store.read()
    assert tokens is not None
    assert tokens.fresh
    assert 0 < tokens.renew_at - time.time() < 900
    assert tokens.access_token not in repr(tokens)
    assert tokens.refresh_token not in repr(tokens)
