"""Leases: one holds them, another one as soon as they are given back or were not held anew for their length."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from server.leases import Lease
from server.scope import Scope
from server.storage.session import Database
from server.storage.store import Store
from tests.servers.fault_proxy import FaultProxy

LONG, SHORT = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    database = Database(database_url)
    yield Store(database)
    await database.close()


async def test_one_holds_it_until_it_is_given_back(store: Store) -> None:
    one, two, other = Lease(store, "a", LONG), Lease(store, "a", LONG), Lease(store, "b", LONG)
    assert await one.renew()
    assert await one.renew(), "one's own is made longer"
    assert not await two.renew()
    assert await other.renew(), "another lease is another matter"
    await two.release()
    assert not await two.renew(), "nobody gives back what is another's"
    async with store.begin(Scope.everything()) as tx:
        assert await tx.leases.held("a")
        await one.leave(tx)
        assert not await tx.leases.held("a")
    assert await two.renew()
    await two.release()
    assert await one.renew()


async def test_it_is_lost_when_it_was_not_held_anew(store: Store) -> None:
    one, two = Lease(store, "a", SHORT), Lease(store, "a", LONG)
    assert await one.renew()
    began = time.monotonic()
    async with asyncio.timeout(10):
        while not await two.renew():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
    assert time.monotonic() - began > SHORT.total_seconds() / 2
    assert not await one.renew()


async def test_what_is_undone_was_not_held(store: Store) -> None:
    one, two = Lease(store, "a", LONG), Lease(store, "a", LONG)

    async def fails() -> None:
        async with store.begin(Scope.everything()) as tx:
            assert await one.hold(tx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await two.renew()


async def test_of_ten_at_once_one_gets_it(store: Store) -> None:
    got = await asyncio.gather(*(Lease(store, "a", LONG).renew() for _ in range(10)))
    assert sorted(got) == [False] * 9 + [True]


async def test_giving_it_back_does_not_wait_for_a_database_that_is_away(database_url: str) -> None:
    where = urlsplit(database_url)
    async with FaultProxy(str(where.hostname), where.port or 5432) as proxy:
        database = Database(proxy.url(database_url))
        lease = Lease(Store(database), "a", SHORT)
        assert await lease.renew()
        for away in (proxy.silence, proxy.outage):
            began = time.monotonic()
            with away():
                await lease.release()
            assert time.monotonic() - began < 5
        await database.close()
