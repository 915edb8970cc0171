"""Following the audit: every committed entry once, in order, whatever else goes on."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import grpc
import pytest
from sqlalchemy import event
from thedata.v1 import audit_pb2, auth_pb2, common_pb2, organizations_pb2

from server.app import build
from server.audit import call
from server.audit.model import AuditFilter, AuditPlace
from server.auth.service import organization_of
from server.rpc.cursor import cursor_of_audit
from server.scope import Scope
from server.settings import Settings
from server.storage.session import Database
from server.storage.store import Store
from tests.audit.conftest import Auditor
from tests.auth.people import reason_of, register

EVERYTHING = Scope.everything()
WRITERS, ROUNDS = 12, 25


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    database = Database(database_url, pool_size=20)
    yield Store(database)
    await database.close()


class Undone(Exception):  # noqa: N818 - ends a transaction
    """A writer has changed its mind."""


async def write(store: Store, writer: int, chance: random.Random, committed: list[UUID]) -> None:
    """Makes organizations in transactions that wait here and there, some of which are undone."""
    call.begin(call.Call(f"Writer/{writer}"))
    for _ in range(ROUNDS):
        made = [organization_of("o") for _ in range(chance.randint(1, 3))]
        with suppress(Undone):
            async with store.begin(EVERYTHING) as tx:
                for organization in made:
                    await tx.organizations.insert(organization)
                    await asyncio.sleep(chance.choice((0, 0, 0.001, 0.01)))
                if chance.random() < 0.2:
                    raise Undone
            committed += [organization.id for organization in made]


async def follow(store: Store, chance: random.Random, ended: asyncio.Event) -> list[UUID]:
    """Reads to the newest entry again and again."""
    found: list[UUID] = []
    seen = 0
    while True:
        last_round = ended.is_set()
        async with store.begin(EVERYTHING) as tx:
            head = await tx.audit.head()
            await asyncio.sleep(chance.choice((0, 0.002)))
            entries = await tx.audit.between(AuditFilter(), seen, head, 10_000)
        numbers = [entry.number for entry in entries]
        assert numbers == sorted(set(numbers))
        assert all(seen < number <= head for number in numbers)
        found += [UUID(entry.resource_id) for entry in entries]
        seen = head
        if last_round:
            return found
        await asyncio.sleep(chance.choice((0, 0.001, 0.01)))


@pytest.mark.parametrize("seed", range(3))
async def test_readers_see_every_commit_once_and_nothing_that_was_undone(store: Store, seed: int) -> None:
    chance, ended = random.Random(seed), asyncio.Event()
    committed: list[UUID] = []
    readers = [asyncio.create_task(follow(store, random.Random(n), ended)) for n in range(3)]
    await asyncio.gather(
        *(write(store, n, random.Random(chance.random()), committed) for n in range(WRITERS))
    )  # each is a task, and so has a call of its own
    ended.set()
    for found in await asyncio.gather(*readers):
        assert sorted(found) == sorted(committed)


async def test_a_long_transaction_holds_nobody_up_and_is_told_when_it_ends(store: Store) -> None:
    call.begin(call.Call("Long/One"))
    ended = asyncio.Event()
    ended.set()
    slow, quick = organization_of("slow"), organization_of("quick")
    async with store.begin(EVERYTHING) as long:
        await long.organizations.insert(slow)
        async with asyncio.timeout(2):
            async with store.begin(EVERYTHING) as tx:
                await tx.organizations.insert(quick)
            assert await follow(store, random.Random(0), ended) == [quick.id]
    assert await follow(store, random.Random(0), ended) == [quick.id, slow.id]


async def test_a_reader_holds_no_commit_up(store: Store) -> None:
    call.begin(call.Call("A/B"))
    async with store.begin(EVERYTHING) as reading, asyncio.timeout(2):
        await reading.audit.head()
        async with store.begin(EVERYTHING) as tx:
            await tx.organizations.insert(organization_of("o"))
        assert await reading.audit.head() == 1


async def test_an_audited_change_costs_no_statement_more(store: Store) -> None:
    statements: list[str] = []
    engine = store._database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: statements.append(statement))
    for method in ("", "A/B"):
        statements.clear()
        if method:
            call.begin(call.Call(method))
        async with store.begin(EVERYTHING) as tx:
            await tx.organizations.insert(organization_of("o"))
        assert len(statements) == 2, "the scope, and the row"
    async with store.begin(EVERYTHING) as tx:
        assert len(await tx.audit.before(AuditFilter(), None, 10)) == 1, "what the platform does by itself has none"


# -- the stream ------------------------------------------------------------------------------------------------------


async def rename(ann: Auditor, name: str) -> None:
    request = organizations_pb2.UpdateOrganizationRequest(organization_id=await ann.organization(), name=name)
    request.update_mask.paths.append("name")
    await ann.organizations.UpdateOrganization(request, metadata=ann.metadata)


async def told(stream: Any, count: int) -> list[audit_pb2.WatchAuditEntriesResponse]:
    """The next messages with entries."""
    found: list[audit_pb2.WatchAuditEntriesResponse] = []
    while len(found) < count and (message := await stream.read()):
        if message.WhichOneof("event") == "entry":
            found.append(message)
    return found


async def rest_of(stream: Any) -> audit_pb2.WatchAuditEntriesResponse | None:
    """Reads to the end; the last message."""
    last = None
    while message := await stream.read():
        last = message
    return last


async def test_a_stream_begins_with_a_cursor_and_tells_what_comes(ann: Auditor) -> None:
    stream = ann.watch()
    first = await stream.read()
    assert first.WhichOneof("event") == "heartbeat"
    assert first.cursor
    await rename(ann, "New")
    (message,) = await told(stream, 1)
    assert message.entry.changes["name"] == "New"
    assert message.entry.before["name"] != "New"
    stream.cancel()


async def test_whoever_comes_back_misses_nothing_on_another_server_too(ann: Auditor, settings: Settings) -> None:
    stream = ann.watch()
    start = (await stream.read()).cursor
    for name in ("1", "2", "3"):
        await rename(ann, name)
    seen = await told(stream, 2)
    stream.cancel()
    other = build(settings)
    port = await other.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        there = Auditor(channel, ann.session)
        await rename(ann, "4")
        assert [m.entry.changes["name"] for m in await told(there.watch(seen[-1].cursor), 2)] == ["3", "4"]
        assert [m.entry.changes["name"] for m in await told(there.watch(start), 4)] == ["1", "2", "3", "4"]
    await other.stop()


async def test_a_server_that_ends_says_where_to_go_on(settings: Settings) -> None:
    app = build(settings)
    port = await app.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        ann = Auditor(channel, (await register(channel, "ann")).session)
        stream = ann.watch()
        cursor = (await stream.read()).cursor
        stopping = asyncio.create_task(app.stop())
        last = await rest_of(stream)
        await stopping
    assert last
    assert (last.WhichOneof("event"), last.cursor) == ("resume", cursor)


async def test_a_cursor_moves_on_past_what_others_do(
    ann: Auditor, root: Auditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.live.HEARTBEAT_SECONDS", 0.1)
    stream = ann.watch()
    first = (await stream.read()).cursor
    await root.auth.Logout(auth_pb2.LogoutRequest(), metadata=root.metadata)
    async with asyncio.timeout(10):
        while (message := await stream.read()).cursor == first:
            assert message.WhichOneof("event") == "heartbeat"
    stream.cancel()


async def test_whoever_loses_the_role_loses_the_stream(
    ann: Auditor, channel: grpc.aio.Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.live.RECHECK_SECONDS", 0.1)
    monkeypatch.setattr("server.live.HEARTBEAT_SECONDS", 0.1)
    bob = Auditor(channel, (await register(channel, "bob")).session)
    organization = await ann.add(bob, common_pb2.ROLE_ADMIN)
    stream = bob.watch(organization_id=organization)
    await stream.read()
    request = organizations_pb2.UpdateMemberRequest(
        organization_id=organization, user_id=bob.id, role=common_pb2.ROLE_MEMBER
    )
    await ann.organizations.UpdateMember(request, metadata=ann.metadata)

    assert (await reason_of(rest_of(stream)))[0] == "PERMISSION_DENIED"
    (denial,) = await ann.entries(result="PERMISSION_DENIED")
    assert (denial.method, denial.user_id) == ("AdminService/WatchAuditEntries", bob.id)


async def test_a_cursor_of_another_audit_is_refused(ann: Auditor, root: Auditor) -> None:
    own = (await ann.watch().read()).cursor
    all_of_it = (await root.watch().read()).cursor
    ahead = cursor_of_audit(AuditPlace(UUID(await ann.organization()), 10**9))
    for person, cursor in ((root, own), (ann, all_of_it), (ann, ahead), (ann, "!")):
        assert await reason_of(person.watch(cursor).read()) == ("INVALID_ARGUMENT", "INVALID_CURSOR")
