"""Lists and downloads: filters, pages, forms, whose entries are whose."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import asyncpg
import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from thedata.v1 import audit_pb2, auth_pb2, common_pb2, organizations_pb2, pipelines_pb2

from tests.audit.conftest import Auditor
from tests.auth.people import reason_of, register

NDJSON, CSV = audit_pb2.AUDIT_FORMAT_NDJSON, audit_pb2.AUDIT_FORMAT_CSV
MANY = 20_000


async def export(person: Auditor, **wanted: Any) -> list[Any]:
    request = audit_pb2.ExportAuditEntriesRequest(**wanted)
    return [body async for body in person.admin.ExportAuditEntries(request, metadata=person.metadata, timeout=60)]


async def text_of(person: Auditor, **wanted: Any) -> str:
    return b"".join(body.data for body in await export(person, **wanted)).decode()


async def new_pipeline(ann: Auditor) -> str:
    source, destination = await ann.new_files("source"), await ann.new_postgres("destination")
    return await ann.new_pipeline("p", source, destination)


async def test_a_change_has_what_is_and_what_was(ann: Auditor) -> None:
    pipeline = await new_pipeline(ann)
    request = pipelines_pb2.UpdatePipelineRequest(pipeline_id=pipeline, description="Ours")
    request.update_mask.paths.append("description")
    await ann.pipelines.UpdatePipeline(request, metadata=(*ann.metadata, ("x-request-id", "mine")))
    await ann.pipelines.DeletePipeline(pipelines_pb2.DeletePipelineRequest(pipeline_id=pipeline), metadata=ann.metadata)
    deleted, updated, created = await ann.entries(resource=f"pipeline/{pipeline}")
    assert created.changes["name"] == "p"
    assert not created.HasField("before")
    assert (dict(updated.changes), dict(updated.before)) == ({"description": "Ours"}, {"description": ""})
    assert updated.request_id == "mine"
    assert (dict(deleted.changes), deleted.before["description"]) == ({}, "Ours")


async def test_what_changes_nothing_leaves_nothing(ann: Auditor) -> None:
    pipeline = await new_pipeline(ann)
    before = await ann.entries()
    request = pipelines_pb2.PausePipelineRequest(pipeline_id=pipeline)
    await ann.pipelines.PausePipeline(request, metadata=ann.metadata)
    await ann.pipelines.PausePipeline(request, metadata=ann.metadata)
    paused, *rest = await ann.entries()
    assert (paused.method, dict(paused.changes)) == ("PipelinesService/PausePipeline", {"paused": True})
    assert rest == before


async def test_filters_leave_out_what_is_not_wanted(ann: Auditor, channel: grpc.aio.Channel) -> None:
    bob = Auditor(channel, (await register(channel, "bob")).session)
    organization = await ann.add(bob, common_pb2.ROLE_VIEWER)
    pipeline = await new_pipeline(ann)
    start = pipelines_pb2.StartPipelineRequest(pipeline_id=pipeline)
    assert (await reason_of(bob.pipelines.StartPipeline(start, metadata=bob.metadata)))[0] == "PERMISSION_DENIED"
    (denial,) = await ann.entries(user_id=bob.id, organization_id=organization)
    assert (denial.resource, denial.reason) == (f"pipeline/{pipeline}", "PERMISSION_DENIED")
    everything = await ann.entries()
    at = denial.time.ToDatetime()
    after, before = Timestamp(), Timestamp()
    after.FromDatetime(at)
    before.FromDatetime(at)
    cases: list[tuple[dict[str, Any], Callable[[audit_pb2.AuditEntry], bool]]] = [
        ({"user_id": ann.id}, lambda e: e.user_id == ann.id),
        ({"method": "PipelinesService/CreatePipeline"}, lambda e: e.method == "PipelinesService/CreatePipeline"),
        ({"resource": "data_source"}, lambda e: e.resource.startswith("data_source/")),
        ({"resource": f"pipeline/{pipeline}"}, lambda e: e.resource == f"pipeline/{pipeline}"),
        ({"result": "OK"}, lambda e: e.result == "OK"),
        ({"start_time": after}, lambda e: e.time.ToDatetime() >= at),
        ({"end_time": before}, lambda e: e.time.ToDatetime() < at),
    ]
    for wanted, matches in cases:
        expected = [entry for entry in everything if matches(entry)]
        assert 0 < len(expected) < len(everything), wanted
        assert await ann.entries(**wanted) == expected
        assert [json.loads(line)["id"] for line in (await text_of(ann, **wanted)).splitlines()] == [
            entry.id for entry in reversed(expected)
        ]


async def test_pages_together_are_the_list(ann: Auditor) -> None:
    await new_pipeline(ann)
    everything, token = await ann.entries(), ""
    found: list[audit_pb2.AuditEntry] = []
    while True:
        request = audit_pb2.ListAuditEntriesRequest(page_size=2, page_token=token)
        page = await ann.admin.ListAuditEntries(request, metadata=ann.metadata)
        found += page.entries
        token = page.next_page_token
        if not token:
            break
        assert len(page.entries) == 2
    assert found == everything
    request = audit_pb2.ListAuditEntriesRequest(page_size=2, page_token="AAAA")
    refused = await reason_of(ann.admin.ListAuditEntries(request, metadata=ann.metadata))
    assert refused == ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN")


async def test_a_file_has_what_the_list_has_in_both_forms(ann: Auditor) -> None:
    await new_pipeline(ann)
    everything = list(reversed(await ann.entries()))
    lines = [json.loads(line) for line in (await text_of(ann, format=NDJSON)).splitlines()]
    rows = list(csv.DictReader(io.StringIO(await text_of(ann, format=CSV))))
    assert [row["id"] for row in rows] == [line["id"] for line in lines] == [entry.id for entry in everything]
    for row, line in zip(rows, lines, strict=True):
        assert json.loads(row["changes"]) == line["changes"]
        assert (row["resource"], row["method"], row["before"]) == (line["resource"], line["method"], "")
    assert [(await export(ann, format=form))[0].content_type.partition(";")[0] for form in (NDJSON, CSV)] == [
        "application/x-ndjson",
        "text/csv",
    ]
    none = "00000000-0000-7000-8000-000000000000"
    assert (await text_of(ann, user_id=none), len((await text_of(ann, user_id=none, format=CSV)).splitlines())) == (
        "",
        1,
    )


async def test_a_large_file_is_never_held_whole(ann: Auditor, database_url: str) -> None:
    organization = await ann.organization()
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        "INSERT INTO audit_entries (number, id, organization_id, method, result, changes)"
        " SELECT -g, gen_random_uuid(), $1, 'A/B',"
        " 'OK', jsonb_build_object('name', repeat('x', 2000)) FROM generate_series(1, $2) AS g",
        organization, MANY,
    )  # fmt: skip
    await owner.close()
    tracemalloc.start()
    size = count = 0
    request = audit_pb2.ExportAuditEntriesRequest(method="A/B")
    async for body in ann.admin.ExportAuditEntries(request, metadata=ann.metadata, timeout=100):
        size += len(body.data)
        count += body.data.count(b"\n")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (count, size > 40 << 20) == (MANY, True)
    assert most < 16 << 20


async def test_a_page_of_large_entries_ends_sooner(ann: Auditor, database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        "INSERT INTO audit_entries (number, id, organization_id, method, result, changes)"
        " SELECT -g, gen_random_uuid(), $1, 'A/B',"
        " 'OK', jsonb_build_object('a', repeat('x', 60000), 'b', repeat('x', 60000)) FROM generate_series(1, 200) AS g",
        await ann.organization(),
    )  # fmt: skip
    await owner.close()
    found, token, pages = 0, "", 0
    while pages == 0 or token:
        request = audit_pb2.ListAuditEntriesRequest(method="A/B", page_size=1000, page_token=token)
        page = await ann.admin.ListAuditEntries(request, metadata=ann.metadata)
        found, token, pages = found + len(page.entries), page.next_page_token, pages + 1
    assert (found, pages > 2) == (200, True)


async def test_a_deleted_organization_s_entries_stay_for_the_platform_only(ann: Auditor, root: Auditor) -> None:
    await new_pipeline(ann)
    organization = await ann.organization()
    known = await ann.entries()
    second = organizations_pb2.CreateOrganizationRequest(name="Second")
    await ann.organizations.CreateOrganization(second, metadata=ann.metadata)
    request = organizations_pb2.DeleteOrganizationRequest(organization_id=organization)
    await ann.organizations.DeleteOrganization(request, metadata=ann.metadata)
    assert (await reason_of(ann.entries(organization_id=organization)))[0] == "NOT_FOUND"
    kept = await root.entries(organization_id=organization)
    assert kept[-len(known) :] == known
    gone = [entry.resource.partition("/")[0] for entry in kept[: -len(known)]]
    assert sorted(gone) == ["data_source", "data_source", "member", "organization", "pipeline"]
    assert {entry.method for entry in kept[: -len(known)]} == {"OrganizationsService/DeleteOrganization"}
    assert kept[0].user_id == ann.id


@pytest.mark.parametrize("role", [common_pb2.ROLE_VIEWER, common_pb2.ROLE_MEMBER])
async def test_members_below_admins_read_nothing(
    ann: Auditor, channel: grpc.aio.Channel, role: common_pb2.Role.ValueType
) -> None:
    bob = Auditor(channel, (await register(channel, "bob")).session)
    organization = await ann.add(bob, role)
    assert (await reason_of(bob.entries(organization_id=organization)))[0] == "PERMISSION_DENIED"
    assert (await reason_of(export(bob, organization_id=organization)))[0] == "PERMISSION_DENIED"
    assert {entry.organization_id for entry in await bob.entries(organization_id=await bob_s(bob))} == {
        await bob_s(bob)
    }


async def bob_s(bob: Auditor) -> str:
    """Bob's own organization: the other one is Ann's."""
    me = await bob.auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=bob.metadata)
    return next(m.organization_id for m in me.memberships if m.role == common_pb2.ROLE_OWNER)
