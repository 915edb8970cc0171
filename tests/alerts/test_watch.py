"""Following alerts: those that are active, then each change, whatever happens to the connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from thedata.v1 import alerts_pb2, common_pb2, organizations_pb2

from server.app import App, build
from server.settings import Settings
from tests.alerts.conftest import Source, unhealthy, until
from tests.alerts.people import Keeper
from tests.auth.people import reason_of, register

Answer = alerts_pb2.WatchAlertsResponse


@asynccontextmanager
async def watching(ann: Keeper, after: str = "", organization: str = "") -> AsyncIterator[AsyncIterator[Answer]]:
    request = alerts_pb2.WatchAlertsRequest(after=after, organization_id=organization)
    call = ann.admin.WatchAlerts(request, metadata=ann.metadata, timeout=60)
    yield call.__aiter__()
    call.cancel()


async def next_of(answers: AsyncIterator[Answer], kind: str) -> Answer:
    """The next message of a kind; heartbeats are passed over."""
    async with asyncio.timeout(20):
        async for answer in answers:
            if answer.WhichOneof("event") == kind:
                return answer
            assert answer.WhichOneof("event") == "heartbeat", answer
    raise AssertionError("the stream has ended")


async def test_active_alerts_are_told_once_and_then_each_change(ann: Keeper, source: Source) -> None:
    await ann.set(rules=[unhealthy(channels=[])])
    await source.set(healthy=False)
    [alert] = await until(ann.active)
    async with watching(ann) as answers:
        first = await next_of(answers, "alert")
        assert first.alert.id == alert.id
        complete = await next_of(answers, "snapshot_complete")
        assert complete.snapshot_complete.alerts == 1
        await next_of(answers, "heartbeat")
        await ann.acknowledge(alert.id)
        taken = await next_of(answers, "alert")
        assert taken.alert.acknowledge_user_id == ann.id
        await source.set(healthy=True)
        over = await next_of(answers, "alert")
        assert over.alert.state == alerts_pb2.ALERT_STATE_RESOLVED
    # From each cursor on comes exactly what came after it.
    async with watching(ann, complete.cursor) as answers:
        assert (await next_of(answers, "alert")).alert == over.alert
    async with watching(ann, over.cursor) as answers:
        await next_of(answers, "heartbeat")
    async with watching(ann, first.cursor) as answers:
        assert (await next_of(answers, "snapshot_complete")).snapshot_complete.alerts == 0
        assert (await next_of(answers, "alert")).alert == over.alert


async def test_a_cursor_of_another_organization_or_none_is_refused(ann: Keeper) -> None:
    bob = Keeper(ann.channel, (await register(ann.channel, "bob")).session)
    async with watching(bob) as answers:
        foreign = (await next_of(answers, "snapshot_complete")).cursor
    for cursor in (foreign, "AAAA", "?", foreign[:-4]):
        async with watching(ann, cursor) as answers:
            assert await reason_of(next_of(answers, "alert")) == ("INVALID_ARGUMENT", "INVALID_CURSOR")


async def test_who_may_see_no_more_is_told_no_more(ann: Keeper) -> None:
    bob = Keeper(ann.channel, (await register(ann.channel, "bob")).session)
    organization = await ann.add(bob, common_pb2.ROLE_VIEWER)
    async with watching(bob, organization=organization) as answers:
        await next_of(answers, "snapshot_complete")
        request = organizations_pb2.RemoveMemberRequest(organization_id=organization, user_id=bob.id)
        await ann.organizations.RemoveMember(request, metadata=ann.metadata)
        assert await reason_of(next_of(answers, "alert")) == ("NOT_FOUND", "NOT_FOUND")


async def test_a_server_that_restarts_says_so(settings: Settings) -> None:
    app: App = build(settings)
    await app.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{app.port}") as channel:
        ann = Keeper(channel, (await register(channel, "ann")).session)
        async with watching(ann) as answers:
            await next_of(answers, "snapshot_complete")
            stopping = asyncio.create_task(app.stop())
            resume = await next_of(answers, "resume")
            assert resume.cursor
            await stopping
