"""Secrets that are planted everywhere are nowhere in the audit."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import grpc
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from thedata.v1 import auth_pb2, auth_pb2_grpc, common_pb2, data_sources_pb2, pipelines_pb2

from tests.audit.conftest import Auditor
from tests.auth.people import reason_of

CANARY = "c4n4ry"
MASK = "********"


async def stored(database_url: str) -> str:
    """The whole table, and every secret column as it would look in it."""
    owner = await asyncpg.connect(database_url)
    rows = await owner.fetch("SELECT to_jsonb(audit_entries)::text FROM audit_entries")
    await owner.close()
    return "\n".join(row[0] for row in rows)


async def kept_secrets(database_url: str) -> list[str]:
    owner = await asyncpg.connect(database_url)
    rows = await owner.fetch(
        "SELECT password_hash FROM users UNION ALL SELECT substr(encode(secret_hash, 'hex'), 1, 32) FROM api_keys"
        " UNION ALL SELECT substr(encode(sealed_secrets, 'hex'), 1, 32) FROM data_sources WHERE secret_names <> '{}'"
        " UNION ALL SELECT substr(encode(webhook_secret, 'hex'), 1, 32) FROM pipelines WHERE webhook_secret IS NOT NULL"
    )
    await owner.close()
    return [row[0] for row in rows]


async def test_no_secret_is_in_the_table(channel: grpc.aio.Channel, root: Auditor, database_url: str) -> None:
    password = f"{CANARY} password"
    request = auth_pb2.RegisterRequest(email="ann@example.com", password=password)
    ann = Auditor(channel, await auth_pb2_grpc.AuthServiceStub(channel).Register(request))
    await ann.auth.ChangePassword(
        auth_pb2.ChangePasswordRequest(current_password=password, new_password=f"{password} 2"), metadata=ann.metadata
    )
    wrong = auth_pb2.LoginRequest(email="ann@example.com", password=f"{CANARY} wrong")
    assert (await reason_of(ann.auth.Login(wrong)))[1] == "INVALID_CREDENTIALS"
    key = await ann.new_key(await ann.organization(), common_pb2.ROLE_MEMBER)
    source = await ann.new_postgres("source", password=f"{CANARY} of a source")
    changed = data_sources_pb2.UpdateDataSourceRequest(
        source_id=source, config=struct(host="127.0.0.1", port=1, database="d", user="u", password=f"{CANARY} 2")
    )
    changed.update_mask.paths.append("config")
    await ann.sources.UpdateDataSource(changed, metadata=ann.metadata)
    broken = data_sources_pb2.CreateDataSourceRequest(
        organization_id=await ann.organization(), name="x", connector="postgres", config=struct(passwort=CANARY)
    )
    assert (await reason_of(ann.sources.CreateDataSource(broken, metadata=ann.metadata)))[0] == "INVALID_ARGUMENT"
    pipeline = await ann.new_pipeline("p", await ann.new_files("f"), source)
    webhook = await ann.pipelines.RotatePipelineWebhook(
        pipelines_pb2.RotatePipelineWebhookRequest(pipeline_id=pipeline), metadata=ann.metadata
    )
    table = await stored(database_url)
    for secret in (CANARY, key.secret, webhook.secret, ann.session.access_token, ann.session.refresh_token):
        assert secret not in table
    for secret in await kept_secrets(database_url):
        assert secret
        assert secret not in table
        assert json.dumps(secret)[1:-1] not in table

    def masked(entries: Any) -> list[tuple[str, str, dict[str, Any]]]:
        return [
            (entry.method.partition("/")[2], entry.resource.partition("/")[0], json_format.MessageToDict(entry.changes))
            for entry in entries
            if MASK in str(entry.changes)
        ]

    found = masked(await root.entries())
    assert ("ChangePassword", "user", {"password": MASK}) in found
    assert ("RotatePipelineWebhook", "pipeline", {"webhook_secret": MASK}) in found
    updates = [values for method, _, values in found if method == "UpdateDataSource"]
    assert [values["secrets"] for values in updates] == [MASK]
    assert {(method, kind) for method, kind, _ in found} >= {("Register", "user"), ("CreateApiKey", "api_key")}


def struct(**values: Any) -> Struct:
    return json_format.ParseDict(values, Struct())
