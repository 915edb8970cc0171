"""No change and no denial goes past the audit: every table has decided, and every method of the contract is tried."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import pytest
from google.protobuf import json_format, message_factory
from sqlalchemy import LargeBinary

from server.rpc.methods import PERMISSIONS
from server.storage.tables import metadata
from tests.rpc.cast import PASSWORD, Cast, gathered
from tests.rpc.conftest import Served, _grpc_server, grpc_addr, grpc_server
from tests.rpc.story import BY_NAME, GrpcTransport, filled
from tests.rpc.test_permissions import CALLERS, MATRIX, Stage, changes, untouched

__all__ = ["_grpc_server", "grpc_addr", "grpc_server", "untouched"]

Json = dict[str, Any]

NOT_AUDITED = {
    "alert_counters": "follows from changes that are audited",
    "alert_problems": "the platform's own",
    "alembic_version": "migrations are the operator's, by the database's owner",
    "audit_entries": "the audit itself",
    "audit_readers": "how far the platform has read the audit",
    "change_counters": "follows from changes that are audited",
    "executors": "workers tell of themselves",
    "idempotency_keys": "remembers calls whose changes are audited",
    "ingest_batches": "telemetry: too much of it, and it is kept itself",
    "ingest_heads": "as ingest_batches",
    "leases": "the platform's own",
    "login_failures": "each failed login is a denial in the audit",
    "organization_keys": "made when the first secret is sealed; never shown",
    "pipeline_changes": "follows from changes that are audited",
    "producers": "telemetry",
    "projections": "the platform's own",
    "rate_windows": "counts calls",
    "rejected_items": "telemetry",
    "rejected_rows": "written by runs; a replay is a run, which is audited",
    "run_logs": "written by runs",
    "run_partitions": "written by runs",
    "schema_changes": "written by runs",
    "stream_places": "counts streams",
    "stream_receipts": "written by runs",
    "stream_servers": "the platform's own",
    "usage_days": "written by runs",
}
NO_CHANGES = {
    "AnalyticsService/IngestEvents": "telemetry: the store keeps it, and there may be millions a minute",
    "AnalyticsService/IngestMetrics": "as IngestEvents",
    "AnalyticsService/IngestStream": "as IngestEvents",
    "AuthService/RefreshToken": "a session that goes on is no change; its end by a reuse is one: test_logins.py",
    "DataSourcesService/CheckConnection": "changes nothing",
    "DataSourcesService/DiscoverCatalog": "changes nothing",
    "DataSourcesService/PreviewRows": "changes nothing",
    "PipelinesService/PlanPipeline": "changes nothing",
}


CHANGING = sorted(name for name in BY_NAME if changes(name) and "0" not in MATRIX.get(name, {"who": "0"})["who"])
DENIED = [
    (name, who, sign)
    for name, row in MATRIX.items()
    for who, sign in zip(CALLERS, row["who"].split(), strict=True)
    # What is not offered yet is denied to all but the platform's administrators only where it is theirs.
    if sign in "-?" and ("0" not in row["who"] or PERMISSIONS[f"/thedata.v1.{name}"] == "PLATFORM_ADMIN")
]
FILES: Json = {"path": "${files}", "format": "csv"}
PEOPLE: Json = {"name": "people", "cursor_column": "id", "sync_mode": "SYNC_MODE_INCREMENTAL_APPEND"}
Asked = tuple[Json, str]
"""A request, and the token of who sends it."""


@pytest.fixture(scope="module")
def cast(grpc_channel: grpc.Channel, grpc_server: Served) -> Cast:
    (grpc_server.files / "people.csv").write_text("id,name\n1,Ann\n")
    return gathered(grpc_channel, grpc_server)


class Auditor:
    """Calls under ids of their own, and finds what they have left in the audit."""

    def __init__(self, channel: grpc.Channel, cast: Cast) -> None:
        self._channel = channel
        self._cast = cast

    def call(self, name: str, request: Json, token: str, **headers: str) -> tuple[str, str]:
        """Calls a method; its status, and the request's id."""
        method, request_id = BY_NAME[name], uuid4().hex
        message = json_format.ParseDict(request, message_factory.GetMessageClass(method.input_type)())
        metadata = [("x-request-id", request_id), *((key.replace("_", "-"), value) for key, value in headers.items())]
        metadata += [("authorization", f"Bearer {token}")] if token else []
        path, body = f"/{method.containing_service.full_name}/{method.name}", message.SerializeToString()
        channel: Any = self._channel
        try:
            if method.client_streaming:
                channel.stream_unary(path)(iter([body]), metadata=metadata, timeout=30)
            elif method.server_streaming:
                stream = channel.unary_stream(path)(body, metadata=metadata, timeout=30)
                next(stream)
                stream.cancel()
            else:
                channel.unary_unary(path)(body, metadata=metadata, timeout=30)
        except grpc.RpcError as error:
            return error.code().name, request_id
        return "OK", request_id

    def left(self, name: str, request_id: str) -> list[Json]:
        """The entries of a call."""
        request = {"method": name, "page_size": 1000}
        root = self._cast.tokens["platform_admin"]
        found = GrpcTransport(self._channel).call(BY_NAME["AdminService/ListAuditEntries"], request, root)
        return [entry for entry in found.body["entries"] if entry["request_id"] == request_id]


