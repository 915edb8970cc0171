"""Denials that are alike: the first is told at once, those that follow are counted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from uuid import UUID

import grpc
import pytest
from thedata.v1 import admin_pb2

from server.audit.call import Call
from server.audit.denials import MOST_WINDOWS, WINDOW_SECONDS, Denials
from server.audit.model import AuditFilter
from server.errors import AlreadyExists, Failure, NotFound, PermissionDenied, Unavailable
from server.ids import new_id
from server.scope import Scope
from server.storage.session import Database
from server.storage.signals import Signals
from server.storage.store import Store
from tests.audit.conftest import Auditor
from tests.auth.people import reason_of

ANN, BOB, OURS = new_id(), new_id(), new_id()
DENIED = PermissionDenied("PIPELINES_RUN", organization_id=OURS)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """Denials as they are noted and written."""

    def __init__(self, database: Database) -> None:
        self.store = Store(database)
        self.clock = Clock()
        self.denials = Denials(self.store, Signals(database, []), self.clock)

    async def note(self, user_id: UUID | None = ANN, failure: Failure = DENIED, method: str = "X/Y", **of: str) -> None:
        call = Call(method, new_id().hex, of.get("address", "10.0.0.1"), user_id)
        await self.denials.note(call, failure, None, attempt="attempt" in of)

    async def counts(self) -> list[tuple[UUID | None, int]]:
        async with self.store.begin(Scope.everything()) as tx:
            return [
                (entry.user_id, entry.count) for entry in reversed(await tx.audit.before(AuditFilter(), None, 5000))
            ]


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url, pool_size=2)
    yield Desk(database)
    await database.close()


async def test_a_thousand_that_are_alike_are_two_entries(desk: Desk) -> None:
    for _ in range(1000):
        await desk.note()
    assert await desk.counts() == [(ANN, 1)]
    desk.clock.now = WINDOW_SECONDS
    await desk.denials.flush()
    await desk.denials.flush()
    assert await desk.counts() == [(ANN, 1), (ANN, 999)]


async def test_the_next_one_after_the_window_is_told_with_those_before_it(desk: Desk) -> None:
    for _ in range(3):
        await desk.note()
    desk.clock.now = WINDOW_SECONDS
    await desk.note()
    assert await desk.counts() == [(ANN, 1), (ANN, 2), (ANN, 1)]


async def test_what_is_not_alike_is_told_by_itself(desk: Desk) -> None:
    await desk.note()
    await desk.note(BOB)
    await desk.note(method="X/Z")
    await desk.note(failure=PermissionDenied("PIPELINES_RUN", organization_id=new_id()))
    await desk.note(failure=NotFound("pipeline", new_id()))
    await desk.note(None, address="10.0.0.1")
    await desk.note(None, address="10.0.0.2")
    assert [count for _, count in await desk.counts()] == [1] * 7


async def test_what_is_no_denial_leaves_nothing(desk: Desk) -> None:
    for failure in (AlreadyExists("pipeline", "name"), Unavailable()):
        await desk.note(failure=failure)
    assert await desk.counts() == []


async def test_a_million_addresses_are_bounded_entries(desk: Desk) -> None:
    for number in range(MOST_WINDOWS + 500):
        await desk.note(None, address=f"10.{number >> 8}.{number & 255}.1")
    assert len(await desk.counts()) == MOST_WINDOWS + 1
    await desk.denials.flush(all_of_them=True)
    assert sum(count for _, count in await desk.counts()) == MOST_WINDOWS + 500


async def test_the_end_of_the_process_tells_what_was_counted(desk: Desk) -> None:
    for _ in range(5):
        await desk.note()
    await desk.denials.close()
    assert await desk.counts() == [(ANN, 1), (ANN, 4)]


async def test_what_could_not_be_written_is_not_told_and_not_forgotten(desk: Desk, database_url: str) -> None:
    nowhere = Database(re.sub(r":\d+/", ":1/", database_url))
    good, desk.denials._store = desk.denials._store, Store(nowhere)
    with pytest.raises(Unavailable):
        await desk.note()
    desk.denials._store = good
    await desk.note()
    assert await desk.counts() == [(ANN, 1), (ANN, 1)]


async def test_repeated_calls_are_denied_each_time_and_told_once(
    channel: grpc.aio.Channel, root: Auditor, ann: Auditor
) -> None:
    for _ in range(50):
        request = admin_pb2.GetSystemConfigRequest()
        assert (await reason_of(ann.admin.GetSystemConfig(request, metadata=ann.metadata)))[0] == "PERMISSION_DENIED"
    (entry,) = await root.entries(result="PERMISSION_DENIED")
    assert (entry.method, entry.count, entry.user_id) == ("AdminService/GetSystemConfig", 1, ann.id)
