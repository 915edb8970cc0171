"""Values in and out of messages, update masks, and the paths by which broken fields are named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st
from thedata.v1 import auth_pb2, data_sources_pb2, pipelines_pb2

from server.errors import InvalidFields, MalformedRequest
from server.rpc.field_mask import fields_to_update
from server.rpc.interceptors.validation import Malformed, check
from server.rpc.values import LARGEST_EXACT_INTEGER, list_value, moment, plain, struct, timestamp

Update = pipelines_pb2.UpdatePipelineRequest
ALLOWED = ("name", "description", "streams")
exact = st.integers(-LARGEST_EXACT_INTEGER, LARGEST_EXACT_INTEGER)
json_values = st.recursive(
    st.none() | st.booleans() | exact | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def broken(request: Any) -> list[str]:
    with pytest.raises(InvalidFields) as caught:
        check(request)
    return sorted(violation.field for violation in caught.value.violations)


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=5))
def test_a_json_object_survives_a_struct_with_its_whole_numbers(value: dict[str, Any]) -> None:
    back = plain(struct(value), "config")
    assert back == value
    assert repr(sorted(back)) == repr(sorted(value))
    assert all(type(back[key]) is type(value[key]) for key in value), "5432 does not become 5432.0"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_has_not_is_refused_by_its_field(number: float) -> None:
    message = Struct(fields={"a": Value(number_value=number)})
    with pytest.raises(InvalidFields) as caught:
        plain(message, "config")
    assert [violation.field for violation in caught.value.violations] == ["config"]


def test_a_value_nested_too_deeply_is_refused_not_a_crash() -> None:
    message = Struct()
    innermost = message.fields["a"]
    for _ in range(2000):
        innermost = innermost.list_value.values.add()
    innermost.string_value = "x"
    with pytest.raises(InvalidFields):
        plain(message, "config")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (LARGEST_EXACT_INTEGER, float(LARGEST_EXACT_INTEGER)),
        (LARGEST_EXACT_INTEGER + 1, str(LARGEST_EXACT_INTEGER + 1)),
        (-(2**63), str(-(2**63))),
        (True, True),
        (None, None),
        (float("inf"), "inf"),
        (1.5, 1.5),
    ],
)
def test_a_previewed_value_is_exact_or_text(value: object, told: object) -> None:
    assert list(list_value([value])) == [told]


def test_a_time_keeps_its_microseconds_and_zone() -> None:
    time = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
    message = timestamp(time)
    assert message is not None
    assert moment(message, "start_time") == time
    assert timestamp(None) is None


@pytest.mark.parametrize("seconds", [-(2**60), 2**60])
def test_a_time_outside_the_calendar_is_refused_by_its_field(seconds: int) -> None:
    with pytest.raises(InvalidFields) as caught:
        moment(Timestamp(seconds=seconds), "start_time")
    assert caught.value.violations[0].field == "start_time"


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (Update(name="n"), ["name"]),
        (Update(), []),
        (Update(name="n", description="d", update_mask=FieldMask(paths=["name"])), ["name"]),
        (Update(description="", update_mask=FieldMask(paths=["description"])), ["description"]),
        (Update(description=""), ["description"]),
        (Update(update_mask=FieldMask(paths=["streams"])), ["streams"]),
        (Update(name="n", description="d", update_mask=FieldMask(paths=["*"])), list(ALLOWED)),
        (Update(description="d", name="n", update_mask=FieldMask(paths=["description", "name", "name"])),
         ["name", "description"]),
    ],
    ids=["given", "none given", "mask narrows", "mask empties", "given empty", "list emptied", "all", "order, twice"],
)  # fmt: skip
def test_an_update_changes_what_the_mask_names_else_what_is_given(request_: Update, fields: list[str]) -> None:
    assert fields_to_update(request_, ALLOWED) == fields


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (Update(update_mask=FieldMask(paths=["source_id"])), "update_mask"),
        (Update(update_mask=FieldMask(paths=["name.x"])), "update_mask"),
        (Update(update_mask=FieldMask(paths=["name", "*"]), name="n"), "update_mask"),
        (Update(update_mask=FieldMask(paths=["etag"])), "update_mask"),
        (Update(update_mask=FieldMask(paths=["name"])), "name"),
        (Update(update_mask=FieldMask(paths=["*"])), "name"),
    ],
    ids=["fixed field", "below a field", "star among others", "etag", "no value", "star without values"],
)
def test_a_mask_that_can_t_be_followed_is_refused(request_: Update, field: str) -> None:
    with pytest.raises(InvalidFields) as caught:
        fields_to_update(request_, ALLOWED)
    assert field in {violation.field for violation in caught.value.violations}


def test_every_broken_field_is_named_at_once() -> None:
    assert broken(auth_pb2.RegisterRequest(email="no address", password="short")) == ["email", "password"]


def test_a_broken_field_inside_a_list_has_its_index() -> None:
    streams = [pipelines_pb2.StreamConfig(name="good"), pipelines_pb2.StreamConfig(name="")]
    request = pipelines_pb2.CreatePipelineRequest(
        name="p", source_id=str(uuid4()), destination_id=str(uuid4()), streams=streams
    )
    assert broken(request) == ["streams[1].name"]


def test_a_nul_character_is_found_wherever_it_hides() -> None:
    request = data_sources_pb2.CreateDataSourceRequest(name="s", connector="files", description="a\x00b")
    request.config.fields["path"].string_value = "p"
    assert broken(request) == ["description"]


def test_bytes_that_can_t_be_read_are_told_so() -> None:
    with pytest.raises(MalformedRequest):
        check(Malformed())
