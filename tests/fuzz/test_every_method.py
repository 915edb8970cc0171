"""Every method, with arbitrary requests: whatever is wrong with them is told, and is never a bug."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import urlsplit

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from pydantic import SecretStr
from thedata.v1 import auth_pb2, auth_pb2_grpc

from server.app import App
from server.rpc.methods import METHODS
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from tests.admin.conftest import operator_of

SEED = 20261123
REQUESTS = 25
TEXTS = (
    "",
    "a",
    "x" * 5000,
    "\x00",
    "a\x1fb",
    "\u202e",
    "ü" * 300,
    "{}",
    "../../etc/passwd",
    "'; DROP TABLE users;--",
    "%",
)
NUMBERS = (0, 1, -1, 2**31 - 1, -(2**31), 7)
LARGE = (0, 1, -1, 2**63 - 1, -(2**63))
DOUBLES = (0.0, float("nan"), float("inf"), 1e308, -1.5)
NEVER = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DEADLINE_EXCEEDED}

# The caller must outlive the test, hence no logout.
CALLED = [path for path, method in METHODS.items() if not method.client_streaming and method.name != "Logout"]


def arbitrary(message: Message, chance: random.Random, known_ids: list[str], depth: int = 0) -> Message:
    for field in message.DESCRIPTOR.fields:
        if chance.random() < 0.35 or depth > 4:
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        if field.is_repeated:
            target = getattr(message, field.name)
            for _ in range(chance.choice((1, 3))):
                if field.message_type is not None:
                    arbitrary(target.add(), chance, known_ids, depth + 1)
                else:
                    target.append(scalar(field, chance, known_ids))
        elif field.message_type is not None:
            child = getattr(message, field.name)
            child.SetInParent()
            arbitrary(child, chance, known_ids, depth + 1)
        else:
            setattr(message, field.name, scalar(field, chance, known_ids))
    return message


def scalar(field: Any, chance: random.Random, known_ids: list[str]) -> Any:
    match field.type:
        case FieldDescriptor.TYPE_STRING:
            return chance.choice([*TEXTS, *known_ids, *known_ids, *known_ids])
        case FieldDescriptor.TYPE_BYTES:
            return b"\xff\x00"
        case FieldDescriptor.TYPE_BOOL:
            return chance.random() < 0.5
        case FieldDescriptor.TYPE_ENUM:
            return chance.choice((0, 1, 2, 99))
        case FieldDescriptor.TYPE_DOUBLE | FieldDescriptor.TYPE_FLOAT:
            return chance.choice(DOUBLES)
        case FieldDescriptor.TYPE_INT64:
            return chance.choice(LARGE)
        case _:
            return chance.choice(NUMBERS)


async def answer(channel: grpc.aio.Channel, path: str, request: bytes, token: str) -> grpc.StatusCode:
    method: MethodDescriptor = METHODS[path]
    raw: Any = channel  # grpc's stubs know only calls with serializers; these send bytes as they are
    metadata = (("authorization", f"Bearer {token}"),)
    try:
        if method.server_streaming:
            call = raw.unary_stream(path)(request, metadata=metadata, timeout=10)
            await call.read()
            call.cancel()
        else:
            await raw.unary_unary(path)(request, metadata=metadata, timeout=30)
    except grpc.aio.AioRpcError as error:
        return error.code()
    return grpc.StatusCode.OK


@pytest.fixture
def settings(settings: Settings, clickhouse_server: EmbeddedClickhouse) -> Settings:
    """With an analytics store, so that its methods have something to do."""
    url = urlsplit(clickhouse_server.url)._replace(path="/fuzz").geturl()
    return settings.model_copy(update={"analytics_url": SecretStr(url)})


@pytest.fixture
async def token(channel: grpc.aio.Channel) -> str:
    stub = auth_pb2_grpc.AuthServiceStub(channel)
    session: auth_pb2.Session = await stub.Register(
        auth_pb2.RegisterRequest(email="fuzz@example.com", password="correct horse", organization_name="Fuzz")
    )
    return session.access_token


async def test_no_request_is_a_bug(channel: grpc.aio.Channel, token: str) -> None:
    assert not await faults_of(channel, token, CALLED)


async def test_no_request_of_an_administrator_is_a_bug(app: App, channel: grpc.aio.Channel) -> None:
    operator = await operator_of(app, channel)
    made = auth_pb2.RegisterRequest(email="fuzz@example.com", password="correct horse", organization_name="Fuzz")
    await auth_pb2_grpc.AuthServiceStub(channel).Register(made)
    of_administrators = [path for path in CALLED if "/thedata.v1.AdminService/" in path]
    assert not await faults_of(channel, operator.session.access_token, of_administrators)


async def faults_of(channel: grpc.aio.Channel, token: str, paths: list[str]) -> list[tuple[str, str, str]]:
    """Requests that ended as no request may."""
    chance = random.Random(SEED)
    stub = auth_pb2_grpc.AuthServiceStub(channel)
    me = await stub.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=(("authorization", f"Bearer {token}"),))
    known = [*(one.organization_id for one in me.memberships), "00000000-0000-0000-0000-000000000000"]
    faults = []
    for path in paths:
        known_here = known[-1:] if path.endswith("/DeleteOrganization") else known
        for _ in range(REQUESTS):
            request = message_factory.GetMessageClass(METHODS[path].input_type)()
            arbitrary(request, chance, known_here)
            code = await answer(channel, path, request.SerializeToString(), token)
            if code in NEVER:
                faults.append((path, code.name, str(request)[:300]))
    return faults


@pytest.mark.parametrize("body", [b"\xff\xff\xff", b"\x0a\xff\xff\xff\xff\x0f", b"\x0a\x02\xc3\x28"])
async def test_unreadable_bytes_are_malformed(channel: grpc.aio.Channel, token: str, body: bytes) -> None:
    for path in CALLED:
        code = await answer(channel, path, body, token)
        assert code in {
            grpc.StatusCode.INVALID_ARGUMENT,
            grpc.StatusCode.PERMISSION_DENIED,
            grpc.StatusCode.OK,
            grpc.StatusCode.UNIMPLEMENTED,
        }, path