@pytest.fixture(scope="module")
def auditor(grpc_channel: grpc.Channel, cast: Cast) -> Auditor:
    return Auditor(grpc_channel, cast)


class Scene(Stage):
    """What a call needs to succeed, besides what a stage has."""

    def someone(self) -> Json:
        """Somebody new, with a session."""
        request = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
        found: Json = GrpcTransport(self.channel).call(BY_NAME["AuthService/Register"], request, "").body
        return found

    def with_streams(self) -> str:
        """A pipeline with a stream that has a cursor."""
        made = self.do(
            "PipelinesService/CreatePipeline",
            organization_id=self["org"], name="with streams", source_id=self["source"],
            destination_id=self["destination"], streams=[PEOPLE],
        )  # fmt: skip
        return str(made["id"])


def of_someone(request: Json) -> Callable[[Scene], Asked]:
    def asked(scene: Scene) -> Asked:
        someone = scene.someone()
        return json.loads(json.dumps(request).replace("$id", someone["user"]["id"])), someone["access_token"]

    return asked


def of_stream(**more: str) -> Callable[[Scene], Asked]:
    return lambda scene: (
        {"pipeline_id": scene.with_streams(), "stream": "people", **more},
        scene.cast.tokens["owner"],
    )


def after(call: str) -> Callable[[Scene], Asked]:
    def asked(scene: Scene) -> Asked:
        scene.do(call, pipeline_id=scene["pipeline"])
        return {"pipeline_id": scene["pipeline"]}, scene.cast.tokens["owner"]

    return asked


def rolled_back(scene: Scene) -> Asked:
    for rule in ("one", "two"):
        config = {"rules": [{"name": rule, "condition": "pipeline_failed", "threshold": 1}]}
        scene.do("AdminService/UpdateAlertsConfig", organization_id=scene["org"], config=config)
    return {"kind": "alerts", "organization_id": scene["org"], "version": 1}, scene.cast.tokens["owner"]


