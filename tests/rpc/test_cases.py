"""The case files, over gRPC and over REST."""

from __future__ import annotations

import grpc
import httpx
import pytest
from thedata.v1 import auth_pb2, auth_pb2_grpc

from tests.rpc.cast import Cast, gathered
from tests.rpc.conftest import Served
from tests.rpc.story import BY_NAME, GrpcTransport, RestTransport, Story, stories

STORIES = stories()


@pytest.fixture(scope="module")
def grpc_stub_cls() -> type[auth_pb2_grpc.AuthServiceStub]:
    return auth_pb2_grpc.AuthServiceStub


@pytest.fixture
def cast(grpc_channel: grpc.Channel, grpc_server: Served) -> Cast:
    (grpc_server.files / "people.csv").write_text("id,name\n1,Ann\n")
    return gathered(grpc_channel, grpc_server)


@pytest.mark.parametrize("name", STORIES)
def test_over_grpc(name: str, grpc_channel: grpc.Channel, cast: Cast) -> None:
    Story(GrpcTransport(grpc_channel), cast.tokens, cast.variables).run(STORIES[name])


@pytest.mark.parametrize("name", STORIES)
def test_over_rest(name: str, rest: httpx.Client, cast: Cast) -> None:
    Story(RestTransport(rest), cast.tokens, cast.variables).run(STORIES[name])


def test_the_generated_stub_calls_the_server(grpc_stub: auth_pb2_grpc.AuthServiceStub, cast: Cast) -> None:
    metadata = (("authorization", f"Bearer {cast.tokens['viewer']}"),)
    me = grpc_stub.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=metadata)
    assert [membership.organization_id for membership in me.memberships] == [cast.variables["org"]]


def test_every_method_has_a_case() -> None:
    called = {step["call"] for steps in STORIES.values() for step in steps}
    assert set(BY_NAME) <= called, f"without a case: {sorted(set(BY_NAME) - called)}"
