"""The rules in the protos, checked on generated messages by the engine that the server uses."""

from __future__ import annotations

import uuid
from typing import Any

import protovalidate
import pytest
from google.api import field_behavior_pb2
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from thedata.v1 import analytics_pb2, auth_pb2, organizations_pb2, pipelines_pb2, users_pb2

from tests.contract.methods import FIELD_BEHAVIOR, METHODS

ID = str(uuid.UUID(int=7))


def broken(message: Message) -> dict[str, str]:
    """Returns the rules that a message breaks, by the dotted path of the field."""
    return {path(v.proto.field): v.proto.rule_id for v in protovalidate.collect_violations(message)}


def path(field: Any) -> str:
    steps = (e.field_name if e.subscript is None else f"{e.field_name}[{e.subscript.value!r}]" for e in field.elements)
    return ".".join(steps)


def test_a_good_request_breaks_nothing() -> None:
    stream = pipelines_pb2.StreamConfig(name="orders", columns=["id"])
    assert (
        broken(pipelines_pb2.CreatePipelineRequest(name="a", source_id=ID, destination_id=ID, streams=[stream])) == {}
    )


def test_violations_name_nested_fields_and_items() -> None:
    streams = [pipelines_pb2.StreamConfig(name="orders"), pipelines_pb2.StreamConfig(columns=["id", ""])]
    request = pipelines_pb2.CreatePipelineRequest(name="a\n", source_id="7", destination_id=ID, streams=streams)
    assert broken(request) == {
        "name": "string.pattern",
        "source_id": "string.uuid",
        "streams[1].name": "string.min_len",
        "streams[1].columns[1]": "string.min_len",
    }


def test_zero_is_ignored_where_it_may_be_left_out() -> None:
    assert broken(users_pb2.ListUsersRequest()) == {}
    assert broken(users_pb2.ListUsersRequest(organization_id="7")) == {"organization_id": "string.uuid"}


def test_an_optional_field_is_checked_when_it_is_given() -> None:
    assert broken(users_pb2.UpdateUserRequest(user_id=ID)) == {}
    assert broken(users_pb2.UpdateUserRequest(user_id=ID, email="")) == {"email": "string.email_empty"}


def test_a_choice_must_be_made() -> None:
    assert broken(organizations_pb2.AddMemberRequest(organization_id=ID)) == {"user": "required"}


def test_text_is_measured_in_bytes_where_the_rule_says_so() -> None:
    register = auth_pb2.RegisterRequest(email="a@example.com", password="ä" * 4)
    assert broken(register) == {}
    register.password = "a" * 7
    assert broken(register) == {"password": "string.min_bytes"}


def test_durations_enums_numbers_and_maps_have_their_rules() -> None:
    key = auth_pb2.CreateApiKeyRequest(name="ci", ttl=Duration(seconds=60))
    assert broken(key) == {"ttl": "duration.gte_lte"}
    assert broken(auth_pb2.LogoutRequest(scope=9)) == {"scope": "enum.defined_only"}  # type: ignore[arg-type]  # is meant
    member = organizations_pb2.UpdateMemberRequest(organization_id=ID, user_id=ID)
    assert broken(member) == {"role": "enum.not_in"}
    points = analytics_pb2.IngestMetricsRequest(points=[analytics_pb2.MetricPoint()] * 10_001)
    assert broken(points) == {"points": "repeated.max_items"}


REQUIRED = [
    (method.input_type, field)
    for method in METHODS
    for field in method.input_type.fields
    if field_behavior_pb2.REQUIRED in field.GetOptions().Extensions[FIELD_BEHAVIOR]
]


@pytest.mark.parametrize(("request_type", "field"), REQUIRED, ids=lambda descriptor: descriptor.name)
def test_a_required_field_is_refused_when_it_is_missing(request_type: Descriptor, field: FieldDescriptor) -> None:
    assert field.name in broken(message_factory.GetMessageClass(request_type)())