PREPARED: dict[str, Callable[[Scene], Asked]] = {
    "AdminService/RollBackConfig": rolled_back,
    "AuthService/Register": lambda _: ({"email": f"{uuid4().hex}@example.com", "password": PASSWORD}, ""),
    "AuthService/Login": lambda scene: ({"email": scene.someone()["user"]["email"], "password": PASSWORD}, ""),
    "AuthService/Logout": of_someone({"scope": "LOGOUT_SCOPE_ALL"}),
    "AuthService/ChangePassword": of_someone({"current_password": PASSWORD, "new_password": f"{PASSWORD}!"}),
    "UsersService/UpdateUser": of_someone({"user_id": "$id", "full_name": "Somebody", "update_mask": "fullName"}),
    "UsersService/DeleteUser": of_someone({"user_id": "$id"}),
    "PipelinesService/ResetStream": of_stream(),
    "PipelinesService/RewindStream": of_stream(cursor="1"),
    "PipelinesService/BackfillStream": of_stream(),
    "PipelinesService/StopPipeline": after("PipelinesService/StartPipeline"),
    "PipelinesService/ResumePipeline": after("PipelinesService/PausePipeline"),
    "PipelinesService/DeletePipelineWebhook": after("PipelinesService/RotatePipelineWebhook"),
}
BY_THEMSELVES = {"PipelinesService/ReceivePipelineWebhook", "PipelinesService/ReplayRejectedRows"}


def test_every_table_is_audited_or_says_why_not(grpc_server: Served) -> None:
    async def triggers() -> set[str]:
        connection = await asyncpg.connect(grpc_server.database_url)
        rows = await connection.fetch("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit'")
        await connection.close()
        return {row[0] for row in rows}

    audited = asyncio.run(triggers())
    tables = {table.name for table in metadata.sorted_tables}
    assert audited | set(NOT_AUDITED) == tables | {"alembic_version"}
    assert not audited & set(NOT_AUDITED)


def test_what_looks_like_a_secret_is_told_to_the_trigger(grpc_server: Served) -> None:
    async def arguments() -> dict[str, list[bytes]]:
        connection = await asyncpg.connect(grpc_server.database_url)
        rows = await connection.fetch("SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname = 'audit'")
        await connection.close()
        return {table: given.split(b"\0") for table, given in rows}

    for table, (_kind, _key, hidden, secrets, *_) in asyncio.run(arguments()).items():
        columns = metadata.tables[table].c
        named = {*hidden.decode().split(), *secrets.decode().split()}
        suspicious = {
            column.name
            for column in columns
            if isinstance(column.type, LargeBinary) or any(word in column.name for word in ("password", "secret_hash"))
        }
        assert suspicious <= named, table
        assert named <= {column.name for column in columns} | {"id", "organization_id", *_DERIVED}, table


_DERIVED = {"created_at", "updated_at", "version"}


@pytest.mark.parametrize("name", [name for name in CHANGING if name not in NO_CHANGES.keys() | BY_THEMSELVES])
def test_a_change_leaves_an_entry(name: str, grpc_channel: grpc.Channel, cast: Cast, auditor: Auditor) -> None:
    scene = Scene(grpc_channel, cast)
    if name in PREPARED:
        request, token = PREPARED[name](scene)
    else:
        who = "platform_admin" if PERMISSIONS[f"/thedata.v1.{name}"] == "PLATFORM_ADMIN" else "owner"
        request, token = filled(MATRIX[name]["request"], scene), cast.tokens[who]
    status, request_id = auditor.call(name, request, token)
    assert status == "OK"
    entries = auditor.left(name, request_id)
    assert entries
    for entry in entries:
        assert (entry["method"], entry["result"], entry["reason"], entry["count"]) == (name, "OK", "", "1")
        assert entry["user_id"], "it is known who called"
        assert entry["address"] in ("127.0.0.1", "::1")
        assert entry["resource"].partition("/")[2], "it is known what was changed"


