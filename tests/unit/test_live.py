"""The pace of a stream: its signs of life, and when its caller is renewed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest

from server.auth.permissions import Caller, Permission, Role
from server.errors import NotFound, Unavailable
from server.live import RECHECK_SECONDS, Alive, News, Pace, Resume, as_member

ORGANIZATION = uuid4()
CALLER = Caller(uuid4(), {ORGANIZATION: Role.MEMBER}, permission=Permission.PIPELINES_READ)


class Clock:
    """A clock that stands until somebody waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        monkeypatch.setattr("server.live.time", SimpleNamespace(monotonic=lambda: self.seconds))

    async def wait(self, seconds: float) -> bool:
        self.seconds += seconds
        return False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def test_it_beats_at_once_and_after_a_while_of_silence(clock: Clock) -> None:
    renewed: list[float] = []

    async def renew(caller: Caller) -> Caller:
        renewed.append(clock.seconds - 1000)
        return caller

    pace, beats = Pace(CALLER, renew), []
    while clock.seconds < 1060:
        if await pace.beat():
            beats.append(clock.seconds - 1000)
        assert await pace.rest(clock.wait) is None
    assert beats == pytest.approx(range(0, 60, 5))
    assert 5 <= renewed[0] <= 10, "not all who came in one moment are renewed in one moment"
    assert renewed == pytest.approx([renewed[0] + 10 * number for number in range(len(renewed))])

    pace.tell()
    assert await pace.beat() is None, "what is told is a sign of life"
    before = clock.seconds
    await pace.rest(clock.wait, 1)
    assert clock.seconds <= before + 1


async def test_who_is_no_member_any_more_sees_no_more(clock: Clock) -> None:
    class Gone:
        async def renew(self, caller: Caller) -> Caller:
            return replace(caller, memberships={})

    pace = Pace(CALLER, as_member(Gone(), ORGANIZATION))
    assert await pace.beat() == Alive()
    clock.seconds += RECHECK_SECONDS
    with pytest.raises(NotFound):
        await pace.beat()


async def test_an_end_of_the_server_is_told() -> None:
    async def ends(_seconds: float) -> bool:
        raise Unavailable

    async def renew(caller: Caller) -> Caller:
        return caller

    assert await Pace(CALLER, renew).rest(ends) == Resume()


async def test_news_wakes_all_who_wait() -> None:
    news = News()
    waiting = [asyncio.create_task(news.wait(60)) for _ in range(3)]
    await asyncio.sleep(0)
    news.tell()
    assert await asyncio.wait_for(asyncio.gather(*waiting), 10) == [True] * 3
    assert not await news.wait(0), "it is told once"
