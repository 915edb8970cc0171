"""Secrets of data sources: written, never read; bound to their row; not sent to where they were not given for."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from thedata.v1 import data_sources_pb2, pipelines_pb2

from server.app import build
from server.settings import Settings
from tests.auth.people import POSTGRES, Person, failure_of, log_in, reason, reason_of, register, violations

CANARY = "c4n4ry-s3cret-value"
UNREADABLE = ("FAILED_PRECONDITION", "SECRET_UNREADABLE")
WITHOUT = {name: value for name, value in POSTGRES.items() if name != "password"}


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Person:
    return await register(channel, "ann")


@pytest.fixture
async def source(ann: Person) -> str:
    return await ann.new_postgres("db", password=CANARY)


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection with the rights of the database's owner."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def updated(ann: Person, source: str, config: dict[str, Any], **changes: Any) -> Any:
    request = data_sources_pb2.UpdateDataSourceRequest(
        source_id=source, config=json_format.ParseDict(config, Struct()), **changes
    )
    return ann.sources.UpdateDataSource(request, metadata=ann.metadata)


def checked(ann: Person, source: str) -> Any:
    return ann.sources.CheckDataSource(data_sources_pb2.CheckDataSourceRequest(source_id=source), metadata=ann.metadata)


async def test_no_answer_log_or_table_holds_a_secret(
    ann: Person, source: str, owner: asyncpg.Connection[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    pipeline = await ann.new_pipeline("p", source, await ann.new_postgres("out"))
    await ann.start(pipeline)
    config = json_format.ParseDict({**POSTGRES, "password": CANARY, "port": "no port"}, Struct())
    calls = [
        ann.sources.GetDataSource(data_sources_pb2.GetDataSourceRequest(source_id=source), metadata=ann.metadata),
        ann.sources.ListDataSources(data_sources_pb2.ListDataSourcesRequest(), metadata=ann.metadata),
        ann.sources.DiscoverCatalog(data_sources_pb2.DiscoverCatalogRequest(source_id=source), metadata=ann.metadata),
        ann.sources.CheckConnection(
            data_sources_pb2.CheckConnectionRequest(connector="postgres", config=config), metadata=ann.metadata
        ),
        ann.pipelines.GetPipeline(pipelines_pb2.GetPipelineRequest(pipeline_id=pipeline), metadata=ann.metadata),
        ann.pipelines.ListRuns(pipelines_pb2.ListRunsRequest(pipeline_id=pipeline), metadata=ann.metadata),
        checked(ann, source),
        updated(ann, source, {**POSTGRES, "password": CANARY, "port": 2}),
        updated(ann, source, {**POSTGRES, "password": CANARY, "sslmode": CANARY[:3]}),
    ]
    told = []
    for call in calls:
        try:
            told.append(str(await call))
        except grpc.aio.AioRpcError as error:
            told.append(f"{error.details()} {error.trailing_metadata()}")
    names = await owner.fetch(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'"
    )
    told += [str(await owner.fetch(f"SELECT t::text FROM {name[0]} t")) for name in names]
    everything = "\n".join([*told, *capfd.readouterr()])
    for form in (CANARY, base64.b64encode(CANARY.encode()).decode().rstrip("="), CANARY.encode().hex()):
        assert form not in everything


async def test_a_caller_learns_only_that_there_is_a_secret(ann: Person, source: str) -> None:
    got = await ann.sources.GetDataSource(
        data_sources_pb2.GetDataSourceRequest(source_id=source), metadata=ann.metadata
    )
    assert list(got.stored_secrets) == ["password"]
    assert "password" not in got.config.fields


@pytest.mark.parametrize(
    "change", [{"host": "attacker.example"}, {"port": 5433}, {"database": "x"}, {"user": "x"}, {"sslmode": "prefer"}]
)
async def test_a_stored_secret_is_not_sent_to_where_it_was_not_given_for(
    ann: Person, source: str, change: dict[str, Any]
) -> None:
    error = await failure_of(updated(ann, source, {**WITHOUT, **change}))
    assert (error.code(), reason(error)) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS")
    assert violations(error) == ["config.password"]
    got = await updated(ann, source, WITHOUT)
    assert json_format.MessageToDict(got.config)["host"] == POSTGRES["host"]


async def test_a_secret_given_again_moves_with_the_configuration(
    ann: Person, source: str, owner: asyncpg.Connection[Any]
) -> None:
    before = await owner.fetchval("SELECT sealed_secrets FROM data_sources")
    got = await updated(ann, source, {**POSTGRES, "host": "localhost"})
    assert json_format.MessageToDict(got.config)["host"] == "localhost"
    assert await owner.fetchval("SELECT sealed_secrets FROM data_sources") != before


async def test_what_does_not_touch_the_configuration_keeps_the_secret_as_it_is(
    ann: Person, source: str, owner: asyncpg.Connection[Any]
) -> None:
    before = await owner.fetchval("SELECT sealed_secrets FROM data_sources")
    request = data_sources_pb2.UpdateDataSourceRequest(source_id=source, description="new")
    await ann.sources.UpdateDataSource(request, metadata=ann.metadata)
    await updated(ann, source, WITHOUT)
    assert await owner.fetchval("SELECT sealed_secrets FROM data_sources") == before
    assert await reason_of(checked(ann, source)) == ("OK", "")


async def test_a_secret_moved_to_another_row_is_unreadable(
    ann: Person, source: str, owner: asyncpg.Connection[Any]
) -> None:
    other = await ann.new_postgres("other")
    await owner.execute(
        "UPDATE data_sources SET sealed_secrets = (SELECT sealed_secrets FROM data_sources WHERE id = $1::uuid)"
        " WHERE id = $2::uuid", source, other,
    )  # fmt: skip
    assert await reason_of(checked(ann, other)) == UNREADABLE
    assert await reason_of(checked(ann, source)) == ("OK", "")


async def test_a_secret_moved_to_another_organization_is_unreadable_even_with_its_key(
    ann: Person, source: str, owner: asyncpg.Connection[Any]
) -> None:
    bob = await register(ann.channel, "bob")
    theirs = await bob.new_postgres("db")
    sealed = await owner.fetchval("SELECT sealed_secrets FROM data_sources WHERE id = $1::uuid", source)
    await owner.execute("UPDATE data_sources SET sealed_secrets = $1 WHERE id = $2::uuid", sealed, theirs)
    assert await reason_of(checked(bob, theirs)) == UNREADABLE
    await owner.execute(
        "UPDATE organization_keys SET wrapped_key ="
        " (SELECT wrapped_key FROM organization_keys WHERE organization_id <> $1::uuid)"
        " WHERE organization_id = $1::uuid",
        await bob.organization(),
    )
    assert await reason_of(checked(bob, theirs)) == UNREADABLE


async def test_one_flipped_bit_makes_a_secret_unreadable_and_giving_it_again_heals(
    ann: Person, source: str, owner: asyncpg.Connection[Any]
) -> None:
    await owner.execute(
        "UPDATE data_sources SET sealed_secrets = set_bit(sealed_secrets, 100, 1 - get_bit(sealed_secrets, 100))"
    )
    assert await reason_of(checked(ann, source)) == UNREADABLE
    assert await reason_of(updated(ann, source, WITHOUT)) == UNREADABLE
    assert await reason_of(updated(ann, source, POSTGRES)) == ("OK", "")
    assert await reason_of(checked(ann, source)) == ("OK", "")


async def test_a_server_with_another_master_key_opens_nothing(
    ann: Person, source: str, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = build(settings.model_copy(update={"home": elsewhere}))
    await other.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{other.port}") as channel:
        again = await log_in(channel, "ann")
        assert await reason_of(checked(again, source)) == UNREADABLE
        stranger = data_sources_pb2.GetDataSourceRequest(source_id=source)
        assert (await reason_of(again.sources.GetDataSource(stranger, metadata=ann.metadata)))[0] == "UNAUTHENTICATED"
    await other.stop()