def test_a_replay_and_a_webhook_leave_entries(
    grpc_channel: grpc.Channel, grpc_server: Served, cast: Cast, auditor: Auditor
) -> None:
    scene = Scene(grpc_channel, cast)
    pipeline = scene.with_streams()

    async def reject() -> None:
        connection = await asyncpg.connect(grpc_server.database_url)
        await connection.execute(
            "INSERT INTO rejected_rows (id, organization_id, pipeline_id, namespace, stream, run_id, chunk, number,"
            " place, row_number, column_name, code, message, content, replayable)"
            " VALUES (gen_random_uuid(), $1, $2, '', 'people', gen_random_uuid(), 0, 0, 'f', 1, 'c', 'C', 'm', '',"
            " true)",
            scene["org"], pipeline,
        )  # fmt: skip
        await connection.close()

    asyncio.run(reject())
    name = "PipelinesService/ReplayRejectedRows"
    status, request_id = auditor.call(name, {"pipeline_id": pipeline, "stream": "people"}, cast.tokens["member"])
    assert status == "OK"
    (replay,) = auditor.left(name, request_id)
    assert (replay["resource"].partition("/")[0], replay["changes"]["trigger"]) == ("run", "replay")

    webhook = scene.do("PipelinesService/RotatePipelineWebhook", pipeline_id=pipeline)
    name, at, body = "PipelinesService/ReceivePipelineWebhook", str(int(time.time())), b"{}"
    key = base64.b64decode(webhook["secret"].removeprefix("whsec_"))
    for sign, expected in ((key, "OK"), (b"another", "UNAUTHENTICATED")):
        signed = base64.b64encode(hmac.new(sign, b"m1." + at.encode() + b"." + body, hashlib.sha256).digest()).decode()
        request = {"pipeline_id": pipeline, "payload": {"data": base64.b64encode(body).decode()}}
        headers = {"webhook_id": "m1", "webhook_timestamp": at, "webhook_signature": f"v1,{signed}"}
        status, request_id = auditor.call(name, request, "", **headers)
        (entry,) = auditor.left(name, request_id)
        assert (status, entry["result"], entry["user_id"]) == (expected, expected, "")
        assert entry["resource"] == f"pipeline/{pipeline}"


@pytest.mark.parametrize(("name", "who", "sign"), DENIED, ids=[f"{name}-{who}" for name, who, _ in DENIED])
def test_a_denial_leaves_an_entry_with_its_reason(
    name: str, who: str, sign: str, untouched: Stage, cast: Cast, auditor: Auditor
) -> None:
    status, request_id = auditor.call(name, filled(MATRIX[name]["request"], untouched), cast.tokens[who])
    (entry,) = auditor.left(name, request_id)
    expected = "PERMISSION_DENIED" if sign == "-" else "NOT_FOUND"
    assert (status, entry["result"], entry["reason"]) == (expected, expected, expected)
    assert (entry["changes"], entry.get("before")) == ({}, None)
    admin = PERMISSIONS[f"/thedata.v1.{name}"] == "PLATFORM_ADMIN"
    if who != "stranger":
        assert entry["user_id"] == cast.variables[f"{who}_id"]
    if sign == "-" and not admin and not name.startswith("UsersService"):
        assert entry["organization_id"] == untouched["org"], "its administrators see it"
    else:
        assert entry["organization_id"] == "", "only the platform's administrators see it"


@pytest.mark.parametrize("name", [name for name in BY_NAME if PERMISSIONS[f"/thedata.v1.{name}"] != "PUBLIC"])
def test_whoever_is_nobody_leaves_nothing_and_whoever_was_somebody_does(
    name: str, grpc_channel: grpc.Channel, cast: Cast, auditor: Auditor, gone: Json
) -> None:
    for token in ("", "x", f"tdk_{uuid4().hex}_{'0' * 43}"):
        status, request_id = auditor.call(name, {}, token)
        assert (status, auditor.left(name, request_id)) == ("UNAUTHENTICATED", [])
    status, request_id = auditor.call(name, {}, gone["access_token"])
    (entry,) = auditor.left(name, request_id)
    assert (status, entry["result"], entry["user_id"]) == ("UNAUTHENTICATED", "UNAUTHENTICATED", gone["user"]["id"])


@pytest.fixture(scope="module")
def gone(grpc_channel: grpc.Channel, cast: Cast) -> Json:
    """Somebody whose session is over."""
    someone = Scene(grpc_channel, cast).someone()
    logout = GrpcTransport(grpc_channel).call(BY_NAME["AuthService/Logout"], {}, someone["access_token"])
    assert logout.status == "OK"
    return someone
