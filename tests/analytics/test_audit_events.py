"""The audit as events of who owns it: each entry once, without what only the audit tells."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import grpc
from google.protobuf import json_format
from thedata.v1 import admin_pb2_grpc, analytics_pb2, audit_pb2, common_pb2, organizations_pb2, pipelines_pb2

from server.app import App
from server.audit.telling import READER, AuditTelling
from server.scope import PLATFORM, Scope
from tests.analytics.conftest import Analyst, dropped
from tests.auth.people import reason_of, register
from tests.sync.conftest import until


async def audit_of(ann: Analyst) -> list[audit_pb2.AuditEntry]:
    admin = admin_pb2_grpc.AdminServiceStub(ann.channel)
    request = audit_pb2.ListAuditEntriesRequest(page_size=1000)
    return list((await admin.ListAuditEntries(request, metadata=ann.metadata)).entries)


async def events_of(ann: Analyst) -> list[Any]:
    request = analytics_pb2.GetEventsRequest(page_size=1000)
    found = await ann.analytics.GetEvents(request, metadata=ann.metadata)
    return [event for event in found.events if event.kind.startswith("thedata.audit.")]


async def settled(app: App) -> None:
    """Waits until everything is told."""
    store = app._foundation.store

    async def told() -> bool:
        async with store.begin(Scope.everything()) as tx:
            return await tx.audit.read_by(READER) == await tx.audit.head()

    await until(told, 20)


async def test_entries_are_events_of_their_organization_also_when_told_twice(
    app: App, ann: Analyst, channel: grpc.aio.Channel
) -> None:
    await ann.new_files("canary")
    bob = await register(channel, "bob")
    organization = await ann.add(bob, common_pb2.ROLE_VIEWER)
    start = pipelines_pb2.CreatePipelineRequest(
        organization_id=organization, name="p", source_id=organization, destination_id=organization
    )
    assert (await reason_of(bob.pipelines.CreatePipeline(start, metadata=bob.metadata)))[0] == "PERMISSION_DENIED"
    await settled(app)
    entries = {entry.id: entry for entry in await audit_of(ann)}
    assert app._own._ingest
    store, ingest = app._foundation.store, app._own._ingest
    for number in (0, 2):
        async with store.begin(Scope.everything()) as tx:
            await tx.audit.read(READER, number)
        await AuditTelling(store, ingest).tell()
        events = await events_of(ann)
        assert sorted(event.id for event in events) == sorted(entries)
    for event in events:
        entry, attributes = entries[event.id], json_format.MessageToDict(event.attributes)
        assert event.kind == ("thedata.audit.changed" if entry.result == "OK" else "thedata.audit.denied")
        assert (event.message, event.time.ToMicroseconds()) == (entry.method, entry.time.ToMicroseconds())
        assert (attributes["resource"], attributes["user_id"]) == (entry.resource, entry.user_id)
        assert not {"address", "changes", "before"} & attributes.keys()
    assert "canary" not in str(events)


async def test_what_is_of_no_organization_is_the_platform_s_and_what_is_gone_is_nobody_s(
    app: App, ann: Analyst
) -> None:
    request = organizations_pb2.CreateOrganizationRequest(name="Short-lived")
    gone = (await ann.organizations.CreateOrganization(request, metadata=ann.metadata)).id
    await ann.organizations.DeleteOrganization(
        organizations_pb2.DeleteOrganizationRequest(organization_id=gone), metadata=ann.metadata
    )
    await settled(app)
    store, analytics = app._foundation.store, app._analytics
    assert app._upkeep
    await dropped(app._upkeep, thoroughly=True)
    async with store.begin(Scope.everything()) as tx:
        read = await tx.audit.read_by(READER)
        await tx.audit.read(READER, 0)
    await AuditTelling(store, app._own._ingest).tell()
    async with store.begin(Scope.everything()) as tx:
        assert await tx.audit.read_by(READER) >= read
    assert analytics
    owners = await analytics.owners(of_rows=True)
    assert PLATFORM in owners
    assert UUID(gone) not in owners
